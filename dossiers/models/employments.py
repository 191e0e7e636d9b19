"""Employments (dienstverbanden) and the list of their types."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Employer, open_to
from dossiers.models.employees import Employee

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


class EmploymentTypeQuerySet(models.QuerySet["EmploymentType"]):
    def active(self) -> "EmploymentTypeQuerySet":
        return self.filter(is_active=True)


class EmploymentType(models.Model):
    """A kind of employment (type dienstverband), kept by staff. Source: rulebook 3.5."""

    code = models.SlugField("code", max_length=30, unique=True)
    label = models.CharField("omschrijving", max_length=100)
    position = models.PositiveSmallIntegerField("volgorde", default=0)
    is_active = models.BooleanField("te kiezen", default=True)

    objects = EmploymentTypeQuerySet.as_manager()

    class Meta:
        verbose_name = "type dienstverband"
        verbose_name_plural = "typen dienstverband"
        ordering = ["position", "label"]

    def __str__(self) -> str:
        return self.label


class EmploymentQuerySet(models.QuerySet["Employment"]):
    def visible_to(self, user: "User | AnonymousUser") -> "EmploymentQuerySet":
        return self.filter(employer__in=open_to(user))

    def on(self, day: date) -> "EmploymentQuerySet":
        """Employments that run on that day, first and last day included."""
        return self.filter(Q(ended_on=None) | Q(ended_on__gte=day), started_on__lte=day)

    def current(self, day: date | None = None) -> "EmploymentQuerySet":
        """Employments whose last day has not passed; one that has yet to start counts too."""
        return self.filter(Q(ended_on=None) | Q(ended_on__gte=day or timezone.localdate()))


class Employment(models.Model):
    """One contract of an employee (dienstverband). Several per person: re-entry is normal."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="employments")
    employee = models.ForeignKey(
        Employee, on_delete=models.PROTECT, related_name="employments", verbose_name="werknemer"
    )
    started_on = models.DateField("startdatum van de arbeidsovereenkomst")
    ended_on = models.DateField("einddatum", null=True, blank=True, help_text="Laatste dag.")
    job_title = models.CharField("functie", max_length=100)
    type = models.ForeignKey(
        EmploymentType, on_delete=models.PROTECT, verbose_name="type dienstverband"
    )

    objects = EmploymentQuerySet.as_manager()

    class Meta:
        verbose_name = "dienstverband"
        verbose_name_plural = "dienstverbanden"
        ordering = ["-started_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
                name="employment_ends_after_start",
                violation_error_message="De einddatum ligt vóór de startdatum.",
            )
        ]
        indexes = [
            # For those who left yesterday.
            models.Index(
                fields=["ended_on"],
                condition=Q(ended_on__isnull=False),
                name="employment_by_end",
            )
        ]

    def __str__(self) -> str:
        """ "Orderpicker, vanaf 05-01-2026 tot en met 31-10-2026"."""
        until = f" tot en met {self.ended_on:%d-%m-%Y}" if self.ended_on else ""
        return f"{self.job_title}, vanaf {self.started_on:%d-%m-%Y}{until}"

    def is_current(self, day: date | None = None) -> bool:
        """Whether the last day has not passed; a contract yet to start counts too."""
        return self.ended_on is None or self.ended_on >= (day or timezone.localdate())


def left_on(employments: Sequence[Employment]) -> date | None:
    """The first day without a contract (uit dienst per); None while one runs or is to start."""
    last_days = [employment.ended_on for employment in employments if not employment.is_current()]
    if not last_days or len(last_days) < len(employments):
        return None
    return max(day for day in last_days if day) + timedelta(days=1)
