"""The two ceremonies of a passkey: making one, and logging in with it.

What the browser is asked goes into the page, its answer comes back in a field of an ordinary form.
The challenge stays in the session, for one user and one ceremony, and is answered once.
"""

import json
import time
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django_otp_webauthn.helpers import WebAuthnHelper
from webauthn import base64url_to_bytes, verify_registration_response
from webauthn.helpers import parse_registration_credential_json
from webauthn.helpers.structs import PublicKeyCredentialUserEntity, UserVerificationRequirement

from accounts.models import PasskeyDevice, User
from accounts.models.passkeys import UNREADABLE, logger
from accounts.sealed import keyed_hash

SESSION_KEY = "passkey"
# As long as a confirmation counts, and longer than a login may take: the page itself ends first.
VALID_SECONDS = 15 * 60


class Ceremony(StrEnum):
    LOGIN = "login"
    MAKING = "making"


class RefusedAnswerError(Exception):
    """What the browser sent is no new passkey of this user."""


class Helper(WebAuthnHelper):
    """The package's ceremonies as this portal wants them: the user is verified, always."""

    def __init__(self) -> None:
        """Without a request: that is for settings that depend on it, and ours do not."""

    def get_user_entity(self, user: AbstractBaseUser) -> PublicKeyCredentialUserEntity:
        """Names the account to the authenticator by a number that says nothing to anybody else.

        Source: WebAuthn level 3, 14.6.1.
        """
        return PublicKeyCredentialUserEntity(
            id=bytes.fromhex(keyed_hash("passkey.user", user.pk)),
            name=self.get_credential_name(user),
            display_name=self.get_credential_display_name(user),
        )

    def get_generate_registration_options_kwargs(self, *, user: AbstractBaseUser) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_generate_registration_options_kwargs(user=user)
        kwargs["authenticator_selection"].user_verification = UserVerificationRequirement.REQUIRED
        return kwargs


def login_options(request: HttpRequest, user: User) -> str:
    """What to ask of the browser, as JSON: that one of the user's passkeys signs a challenge."""
    options, _ = Helper().authenticate_begin(user, require_user_verification=True)
    return _remember(request, user, Ceremony.LOGIN, options)


def making_options(request: HttpRequest, user: User) -> str:
    """What to ask of the browser, as JSON: a passkey where the user has none yet."""
    options, _ = Helper().register_begin(user)
    return _remember(request, user, Ceremony.MAKING, options)


def _remember(request: HttpRequest, user: User, ceremony: Ceremony, options: dict[str, Any]) -> str:
    request.session[SESSION_KEY] = {
        "ceremony": ceremony,
        "user_id": user.pk,
        "challenge": options["challenge"],
        "at": int(time.time()),
    }
    return json.dumps(options)


def take_challenge(request: HttpRequest, user: User, ceremony: Ceremony) -> str:
    """The challenge that this session got for this; "" when there is none, or it took too long."""
    kept: dict[str, Any] = request.session.pop(SESSION_KEY, {})
    is_meant = (kept.get("ceremony"), kept.get("user_id")) == (ceremony, user.pk)
    if not is_meant or not 0 <= time.time() - kept["at"] < VALID_SECONDS:
        return ""
    challenge: str = kept["challenge"]
    return challenge


def store_new(user: User, name: str, challenge: str, answer: dict[str, Any]) -> PasskeyDevice:
    """The passkey that this answer says was made. Raises RefusedAnswerError.

    Whose product the authenticator is makes no difference, so its attestation is not kept.
    """
    try:
        credential = parse_registration_credential_json(answer)
        verified = verify_registration_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=settings.OTP_WEBAUTHN_RP_ID,
            expected_origin=settings.OTP_WEBAUTHN_ALLOWED_ORIGINS,
            require_user_verification=True,
        )
        device: PasskeyDevice = Helper().create_credential(user, verified, credential, answer)
        device.name = name
        with transaction.atomic():
            device.save()
    except (*UNREADABLE, IntegrityError) as refusal:  # the latter: it was stored before
        logger.warning("passkey not stored: %.200r", refusal)
        raise RefusedAnswerError from refusal
    return device
