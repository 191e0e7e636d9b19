"""Versions of a sick report, and what employers ask to have corrected."""

from datetime import date
from typing import TYPE_CHECKING
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from absence.models.trajectories import Classification, Trajectory
from accounts.models import Employer, open_to

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


def report_in_words(first_sick_day: date, percentage: int, kind: Classification) -> str:
    """ "Eerste ziektedag 02-11-2026, 100% arbeidsongeschikt, Ziekte"."""
    return f"Eerste ziektedag {first_sick_day:%d-%m-%Y}, {percentage}% arbeidsongeschikt, {kind}"


class ReportVersionQuerySet(models.QuerySet["ReportVersion"]):
    def visible_to(self, user: "User | AnonymousUser") -> "ReportVersionQuerySet":
        return self.filter(employer__in=open_to(user))


class ReportVersion(models.Model):
    """What a sick report said after each change, the first version included.

    Kept from the first correction on: a report that was never corrected is its own version.
    Source: rulebook 5.1 (a correction is a new version, never an overwrite).
    """

    class Kind(models.TextChoices):
        REPORTED = "REPORTED", "Gemeld"
        CORRECTED = "CORRECTED", "Gecorrigeerd"
        WITHDRAWN = "WITHDRAWN", "Ingetrokken"

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="+")
    trajectory = models.ForeignKey(Trajectory, on_delete=models.PROTECT, related_name="versions")
    kind = models.CharField("soort", max_length=10, choices=Kind.choices)
    first_sick_day = models.DateField("eerste ziektedag")
    classification = models.ForeignKey(
        Classification, on_delete=models.PROTECT, related_name="+", verbose_name="classificatie"
    )
    percentage = models.PositiveSmallIntegerField("AO-percentage")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="door"
    )
    made_at = models.DateTimeField("op", default=timezone.now)

    objects = ReportVersionQuerySet.as_manager()

    class Meta:
        verbose_name = "versie van een melding"
        verbose_name_plural = "versies van meldingen"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} op {self.made_at:%d-%m-%Y}"


class CorrectionRequestQuerySet(models.QuerySet["CorrectionRequest"]):
    def visible_to(self, user: "User | AnonymousUser") -> "CorrectionRequestQuerySet":
        return self.filter(employer__in=open_to(user))

    def waiting(self) -> "CorrectionRequestQuerySet":
        return self.filter(decided_at=None)


class CorrectionRequest(models.Model):
    """What an employer asks to have corrected or withdrawn once HCS or InComfort is at work.

    Without a first sick day it asks to withdraw. `explanation` says why, never about the illness.
    """

    employer = models.ForeignKey(
        Employer, on_delete=models.PROTECT, related_name="+", verbose_name="werkgever"
    )
    trajectory = models.ForeignKey(
        Trajectory,
        on_delete=models.PROTECT,
        related_name="correction_requests",
        verbose_name="verzuimmelding",
    )
    first_sick_day = models.DateField("eerste ziektedag wordt", null=True)
    classification = models.ForeignKey(
        Classification,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="classificatie wordt",
    )
    percentage = models.PositiveSmallIntegerField("AO-percentage wordt", null=True)
    explanation = models.CharField("toelichting", max_length=300)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="gevraagd door",
    )
    asked_at = models.DateTimeField("gevraagd op", default=timezone.now)
    is_granted = models.BooleanField("ingewilligd", null=True)
    answer = models.CharField("antwoord", max_length=300, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="besloten door",
    )
    decided_at = models.DateTimeField("besloten op", null=True)
    submission = models.UUIDField(default=uuid4, unique=True, editable=False)

    objects = CorrectionRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "correctieverzoek"
        verbose_name_plural = "correctieverzoeken"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_sick_day=None, classification=None, percentage=None)
                | Q(
                    first_sick_day__isnull=False,
                    classification__isnull=False,
                    percentage__isnull=False,
                ),
                name="correction_request_all_or_withdraw",
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None, is_granted=None)
                | Q(
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                    is_granted__isnull=False,
                ),
                name="correction_request_decided_with_who_and_what",
            ),
            models.UniqueConstraint(
                fields=["trajectory"],
                condition=Q(decided_at=None),
                name="correction_request_one_waits_per_trajectory",
            ),
        ]

    def __str__(self) -> str:
        return f"Correctieverzoek {self.number}"

    @property
    def number(self) -> str:
        """The reference that a user can quote on the telephone."""
        return f"CV-{self.pk:06d}"

    @property
    def is_withdrawal(self) -> bool:
        return self.first_sick_day is None

    @property
    def in_words(self) -> str:
        if self.is_withdrawal:
            return "Melding intrekken"
        assert self.first_sick_day
        assert self.percentage
        assert self.classification
        return report_in_words(self.first_sick_day, self.percentage, self.classification)
