"""What a user is shown of his own account: where he is logged in, and what happened to it."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.contrib.auth import HASH_SESSION_KEY
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django_otp import DEVICE_ID_SESSION_KEY

from accounts import factors
from accounts.audit import Action, Outcome, session_ref
from accounts.client import shown_network
from accounts.models import AuditEvent, Session, User
from accounts.sessions import LOGGED_IN_AT, SEEN_AT, moment
from accounts.sign_in import limits_of

SHOWN_DAYS = 90
# What says something about the safety of the account; not which pages were opened.
SECURITY = [
    Action.LOGIN,
    Action.LOGIN_PASSWORD,
    Action.LOGIN_CODE,
    Action.LOGIN_PASSKEY,
    Action.LOGIN_BACKUP,
    Action.LOGOUT,
    Action.SMS_SENT,
    Action.ACTIVATION,
    Action.PASSWORD_ASKED,
    Action.USERNAME_ASKED,
    Action.PASSWORD_SET,
    Action.FACTOR_ADDED,
    Action.FACTOR_REMOVED,
    Action.PASSKEY_COPIED,
    Action.BACKUP_CREATED,
    Action.BACKUP_RENEWED,
    Action.CONFIRMED,
    Action.EMAIL_ASKED,
    Action.EMAIL_CHANGED,
    Action.USER_INVITE,
    Action.INVITATION_WITHDRAWN,
    Action.ACCOUNT_RECOVERY_ASKED,
    Action.ACCOUNT_RECOVERY_APPROVED,
    Action.ACCOUNT_RECOVERY_REFUSED,
    Action.ACCOUNT_RECOVERY_WITHDRAWN,
    Action.ACCOUNT_RECOVERY_EXPIRED,
    Action.SESSION_ENDED,
    Action.SESSIONS_ENDED,
    Action.ROLE_CHANGED,
    Action.MEMBERSHIP_ADDED,
    Action.MEMBERSHIP_ENDED,
    Action.STAND_IN_GIVEN,
    Action.STAND_IN_ENDED,
    Action.OFFER_MADE,
    Action.OFFER_WITHDRAWN,
    Action.OFFER_ACCEPTED,
    Action.OFFER_DECLINED,
]
# A step that went well says nothing beside the login that it led to.
STEPS = [Action.LOGIN_PASSWORD, Action.LOGIN_CODE, Action.LOGIN_PASSKEY, Action.SMS_SENT]
OK, FAILED, DENIED = Outcome.OK, Outcome.FAILED, Outcome.DENIED
WORDS = {
    (Action.LOGIN, OK): "Ingelogd met {factor}",
    (Action.LOGIN_PASSWORD, FAILED): "Verkeerd wachtwoord ingevuld",
    (Action.LOGIN_PASSWORD, DENIED): "Wachtwoord niet meer geprobeerd: te vaak ingevuld",
    (Action.LOGIN_CODE, FAILED): "Verkeerde code ingevuld ({factor})",
    (Action.LOGIN_CODE, DENIED): "Code niet meer geprobeerd: te vaak ingevuld",
    (Action.LOGIN_BACKUP, FAILED): "Verkeerde back-up code ingevuld",
    (Action.SMS_SENT, DENIED): "Sms-code niet verstuurd: te vaak gevraagd",
    (Action.PASSWORD_SET, OK): "Wachtwoord gewijzigd",
    (Action.FACTOR_ADDED, OK): "2-stappen controle ingesteld: {factor}",
    (Action.FACTOR_ADDED, FAILED): "Verkeerde code bij het instellen: {factor}",
    (Action.FACTOR_REMOVED, OK): "2-stappen controle verwijderd: {factor}",
    (Action.BACKUP_CREATED, OK): "Nieuwe back-up code getoond",
    (Action.BACKUP_RENEWED, OK): "Back-up code vervangen",
    (Action.USER_INVITE, OK): "Uitnodiging verstuurd",
    (Action.SESSION_ENDED, OK): "Eén sessie beëindigd",
    (Action.SESSIONS_ENDED, OK): "Sessies beëindigd",
    (Action.STAND_IN_GIVEN, OK): "Als vervanger aangewezen",
}


@dataclass(frozen=True, slots=True)
class ShownSession:
    """One browser in which the user is logged in. `ref` names it without opening it."""

    ref: str
    browser: str
    network: str
    since: datetime
    seen_at: datetime | None
    is_this: bool


@dataclass(frozen=True, slots=True)
class ShownEvent:
    at: datetime
    what: str
    who: str  # "" when it was the user
    network: str
    went_wrong: bool


def live_sessions(user: User) -> list[Session]:
    """Those in which the user would still be logged in, last used first.

    A row alone does not say so: it stays until its browser comes back, also after a change that
    ended every other session, or when nobody used it for too long.
    """
    rows = Session.objects.filter(user=user, expire_date__gt=timezone.now(), seen_at__isnull=False)
    devices = {device.persistent_id for device in factors.login_devices(user)}
    return [row for row in rows.order_by("-seen_at") if _goes_on(row.get_decoded(), user, devices)]


def _goes_on(data: dict[str, Any], user: User, devices: set[str]) -> bool:
    """What Django, django_otp and the gate ask at each request."""
    limits = limits_of(user)
    now = time.time()
    return (
        constant_time_compare(data.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())
        and data.get(DEVICE_ID_SESSION_KEY) in devices
        and now - data.get(LOGGED_IN_AT, 0) < limits.absolute
        and now - data.get(SEEN_AT, 0) < limits.idle
    )


def shown_sessions(request: HttpRequest, user: User) -> list[ShownSession]:
    """This one first, then by when they were last used."""
    here = request.session.session_key
    rows = [
        ShownSession(
            ref=session_ref(row.session_key),
            browser=row.browser or "Onbekende browser",
            network=row.network,
            since=moment(row.get_decoded()[LOGGED_IN_AT]),
            seen_at=row.seen_at,
            is_this=row.session_key == here,
        )
        for row in live_sessions(user)
    ]
    return sorted(rows, key=lambda row: not row.is_this)


def session_named(user: User, ref: str) -> Session | None:
    return next((row for row in live_sessions(user) if session_ref(row.session_key) == ref), None)


def security_events(user: User, *, count: int, before: int | None = None) -> list[AuditEvent]:
    """The newest `count` of the last 90 days: by the user, or to his account by others.

    `before`: only those older than this event. Two questions, each answered by its own index;
    asked as one they would read the log of everybody.
    """
    since = timezone.now() - timedelta(days=SHOWN_DAYS)
    recent = AuditEvent.objects.filter(action__in=SECURITY, at__gte=since)
    recent = recent.exclude(action__in=STEPS, outcome=Outcome.OK).order_by("-id")
    if before:
        recent = recent.filter(pk__lt=before)
    object_type, object_id = AuditEvent.reference(user)
    to_others = Q(object_type=object_type) & ~Q(object_id=object_id)
    both = [*recent.filter(actor=user).exclude(to_others)[:count], *recent.about(user)[:count]]
    by_id = {event.pk: event for event in both}
    return [by_id[pk] for pk in sorted(by_id, reverse=True)[:count]]


def shown_event(event: AuditEvent, user: User) -> ShownEvent:
    """In plain Dutch."""
    is_own = event.actor_id in {None, user.pk}
    return ShownEvent(
        at=event.at,
        what=_in_words(event),
        who="" if is_own else _who(event),
        network=shown_network(event.ip),
        went_wrong=event.outcome != Outcome.OK,
    )


def _in_words(event: AuditEvent) -> str:
    """To the user about himself; the log's own words are about somebody."""
    action = Action(event.action)
    words = WORDS.get((action, Outcome(event.outcome)))
    if words:
        return words.format(factor=_factor(event))
    wrong = "" if event.outcome == Outcome.OK else f": {event.get_outcome_display().lower()}"
    return f"{action.label}{wrong}"


def _factor(event: AuditEvent) -> str:
    """Which second step it was about, as the screens call it."""
    name = event.detail.get("factor") or event.object_type.rpartition(".")[2]
    try:
        return str(apps.get_model("accounts", name)._meta.verbose_name)
    except LookupError:
        return "2-stappen controle"


def _who(event: AuditEvent) -> str:
    """Which party it was; a colleague of staff is not named."""
    return {"incomfort": "InComfort", "hcs": "HCS"}.get(event.actor_role, "een beheerder")
