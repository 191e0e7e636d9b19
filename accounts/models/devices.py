"""Second factors: sms, authenticator app and back-up code, on django-otp's devices.

django-otp's own tables keep their secrets readable and are not installed. Ours seal or hash them.
A code is checked by `django_otp.verify_token(user, device_id, token)` only: it locks the row, so
that one code is accepted once, whoever else tries it at the same moment. Source: security.md 2.4.
"""

import hmac
import math
import re
import secrets
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import uuid4

from django.db import models
from django.utils import timezone
from django_otp.models import Device, ThrottlingMixin, TimestampMixin
from django_otp.oath import hotp

from accounts.sealed import SealedTextField, keyed_hash

CODE = re.compile(r"[0-9]{6}")
# Each failure doubles the wait, up to a quarter of an hour: who knows the password cannot keep the
# owner out for days.
LONGEST_WAIT_SECONDS = 15 * 60


class Factor(TimestampMixin, ThrottlingMixin, Device):
    """A device that keeps its failures: wait 1, 2, 4 ... seconds after the 1st, 2nd, 3rd ..."""

    kind: ClassVar[str] = ""  # what the pages call it

    class Meta:
        abstract = True
        constraints = [
            # One in use, and at most one more that is being set up.
            models.UniqueConstraint(
                fields=["user", "confirmed"], name="%(class)s_one_per_user_and_stage"
            )
        ]

    def get_throttle_factor(self) -> float:
        doublings = min(self.throttling_failure_count, 64) - 1
        return float(min(1.0, LONGEST_WAIT_SECONDS / 2**doublings))

    @property
    def seconds_to_wait(self) -> int:
        """Until another code is looked at, after failures in a row."""
        allowed, why = self.verify_is_allowed()
        if allowed:
            return 0
        until: datetime = why["locked_until"]
        return max(1, math.ceil((until - timezone.now()).total_seconds()))

    def verify_token(self, token: str) -> bool:
        """Whether `token` is right; a right one is used up. Called by django_otp only."""
        if self.seconds_to_wait:
            return False
        if not self._accepts(token):
            self.throttle_increment()
            return False
        self.throttle_reset(commit=False)
        self.set_last_used_timestamp(commit=False)
        self.save()
        return True

    def _accepts(self, token: str) -> bool:
        """Checks and uses up the token on this object; `verify_token` saves."""
        raise NotImplementedError


class TotpDevice(Factor):
    """An authenticator app (RFC 6238: SHA-1, 6 digits, 30 seconds, as every app knows it)."""

    kind = "app"
    STEP_SECONDS = 30
    # A code of the step before or after is right too: clocks differ, and typing takes time.
    TOLERANCE = 1

    key = SealedTextField("sleutel", owner="user_id")
    last_t = models.BigIntegerField("laatst gebruikte tijdstap", default=-1)

    class Meta(Factor.Meta):
        verbose_name = "authenticatie-app"
        verbose_name_plural = "authenticatie-apps"

    @staticmethod
    def new_key() -> str:
        """160 random bits in hex, the length of the hash (RFC 4226, 4)."""
        return secrets.token_hex(20)

    def code_at(self, step: int) -> str:
        return f"{hotp(bytes.fromhex(self.key), step):06d}"

    def current_step(self) -> int:
        return int(timezone.now().timestamp()) // self.STEP_SECONDS

    def _accepts(self, token: str) -> bool:
        """Only steps after the last one used, and never a drifting clock: see `TOLERANCE`."""
        if not CODE.fullmatch(token):
            return False
        now = self.current_step()
        for step in range(now - self.TOLERANCE, now + self.TOLERANCE + 1):
            if step > self.last_t and hmac.compare_digest(self.code_at(step), token):
                self.last_t = step
                return True
        return False


class SmsDevice(Factor):
    """A mobile number that gets codes. A code belongs to one challenge: the session that asked.

    The token to verify is `token_for(challenge, code)`: typed in another session, a code is wrong.
    """

    kind = "sms"
    VALID_FOR = timedelta(minutes=5)
    TRIES = 5
    COOL_DOWN = timedelta(seconds=60)

    number = SealedTextField("mobiel nummer", owner="user_id")
    code_hash = models.CharField("code", max_length=64, blank=True, editable=False)
    valid_until = models.DateTimeField("code geldig tot", null=True, editable=False)
    challenge = models.CharField("aanvraag", max_length=32, blank=True, editable=False)
    tries = models.PositiveSmallIntegerField("pogingen voor aanvraag", default=0, editable=False)
    sent_at = models.DateTimeField("laatste sms", null=True, editable=False)
    message = models.ForeignKey(
        "accounts.OutgoingMessage",
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="bericht",
    )

    class Meta(Factor.Meta):
        verbose_name = "sms-nummer"
        verbose_name_plural = "sms-nummers"

    @property
    def last_digits(self) -> str:
        """All of the number that may be shown before the second step."""
        return str(self.number[-2:])

    def seconds_to_cool(self, challenge: str) -> int:
        """How long to wait before the next sms for this challenge; 0 is "now"."""
        if self.sent_at is None or challenge != self.challenge:
            return 0
        left = self.sent_at + self.COOL_DOWN - timezone.now()
        return max(0, math.ceil(left.total_seconds()))

    @staticmethod
    def new_challenge() -> str:
        return uuid4().hex

    @staticmethod
    def token_for(challenge: str, code: str) -> str:
        return f"{challenge}:{code}"

    def new_code(self, challenge: str) -> str:
        """A fresh code for `challenge`, to be sent by the caller; the code before it is void.

        A new code does not give new tries: those belong to the challenge (NIST 800-63B 3.1.3.2).
        """
        code = f"{secrets.randbelow(10**6):06d}"
        if challenge != self.challenge:
            self.challenge, self.tries = challenge, 0
        self.code_hash = self._hash(self.token_for(challenge, code))
        self.sent_at = timezone.now()
        self.valid_until = self.sent_at + self.VALID_FOR
        # Not the failure count: that is for who verifies, at this same moment perhaps.
        self.save(update_fields=["challenge", "tries", "code_hash", "sent_at", "valid_until"])
        return code

    def _accepts(self, token: str) -> bool:
        live = self.valid_until is not None and timezone.now() < self.valid_until
        if not live or not self.code_hash or self.tries >= self.TRIES:
            return False
        self.tries += 1
        if not hmac.compare_digest(self.code_hash, self._hash(token)):
            return False
        self.code_hash, self.challenge, self.tries = "", "", 0
        return True

    def _hash(self, token: str) -> str:
        return keyed_hash("sms.code", self.pk, token)


class BackupCodeDevice(Factor):
    """The back-up code: for when the phone is lost. Using it gives a session for re-enrolment only.

    122 bits, so that a keyed hash without salt or stretching suffices.
    """

    LENGTH = 25
    GROUP = 5
    # No 0 and O, 1, I and L, U and V look-alikes: it is copied by hand.
    ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"

    code_hash = models.CharField("code", max_length=64, editable=False)
    used_at = models.DateTimeField("gebruikt", null=True, editable=False)

    class Meta(Factor.Meta):
        verbose_name = "back-up code"
        verbose_name_plural = "back-up codes"

    @classmethod
    def new_code(cls) -> str:
        """A fresh code in groups of five: `2A3B4-C5D6E-...`."""
        letters = "".join(secrets.choice(cls.ALPHABET) for _ in range(cls.LENGTH))
        return "-".join(letters[i : i + cls.GROUP] for i in range(0, cls.LENGTH, cls.GROUP))

    @staticmethod
    def hash_of(user_id: Any, code: str) -> str:
        """Typed in any case, with or without separators."""
        letters = re.sub(r"[\s-]", "", code).upper()
        return keyed_hash("backup.code", user_id, letters)

    def _accepts(self, token: str) -> bool:
        if self.used_at or not self.confirmed:
            return False
        if not hmac.compare_digest(self.code_hash, self.hash_of(self.user_id, token)):
            return False
        self.used_at = timezone.now()
        return True
