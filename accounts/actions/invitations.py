"""A beheerder invites a colleague, repeats that, and takes it back.

Whoever has no account gets one, and the link of staff's invitations. Whoever has one is made an
offer, and accepts it after logging in. The beheerder cannot tell which.
Why so: docs/decisions/0021-colleagues.md.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import throttle
from accounts.actions.colleagues import (
    NotTheirsError,
    RefusedError,
    enter,
    of_now,
    record,
    tell_active,
)
from accounts.actions.notices import tell_contact
from accounts.actions.users import (
    AddressChangedError,
    AlreadyActiveError,
    NothingToWithdrawError,
    TooManyInvitationsError,
    invite,
    invite_again,
    withdraw_invitation,
)
from accounts.audit import Action
from accounts.models import AccessOffer, AccountRecovery, Employer, Membership, User, managed_by
from accounts.outbox import send_email

State = AccessOffer.State
TOO_MANY_HERE = "Uw bedrijf heeft vandaag al veel mensen uitgenodigd. Probeer het morgen opnieuw."
TOO_MANY_THERE = (
    "Dit e-mailadres kreeg kort geleden al een paar uitnodigingen. Probeer het morgen, of vraag uw"
    " collega in de map met ongewenste e-mail te kijken."
)


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a beheerder wants to invite, as typed."""

    username: str
    first_name: str
    last_name: str
    email: str


@transaction.atomic
def invite_colleague(*, by: User, employer: Employer, person: Person, role: str) -> None:
    """Somebody is invited to work for the employer, and gets an e-mail; recorded.

    Raises NotTheirsError and RefusedError: already on the list, name taken, too many for now.
    """
    enter(by, employer, roles={role})
    known = User.objects.filter(email__iexact=person.email).first()
    if known and _is_listed(employer, known):
        raise RefusedError(
            f"Iemand met dit e-mailadres staat al bij de collega's van {employer} in de lijst."
        )
    if throttle.colleague_invited(employer_id=employer.pk):
        raise RefusedError(TOO_MANY_HERE)
    if throttle.link_to(address=person.email):
        raise RefusedError(TOO_MANY_THERE)
    if known is None or _is_nobodys(known):
        _add_new(by, employer, known or User(), person, role)
    elif Membership.objects.managed_by(by).filter(user=known).exists():
        _add_own(by, employer, known, role)
    else:
        _offer(by, employer, known, person, role)
    tell_contact(employer, about=None)


def _is_listed(employer: Employer, user: User) -> bool:
    offers = AccessOffer.objects.listed().filter(employer=employer, user=user)
    return employer.memberships.filter(user=user).exists() or offers.exists()


def _is_nobodys(user: User) -> bool:
    """Invited once, never activated, and taken off every list since: as good as new."""
    was_in = user.state == User.State.ACTIVE or user.is_staff or not user.is_active
    was_in = was_in or AccountRecovery.objects.last_approved(user) is not None
    return not was_in and not user.memberships.exists()


def _add_new(by: User, employer: Employer, user: User, person: Person, role: str) -> None:
    for name, value in asdict(person).items():
        setattr(user, name, value)
    user.state = User.State.INVITED
    user.set_unusable_password()
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:  # since we looked, somebody got the address or took the name
        if other := User.objects.filter(email__iexact=person.email).exclude(pk=user.pk).first():
            _offer(by, employer, other, person, role)
            return
        raise RefusedError("Deze gebruikersnaam is al in gebruik. Kies een andere.") from error
    Membership.objects.create(employer=employer, user=user, role=role)
    record(Action.MEMBERSHIP_ADDED, by, employer, user, role=role)
    invite(by=by, user=user)


def _add_own(by: User, employer: Employer, user: User, role: str) -> None:
    """Who works for another employer of the same beheerder already hides nothing from him."""
    Membership.objects.create(employer=employer, user=user, role=role)
    record(Action.MEMBERSHIP_ADDED, by, employer, user, role=role)
    tell_active(user, "Uw toegang tot het werkgeversportaal is gewijzigd", "membership_added")


def _offer(by: User, employer: Employer, user: User, person: Person, role: str) -> None:
    offer = AccessOffer(
        employer=employer,
        user=user,
        role=role,
        made_by=by,
        expires_at=timezone.now() + AccessOffer.VALID_FOR,
        **asdict(person),
    )
    offer.save()
    _send(offer)
    record(Action.OFFER_MADE, by, employer, user, role=role, offer=str(offer.uuid))


def _send(offer: AccessOffer) -> None:
    """Nothing to staff, who work for no employer, nor to who is blocked."""
    if offer.user.is_staff or not offer.user.is_active:
        return
    send_email(
        to=offer.user.email,
        purpose="uitnodiging",
        subject="U bent uitgenodigd in het werkgeversportaal",
        template="access_offer",
        context={"address": settings.PUBLIC_URL + reverse("accounts:offer", args=[offer.uuid])},
        is_repeatable=True,
    )


# --- Once more, or not at all --------------------------------------------------------------------


@transaction.atomic
def repeat(*, by: User, row: Membership | AccessOffer) -> None:
    """Another e-mail to who was invited, valid for three days again; recorded.

    Raises NotTheirsError and RefusedError.
    """
    enter(by, row.employer, roles={row.role})
    if isinstance(row, Membership):
        user = of_now(row).user
        _in_words(lambda: invite_again(by=by, user=user))
        return
    offer = _listed(row)
    address = offer.user.email
    if throttle.offer_repeated(offer_id=offer.pk) or throttle.link_to(address=address):
        raise RefusedError(TOO_MANY_THERE)
    offer.expires_at = timezone.now() + AccessOffer.VALID_FOR
    offer.reach(State.OPEN, "expires_at")
    _send(offer)
    record(Action.OFFER_MADE, by, offer.employer, offer.user, offer=str(offer.uuid))


@transaction.atomic
def withdraw(*, by: User, row: Membership | AccessOffer) -> None:
    """What was sent leads nowhere any more; recorded. Raises NotTheirsError and RefusedError."""
    enter(by, row.employer, roles={row.role})
    if isinstance(row, Membership):
        user = of_now(row).user
        if user.memberships.exclude(employer__in=managed_by(by)).exists():
            raise RefusedError("Deze uitnodiging kan alleen InComfort intrekken: 024-374 16 60.")
        _in_words(lambda: withdraw_invitation(by=by, user=user))
        return
    offer = _listed(row)
    offer.reach(State.WITHDRAWN)
    record(Action.OFFER_WITHDRAWN, by, offer.employer, offer.user, offer=str(offer.uuid))


@transaction.atomic
def change_offered_role(*, by: User, offer: AccessOffer, role: str) -> None:
    """Recorded, and told to the contact as a role of somebody with a new account is.

    Raises NotTheirsError and RefusedError.
    """
    enter(by, offer.employer, roles={role, offer.role})
    found = _listed(offer)
    if found.role == role:
        return
    found.role = role
    found.save(update_fields=["role"])
    record(Action.ROLE_CHANGED, by, found.employer, found.user, role=role, offer=str(found.uuid))
    tell_contact(found.employer, about=None)


@transaction.atomic
def close_offer(*, by: User, offer: AccessOffer) -> None:
    """It leads nowhere any more and stands in no list; recorded, and told to the contact as the
    end of an access is.

    Raises NotTheirsError and RefusedError.
    """
    enter(by, offer.employer, roles={offer.role})
    found = _listed(offer)
    found.reach(State.CLOSED)
    record(Action.OFFER_WITHDRAWN, by, found.employer, found.user, offer=str(found.uuid))
    tell_contact(found.employer, about=None)


def _listed(offer: AccessOffer) -> AccessOffer:
    """As it is since the lock. Raises NotTheirsError."""
    rows = AccessOffer.objects.listed().select_related("employer", "user")
    found = rows.filter(pk=offer.pk, role=offer.role).first()
    if found is None:
        raise NotTheirsError
    return found


def _in_words(act: Callable[[], object]) -> None:
    try:
        act()
    except AlreadyActiveError as error:
        raise RefusedError("Dit account is intussen geactiveerd.") from error
    except TooManyInvitationsError as error:
        raise RefusedError(TOO_MANY_THERE) from error
    except AddressChangedError as error:
        raise RefusedError(
            "Deze uitnodiging kan alleen InComfort herhalen: 024-374 16 60."
        ) from error
    except NothingToWithdrawError as error:
        raise RefusedError("Er is geen link meer die werkt.") from error


# --- The answer of who was invited ---------------------------------------------------------------


@transaction.atomic
def accept_offer(*, by: User, offer: AccessOffer) -> Membership:
    """From now on `by` works for the employer as well; recorded. Raises NotTheirsError."""
    found = _own(by, offer)
    # With the offer's uuid: the page of the colleague keeps its address.
    membership, _ = Membership.objects.get_or_create(
        employer=found.employer, user=by, defaults={"role": found.role, "uuid": found.uuid}
    )
    by.forget_roles()
    found.reach(State.ACCEPTED)
    record(Action.OFFER_ACCEPTED, by, found.employer, by, role=membership.role)
    tell_contact(found.employer, about=by)
    return membership


@transaction.atomic
def decline_offer(*, by: User, offer: AccessOffer) -> None:
    """The beheerder sees that it was declined; recorded. Raises NotTheirsError."""
    found = _own(by, offer)
    found.reach(State.DECLINED)
    record(Action.OFFER_DECLINED, by, found.employer, by, offer=str(found.uuid))


def _own(by: User, offer: AccessOffer) -> AccessOffer:
    """Locked in the order of the other acts: the employer first. Raises NotTheirsError."""
    Employer.objects.select_for_update(no_key=True).get(pk=offer.employer_id)
    rows = AccessOffer.objects.visible_to(by).select_related("employer")
    found = rows.filter(pk=offer.pk).first()
    if found is None:
        raise NotTheirsError
    return found
