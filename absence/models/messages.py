"""What an employer tells HCS about a recovery. It changes no trajectory: HCS does (decision 7)."""

from typing import TYPE_CHECKING
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from absence.models.trajectories import Trajectory
from accounts.models import Employer, open_to

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


class RecoveryMessageQuerySet(models.QuerySet["RecoveryMessage"]):
    def visible_to(self, user: "User | AnonymousUser") -> "RecoveryMessageQuerySet":
        return self.filter(employer__in=open_to(user))

    def waiting(self) -> "RecoveryMessageQuerySet":
        return self.exclude(state=RecoveryMessage.State.PROCESSED)


class RecoveryMessage(models.Model):
    """One "Herstel doorgeven aan HCS": from which day somebody works again, fully or partly.

    `percentage` is what is left of the incapacity, 1 to 99; None is a full recovery.
    Source: help page 5, rulebook 3.1 and 5.1.
    """

    class State(models.TextChoices):
        SENT = "SENT", "Verzonden"
        RECEIVED = "RECEIVED", "Ontvangen"
        PROCESSED = "PROCESSED", "Verwerkt"

    class Outcome(models.TextChoices):
        RECORDED = "RECORDED", "Vastgelegd in het verzuim"
        OTHERWISE = "OTHERWISE", "Niet vastgelegd, HCS neemt contact op"

    employer = models.ForeignKey(
        Employer, on_delete=models.PROTECT, related_name="+", verbose_name="werkgever"
    )
    trajectory = models.ForeignKey(
        Trajectory,
        on_delete=models.PROTECT,
        related_name="recovery_messages",
        verbose_name="verzuimmelding",
    )
    fit_from = models.DateField("hersteld vanaf")
    percentage = models.PositiveSmallIntegerField("AO-percentage daarna", null=True)
    state = models.CharField("stand", max_length=10, choices=State.choices, default=State.SENT)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="verstuurd door",
    )
    sent_at = models.DateTimeField("verstuurd op", default=timezone.now)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="ontvangen door",
    )
    received_at = models.DateTimeField("ontvangen op", null=True)
    outcome = models.CharField("uitkomst", max_length=10, choices=Outcome.choices, blank=True)
    processed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="verwerkt door",
    )
    processed_at = models.DateTimeField("verwerkt op", null=True)
    submission = models.UUIDField(default=uuid4, unique=True, editable=False)

    objects = RecoveryMessageQuerySet.as_manager()

    class Meta:
        verbose_name = "herstelbericht"
        verbose_name_plural = "herstelberichten"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(percentage=None) | Q(percentage__gte=1, percentage__lte=99),
                name="recovery_message_full_or_1_to_99",
            ),
            models.CheckConstraint(
                condition=Q(state="PROCESSED", processed_by__isnull=False) & ~Q(outcome="")
                | ~Q(state="PROCESSED") & Q(processed_by=None, outcome=""),
                name="recovery_message_processed_has_an_outcome",
            ),
            models.UniqueConstraint(
                fields=["trajectory"],
                condition=~Q(state="PROCESSED"),
                name="recovery_message_one_waits_per_trajectory",
            ),
        ]

    def __str__(self) -> str:
        return f"Herstelbericht {self.number}"

    @property
    def number(self) -> str:
        """The reference that a user can quote on the telephone."""
        return f"HB-{self.pk:06d}"

    @property
    def in_words(self) -> str:
        if self.percentage is None:
            return f"Volledig hersteld per {self.fit_from:%d-%m-%Y}"
        left = f"{self.percentage}% arbeidsongeschikt = {100 - self.percentage}% aan het werk"
        return f"Gedeeltelijk hersteld per {self.fit_from:%d-%m-%Y}: {left}"
