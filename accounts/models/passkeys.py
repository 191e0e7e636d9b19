"""Passkeys: a key pair on the user's own device, of which we keep the public half.

Nothing here is a secret: what an authenticator signed is checked with it, and no more can be done.
"""

import json
import logging
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django_otp_webauthn.models import AbstractWebAuthnCredential
from webauthn import base64url_to_bytes, verify_authentication_response
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers.exceptions import WebAuthnException

from accounts import throttle
from accounts.models.devices import Factor

logger = logging.getLogger(__name__)

# What reading a hostile answer may raise: the library's own refusals, and bad base64 or text.
UNREADABLE = (WebAuthnException, ValueError, TypeError, LookupError, AttributeError)


class PasskeyDevice(Factor, AbstractWebAuthnCredential):
    """One passkey. A user may have several, each with a name of his own choice.

    The token to verify is `token_for(challenge, answer)`: what the authenticator signed for the
    challenge that this session got.
    """

    kind = "passkey"
    MOST = 10  # per user

    # An authenticator counts to 2**32 - 1; the package's column ends at half of that.
    sign_count = models.PositiveBigIntegerField("teller", default=0, editable=False)
    # Its counter went back: somebody may have a copy of the key.
    copied_at = models.DateTimeField("mogelijk gekopieerd", null=True, editable=False)

    class Meta:
        verbose_name = "passkey"
        verbose_name_plural = "passkeys"
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="passkey_has_a_name"),
        ]

    @staticmethod
    def token_for(challenge: str, answer: dict[str, Any]) -> str:
        return json.dumps([challenge, answer])

    def _accepts(self, token: str) -> bool:
        """The signature first: only who has the key can make us suspect a copy of it."""
        challenge, answer = json.loads(token)
        if not throttle.first_use_of_challenge(challenge):
            return False
        signed = self._signed(challenge, answer)
        if signed is None:
            return False
        # Zero and zero: an authenticator that does not count (a passkey kept by Apple or Google).
        if (self.sign_count or signed.new_sign_count) and signed.new_sign_count <= self.sign_count:
            self.copied_at = timezone.now()
            return False
        self.sign_count = signed.new_sign_count
        self.backup_state = signed.credential_backed_up
        return True

    def _signed(self, challenge: str, answer: dict[str, Any]) -> VerifiedAuthentication | None:
        """What this passkey signed for us, its user being verified; None when it did not."""
        try:
            return verify_authentication_response(
                credential=answer,
                expected_challenge=base64url_to_bytes(challenge),
                expected_rp_id=settings.OTP_WEBAUTHN_RP_ID,
                expected_origin=settings.OTP_WEBAUTHN_ALLOWED_ORIGINS,
                credential_public_key=bytes(self.public_key),
                credential_current_sign_count=0,  # compared above
                require_user_verification=True,
            )
        except UNREADABLE as refusal:
            # An origin or domain that is set wrongly would refuse everybody: say so in the log.
            logger.warning("passkey refused: %.200r", refusal)
            return None
