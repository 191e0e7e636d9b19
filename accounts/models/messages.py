"""E-mails and sms messages on their way out."""

from django.db import models
from django.utils import timezone

from accounts.sealed import SealedTextField


class OutgoingMessageQuerySet(models.QuerySet["OutgoingMessage"]):
    def to_resend(self) -> "OutgoingMessageQuerySet":
        """Given up with the text kept: staff can have it sent after all."""
        return self.filter(state=OutgoingMessage.State.FAILED, is_repeatable=True)


class OutgoingMessage(models.Model):
    """One e-mail or sms: written in the same transaction as its cause, sent by the worker.

    Recipient and text are sealed; the text is wiped once it is sent or given up, so that a code or
    link cannot be read back. Only of an e-mail without either (`is_repeatable`) that was given up
    it is kept, for a month.
    """

    class Channel(models.TextChoices):
        EMAIL = "EMAIL", "E-mail"
        SMS = "SMS", "Sms"

    class State(models.TextChoices):
        QUEUED = "QUEUED", "In de wachtrij"
        SENT = "SENT", "Verzonden"
        FAILED = "FAILED", "Mislukt"

    class Delivery(models.TextChoices):
        """What the provider says of an sms that it took. Nothing: not known (yet)."""

        DELIVERED = "DELIVERED", "Aangekomen"
        FAILED = "FAILED", "Niet aangekomen"

    channel = models.CharField("soort", max_length=5, choices=Channel.choices)
    purpose = models.CharField("waarvoor", max_length=40)
    recipient = SealedTextField("aan")
    subject = models.CharField("onderwerp", max_length=200, blank=True)
    text = SealedTextField("tekst", null=True)
    state = models.CharField(
        "stand", max_length=10, choices=State.choices, default=State.QUEUED, db_index=True
    )
    attempts = models.PositiveSmallIntegerField("pogingen", default=0)
    provider_id = models.CharField(
        "kenmerk van de aanbieder", max_length=100, blank=True, db_index=True
    )
    delivery = models.CharField(
        "aflevering", max_length=10, choices=Delivery.choices, blank=True, editable=False
    )
    provider_status = models.CharField(
        "stand volgens de aanbieder", max_length=40, blank=True, editable=False
    )
    delivered_at = models.DateTimeField("bericht van aflevering", null=True, editable=False)
    # A code that somebody typed: what share is typed tells real users from sms fraud.
    code_used_at = models.DateTimeField("code gebruikt", null=True, editable=False)
    created_at = models.DateTimeField("gemaakt", default=timezone.now)
    expires_at = models.DateTimeField("niet versturen na", null=True)
    error = models.CharField("laatste fout", max_length=60, blank=True)
    sent_at = models.DateTimeField("verzonden", null=True)
    is_repeatable = models.BooleanField("kan opnieuw", default=False, editable=False)

    objects = OutgoingMessageQuerySet.as_manager()

    class Meta:
        verbose_name = "uitgaand bericht"
        verbose_name_plural = "uitgaande berichten"
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.purpose} ({self.get_state_display()})"


class SmsStopQuerySet(models.QuerySet["SmsStop"]):
    def active(self) -> "SmsStopQuerySet":
        return self.filter(reopened_at=None)


class SmsStop(models.Model):
    """Sending sms codes was stopped for everybody, until staff reopened it (sms pumping)."""

    class Reason(models.TextChoices):
        CONVERSION = "CONVERSION", "Bijna niemand vult de codes in"
        VOLUME = "VOLUME", "Te veel sms-berichten in een uur"

    reason = models.CharField("reden", max_length=10, choices=Reason.choices)
    stopped_at = models.DateTimeField("gestopt", default=timezone.now)
    reopened_at = models.DateTimeField("hervat", null=True, blank=True)
    reopened_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="hervat door",
    )

    objects = SmsStopQuerySet.as_manager()

    class Meta:
        verbose_name = "sms-stop"
        verbose_name_plural = "sms-stops"
        ordering = ["-stopped_at"]
        constraints = [
            models.UniqueConstraint(
                models.Value(1),
                condition=models.Q(reopened_at=None),
                name="sms_stop_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(reopened_at=None, reopened_by=None)
                | models.Q(reopened_at__isnull=False, reopened_by__isnull=False),
                name="sms_stop_reopened_with_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} ({self.stopped_at:%d-%m-%Y})"
