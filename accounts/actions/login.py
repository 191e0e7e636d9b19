"""The first step of a login: the password."""

from dataclasses import dataclass

from django.contrib.auth import authenticate

from accounts import audit, throttle
from accounts.audit import Action, Outcome
from accounts.models import User


@dataclass(frozen=True, slots=True)
class PasswordCheck:
    """`user` when the password is right; `wait` in seconds when it was not even tried."""

    user: User | None
    wait: int = 0


def check_password(
    *, name: str, password: str, ip: str | None, known_user: User | None, browser: str
) -> PasswordCheck:
    """Whether this is the password of the account `name`; each outcome is an event.

    Counted before the password is hashed. `known_user` is the account with that name, if any:
    without one everything happens just the same.
    """
    account = f"user:{known_user.pk}" if known_user else f"name:{name.strip().lower()}"
    wait = throttle.password_attempt(ip=ip, account=account, browser=browser)
    if wait:
        _record_password(known_user, Outcome.DENIED)
        return PasswordCheck(None, wait)
    user = authenticate(username=name, password=password)
    if not isinstance(user, User):
        _record_password(known_user, Outcome.FAILED)
        return PasswordCheck(None)
    throttle.password_was_right(ip=ip, account=account, browser=browser)
    _record_password(user, Outcome.OK)
    return PasswordCheck(user)


def _record_password(user: User | None, outcome: str) -> None:
    by = user if outcome == Outcome.OK else None
    audit.record(Action.LOGIN_PASSWORD, by=by, obj=user, outcome=outcome)


def check_own_password(
    *, user: User, password: str, ip: str | None, browser: str = ""
) -> PasswordCheck:
    """Whether this is the password of `user`: who is activating the account, or confirms a change.

    The same limits as at the login, and counted together with it.
    """
    account = f"user:{user.pk}"
    wait = throttle.password_attempt(ip=ip, account=account, browser=browser)
    if wait or not user.check_password(password):
        _record_password(user, Outcome.DENIED if wait else Outcome.FAILED)
        return PasswordCheck(None, wait)
    throttle.password_was_right(ip=ip, account=account, browser=browser)
    _record_password(user, Outcome.OK)
    return PasswordCheck(user)
