"""Which second factors a user can log in with."""

from collections.abc import Sequence

from django.db.models import F

from accounts.models import BackupCodeDevice, PasskeyDevice, SmsDevice, TotpDevice, User

LoginDevice = SmsDevice | TotpDevice | PasskeyDevice
AnyDevice = LoginDevice | BackupCodeDevice

# NIST 800-63B-4, 3.2.2: not more than 100 failures in a row; then only the back-up code helps.
HARD_STOP = 100


def login_devices(user: User) -> Sequence[LoginDevice]:
    """The confirmed factors for a login: sms, app, then passkeys, the last one used first.

    Staff log in without sms (security.md 2.4).
    """
    devices: list[LoginDevice] = []
    if not user.is_staff:
        devices += SmsDevice.objects.filter(user=user, confirmed=True)
    devices += TotpDevice.objects.filter(user=user, confirmed=True)
    devices += passkeys(user)
    return devices


def options_among(devices: Sequence[LoginDevice]) -> list[LoginDevice]:
    """What a user chooses between: one device of each kind. The first passkey stands for all, as
    the browser knows which of them it has.
    """
    return list({device.kind: device for device in reversed(devices)}.values())[::-1]


def login_options(user: User) -> list[LoginDevice]:
    return options_among(login_devices(user))


def passkeys(user: User) -> list[PasskeyDevice]:
    found = PasskeyDevice.objects.filter(user=user, confirmed=True)
    return list(found.order_by(F("last_used_at").desc(nulls_last=True), "pk"))


def passkey_that_answered(user: User, credential_id: bytes) -> PasskeyDevice | None:
    """Only of this user: somebody else's passkey is none here."""
    sha256 = PasskeyDevice.get_credential_id_sha256(credential_id)
    found: PasskeyDevice | None = PasskeyDevice.objects.filter(
        user=user, confirmed=True, credential_id_sha256=sha256
    ).first()
    return found


def live_backup_code(user: User) -> BackupCodeDevice | None:
    """The back-up code that the user noted and did not use yet."""
    codes = BackupCodeDevice.objects.filter(user=user, confirmed=True, used_at=None)
    found: BackupCodeDevice | None = codes.first()
    return found


def failures_in_a_row(user: User) -> int:
    return sum(device.throttling_failure_count for device in login_devices(user))


def sms_being_set_up(user: User) -> SmsDevice | None:
    found: SmsDevice | None = SmsDevice.objects.filter(user=user, confirmed=False).first()
    return found


def app_being_set_up(user: User) -> TotpDevice | None:
    found: TotpDevice | None = TotpDevice.objects.filter(user=user, confirmed=False).first()
    return found
