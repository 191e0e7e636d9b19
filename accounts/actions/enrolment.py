"""Setting up an account: password, factors, back-up code; at activation and after a lost phone."""

from django.db import transaction
from django.utils import timezone

from accounts import audit, factors
from accounts.actions.codes import CodeCheck, check_code
from accounts.actions.notices import tell, tell_contacts
from accounts.audit import Action
from accounts.factors import LoginDevice
from accounts.models import BackupCodeDevice, OneTimeLink, SmsDevice, TotpDevice, User

State = User.State


class StaleError(Exception):
    """The account is no longer at this step: done already, perhaps in another window."""


class NoSmsForStaffError(Exception):
    """Staff log in with the app only (security.md 2.4)."""


@transaction.atomic
def set_password(*, by: User, password: str) -> User:
    """The first password, at the activation. Raises StaleError when there is one."""
    user = _locked(by, State.INVITED)
    user.set_password(password)
    user.reach(State.PASSWORD_SET, "password")
    audit.record(Action.PASSWORD_SET, by=user)
    return user


@transaction.atomic
def start_sms(*, by: User, number: str) -> SmsDevice:
    """A number to be confirmed, instead of an earlier one that was not. The code is sent apart."""
    if by.is_staff:
        raise NoSmsForStaffError
    SmsDevice.objects.filter(user=by, confirmed=False).delete()
    device = SmsDevice(user=by, name="sms", number=number, confirmed=False)
    device.save()
    return device


@transaction.atomic
def start_app(*, by: User) -> TotpDevice:
    """A key for the app, to be confirmed, instead of an earlier one that was not."""
    TotpDevice.objects.filter(user=by, confirmed=False).delete()
    key = TotpDevice.new_key()
    device = TotpDevice(user=by, name="authenticatie-app", key=key, confirmed=False)
    device.save()
    return device


def confirm(
    *,
    by: User,
    device: LoginDevice,
    token: str,
    replaces: list[LoginDevice],
    ends_sessions: bool = False,
) -> CodeCheck:
    """Takes a factor into use when the code is right, and removes the devices that it replaces."""
    check = check_code(user=by, device=device, token=token, action=Action.FACTOR_ADDED)
    if check.is_right:
        _take_into_use(by, device, replaces, ends_sessions=ends_sessions)
    return check


@transaction.atomic
def _take_into_use(
    by: User, device: LoginDevice, replaces: list[LoginDevice], *, ends_sessions: bool
) -> None:
    user = _locked(by)
    if ends_sessions:
        user.security_epoch += 1
        user.save(update_fields=["security_epoch"])
    same_kind = type(device).objects.filter(user=user, confirmed=True)
    for old in {old.persistent_id: old for old in [*replaces, *same_kind]}.values():
        old.delete()
        audit.record(Action.FACTOR_REMOVED, by=user, detail={"factor": old._meta.model_name})
    type(device).objects.filter(pk=device.pk).update(confirmed=True)
    if user.state == State.PASSWORD_SET:
        user.reach(State.FACTOR_CONFIRMED)
    if user.state == State.ACTIVE:
        tell(user, "Uw 2-stappen controle is gewijzigd", "factor_changed")
        tell_contacts(user)


@transaction.atomic
def make_backup_code(*, by: User) -> str:
    """A new back-up code, not in use until it is acknowledged. The code itself is not stored."""
    BackupCodeDevice.objects.filter(user=by, confirmed=False).delete()
    code = BackupCodeDevice.new_code()
    hashed = BackupCodeDevice.hash_of(by.pk, code)
    BackupCodeDevice.objects.create(user=by, name="back-up code", code_hash=hashed, confirmed=False)
    if by.state == State.FACTOR_CONFIRMED:
        fresh = User.objects.filter(pk=by.pk, state=State.FACTOR_CONFIRMED)
        fresh.update(state=State.BACKUP_SHOWN, state_at=timezone.now())
    audit.record(Action.BACKUP_CREATED, by=by)
    return code


@transaction.atomic
def activate(*, by: User, link: OneTimeLink, code: str) -> User:
    """The last step of the activation: the account is active and its link used up.

    Raises StaleError when another request was first, or when there is no confirmed factor.
    """
    user = _locked(by, State.BACKUP_SHOWN)
    used = OneTimeLink.objects.live().filter(pk=link.pk).update(used_at=timezone.now())
    if not used or not factors.login_devices(user):
        raise StaleError
    acknowledge_backup_code(user, code)
    user.reach(State.ACTIVE)
    audit.record(Action.ACTIVATION, by=user)
    return user


@transaction.atomic
def finish_recovery(*, by: User, code: str) -> LoginDevice:
    """The new back-up code was noted. The new factor, to log in with."""
    user = _locked(by, State.ACTIVE)
    devices = factors.login_devices(user)
    if not devices:
        raise StaleError
    acknowledge_backup_code(user, code)
    return devices[0]


def acknowledge_backup_code(user: User, code: str) -> None:
    """Puts the new code in the place of the old one.

    Raises StaleError when another browser made a newer one: that is not the one that was noted.
    """
    hashed = BackupCodeDevice.hash_of(user.pk, code)
    fresh = BackupCodeDevice.objects.filter(user=user, confirmed=False, code_hash=hashed)
    if not fresh.exists():
        raise StaleError
    BackupCodeDevice.objects.filter(user=user, confirmed=True).delete()
    fresh.update(confirmed=True)


def use_backup_code(*, user: User, code: str) -> CodeCheck:
    """Burns the back-up code, ends every other session of the user and tells him by e-mail."""
    device = factors.live_backup_code(user)
    if device is None:
        return CodeCheck(False)
    check = check_code(user=user, device=device, token=code, action=Action.LOGIN_BACKUP)
    if check.is_right:
        _end_other_sessions(user)
    return check


@transaction.atomic
def _end_other_sessions(user: User) -> None:
    locked = _locked(user)
    locked.security_epoch += 1
    locked.save(update_fields=["security_epoch"])
    user.security_epoch = locked.security_epoch
    tell(user, "Uw back-up code is gebruikt", "backup_code_used")


def _locked(user: User, state: str = "") -> User:
    """The user's row, for this transaction only ours. Raises StaleError in another state."""
    found = User.objects.select_for_update().get(pk=user.pk)
    if state and found.state != state:
        raise StaleError
    return found
