"""Inviting people to their account, and taking an invitation back."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts import audit, throttle
from accounts.actions.links import send_link
from accounts.audit import Action
from accounts.models import AccountRecovery, OneTimeLink, User

# Source: security.md 2.1. The first link is no repetition.
REPETITIONS_PER_DAY = 3
DAY = timedelta(days=1)


class AlreadyActiveError(Exception):
    """This account was activated: there is nothing to invite for."""


class TooManyInvitationsError(Exception):
    """This user or address got as many links as it may get for now."""


class NothingToWithdrawError(Exception):
    """No link of this user opens anything."""


class AddressChangedError(Exception):
    """Two people set this account back for another address: to this one it takes two as well."""


@transaction.atomic
def invite(*, by: User | None, user: User) -> OneTimeLink:
    """Sends the user a link to activate the account, and voids every earlier one.

    The link opens where the user stopped. Raises AlreadyActiveError, AddressChangedError.
    """
    user = _to_activate(user)
    recovery = AccountRecovery.objects.last_approved(user)
    if recovery and not recovery.is_same_address:
        raise AddressChangedError(user.pk)
    link = send_link(
        user,
        OneTimeLink.Purpose.ACTIVATION,
        by=by,
        page="accounts:activate",
        subject="Activeer uw account voor het werkgeversportaal",
        template="activation",
    )
    audit.record(Action.USER_INVITE, by=by, obj=user)
    return link


@transaction.atomic
def invite_again(*, by: User, user: User) -> OneTimeLink:
    """A new link for who lost or missed it.

    Raises AlreadyActiveError, AddressChangedError, TooManyInvitationsError.

    At most three times a day to one user. And three an hour and six a day to one address, whoever
    asks: nobody's mailbox is flooded.
    """
    user = _to_activate(user)
    sent = user.links.filter(purpose=OneTimeLink.Purpose.ACTIVATION)
    first = sent.order_by("created_at").values("pk")[:1]
    repeated = sent.exclude(pk__in=first).filter(created_at__gt=timezone.now() - DAY)
    if repeated.count() >= REPETITIONS_PER_DAY or throttle.link_to(address=user.email):
        raise TooManyInvitationsError(user.pk)
    return invite(by=by, user=user)


@transaction.atomic
def withdraw_invitation(*, by: User, user: User) -> None:
    """Voids the link with which the user would activate the account; recorded.

    Who opened it already gets no further. Raises AlreadyActiveError, NothingToWithdrawError.
    """
    user = _to_activate(user)
    links = OneTimeLink.objects.activations().live().filter(user=user)
    if not links.update(revoked_at=timezone.now(), withdrawn_by=by):
        raise NothingToWithdrawError(user.pk)
    audit.record(Action.INVITATION_WITHDRAWN, by=by, obj=user)


def _to_activate(user: User) -> User:
    """The user's row, for this transaction only ours. Raises AlreadyActiveError."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.state == User.State.ACTIVE:
        raise AlreadyActiveError(user.pk)
    return user
