"""What somebody who forgot a password or a username gets by e-mail. Runs in the worker."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts import audit, throttle
from accounts.actions.links import send_link
from accounts.actions.notices import tell
from accounts.audit import Action
from accounts.models import OneTimeLink, User
from accounts.outbox import send_email


@transaction.atomic
def send_password_link(*, name: str) -> None:
    """E-mails a link for a new password to the user with this name or address; recorded.

    Who did not activate the account yet is told how to go on; a blocked user gets nothing.
    """
    user = _who_may_be_mailed(name)
    if user is None:
        return
    if user.state == User.State.ACTIVE:
        send_link(
            user,
            OneTimeLink.Purpose.PASSWORD_RESET,
            by=None,
            page="accounts:password-link",
            subject="Een nieuw wachtwoord kiezen",
            template="password_link",
        )
    else:
        _tell_to_activate(user)
    audit.record(Action.PASSWORD_ASKED, by=None, obj=user)


@transaction.atomic
def send_username(*, name: str) -> None:
    """E-mails the username to the user with this name or address; recorded.

    The one e-mail with something personal in it: it is what was asked for, and of no use without
    a password and a code. Who did not activate the account yet is told how to go on.
    """
    user = _who_may_be_mailed(name)
    if user is None:
        return
    if user.state == User.State.ACTIVE:
        send_email(
            to=user.email,
            purpose="gebruikersnaam",
            subject="Uw gebruikersnaam",
            template="username",
            context={
                "user_name": user.username,
                "address": settings.PUBLIC_URL + reverse("accounts:login"),
            },
        )
    else:
        _tell_to_activate(user)
    audit.record(Action.USERNAME_ASKED, by=None, obj=user)


def _who_may_be_mailed(name: str) -> User | None:
    """The user whom this name or address is of, unless blocked or mailed enough for now.

    The page counted what was typed; by the username too nobody's mailbox is flooded.
    """
    user = User.objects.named(name)
    if user is None or not user.is_active:
        return None
    is_counted = name.strip().lower() == user.email.lower()
    return None if not is_counted and throttle.link_to(address=user.email) else user


def _tell_to_activate(user: User) -> None:
    tell(user, "Uw account is nog niet geactiveerd", "not_active")
