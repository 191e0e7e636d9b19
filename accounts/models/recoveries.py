"""Accounts of people who lost everything: what one member of staff asks and another approves."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models.links import OneTimeLink
from accounts.models.users import User
from accounts.sealed import SealedTextField


class AccountRecoveryQuerySet(models.QuerySet["AccountRecovery"]):
    def open(self) -> "AccountRecoveryQuerySet":
        """Those that can still be approved."""
        return self.filter(state=AccountRecovery.State.OPEN, expires_at__gt=timezone.now())

    def overdue(self) -> "AccountRecoveryQuerySet":
        """Nobody decided in time, and that was not written down yet."""
        return self.filter(state=AccountRecovery.State.OPEN, expires_at__lte=timezone.now())

    def last_approved(self, user: User) -> "AccountRecovery | None":
        return self.filter(user=user, state=AccountRecovery.State.APPROVED).order_by("-pk").first()


class AccountRecovery(models.Model):
    """One request to set back the account of somebody without password, telephone and back-up code.

    Two members of staff are needed: who asks says what was verified, who approves checks it.
    Source: security.md 2.4 ("lost everything"), ASVS 6.4.6.
    """

    VALID_FOR = timedelta(hours=24)
    # Less does not say what was verified and how.
    LEAST_EVIDENCE = 40
    LEAST_REASON = 10
    MOST_TEXT = 2000

    class State(models.TextChoices):
        OPEN = "OPEN", "Te beoordelen"
        APPROVED = "APPROVED", "Goedgekeurd"
        REFUSED = "REFUSED", "Geweigerd"
        WITHDRAWN = "WITHDRAWN", "Ingetrokken"
        EXPIRED = "EXPIRED", "Verlopen"

    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="recoveries", verbose_name="gebruiker"
    )
    evidence = SealedTextField("wat is nagegaan en hoe")
    called_number = SealedTextField("gebeld nummer")
    requested_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        editable=False,
        related_name="+",
        verbose_name="aangevraagd door",
    )
    requested_at = models.DateTimeField("aangevraagd", default=timezone.now, editable=False)
    expires_at = models.DateTimeField("verloopt", editable=False)
    # The link goes to the address that was there when it was asked, or nowhere.
    address_hash = models.CharField(max_length=64, editable=False)
    state = models.CharField(
        "stand", max_length=20, choices=State.choices, default=State.OPEN, editable=False
    )
    decided_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="besloten door",
    )
    decided_at = models.DateTimeField("besloten", null=True, editable=False)
    reason = SealedTextField("reden van weigering", null=True)

    objects = AccountRecoveryQuerySet.as_manager()

    class Meta:
        verbose_name = "aanvraag accountherstel"
        verbose_name_plural = "aanvragen accountherstel"
        ordering = ["-requested_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(state="OPEN"), name="account_recovery_one_open"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["OPEN", "EXPIRED"], decided_by=None, decided_at=None)
                | Q(
                    state__in=["APPROVED", "REFUSED", "WITHDRAWN"],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
                name="account_recovery_decided_by_somebody",
            ),
            # Approved or refused by another than who asked; only who asked withdraws.
            models.CheckConstraint(
                condition=~Q(state__in=["APPROVED", "REFUSED"]) | ~Q(decided_by=F("requested_by")),
                name="account_recovery_takes_two",
            ),
            models.CheckConstraint(
                condition=~Q(state="WITHDRAWN") | Q(decided_by=F("requested_by")),
                name="account_recovery_withdrawn_by_requester",
            ),
            models.CheckConstraint(
                condition=~Q(user=F("requested_by"))
                & (Q(decided_by=None) | ~Q(user=F("decided_by"))),
                name="account_recovery_not_of_oneself",
            ),
            models.CheckConstraint(
                condition=Q(state="REFUSED", reason__isnull=False)
                | ~Q(state="REFUSED") & Q(reason__isnull=True),
                name="account_recovery_refused_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("requested_at")),
                name="account_recovery_expires_later",
            ),
        ]

    def __str__(self) -> str:
        return f"Accountherstel {self.pk}"

    @property
    def is_same_address(self) -> bool:
        """Whether the user still has the address for which this was asked."""
        return self.address_hash == OneTimeLink.address_hash(self.user.email)

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN and timezone.now() < self.expires_at
