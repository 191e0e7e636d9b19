"""Access to an employer for somebody who has an account already: theirs once they accept."""

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models.employers import Employer, Membership, is_of_employers, managed_by
from accounts.models.users import User

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class AccessOfferQuerySet(models.QuerySet["AccessOffer"]):
    def visible_to(self, user: "User | AnonymousUser") -> "AccessOfferQuerySet":
        """Those to this very user that can still be accepted."""
        return self.open().filter(user=user.pk) if is_of_employers(user) else self.none()

    def managed_by(self, user: "User | AnonymousUser") -> "AccessOfferQuerySet":
        return self.filter(employer__in=managed_by(user))

    def open(self) -> "AccessOfferQuerySet":
        return self.filter(state=AccessOffer.State.OPEN, expires_at__gt=timezone.now())

    def listed(self) -> "AccessOfferQuerySet":
        """Those that stand among the colleagues: neither accepted nor taken off the list."""
        return self.filter(state__in=AccessOffer.LISTED)


class AccessOffer(models.Model):
    """A beheerder invites somebody who turns out to have an account (uitnodiging, aan te nemen).

    Until it is accepted it gives no rights, and the beheerder sees only what he typed himself: not
    whether there is an account, nor whose. Why so: docs/decisions/0021-colleagues.md.
    """

    class State(models.TextChoices):
        OPEN = "OPEN", "Verstuurd"
        WITHDRAWN = "WITHDRAWN", "Ingetrokken"
        DECLINED = "DECLINED", "Afgewezen"
        ACCEPTED = "ACCEPTED", "Aangenomen"
        CLOSED = "CLOSED", "Van de lijst gehaald"

    LISTED = (State.OPEN, State.WITHDRAWN, State.DECLINED)
    # As long as the link with which a new account is activated.
    VALID_FOR = timedelta(hours=72)

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    employer = models.ForeignKey(
        Employer, on_delete=models.PROTECT, related_name="offers", verbose_name="werkgever"
    )
    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="offers", verbose_name="gebruiker"
    )
    role = models.CharField("rol", max_length=10, choices=Membership.Role.choices)
    # As the beheerder typed them.
    username = models.CharField("gebruikersnaam", max_length=150)
    first_name = models.CharField("voornaam", max_length=150)
    last_name = models.CharField("achternaam", max_length=150)
    email = models.EmailField("e-mailadres", max_length=254)
    state = models.CharField("stand", max_length=10, choices=State.choices, default=State.OPEN)
    state_at = models.DateTimeField("sinds", default=timezone.now, editable=False)
    made_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name="door", editable=False
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField("geldig tot", editable=False)

    objects = AccessOfferQuerySet.as_manager()

    class Meta:
        verbose_name = "uitnodiging voor een bestaand account"
        verbose_name_plural = "uitnodigingen voor bestaande accounts"
        constraints = [
            models.UniqueConstraint(
                fields=["employer", "user"],
                condition=Q(state__in=["OPEN", "WITHDRAWN", "DECLINED"]),
                name="offer_once_per_employer",
            )
        ]

    def __str__(self) -> str:
        return f"Uitnodiging van {self.employer} aan {self.user}"

    def reach(self, state: State, *changed: str) -> None:
        """Saves that it came so far, now, and what else changed.

        Off the list nobody needs what was typed about the person; but the username stays taken, as
        that of a new account would.
        """
        self.state, self.state_at = state, timezone.now()
        if state not in self.LISTED:
            self.first_name = self.last_name = self.email = ""
            changed = (*changed, "first_name", "last_name", "email")
        self.save(update_fields=["state", "state_at", *changed])
