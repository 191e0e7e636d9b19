"""Links sent by e-mail that open something once: an activation, a new password."""

import hashlib
import secrets
from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models.messages import OutgoingMessage
from accounts.models.users import User
from accounts.sealed import SealedTextField, keyed_hash


class OneTimeLinkQuerySet(models.QuerySet["OneTimeLink"]):
    def live(self) -> "OneTimeLinkQuerySet":
        """Not used, not revoked, not expired, and of an account that is not blocked."""
        return self.filter(
            used_at=None, revoked_at=None, expires_at__gt=timezone.now(), user__is_active=True
        )

    def activations(self) -> "OneTimeLinkQuerySet":
        """Of accounts that were not activated yet."""
        return self.filter(purpose=OneTimeLink.Purpose.ACTIVATION).exclude(
            user__state=User.State.ACTIVE
        )

    def unfinished(self) -> "OneTimeLinkQuerySet":
        """Activations that somebody still may or could have finished: not replaced or withdrawn."""
        return self.activations().filter(used_at=None, revoked_at=None, user__is_active=True)

    def needing_attention(self) -> "OneTimeLinkQuerySet":
        """Unfinished, and not by itself any more: not delivered, expired, or quiet for a day."""
        now = timezone.now()
        before = now - ActivationLink.QUIET
        return self.unfinished().filter(
            Q(message__state=OutgoingMessage.State.FAILED)
            | Q(expires_at__lte=now)
            | Q(created_at__lte=before, user__state_at__lte=before)
        )

    def password_resets(self) -> "OneTimeLinkQuerySet":
        return self.filter(
            purpose=OneTimeLink.Purpose.PASSWORD_RESET, user__state=User.State.ACTIVE
        )

    def address_changes(self) -> "OneTimeLinkQuerySet":
        return self.filter(purpose=OneTimeLink.Purpose.EMAIL_CHANGE, user__state=User.State.ACTIVE)

    def with_token(self, token: str) -> "OneTimeLinkQuerySet":
        return self.filter(digest=OneTimeLink.digest_of(token))


class OneTimeLink(models.Model):
    """One link to one person. Only a hash of its token is stored (256 bits: no salt needed).

    Opening it changes nothing but `opened_at`, because mail scanners open links too. A link for
    another e-mail address holds that address: it counts once somebody there has used the link. It
    is bound to the account as it was: who saw through a thief and changed the password, or ended
    the other sessions, has voided the thief's link as well.
    """

    class Purpose(models.TextChoices):
        ACTIVATION = "ACTIVATION", "Activeren"
        PASSWORD_RESET = "PASSWORD_RESET", "Nieuw wachtwoord"
        EMAIL_CHANGE = "EMAIL_CHANGE", "Nieuw e-mailadres"

    # Three days for an account without data, password or factor; short where there is an account.
    VALID_FOR = {
        Purpose.ACTIVATION: timedelta(hours=72),
        Purpose.PASSWORD_RESET: timedelta(minutes=60),
        Purpose.EMAIL_CHANGE: timedelta(minutes=60),
    }

    user = models.ForeignKey(
        User,
        on_delete=models.CASCADE,  # a link opens nothing without its user
        related_name="links",
        verbose_name="gebruiker",
    )
    purpose = models.CharField("waarvoor", max_length=20, choices=Purpose.choices)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    sent_to_hash = models.CharField(max_length=64, editable=False)
    new_address = SealedTextField("nieuw e-mailadres", null=True, editable=False)
    binding = models.CharField(max_length=64, blank=True, editable=False)
    message = models.ForeignKey(
        "accounts.OutgoingMessage",
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="bericht",
    )
    created_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="verstuurd door",
    )
    created_at = models.DateTimeField("verstuurd", default=timezone.now, editable=False)
    expires_at = models.DateTimeField("geldig tot", editable=False)
    opened_at = models.DateTimeField("geopend", null=True, editable=False)
    used_at = models.DateTimeField("gebruikt", null=True, editable=False)
    revoked_at = models.DateTimeField("vervallen", null=True, editable=False)
    # By staff or a beheerder. None: a newer link replaced it, or it fell with its account.
    withdrawn_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="ingetrokken door",
    )

    objects = OneTimeLinkQuerySet.as_manager()

    class Meta:
        verbose_name = "eenmalige link"
        verbose_name_plural = "eenmalige links"
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_by=None) | Q(revoked_at__isnull=False),
                name="link_withdrawn_is_revoked",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} voor {self.user}"

    @staticmethod
    def new_token() -> str:
        return secrets.token_urlsafe(32)

    @staticmethod
    def digest_of(token: str) -> str:
        return hashlib.sha256(token.encode(errors="replace")).hexdigest()

    @staticmethod
    def address_hash(email: str) -> str:
        """A link dies when the e-mail address that it was sent to is no longer the user's."""
        return keyed_hash("link.sent_to", email.lower())

    @property
    def is_for_current_address(self) -> bool:
        return self.sent_to_hash == self.address_hash(self.user.email)


class ActivationLink(OneTimeLink):
    """A link with which somebody activates the account, as staff follow what becomes of it."""

    # Nobody takes longer over a single step, coffee included.
    QUIET = timedelta(days=1)

    class Meta:
        proxy = True
        verbose_name = "activatielink"
        verbose_name_plural = "activatielinks"
        ordering = ["-created_at"]
