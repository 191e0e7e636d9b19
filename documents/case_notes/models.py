"""Rows of the case manager's notes, and the overview that is kept of them."""

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Max, Q
from django.utils import timezone

from absence.models import Trajectory
from accounts.models import Employer, open_to
from accounts.sealed import SealedBytesField, SealedTextField
from dossiers.models import Dossier

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


class CaseNoteQuerySet(models.QuerySet["CaseNote"]):
    def visible_to(self, user: "User | AnonymousUser") -> "CaseNoteQuerySet":
        return self.filter(employer__in=open_to(user))

    def per_report(self) -> "models.QuerySet[Any, Any]":
        """One row for each trajectory with notes, newest report first, with its overview.

        Opens no note and no PDF.
        """
        return (
            self.values(
                report=F("trajectory__uuid"),
                first_sick_day=F("trajectory__first_sick_day"),
                recovered_on=F("trajectory__recovered_on"),
                asked_at=F("trajectory__overview_pb__asked_at"),
                made_at=F("trajectory__overview_pb__made_at"),
                basis=F("trajectory__overview_pb__basis"),
            )
            .annotate(last_note_at=Max("written_at"), last_note=Max("pk"), notes=Count("pk"))
            .order_by("-first_sick_day", "report")
        )


class CaseNote(models.Model):
    """A note of the HCS case manager, shown to the employer in "Overzicht PB".

    Conclusions only, never medical data (rulebook 1.2). Sealed; notes are added, never changed.
    """

    class Kind(models.TextChoices):
        CONTACT = "CONTACT", "Contactmoment"
        ADVICE = "ADVICE", "Advies"
        AGREEMENT = "AGREEMENT", "Afspraak"

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="+")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="case_notes")
    trajectory = models.ForeignKey(
        Trajectory, on_delete=models.PROTECT, related_name="case_notes", verbose_name="traject"
    )
    kind = models.CharField("soort", max_length=10, choices=Kind.choices, default=Kind.CONTACT)
    text = SealedTextField("notitie")
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="geschreven door",
        editable=False,
    )
    written_at = models.DateTimeField("geschreven op", default=timezone.now, editable=False)
    submission = models.UUIDField(default=uuid4, unique=True, editable=False)

    objects = CaseNoteQuerySet.as_manager()

    class Meta:
        verbose_name = "notitie"
        verbose_name_plural = "notities"
        ordering = ["-written_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} van {timezone.localdate(self.written_at):%d-%m-%Y}"


class OverviewPbQuerySet(models.QuerySet["OverviewPb"]):
    def visible_to(self, user: "User | AnonymousUser") -> "OverviewPbQuerySet":
        return self.filter(employer__in=open_to(user))

    def waiting(self) -> "OverviewPbQuerySet":
        """What the worker still has to make."""
        return self.filter(made_at=None)

    def ask_again(self) -> int:
        """Takes the PDFs away, so that they wait to be made. Returns how many."""
        return self.update(
            turn=F("turn") + 1, asked_at=timezone.now(), made_at=None, basis="", pdf=None
        )

    def with_notes(self) -> "OverviewPbQuerySet":
        """Each with how many notes there are now, and the key of the last; opens no PDF."""
        notes = Count("trajectory__case_notes")
        return self.annotate(notes=notes, last_note=Max("trajectory__case_notes")).defer("pdf")


class OverviewPb(models.Model):
    """The PDF "Overzicht PB" of one trajectory: a copy of what the notes say, made by the worker.

    A note that is added takes the PDF away in the same transaction. Sealed, as the notes are.
    """

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="+")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="+")
    trajectory = models.OneToOneField(
        Trajectory, on_delete=models.PROTECT, related_name="overview_pb"
    )
    # Counts how often it was asked for: what was begun for an earlier time is not stored.
    turn = models.PositiveIntegerField(default=1)
    asked_at = models.DateTimeField(default=timezone.now)
    made_at = models.DateTimeField(null=True)
    # A keyed hash of what the PDF shows: with another one, it is not what we know now.
    basis = models.CharField(max_length=64, blank=True)
    pdf = SealedBytesField(null=True)

    objects = OverviewPbQuerySet.as_manager()

    class Meta:
        verbose_name = "Overzicht PB"
        verbose_name_plural = "Overzichten PB"
        constraints = [
            models.CheckConstraint(
                condition=Q(made_at=None, pdf__isnull=True, basis="")
                | Q(made_at__isnull=False, pdf__isnull=False) & ~Q(basis=""),
                name="overview_pb_made_with_its_basis",
            ),
        ]
        indexes = [
            models.Index(
                fields=["asked_at"], condition=Q(made_at=None), name="overview_pb_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"Overzicht PB van {self.trajectory}"
