"""What users change of their own account. What guards it ends every other session and is told.

The views of those ask for both steps first (accounts/confirmation.py) and keep the session at hand.
"""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import audit, factors, passkeys, throttle
from accounts.actions.codes import CodeCheck
from accounts.actions.enrolment import StaleError, acknowledge_backup_code
from accounts.actions.links import make_link
from accounts.actions.notices import tell, tell_contacts
from accounts.audit import Action, Outcome
from accounts.factors import LoginDevice
from accounts.models import OneTimeLink, PasskeyDevice, Session, User
from accounts.outbox import send_email
from accounts.pending import account_binding

TOO_OFTEN = "U hebt dit al een paar keer gevraagd. Wacht een uur en probeer het opnieuw."


class LastFactorError(Exception):
    """Without this one nothing would be left to log in with."""


class TooManyPasskeysError(Exception):
    """The user has `PasskeyDevice.MOST` already."""


@transaction.atomic
def change_password(*, by: User, password: str) -> User:
    """A new password for who is logged in; recorded."""
    user = _locked(by)
    user.set_password(password)
    _renew(user, ["password"])
    audit.record(Action.PASSWORD_SET, by=user)
    tell(user, "Uw wachtwoord is gewijzigd", "password_changed")
    return user


@transaction.atomic
def ask_address_change(*, by: User, address: str) -> OneTimeLink:
    """Sends a link to the new address; the account keeps the old one until it is used. Recorded.

    An address that another account has gets the same answer, and an e-mail that says so: who asks
    learns nothing about others. Raises ValidationError when links were asked for too often.
    """
    if throttle.link_to(address=address) or throttle.link_to(address=by.email):
        raise ValidationError(TOO_OFTEN, code="too_often")
    link, token = make_link(by, OneTimeLink.Purpose.EMAIL_CHANGE, by=by, to=address)
    page = settings.PUBLIC_URL + reverse("accounts:email-link", args=[token])
    tell(by, "Er is een ander e-mailadres voor uw account opgegeven", "email_asked")
    is_taken = User.objects.exclude(pk=by.pk).filter(email__iexact=address).exists()
    link.message = send_email(
        to=address,
        purpose="nieuw e-mailadres",
        subject="Bevestig uw nieuwe e-mailadres",
        template="email_taken" if is_taken else "email_confirm",
        context={"address": page},
    )
    link.save()
    audit.record(Action.EMAIL_ASKED, by=by, obj=by)
    return link


@transaction.atomic
def change_address(*, link: OneTimeLink) -> User:
    """The link was used by somebody at the new address: from now on the account has that one.

    Recorded; the old address is told. Raises StaleError when the link was used or revoked
    meanwhile, the account changed since it was asked for, or another one has the address.
    """
    user = User.objects.select_for_update().get(pk=link.user_id)
    live = OneTimeLink.objects.live().filter(pk=link.pk, binding=account_binding(user))
    if not live.update(used_at=timezone.now()):
        raise StaleError
    former, user.email = user.email, link.new_address
    try:
        with transaction.atomic():
            _renew(user, ["email"])
    except IntegrityError as error:
        raise StaleError from error
    OneTimeLink.objects.filter(user=user, used_at=None, revoked_at=None).update(
        revoked_at=timezone.now()
    )
    audit.record(Action.EMAIL_CHANGED, by=user, obj=user)
    send_email(
        to=former,
        purpose="beveiliging",
        subject="Het e-mailadres van uw account is gewijzigd",
        template="email_changed_by_user",
        context={},
        is_repeatable=True,
    )
    return user


def add_passkey(*, by: User, name: str, challenge: str, answer: dict[str, Any]) -> CodeCheck:
    """One passkey more, when the answer is right; each outcome is an event.

    Wrong answers count with wrong codes. Raises TooManyPasskeysError.
    """
    wait = throttle.code_attempt(user_id=by.pk)
    stored = None if wait else _store_passkey(by, name, challenge, answer)
    outcome = Outcome.DENIED if wait else Outcome.OK if stored else Outcome.FAILED
    audit.record(Action.FACTOR_ADDED, by=by, obj=stored, outcome=outcome)
    if stored:
        throttle.code_was_right(user_id=by.pk)
    return CodeCheck(stored is not None, wait)


@transaction.atomic
def _store_passkey(
    by: User, name: str, challenge: str, answer: dict[str, Any]
) -> PasskeyDevice | None:
    user = _locked(by)
    if len(factors.passkeys(user)) >= PasskeyDevice.MOST:
        raise TooManyPasskeysError
    if not throttle.first_use_of_challenge(challenge):
        return None
    try:
        device = passkeys.store_new(user, name, challenge, answer)
    except passkeys.RefusedAnswerError:
        return None
    _renew(user)
    tell(user, "Uw 2-stappen controle is gewijzigd", "factor_changed")
    tell_contacts(user)
    return device


@transaction.atomic
def remove_factor(*, by: User, device: LoginDevice) -> User:
    """One second step less; recorded. Raises LastFactorError when it is the only one."""
    user = _locked(by)
    devices = {found.persistent_id: found for found in factors.login_devices(user)}
    if devices.keys() == {device.persistent_id}:
        raise LastFactorError
    if found := devices.get(device.persistent_id):
        found.delete()
        _renew(user)
        audit.record(Action.FACTOR_REMOVED, by=user, detail={"factor": found._meta.model_name})
        tell(user, "Uw 2-stappen controle is gewijzigd", "factor_changed")
        tell_contacts(user)
    return user


@transaction.atomic
def use_new_backup_code(*, by: User, code: str) -> User:
    """This new back-up code was noted: the old one is void; recorded.

    Raises StaleError when a newer one was shown meanwhile.
    """
    user = _locked(by)
    acknowledge_backup_code(user, code)
    _renew(user)
    audit.record(Action.BACKUP_RENEWED, by=user)
    tell(user, "U hebt een nieuwe back-up code", "backup_code_renewed")
    tell_contacts(user)
    return user


@transaction.atomic
def end_session(*, by: User, session: Session) -> None:
    """Logs the user out in one browser and tells him; recorded."""
    if session.user_id == by.pk:
        session.delete()
        audit.record(Action.SESSION_ENDED, by=by, obj=by)
        tell(by, "Er is een sessie van uw account beëindigd", "session_ended")


@transaction.atomic
def end_other_sessions(*, by: User) -> User:
    """Logs the user out everywhere but here and tells him; recorded."""
    user = _locked(by)
    _renew(user)
    audit.record(Action.SESSIONS_ENDED, by=user, obj=user)
    tell(user, "Uw andere sessies zijn beëindigd", "session_ended")
    return user


@transaction.atomic
def switch_digest(*, by: User, is_on: bool) -> User:
    """From now on this user gets the weekly e-mail, or no longer; recorded, when it changes.

    It guards nothing: no session ends and nobody is told.
    """
    user = _locked(by)
    if is_on != (user.digest_since is not None):
        user.digest_since = timezone.now() if is_on else None
        user.save(update_fields=["digest_since"])
        audit.record(Action.DIGEST_ON if is_on else Action.DIGEST_OFF, by=user, obj=user)
    return user


def _locked(user: User) -> User:
    return User.objects.select_for_update().get(pk=user.pk)


def _renew(user: User, changed: list[str] | None = None) -> None:
    """Saves what changed, and with it ends every session that does not follow."""
    user.security_epoch += 1
    user.save(update_fields=[*(changed or []), "security_epoch"])
