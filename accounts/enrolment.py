"""Setting up an account's second step: at the activation, after a lost phone, from the account.

The first two happen in an anonymous session that can do nothing else. How far an activation came
is kept with the user, so that its link opens where he stopped; how far the others, in the session.
"""

import time
from base64 import b64decode, b64encode
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.http import HttpRequest

from accounts import pending
from accounts.models import OneTimeLink, SmsDevice, User
from accounts.sealed import seal, unseal

SESSION_KEY = "enrolment"
BACKUP_PURPOSE = "session.backup_code"
# Installing an app takes a while; a session left behind in an office should not stay open.
IDLE_SECONDS = 30 * 60

State = User.State


class Kind(StrEnum):
    ACTIVATION = "activation"
    RECOVERY = "recovery"
    ACCOUNT = "account"  # logged in, and just confirmed (accounts/confirmation.py)


class Step(StrEnum):
    """Where somebody is; the value is the name of that page."""

    WELCOME = "accounts:activation-welcome"
    RESUME = "accounts:activation-resume"
    FACTORS = "accounts:enrol-choose"
    BACKUP = "accounts:enrol-backup"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Somebody who is setting up the second step, in this session."""

    user: User
    kind: Kind
    link: OneTimeLink | None  # of an activation
    state: str
    knows_password: bool  # gave it in this session: the link alone is not enough to go on
    challenge: str  # of the sms code
    backup_code: str  # shown until it is acknowledged; "" before and after

    @property
    def step(self) -> Step:
        if self.state == State.INVITED:
            return Step.WELCOME
        if not self.knows_password:
            return Step.RESUME
        if self.state == State.BACKUP_SHOWN and self.backup_code:
            return Step.BACKUP
        return Step.FACTORS

    @property
    def has_factor(self) -> bool:
        return self.state in {State.FACTOR_CONFIRMED, State.BACKUP_SHOWN}


def begin_activation(request: HttpRequest, link: OneTimeLink) -> None:
    """In a new session: whoever used this browser before has nothing to do with it."""
    request.session.flush()
    request.session[SESSION_KEY] = {
        "kind": Kind.ACTIVATION,
        "user_id": link.user_id,
        "link_id": link.pk,
        "knows_password": False,
        "challenge": SmsDevice.new_challenge(),
        "backup_code": "",
        "at": int(time.time()),
    }


def begin_recovery(request: HttpRequest, user: User) -> None:
    """After the password and the back-up code: still anonymous, with a new session id."""
    pending.drop(request)
    request.session.cycle_key()
    request.session[SESSION_KEY] = {
        "kind": Kind.RECOVERY,
        "user_id": user.pk,
        "binding": pending.account_binding(user),
        "state": State.PASSWORD_SET,
        "knows_password": True,
        "challenge": SmsDevice.new_challenge(),
        "backup_code": "",
        "at": int(time.time()),
    }


def begin_change(request: HttpRequest, user: User) -> None:
    """From the account page: the login goes on, and what is set up replaces what was there."""
    request.session[SESSION_KEY] = {
        "kind": Kind.ACCOUNT,
        "user_id": user.pk,
        "state": State.FACTOR_CONFIRMED,
        "knows_password": True,
        "challenge": SmsDevice.new_challenge(),
        "backup_code": "",
        "at": int(time.time()),
    }


def load(request: HttpRequest) -> Enrolment | None:
    """What this session is setting up; None when there is nothing, or nothing any more."""
    kept: dict[str, Any] | None = request.session.get(SESSION_KEY)
    if kept is None:
        return None
    is_live = 0 <= time.time() - kept["at"] < IDLE_SECONDS
    found = _found(request, kept) if is_live else None
    if found is None:
        drop(request)
    return found


def _found(request: HttpRequest, kept: dict[str, Any]) -> Enrolment | None:
    match kept["kind"]:
        case Kind.ACTIVATION:
            return _activation(kept)
        case Kind.RECOVERY:
            return _recovery(kept)
    return _change_of_account(request, kept)


def _activation(kept: dict[str, Any]) -> Enrolment | None:
    links = OneTimeLink.objects.activations().live().select_related("user")
    link = links.filter(pk=kept["link_id"]).first()
    if link is None or not link.is_for_current_address:
        return None
    return Enrolment(link.user, Kind.ACTIVATION, link, link.user.state, **_rest(kept))


def _recovery(kept: dict[str, Any]) -> Enrolment | None:
    user = User.objects.filter(pk=kept["user_id"], is_active=True, state=State.ACTIVE).first()
    if user is None or not pending.is_bound(user, kept["binding"]):
        return None
    return Enrolment(user, Kind.RECOVERY, None, kept["state"], **_rest(kept))


def _change_of_account(request: HttpRequest, kept: dict[str, Any]) -> Enrolment | None:
    """Of who is logged in here with both steps. Each page asks for a fresh confirmation as well."""
    user = request.user
    if not (user.is_authenticated and user.is_verified() and user.pk == kept["user_id"]):
        return None
    assert isinstance(user, User)
    return Enrolment(user, Kind.ACCOUNT, None, kept["state"], **_rest(kept))


def _rest(kept: dict[str, Any]) -> dict[str, Any]:
    sealed = kept["backup_code"]
    return {
        "knows_password": kept["knows_password"],
        "challenge": kept["challenge"],
        "backup_code": unseal(b64decode(sealed), BACKUP_PURPOSE) if sealed else "",
    }


def note_password(request: HttpRequest) -> None:
    """The password was set or given; as after each such step the session gets a new id."""
    request.session.cycle_key()
    _change(request, knows_password=True)


def note_state(request: HttpRequest, state: str) -> None:
    """How far a recovery came; an activation's state is with the user."""
    _change(request, state=state)


def show_backup_code(request: HttpRequest, code: str) -> None:
    """Keeps the code, sealed, for the page that shows it."""
    sealed = b64encode(seal(code, BACKUP_PURPOSE)).decode()
    _change(request, backup_code=sealed, state=State.BACKUP_SHOWN)


def touch(request: HttpRequest) -> None:
    _change(request)


def drop(request: HttpRequest) -> None:
    request.session.pop(SESSION_KEY, None)


def _change(request: HttpRequest, **values: object) -> None:
    kept = request.session[SESSION_KEY]
    request.session[SESSION_KEY] = kept | values | {"at": int(time.time())}
