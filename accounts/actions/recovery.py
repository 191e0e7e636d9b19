"""Setting back the account of somebody who lost everything, by two members of staff.

One asks and says what was verified, another approves; the portal does the rest and sends the user
a link. Nobody sees or sets a password, code or link. Source: security.md 2.4.
"""

from enum import Enum, auto

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actions.access import end_sessions
from accounts.actions.notices import tell, tell_contacts
from accounts.actions.users import invite
from accounts.audit import Action
from accounts.models import (
    AccountRecovery,
    BackupCodeDevice,
    OneTimeLink,
    PasskeyDevice,
    Session,
    SmsDevice,
    TotpDevice,
    User,
)

State = AccountRecovery.State
EVERY_FACTOR = (SmsDevice, TotpDevice, PasskeyDevice, BackupCodeDevice)


class Why(Enum):
    """Why a recovery is not asked for or decided on."""

    NO_RIGHT = auto()  # not active staff with this permission
    OWN_ACCOUNT = auto()
    OWN_REQUEST = auto()  # it takes another person to approve or refuse
    OF_A_COLLEAGUE = auto()  # it takes who asked to withdraw
    NOTHING_TO_RECOVER = auto()  # blocked, or never activated
    ASKED_ALREADY = auto()
    NOT_OPEN = auto()  # decided on, or too late
    CHANGED = auto()  # the e-mail address is another, or who asked is no longer staff


class RecoveryRefusedError(Exception):
    """`why` it is not done."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.name)
        self.why = why


@transaction.atomic
def ask_for_recovery(*, by: User, user: User, evidence: str, called_number: str) -> AccountRecovery:
    """Asks a colleague to set this account back, and tells the user; recorded.

    `evidence` is what was verified and how, `called_number` (E.164) where the user was called
    back. Nothing changes to the account. Raises RecoveryRefusedError.
    """
    _need_right(by, "add")
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.pk == by.pk:
        raise RecoveryRefusedError(Why.OWN_ACCOUNT)
    if not is_recoverable(user):
        raise RecoveryRefusedError(Why.NOTHING_TO_RECOVER)
    for overdue in AccountRecovery.objects.overdue().filter(user=user):
        _expire(overdue)
    if AccountRecovery.objects.open().filter(user=user).exists():
        raise RecoveryRefusedError(Why.ASKED_ALREADY)
    now = timezone.now()
    found = AccountRecovery.objects.create(
        user=user,
        evidence=evidence,
        called_number=called_number,
        requested_by=by,
        requested_at=now,
        expires_at=now + AccountRecovery.VALID_FOR,
        address_hash=OneTimeLink.address_hash(user.email),
    )
    _record(Action.ACCOUNT_RECOVERY_ASKED, by, found)
    tell(user, "Er is gevraagd om uw account te herstellen", "recovery_asked")
    return found


@transaction.atomic
def approve_recovery(*, by: User, recovery: AccountRecovery) -> AccountRecovery:
    """Takes away password, factors, back-up code, links and sessions, and sends a link to activate.

    By another than who asked. Recorded; the user and the employer's contact are told. Raises
    RecoveryRefusedError.
    """
    found = _to_decide_on(by, recovery)
    user = found.user
    requester = found.requested_by
    if not (
        found.is_same_address and user.is_active and requester.is_active and requester.is_staff
    ):
        raise RecoveryRefusedError(Why.CHANGED)
    _decide(found, State.APPROVED, by)
    removed = _set_back(user)
    _record(Action.ACCOUNT_RECOVERY_APPROVED, by, found, factors=removed)
    end_sessions(by=by, user=user)
    tell(user, "Uw account is hersteld", "recovery_approved")
    tell_contacts(user, "Het account van een gebruiker is hersteld", "recovery_contact")
    invite(by=by, user=user)
    return found


@transaction.atomic
def refuse_recovery(*, by: User, recovery: AccountRecovery, reason: str) -> AccountRecovery:
    """The account stays as it is, and the user is told; recorded. By another than who asked.

    Raises RecoveryRefusedError.
    """
    found = _to_decide_on(by, recovery)
    found.reason = reason
    _decide(found, State.REFUSED, by)
    _record(Action.ACCOUNT_RECOVERY_REFUSED, by, found)
    _tell_nothing_changed(found)
    return found


@transaction.atomic
def withdraw_recovery(*, by: User, recovery: AccountRecovery) -> AccountRecovery:
    """Who asked takes it back, and the user is told; recorded. Raises RecoveryRefusedError."""
    _need_right(by, "add")
    found = _locked(recovery)
    if found.requested_by_id != by.pk:
        raise RecoveryRefusedError(Why.OF_A_COLLEAGUE)
    _decide(found, State.WITHDRAWN, by)
    _record(Action.ACCOUNT_RECOVERY_WITHDRAWN, by, found)
    _tell_nothing_changed(found)
    return found


def expire_recoveries() -> None:
    """Ends what nobody decided on in time; each is recorded and told to the user."""
    for overdue in AccountRecovery.objects.overdue():
        with transaction.atomic():
            found = _locked(overdue, must_be_open=False)
            if found.state == State.OPEN:
                _expire(found)


def is_recoverable(user: User) -> bool:
    """Somebody with a password at least, or who had one before an earlier recovery; who never had
    is invited again. Not superusers: the back office refuses them.
    """
    was_in = user.state != User.State.INVITED or AccountRecovery.objects.last_approved(user)
    return user.is_active and not user.is_superuser and bool(was_in)


def _to_decide_on(by: User, recovery: AccountRecovery) -> AccountRecovery:
    _need_right(by, "change")
    found = _locked(recovery)
    if found.user_id == by.pk:
        raise RecoveryRefusedError(Why.OWN_ACCOUNT)
    if found.requested_by_id == by.pk:
        raise RecoveryRefusedError(Why.OWN_REQUEST)
    return found


def _locked(recovery: AccountRecovery, *, must_be_open: bool = True) -> AccountRecovery:
    """The row and its user, for this transaction only ours; the user first, as all actions do."""
    user = User.objects.select_for_update().get(pk=recovery.user_id)
    found = AccountRecovery.objects.select_for_update().get(pk=recovery.pk)
    if must_be_open and not found.is_open:
        raise RecoveryRefusedError(Why.NOT_OPEN)
    found.user = user
    return found


def _need_right(by: User, verb: str) -> None:
    """As it is in the database now, not as it was when the request began."""
    now = User.objects.get(pk=by.pk)
    may = now.is_active and now.is_staff and not now.is_superuser
    if not (may and now.has_perm(f"accounts.{verb}_accountrecovery")):
        raise RecoveryRefusedError(Why.NO_RIGHT)


def _set_back(user: User) -> list[str]:
    """To before the activation. The kinds of the factors that were removed, for the log."""
    user.set_unusable_password()
    user.reach(User.State.INVITED, "password")
    removed = []
    for model in EVERY_FACTOR:
        deleted, _ = model.objects.filter(user=user).delete()
        removed += [str(model._meta.model_name)] * deleted
    live = OneTimeLink.objects.filter(user=user, used_at=None, revoked_at=None)
    live.update(revoked_at=timezone.now())
    Session.objects.filter(user=user).delete()
    return removed


def _decide(found: AccountRecovery, state: State, by: User) -> None:
    found.state, found.decided_by, found.decided_at = state, by, timezone.now()
    found.save(update_fields=["state", "decided_by", "decided_at", "reason"])


def _expire(overdue: AccountRecovery) -> None:
    overdue.state = State.EXPIRED
    overdue.save(update_fields=["state"])
    _record(Action.ACCOUNT_RECOVERY_EXPIRED, None, overdue)
    _tell_nothing_changed(overdue)


def _tell_nothing_changed(found: AccountRecovery) -> None:
    tell(found.user, "Het herstel van uw account gaat niet door", "recovery_ended")


def _record(action: Action, by: User | None, found: AccountRecovery, **detail: object) -> None:
    """About the user, who finds it among the events of the account."""
    audit.record(action, by=by, obj=found.user, detail={"recovery": found.pk, **detail})
