"""Requests of people who got no e-mail to activate their account."""

from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models.users import User
from accounts.sealed import SealedTextField


class AccessRequestQuerySet(models.QuerySet["AccessRequest"]):
    def waiting(self) -> "AccessRequestQuerySet":
        return self.exclude(state=AccessRequest.State.DONE)

    def to_wipe(self) -> "AccessRequestQuerySet":
        """Dealt with a month ago; or left for half a year: who waited that long asked elsewhere."""
        now = timezone.now()
        return self.filter(
            Q(handled_at__lte=now - AccessRequest.KEPT_AFTER)
            | Q(received_at__lte=now - AccessRequest.KEPT_AT_MOST)
        )


class AccessRequest(models.Model):
    """One form "Geen e-mail ontvangen": what a stranger typed, and what InComfort did with it.

    All that was typed is sealed: nobody knows whose it is. Source: help page 9.
    """

    KEPT_AFTER = timedelta(days=30)
    KEPT_AT_MOST = timedelta(days=180)

    class Salutation(models.TextChoices):
        MRS = "MRS", "Mevrouw"
        MR = "MR", "De heer"
        NEUTRAL = "NEUTRAL", "Geen van beide"

    class State(models.TextChoices):
        OPEN = "OPEN", "Open"
        IN_PROGRESS = "IN_PROGRESS", "In behandeling"
        DONE = "DONE", "Afgehandeld"

    class Outcome(models.TextChoices):
        INVITED = "INVITED", "Uitgenodigd"
        ANSWERED = "ANSWERED", "Anders geholpen: gebeld of gemaild"
        UNKNOWN = "UNKNOWN", "Niet herkend: niets verstuurd"
        DOUBLE = "DOUBLE", "Dubbel: stond er al"

    submission = models.UUIDField(unique=True, editable=False)
    company_name = SealedTextField("bedrijfsnaam")
    policy_number = SealedTextField("polisnummer")
    salutation = SealedTextField("aanhef")
    initials = SealedTextField("voorletter(s)")
    surname = SealedTextField("achternaam")
    email = SealedTextField("e-mailadres")
    mobile = SealedTextField("mobiele telefoonnummer")
    received_at = models.DateTimeField("ontvangen", default=timezone.now, editable=False)
    state = models.CharField(
        "stand", max_length=20, choices=State.choices, default=State.OPEN, editable=False
    )
    taken_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="in behandeling bij",
    )
    taken_at = models.DateTimeField("in behandeling sinds", null=True, editable=False)
    outcome = models.CharField(
        "uitkomst", max_length=20, choices=Outcome.choices, blank=True, editable=False
    )
    handled_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="afgehandeld door",
    )
    handled_at = models.DateTimeField("afgehandeld", null=True, editable=False)

    objects = AccessRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "toegangsaanvraag"
        verbose_name_plural = "toegangsaanvragen"
        ordering = ["-received_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(taken_by=None, taken_at=None)
                | Q(taken_by__isnull=False, taken_at__isnull=False),
                name="access_request_taken_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state="DONE", handled_by__isnull=False, handled_at__isnull=False)
                & ~Q(outcome="")
                | Q(outcome="", handled_by=None, handled_at=None) & ~Q(state="DONE"),
                name="access_request_done_has_an_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(state="IN_PROGRESS") | Q(taken_by__isnull=False),
                name="access_request_in_progress_is_taken",
            ),
        ]

    def __str__(self) -> str:
        return f"Toegangsaanvraag {self.pk}"

    @property
    def is_waiting(self) -> bool:
        return self.state != self.State.DONE

    @property
    def salutation_in_words(self) -> Any:
        return self.Salutation(self.salutation).label
