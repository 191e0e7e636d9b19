"""Begins and ends a login: both steps together, or not at all."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import django_otp
from django.contrib import auth
from django.http import HttpRequest
from django_otp import DEVICE_ID_SESSION_KEY

from accounts import audit, factors, kept_forms, pending
from accounts.audit import Action
from accounts.client import browser_name, client_ip, shown_network
from accounts.factors import LoginDevice
from accounts.models import User
from accounts.sealed import keyed_hash
from accounts.sessions import BROWSER, LOGGED_IN_AT, NETWORK, SEEN_AT, start_clock

ENDED_KEY = "ended_login"
MINUTE, HOUR = 60, 60 * 60


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """Seconds without a request, and seconds in all, after which a login ends."""

    idle: int
    absolute: int


EMPLOYER_LIMITS = SessionLimits(idle=30 * MINUTE, absolute=12 * HOUR)
STAFF_LIMITS = SessionLimits(idle=15 * MINUTE, absolute=8 * HOUR)
# Not at each request: every write of the session is a write to the database.
NOTE_EVERY = 1 * MINUTE


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """Seconds until a login ends by itself: without another request, and whatever happens."""

    idle: int
    absolute: int


def limits_of(user: User) -> SessionLimits:
    return STAFF_LIMITS if user.is_staff else EMPLOYER_LIMITS


def is_inside(request: HttpRequest) -> bool:
    """Logged in with both steps."""
    return request.user.is_authenticated and request.user.is_verified()


def sign_in(request: HttpRequest, user: User, device: LoginDevice) -> None:
    """Logs in a user who has just passed both steps; the session gets a new id."""
    pending.drop(request)
    kept_forms.keep_only_for(request, user)
    request.session.pop(ENDED_KEY, None)
    auth.login(request, user, backend="accounts.backends.AccountBackend")
    django_otp.login(request, device)
    start_clock(request.session)
    request.session[BROWSER] = browser_name(request)
    request.session[NETWORK] = shown_network(client_ip(request))
    audit.enter_session(request.session.session_key)
    audit.record(Action.LOGIN, by=user, detail={"factor": device._meta.model_name})


def stay_signed_in(request: HttpRequest, user: User) -> None:
    """After an act that ended every session of the user: this one goes on, with a new id.

    When the factor that it was opened with is gone, another one of the user stands for it.
    """
    auth.update_session_auth_hash(request, user)
    devices = factors.login_devices(user)
    kept = request.session.get(DEVICE_ID_SESSION_KEY)
    if kept not in {device.persistent_id for device in devices}:
        request.user = user
        django_otp.login(request, devices[0])
    audit.enter_session(request.session.session_key)


def sign_out(request: HttpRequest) -> None:
    """Ends the login at the user's wish; nothing stays in the session."""
    if request.user.is_authenticated:
        audit.record(Action.LOGOUT, by=request.user)
    auth.logout(request)


def end_when_due(request: HttpRequest) -> None:
    """Ends a login that lasted too long or whose factor is gone."""
    user = request.user
    if not user.is_authenticated:
        return
    reason = _why_it_ends(request, user)
    if not reason:
        return
    audit.record(Action.LOGOUT, by=user, detail={"reason": reason})
    user_id = user.pk
    auth.logout(request)
    request.session[ENDED_KEY] = {"user_id": user_id, "reason": reason}


def _why_it_ends(request: HttpRequest, user: User) -> str:
    """ "factor", "absolute" or "idle"; "" when it goes on."""
    if not is_inside(request):
        return "factor"
    left = _seconds_left(request, user)
    if left["absolute"] <= 0:
        return "absolute"
    return "idle" if left["idle"] <= 0 else ""


def _seconds_left(request: HttpRequest, user: User) -> dict[str, float]:
    limits = limits_of(user)
    now = time.time()
    return {
        "idle": request.session.get(SEEN_AT, 0) + limits.idle - now,
        "absolute": request.session.get(LOGGED_IN_AT, 0) + limits.absolute - now,
    }


def time_left(request: HttpRequest) -> TimeLeft:
    """Of somebody who is inside, rounded up: at 0 the login has ended."""
    user = request.user
    assert isinstance(user, User)
    left = _seconds_left(request, user)
    return TimeLeft(idle=math.ceil(left["idle"]), absolute=math.ceil(left["absolute"]))


def user_mark(request: HttpRequest) -> str:
    """By which an open page knows whether it is still its own user who is inside; "" for nobody.

    Says nothing about who that is.
    """
    return keyed_hash("session.user_mark", request.user.pk)[:16] if is_inside(request) else ""


def is_no_use[View: Callable[..., object]](view: View) -> View:
    """For a view that a page calls by itself: being asked does not keep a login alive."""
    view.is_no_use = True  # type: ignore[attr-defined]
    return view


def note_use(request: HttpRequest) -> None:
    """The time without a request begins anew."""
    now = int(time.time())
    if now - request.session[SEEN_AT] >= NOTE_EVERY:
        request.session[SEEN_AT] = now


def ended_login(request: HttpRequest) -> dict[str, object]:
    """Who was logged in here until the login ended by itself, and why; empty otherwise."""
    ended: dict[str, object] = request.session.get(ENDED_KEY, {})
    return ended
