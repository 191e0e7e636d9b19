"""Rows of document requests: what was asked, what came of it, which e-mails went out."""

from typing import TYPE_CHECKING
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst

from absence.models import Trajectory
from accounts.models import Employer, open_to
from documents.folders import EMPLOYER_FOLDERS, Folder
from documents.requests import terms
from dossiers.models import Dossier

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

# A payslip is of a month; the other kinds are asked once for a sick report.
MONTHLY = (Folder.PAYSLIP,)
SHOWN_IN_DOSSIER = 20  # nobody was ever asked that often about one person
KINDS = [(folder.value, folder.label) for folder in EMPLOYER_FOLDERS]


class RequestPurposeQuerySet(models.QuerySet["RequestPurpose"]):
    def active(self) -> "RequestPurposeQuerySet":
        return self.filter(is_active=True)


class RequestPurpose(models.Model):
    """What documents are asked for, in a sentence that staff keep: a closed list (rulebook P1)."""

    code = models.SlugField("code", max_length=30, unique=True)
    text = models.CharField(
        "tekst",
        max_length=200,
        help_text="De werkgever leest dit. Nooit iets over de aard of oorzaak van de ziekte.",
    )
    position = models.PositiveSmallIntegerField("volgorde", default=0)
    is_active = models.BooleanField("te kiezen", default=True)

    objects = RequestPurposeQuerySet.as_manager()

    class Meta:
        verbose_name = "doel van een verzoek"
        verbose_name_plural = "doelen van verzoeken"
        ordering = ["position", "text"]

    def __str__(self) -> str:
        return self.text


class DocumentRequestQuerySet(models.QuerySet["DocumentRequest"]):
    def visible_to(self, user: "User | AnonymousUser") -> "DocumentRequestQuerySet":
        return self.filter(employer__in=open_to(user))

    def of_valid_reports(self) -> "DocumentRequestQuerySet":
        """Not of a report that was a mistake: for that nobody owes anything."""
        return self.filter(trajectory__withdrawn_at=None)

    def with_item(self, *states: str) -> "DocumentRequestQuerySet":
        items = RequestItem.objects.filter(request=OuterRef("pk"), state__in=states)
        return self.of_valid_reports().filter(Exists(items))

    def open(self) -> "DocumentRequestQuerySet":
        """For which the employer still owes something."""
        return self.with_item(RequestItem.State.OPEN)

    def answered(self) -> "DocumentRequestQuerySet":
        """In which something waits for InComfort to look at it."""
        return self.with_item(RequestItem.State.ANSWERED)

    def running(self) -> "DocumentRequestQuerySet":
        """For which something is still to be given or looked at."""
        return self.with_item(RequestItem.State.OPEN, RequestItem.State.ANSWERED)

    def overdue(self) -> "DocumentRequestQuerySet":
        return self.open().filter(due_on__lt=timezone.localdate())

    def shown_in(self, dossier: Dossier) -> "DocumentRequestQuerySet":
        """Those of this dossier: what runs, then what was dealt with, the newest first."""
        items = RequestItem.objects.running().filter(request=OuterRef("pk"))
        found = self.of_valid_reports().filter(dossier=dossier)
        return found.order_by(Exists(items).desc(), "-pk")[:SHOWN_IN_DOSSIER]

    def first_due_first(self) -> "DocumentRequestQuerySet":
        return self.order_by("due_on", "pk")

    def with_checklist(self) -> "DocumentRequestQuerySet":
        """With what a checklist shows, in two queries; sealed columns stay unread."""
        related = ["dossier__employee", "dossier__employer", "employer", "purpose", "trajectory"]
        unread = ["dossier__employee__bsn", "dossier__employee__iban"]
        return self.select_related(*related).defer(*unread).prefetch_related("items")


class DocumentRequest(models.Model):
    """What InComfort asks of an employer for one sick report, by one day (documentverzoek)."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    employer = models.ForeignKey(
        Employer, on_delete=models.PROTECT, related_name="+", verbose_name="werkgever"
    )
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="document_requests")
    trajectory = models.ForeignKey(
        Trajectory,
        on_delete=models.PROTECT,
        related_name="document_requests",
        verbose_name="traject",
    )
    purpose = models.ForeignKey(
        RequestPurpose, on_delete=models.PROTECT, related_name="+", verbose_name="waarvoor"
    )
    due_on = models.DateField("uiterlijk")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="gevraagd door",
    )
    asked_at = models.DateTimeField("gevraagd op", default=timezone.now)
    submission = models.UUIDField(default=uuid4, unique=True, editable=False)

    objects = DocumentRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "documentverzoek"
        verbose_name_plural = "documentverzoeken"
        indexes = [
            models.Index(fields=["dossier", "-id"], name="request_by_dossier"),
            models.Index(fields=["employer", "due_on"], name="request_by_employer"),
        ]

    def __str__(self) -> str:
        return f"Documentverzoek {self.number}"

    @property
    def number(self) -> str:
        """The reference that a user can quote on the telephone."""
        return f"DV-{self.pk:06d}"

    @property
    def has_open_item(self) -> bool:
        return any(item.is_open for item in self.items.all())

    @property
    def is_done(self) -> bool:
        """Nobody owes anything any more: all was accepted, or is not needed after all."""
        return all(item.is_settled for item in self.items.all())

    @property
    def is_overdue(self) -> bool:
        """The last day has passed, and not all of it was sent."""
        return self.has_open_item and terms.is_overdue(self.due_on, today=timezone.localdate())

    @property
    def due_in_words(self) -> str:
        return terms.in_words(self.due_on, today=timezone.localdate())


class RequestItemQuerySet(models.QuerySet["RequestItem"]):
    def visible_to(self, user: "User | AnonymousUser") -> "RequestItemQuerySet":
        return self.filter(employer__in=open_to(user))

    def of_valid_reports(self) -> "RequestItemQuerySet":
        return self.filter(trajectory__withdrawn_at=None)

    def running_in(self, dossier: Dossier) -> "RequestItemQuerySet":
        """For which something about this employee can be given, with the sick report of each."""
        found = self.filter(request__dossier=dossier).running().of_valid_reports()
        return found.select_related("trajectory")

    def with_request(self) -> "RequestItemQuerySet":
        """With what the checklist of one dossier shows, in the one query."""
        return self.select_related("request__purpose", "request__trajectory")

    def running(self) -> "RequestItemQuerySet":
        return self.filter(state__in=[RequestItem.State.OPEN, RequestItem.State.ANSWERED])


class RequestItem(models.Model):
    """One document that was asked for: a line of the checklist.

    Open until the employer gives something, and open again when that is refused.
    """

    class State(models.TextChoices):
        OPEN = "OPEN", "nog aan te leveren"
        ANSWERED = "ANSWERED", "aangeleverd"
        ACCEPTED = "ACCEPTED", "goedgekeurd"
        WITHDRAWN = "WITHDRAWN", "niet meer nodig"

    class Refusal(models.TextChoices):
        """Why what was given will not do, in a sentence that says what to do."""

        UNREADABLE = "UNREADABLE", "Het document is niet goed leesbaar. Maak een betere scan."
        INCOMPLETE = "INCOMPLETE", "Er ontbreken bladzijden. Voeg het hele document toe."
        OTHER_KIND = "OTHER_KIND", "Dit is een ander soort document dan wij vroegen."
        OTHER_PERIOD = "OTHER_PERIOD", "Dit document gaat over een andere periode."
        OTHER_PERSON = "OTHER_PERSON", "Dit document gaat over een andere werknemer."
        MEDICAL = "MEDICAL", "Er staan medische gegevens in. Voeg het toe zonder die gegevens."
        SCAN = "SCAN", "Het bestand kwam niet door de controle op virussen. Kies een ander bestand."

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="+")
    trajectory = models.ForeignKey(Trajectory, on_delete=models.PROTECT, related_name="+")
    request = models.ForeignKey(
        DocumentRequest, on_delete=models.PROTECT, related_name="items", verbose_name="verzoek"
    )
    folder = models.CharField("soort document", max_length=30, choices=KINDS)
    month = models.DateField("maand", null=True, help_text="De eerste dag van de maand.")
    state = models.CharField("stand", max_length=10, choices=State.choices, default=State.OPEN)
    refusal = models.CharField("reden", max_length=20, choices=Refusal.choices, blank=True)
    answered_at = models.DateTimeField("aangeleverd op", null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="afgehandeld door",
    )
    settled_at = models.DateTimeField("afgehandeld op", null=True)

    objects = RequestItemQuerySet.as_manager()

    class Meta:
        verbose_name = "gevraagd document"
        verbose_name_plural = "gevraagde documenten"
        ordering = ["folder", "month", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(folder="LOONSTROOK", month__isnull=False, month__day=1)
                | (~Q(folder="LOONSTROOK") & Q(month=None)),
                name="request_item_month_fits_kind",
            ),
            models.CheckConstraint(
                condition=Q(refusal="") | Q(state="OPEN"), name="request_item_refused_is_open"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["OPEN", "ANSWERED"], settled_at=None, settled_by=None)
                | Q(
                    state__in=["ACCEPTED", "WITHDRAWN"],
                    settled_at__isnull=False,
                    settled_by__isnull=False,
                ),
                name="request_item_settled_with_who_and_when",
            ),
            models.UniqueConstraint(
                fields=["trajectory", "folder", "month"],
                condition=Q(state__in=["OPEN", "ANSWERED"]),
                nulls_distinct=False,
                name="request_item_asked_once_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["request"], condition=Q(state="OPEN"), name="request_item_open"),
            models.Index(
                fields=["request"], condition=Q(state="ANSWERED"), name="request_item_answered"
            ),
        ]

    def __str__(self) -> str:
        """ "Loonstrook oktober 2026", "Arbeidsovereenkomst"."""
        kind = capfirst(self.get_folder_display())
        return f"{kind} {date_format(self.month, 'F Y')}" if self.month else kind

    def get_absolute_url(self) -> str:
        return reverse("documents:request-item", args=[self.uuid])

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def status(self) -> str:
        """The state in words, as the employer reads it."""
        return "opnieuw aanleveren" if self.refusal else self.get_state_display()

    @property
    def is_settled(self) -> bool:
        """Accepted or withdrawn: the employer cannot give anything for it any more."""
        return self.settled_at is not None


class RequestAnswerQuerySet(models.QuerySet["RequestAnswer"]):
    def visible_to(self, user: "User | AnonymousUser") -> "RequestAnswerQuerySet":
        return self.filter(employer__in=open_to(user))

    def waiting(self) -> "RequestAnswerQuerySet":
        """On which nobody decided yet."""
        return self.filter(decided_at=None)


class RequestAnswer(models.Model):
    """A document that the employer gave for an item, and what was decided on it: never changed."""

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(
        RequestItem, on_delete=models.PROTECT, related_name="answers", verbose_name="voor"
    )
    document = models.OneToOneField(
        "documents.Document",
        on_delete=models.PROTECT,
        related_name="answer",
        verbose_name="document",
    )
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="aangeleverd door",
    )
    given_at = models.DateTimeField("aangeleverd op", default=timezone.now)
    is_accepted = models.BooleanField("goedgekeurd", null=True)
    refusal = models.CharField(
        "reden", max_length=20, choices=RequestItem.Refusal.choices, blank=True
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="besloten door",
        help_text="Leeg als de virusscanner het weigerde.",
    )
    decided_at = models.DateTimeField("besloten op", null=True)

    objects = RequestAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = "antwoord op een verzoek"
        verbose_name_plural = "antwoorden op verzoeken"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None, is_accepted=None, refusal="")
                | Q(
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                    is_accepted=True,
                    refusal="",
                )
                | (Q(decided_at__isnull=False, is_accepted=False) & ~Q(refusal="")),
                name="request_answer_decided_with_who_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"Antwoord van {timezone.localdate(self.given_at):%d-%m-%Y}"


class RequestEmailQuerySet(models.QuerySet["RequestEmail"]):
    def visible_to(self, user: "User | AnonymousUser") -> "RequestEmailQuerySet":
        return self.filter(employer__in=open_to(user))


class RequestEmail(models.Model):
    """The e-mail of one step of a request was dealt with: in the outbox, or there was nobody.

    Written with the e-mail in one transaction: that makes it one, however often it is tried.
    `day` is the last day that it is about; of a refusal the day itself.
    """

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="+")
    request = models.ForeignKey(
        DocumentRequest, on_delete=models.PROTECT, related_name="emails", verbose_name="verzoek"
    )
    step = models.CharField("stap", max_length=10, choices=terms.Step.choices)
    day = models.DateField("over")
    is_sent = models.BooleanField("e-mail gemaakt")
    made_at = models.DateTimeField("gemaakt", default=timezone.now)

    objects = RequestEmailQuerySet.as_manager()

    class Meta:
        verbose_name = "e-mail over een verzoek"
        verbose_name_plural = "e-mails over verzoeken"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "step", "day"], name="request_email_once_per_step"
            ),
        ]

    def __str__(self) -> str:
        return f"E-mail ({self.get_step_display()}) over {self.day:%d-%m-%Y}"
