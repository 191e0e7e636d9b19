"""Rows of casefiles: who asked for one, and the PDF for as long as it is kept."""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from absence.models import Trajectory
from accounts.models import Employer, open_to
from accounts.sealed import SealedBytesField
from dossiers.models import Dossier

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

# To download it, first by one and later by another; it is no second archive.
KEPT_DAYS = 7
# The worker needs seconds, a minute at a thousand documents.
LATE = timedelta(minutes=10)


def first_kept(today: date) -> datetime:
    """What was made before this moment is not kept any more: whole days, the last one included."""
    return timezone.make_aware(datetime.combine(today - timedelta(days=KEPT_DAYS), time.min))


class CasefileQuerySet(models.QuerySet["Casefile"]):
    def visible_to(self, user: "User | AnonymousUser") -> "CasefileQuerySet":
        return self.filter(employer__in=open_to(user))

    def waiting(self) -> "CasefileQuerySet":
        """What the worker still has to make."""
        return self.filter(made_at=None)

    def to_download(self) -> "CasefileQuerySet":
        return self.filter(made_at__gte=first_kept(timezone.localdate()))

    def expired(self) -> "CasefileQuerySet":
        """Made, or asked for and never made, so long ago that nobody can download it."""
        before = first_kept(timezone.localdate())
        return self.filter(Q(made_at__lt=before) | Q(made_at=None, asked_at__lt=before))


class Casefile(models.Model):
    """The inspectiedossier of one trajectory as it was when it was made: a PDF, kept for a week.

    `documents` are the keys of those that the PDF lists and the ZIP holds. Sealed.
    """

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="+")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="+")
    trajectory = models.ForeignKey(Trajectory, on_delete=models.PROTECT, related_name="casefiles")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    made_at = models.DateTimeField(null=True)
    pdf = SealedBytesField(null=True)
    documents = ArrayField(models.BigIntegerField(), default=list)

    objects = CasefileQuerySet.as_manager()

    class Meta:
        verbose_name = "inspectiedossier"
        verbose_name_plural = "inspectiedossiers"
        constraints = [
            models.CheckConstraint(
                condition=Q(made_at=None, pdf__isnull=True, documents=[])
                | Q(made_at__isnull=False, pdf__isnull=False),
                name="casefile_made_with_its_pdf",
            ),
            models.UniqueConstraint(
                fields=["trajectory"],
                condition=Q(made_at=None),
                name="casefile_one_waits_per_trajectory",
            ),
        ]
        indexes = [
            models.Index(fields=["trajectory", "-made_at"], name="casefile_newest_first"),
            models.Index(fields=["made_at"], name="casefile_by_made_at"),
        ]

    def __str__(self) -> str:
        return f"Inspectiedossier van {self.trajectory}"

    @property
    def kept_until(self) -> date:
        """The last day on which it can be downloaded."""
        assert self.made_at
        return timezone.localdate(self.made_at) + timedelta(days=KEPT_DAYS)

    @property
    def is_late(self) -> bool:
        return self.made_at is None and timezone.now() - self.asked_at > LATE
