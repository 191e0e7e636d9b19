"""What lies in a Trajectendossier: files, the case manager's notes, benefit statements."""

from typing import TYPE_CHECKING
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from absence.models import Trajectory
from accounts.models import Employer, open_to
from documents import folders
from documents.case_notes.models import CaseNote, OverviewPb
from documents.casefile.models import Casefile
from documents.requests.models import (
    DocumentRequest,
    RequestAnswer,
    RequestEmail,
    RequestItem,
    RequestPurpose,
)
from documents.statements.models import (
    BenefitStatement,
    MaximumDailyWage,
    PolicyCover,
    StatementLine,
    StatementRun,
    StatementSheet,
)
from dossiers.models import Dossier

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

__all__ = [
    "BenefitStatement",
    "CaseNote",
    "Casefile",
    "Document",
    "DocumentRequest",
    "LeftFile",
    "MaximumDailyWage",
    "OverviewPb",
    "PolicyCover",
    "RequestAnswer",
    "RequestEmail",
    "RequestItem",
    "RequestPurpose",
    "StatementLine",
    "StatementRun",
    "StatementSheet",
]


def storage_key(document: "Document", _filename: str) -> str:
    """Where the file lies: random, without the user's name for it or an extension."""
    return f"{document.employer.uuid}/{uuid4()}"


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, user: "User | AnonymousUser") -> "DocumentQuerySet":
        return self.filter(employer__in=open_to(user))

    def newest_first(self) -> "DocumentQuerySet":
        return self.order_by("-added_at", "-pk")

    def per_report(self) -> "DocumentQuerySet":
        """By sick report, the latest first; of each the newest document first."""
        latest = F("trajectory__first_sick_day").desc(nulls_last=True)
        return self.order_by(latest, F("trajectory").desc(nulls_last=True), "-added_at", "-pk")

    def current(self) -> "DocumentQuerySet":
        """What still counts: not withdrawn and not replaced by another."""
        return self.filter(withdrawn_at=None, replaced_by=None)

    def safe(self) -> "DocumentQuerySet":
        """What can be opened, as a scanner found nothing in it."""
        return self.filter(state=Document.State.SAFE)

    def waiting(self) -> "DocumentQuerySet":
        """What no scanner has judged yet."""
        return self.filter(state=Document.State.WAITING)

    def after(self, document: "Document") -> "DocumentQuerySet":
        """What `per_report` puts after this one: the next page, without counting the earlier."""
        report = document.trajectory
        rest = Q(trajectory=report) & (
            Q(added_at__lt=document.added_at) | Q(added_at=document.added_at, pk__lt=document.pk)
        )
        if report is not None:
            day = report.first_sick_day
            rest |= Q(trajectory=None) | Q(trajectory__first_sick_day__lt=day)
            rest |= Q(trajectory__first_sick_day=day, trajectory__lt=report.pk)
        return self.filter(rest)


class Document(models.Model):
    """One file in a Trajectendossier. HCS documents are for the employer and HCS (rulebook P5)."""

    Folder = folders.Folder

    class Source(models.TextChoices):
        EMPLOYER = "EMPLOYER", "Werkgever"
        HCS = "HCS", "HCS"
        INCOMFORT = "INCOMFORT", "InComfort"

    class Type(models.TextChoices):
        PDF = "application/pdf", "PDF"
        JPEG = "image/jpeg", "JPEG"
        PNG = "image/png", "PNG"

    class State(models.TextChoices):
        """Only what is safe can be opened, by anybody."""

        WAITING = "WAITING", "wordt gecontroleerd"
        SAFE = "SAFE", "veilig"
        REFUSED = "REFUSED", "geweigerd"

    class Refusal(models.TextChoices):
        VIRUS = "VIRUS", "er zit een virus of ander schadelijk programma in"
        ALTERED = "ALTERED", "het is niet goed bewaard; voeg het opnieuw toe"

    EMPLOYER_FOLDERS = folders.EMPLOYER_FOLDERS
    HCS_FOLDERS = folders.HCS_FOLDERS

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="+")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="documents")
    trajectory = models.ForeignKey(
        Trajectory,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name="traject",
    )
    folder = models.CharField("submap", max_length=30, choices=Folder.choices)
    source = models.CharField("afkomstig van", max_length=10, choices=Source.choices)
    name = models.CharField("bestandsnaam", max_length=150)
    type = models.CharField("soort bestand", max_length=30, choices=Type.choices)
    size = models.PositiveIntegerField("grootte in bytes")
    sha256 = models.CharField(max_length=64, editable=False)
    file = models.FileField("bestand", upload_to=storage_key, max_length=100)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="toegevoegd door",
        editable=False,
    )
    added_at = models.DateTimeField("toegevoegd op", default=timezone.now, editable=False)
    submission = models.UUIDField(default=uuid4, editable=False)
    state = models.CharField(
        "controle", max_length=10, choices=State.choices, default=State.WAITING, editable=False
    )
    refusal = models.CharField(
        "reden", max_length=10, choices=Refusal.choices, blank=True, editable=False
    )
    judged_at = models.DateTimeField("gecontroleerd op", null=True, editable=False)
    taken_up_at = models.DateTimeField("in behandeling sinds", null=True, editable=False)
    withdrawn_at = models.DateTimeField("ingetrokken op", null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="ingetrokken door",
        editable=False,
    )
    replaced_by = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="replaces",
        verbose_name="vervangen door",
        editable=False,
    )

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "document"
        verbose_name_plural = "documenten"
        constraints = [
            models.UniqueConstraint(
                fields=["trajectory", "folder", "submission", "sha256"],
                name="document_once_per_submission",
            ),
            models.CheckConstraint(
                condition=Q(
                    source="EMPLOYER",
                    folder__in=["ARBEIDSOVEREENKOMST", "LOONSTROOK", "VERZUIMOVERZICHT"],
                )
                | Q(source="HCS", folder__in=["SPREEKUURVERSLAG", "OPROEPBRIEF"])
                | Q(source="INCOMFORT"),
                name="document_folder_fits_source",
            ),
            models.CheckConstraint(
                condition=Q(state="REFUSED") ^ Q(refusal=""), name="document_refusal_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="document_withdrawn_with_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, replaced_by=None)
                | Q(source="EMPLOYER", taken_up_at=None, withdrawn_at=None)
                | Q(source="EMPLOYER", taken_up_at=None, replaced_by=None),
                name="document_taken_back_by_its_employer_once",
            ),
            models.UniqueConstraint(fields=["file"], name="document_has_a_file_of_its_own"),
            models.CheckConstraint(condition=~Q(file=""), name="document_has_a_file"),
        ]
        indexes = [
            models.Index(fields=["dossier", "-added_at", "-id"], name="document_newest_first"),
            models.Index(
                fields=["added_at"], condition=Q(state="WAITING"), name="document_waiting"
            ),
        ]

    def __str__(self) -> str:
        """Without its kind, which is not for all who see that it exists (documents/audience.py)."""
        return f"Document van {timezone.localdate(self.added_at):%d-%m-%Y}"

    def get_absolute_url(self) -> str:
        return reverse("documents:download", args=[self.uuid])

    @property
    def is_safe(self) -> bool:
        return self.state == self.State.SAFE

    @property
    def is_current(self) -> bool:
        """Whether it still counts: not withdrawn and not replaced by another."""
        return self.withdrawn_at is None and self.replaced_by_id is None

    @property
    def verdict(self) -> str:
        """ "wordt gecontroleerd", "veilig", or "geweigerd: " with the reason."""
        words = self.get_state_display()
        return f"{words}: {self.get_refusal_display()}" if self.refusal else words

    @property
    def sender(self) -> str:
        """From whom: the colleague who put it there, or the organisation."""
        if self.source == self.Source.EMPLOYER:
            return str(self.added_by)
        return self.get_source_display()


class LeftFile(models.Model):
    """A file whose document is gone: a trigger adds it as the row goes, whoever deletes that.

    The worker takes the file out of the store and then this row (documents/left_files.py).
    """

    key = models.CharField(max_length=100, unique=True)
    left_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "achtergebleven bestand"
        verbose_name_plural = "achtergebleven bestanden"

    def __str__(self) -> str:
        return self.key
