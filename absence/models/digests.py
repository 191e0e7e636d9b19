"""Which weekly e-mails were dealt with."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class WeeklyDigest(models.Model):
    """The e-mail of one user and one week was dealt with: put in the outbox, or there was nothing.

    Written with the e-mail in one transaction: that makes it one, however often it is tried.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,  # it says nothing without the user
        related_name="+",
        verbose_name="gebruiker",
    )
    monday = models.DateField("week van maandag")
    is_sent = models.BooleanField("e-mail gemaakt")
    made_at = models.DateTimeField("gemaakt", default=timezone.now)

    class Meta:
        verbose_name = "weekoverzicht"
        verbose_name_plural = "weekoverzichten"
        constraints = [
            models.UniqueConstraint(fields=["user", "monday"], name="digest_once_per_week"),
            models.CheckConstraint(
                condition=models.Q(monday__iso_week_day=1), name="digest_week_begins_on_monday"
            ),
        ]

    def __str__(self) -> str:
        return f"Weekoverzicht van {self.monday:%d-%m-%Y}"
