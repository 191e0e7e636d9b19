"""The login between its two steps: who gave the right password sits in an anonymous session.

Nobody is logged in until the second step (security.md, decision 4). The pending login ends by
itself, and with any change to the account that should end it: password, e-mail address, epoch.
Who is logged in and confirms once more that it is him (accounts/confirmation.py) takes the same
two steps, inside his own session.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import auth
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from accounts import factors
from accounts.factors import LoginDevice
from accounts.models import SmsDevice, User
from accounts.sealed import keyed_hash
from accounts.targets import Target

SESSION_KEY = "pending_login"
VALID_SECONDS = 5 * 60


@dataclass(frozen=True, slots=True)
class PendingLogin:
    user: User
    target: Target | None
    challenge: str  # of the sms code: a code asked for in another session is not right here
    # Chosen, or the only one; None: a choice is to be made. A passkey stands for all of the user.
    device: LoginDevice | None
    options: Sequence[LoginDevice]  # what the choice is between
    is_confirmation: bool = False  # somebody who is logged in already


def begin(request: HttpRequest, user: User, target: Target | None) -> PendingLogin:
    """After the right password: a new session id, and still anonymous."""
    if request.user.is_authenticated:
        auth.logout(request)  # in this very request too, and nothing of that login stays
    return _begin(request, user, target, is_confirmation=False)


def begin_confirmation(request: HttpRequest, user: User, target: Target) -> PendingLogin:
    """After the right password of who is logged in already, and stays so."""
    return _begin(request, user, target, is_confirmation=True)


def _begin(
    request: HttpRequest, user: User, target: Target | None, *, is_confirmation: bool
) -> PendingLogin:
    options = factors.login_options(user)
    before = request.session.get(SESSION_KEY, {})
    same_user = before.get("user_id") == user.pk
    device = options[0] if len(options) == 1 else None
    challenge = before["challenge"] if same_user else SmsDevice.new_challenge()
    request.session.cycle_key()
    request.session[SESSION_KEY] = {
        "user_id": user.pk,
        "binding": account_binding(user),
        "challenge": challenge,
        "device": device.persistent_id if device else "",
        "target": target and target.as_json(),
        "confirms": is_confirmation,
        "at": int(time.time()),
    }
    return PendingLogin(user, target, challenge, device, options, is_confirmation)


def load(request: HttpRequest) -> PendingLogin | None:
    """The login in progress; None when there is none, it took too long or the account changed."""
    kept: dict[str, Any] | None = request.session.get(SESSION_KEY)
    if kept is None:
        return None
    user = User.objects.filter(pk=kept["user_id"], is_active=True, state=User.State.ACTIVE).first()
    is_live = 0 <= time.time() - kept["at"] < VALID_SECONDS
    # Inside a session only its own user confirms; outside one there is nothing to confirm.
    is_theirs = (
        request.user.pk == kept["user_id"] if kept["confirms"] else request.user.is_anonymous
    )
    if user is None or not is_live or not is_theirs or not is_bound(user, kept["binding"]):
        del request.session[SESSION_KEY]
        return None
    devices = factors.login_devices(user)
    return PendingLogin(
        user,
        Target.from_json(kept["target"]),
        kept["challenge"],
        next((device for device in devices if device.persistent_id == kept["device"]), None),
        factors.options_among(devices),
        kept["confirms"],
    )


def choose(request: HttpRequest, device: LoginDevice) -> None:
    _change(request, device=device.persistent_id)


def restart_clock(request: HttpRequest) -> None:
    """A code that was just sent may be typed for as long as it is valid."""
    _change(request, at=int(time.time()))


def drop(request: HttpRequest) -> None:
    request.session.pop(SESSION_KEY, None)


def _change(request: HttpRequest, **values: object) -> None:
    request.session[SESSION_KEY] = request.session[SESSION_KEY] | values


def account_binding(user: User) -> str:
    """Stands for the account as it is now: changes with password, epoch and e-mail address."""
    return keyed_hash("account.binding", user.get_session_auth_hash(), user.email)


def is_bound(user: User, binding: str) -> bool:
    return constant_time_compare(binding, account_binding(user))
