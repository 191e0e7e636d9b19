"""What staff noted about the milestones of an illness."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from absence import milestones
from absence.models.trajectories import Trajectory
from accounts.models import Employer, open_to

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


class MilestoneMarkQuerySet(models.QuerySet["MilestoneMark"]):
    def visible_to(self, user: "User | AnonymousUser") -> "MilestoneMarkQuerySet":
        return self.filter(employer__in=open_to(user))


class MilestoneMark(models.Model):
    """What staff noted about one milestone: done on a day, or why the term was not kept.

    `key` is that of the milestone's rule. Source: rulebook 2.1 T6, features.md section 6.
    """

    class Deviation(models.TextChoices):
        ADVICE = "ADVICE", milestones.Deviation.ADVICE
        SHORT = "SHORT", milestones.Deviation.SHORT
        NOT_REACHED = "NOT_REACHED", milestones.Deviation.NOT_REACHED
        WAITS = "WAITS", milestones.Deviation.WAITS
        OTHER_PROVIDER = "OTHER_PROVIDER", milestones.Deviation.OTHER_PROVIDER

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="+")
    trajectory = models.ForeignKey(Trajectory, on_delete=models.PROTECT, related_name="marks")
    key = models.CharField("mijlpaal", max_length=10)
    done_on = models.DateField("gedaan op", null=True)
    deviation = models.CharField(
        "reden van afwijken", max_length=20, choices=Deviation.choices, blank=True
    )
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="vastgelegd door",
    )
    marked_at = models.DateTimeField("vastgelegd op", default=timezone.now)

    objects = MilestoneMarkQuerySet.as_manager()

    class Meta:
        verbose_name = "afgevinkte mijlpaal"
        verbose_name_plural = "afgevinkte mijlpalen"
        constraints = [
            models.UniqueConstraint(fields=["trajectory", "key"], name="milestone_marked_once"),
            models.CheckConstraint(
                condition=Q(done_on__isnull=False, deviation="")
                | Q(done_on=None) & ~Q(deviation=""),
                name="milestone_done_or_deviates",
                violation_error_message="Vul een datum in of kies een reden, niet allebei.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} van {self.trajectory}"
