"""The second step: the sms on its way, and whether a typed code or a passkey is right."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import django_otp
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from webauthn import base64url_to_bytes

from accounts import audit, factors, phones, throttle
from accounts.actions import sms_stop
from accounts.actions.notices import tell
from accounts.audit import Action, Outcome
from accounts.factors import AnyDevice
from accounts.models import (
    BackupCodeDevice,
    OutgoingMessage,
    PasskeyDevice,
    SmsDevice,
    SmsStop,
    User,
)
from accounts.outbox import send_email, send_sms

SMS_TEXT = """Uw code voor het InComfort werkgeversportaal is {code}. Geef deze code aan niemand.

@{host} #{code}"""


@dataclass(frozen=True, slots=True)
class Sending:
    """Whether an sms is on its way; `wait` in seconds when it may not be sent yet."""

    wait: int = 0
    is_stopped: bool = False  # nobody gets an sms for now, or not in this country

    @property
    def is_sent(self) -> bool:
        return not self.wait and not self.is_stopped


@transaction.atomic
def send_code(*, by: User, device: SmsDevice, challenge: str, ip: str | None) -> Sending:
    """Sends an sms code for this challenge, unless a limit or the global stop forbids it."""
    device = SmsDevice.objects.select_for_update().get(pk=device.pk, user=by)
    found = _may_be_sent(by, device, challenge, ip)
    if not found.is_sent:
        audit.record(Action.SMS_SENT, by=by, outcome=Outcome.DENIED)
        return found
    code = device.new_code(challenge)
    host = urlsplit(settings.PUBLIC_URL).hostname
    message = send_sms(
        number=device.number,
        purpose="code",
        text=SMS_TEXT.format(code=code, host=host),
        expires_at=device.valid_until,
    )
    SmsDevice.objects.filter(pk=device.pk).update(message=message)
    audit.record(Action.SMS_SENT, by=by)
    return Sending()


def _may_be_sent(by: User, device: SmsDevice, challenge: str, ip: str | None) -> Sending:
    """The limits, the user's own first; the one on everybody together trips the stop."""
    if wait := device.seconds_to_cool(challenge):
        return Sending(wait=wait)
    # A country may have been taken off the list since the number was set up.
    if not phones.may_get_sms(device.number):
        return Sending(is_stopped=True)
    if sms_stop.is_stopped() or sms_stop.stop_when_hardly_used():
        return Sending(is_stopped=True)
    wait = throttle.sms_to_user(
        user_id=by.pk,
        ip=ip,
        number=device.number,
        employer_ids=by.memberships.values_list("employer_id", flat=True),
    )
    if not wait and not device.confirmed:
        wait = throttle.sms_to_new_number(number=device.number)
    if not wait and throttle.sms_in_all():
        sms_stop.stop(SmsStop.Reason.VOLUME)
        return Sending(is_stopped=True)
    return Sending(wait=wait)


@dataclass(frozen=True, slots=True)
class CodeCheck:
    """Whether the code was right; `wait` in seconds when it was not even tried."""

    is_right: bool
    wait: int = 0
    is_stopped: bool = False  # too many failures in a row: only the back-up code is left
    is_copied: bool = False  # the passkey's counter went back


def check_code(*, user: User, device: AnyDevice, token: str, action: Action) -> CodeCheck:
    """Verifies a code of `user`; a right code is used up. Each outcome is an event `action`.

    Not in a transaction of its own: a failure must stay counted whatever happens after it.
    """
    is_backup = isinstance(device, BackupCodeDevice)
    stopped = not is_backup and factors.failures_in_a_row(user) >= factors.HARD_STOP
    # What came too soon is not tried, and so not counted either.
    wait = 0 if stopped else device.seconds_to_wait or throttle.code_attempt(user_id=user.pk)
    if stopped or wait:
        audit.record(action, by=user, obj=device, outcome=Outcome.DENIED)
        return CodeCheck(False, wait, stopped)
    verified = django_otp.verify_token(user, device.persistent_id, token)
    audit.record(action, by=user, obj=device, outcome=Outcome.OK if verified else Outcome.FAILED)
    if verified:
        throttle.code_was_right(user_id=user.pk)
        _note_use(user, device)
    elif not is_backup and factors.failures_in_a_row(user) == factors.HARD_STOP:
        _tell_about_the_stop(user)
    return CodeCheck(verified is not None)


def _note_use(user: User, device: AnyDevice) -> None:
    if isinstance(device, SmsDevice) and device.message_id:
        throttle.sms_was_used(
            user_id=user.pk,
            ip=audit.origin.get().ip,
            number=device.number,
            employer_ids=user.memberships.values_list("employer_id", flat=True),
        )
        OutgoingMessage.objects.filter(pk=device.message_id).update(code_used_at=timezone.now())


def check_passkey(
    *, user: User, challenge: str, answer: dict[str, Any]
) -> tuple[CodeCheck, PasskeyDevice | None]:
    """Verifies what one of `user`'s passkeys signed, and says which of them it was.

    A passkey that the user does not have counts as a failure: it may be somebody else's.
    """
    device = factors.passkey_that_answered(user, _credential_id(answer))
    if device is None:
        wait = throttle.code_attempt(user_id=user.pk)
        outcome = Outcome.DENIED if wait else Outcome.FAILED
        audit.record(Action.LOGIN_PASSKEY, by=user, outcome=outcome)
        return CodeCheck(False, wait), None
    token = PasskeyDevice.token_for(challenge, answer)
    check = check_code(user=user, device=device, token=token, action=Action.LOGIN_PASSKEY)
    suspected_before = device.copied_at
    device.refresh_from_db(fields=["copied_at"])
    if device.copied_at == suspected_before:
        return check, device
    _tell_about_a_copy(user, device)
    return replace(check, is_copied=True), device


def _credential_id(answer: dict[str, Any]) -> bytes:
    try:
        return base64url_to_bytes(answer["rawId"])
    except (LookupError, TypeError, ValueError, AttributeError):
        return b""


@transaction.atomic
def _tell_about_a_copy(user: User, device: PasskeyDevice) -> None:
    audit.record(Action.PASSKEY_COPIED, by=user, obj=device, outcome=Outcome.DENIED)
    tell(user, "Een passkey van uw account is mogelijk gekopieerd", "passkey_copied")


def _tell_about_the_stop(user: User) -> None:
    send_email(
        to=user.email,
        purpose="inloggen geblokkeerd",
        subject="Inloggen met een code is geblokkeerd",
        template="login_stopped",
        context={},
        is_repeatable=True,
    )
