"""Delivery receipts: what a provider says became of a message, and whether it really says so."""

import hashlib
import hmac
import time

from django.conf import settings

from accounts.models import OutgoingMessage
from accounts.sealed import keyed_hash

# A receipt that was recorded and sent again later must not count.
VALID_SECONDS = 5 * 60

Delivery = OutgoingMessage.Delivery


def is_signed(*, body: bytes, timestamp: str, signature: str) -> bool:
    """Whether `signature` is the HMAC-SHA256 of "timestamp.body" with our shared secret, in hex.

    `timestamp` in seconds since 1970, at most five minutes from now. Without SMS_RECEIPT_SECRET
    nothing is signed.
    """
    secret: str = settings.SMS_RECEIPT_SECRET
    if not secret or not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) < 12):
        return False
    message = timestamp.encode() + b"." + body
    expected = hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()
    is_fresh = abs(time.time() - int(timestamp)) <= VALID_SECONDS
    return hmac.compare_digest(expected.encode(), signature.lower().encode()) and is_fresh


def kannel_token(message_id: str) -> str:
    """Proves that a report about this message comes from the Kannel that we gave it to."""
    return keyed_hash("sms.receipt", message_id)[:32]


def is_kannel_token(message_id: str, token: str) -> bool:
    return hmac.compare_digest(kannel_token(message_id).encode(), token.encode())


def delivery_of(status: str) -> str:
    """Our word for the provider's: delivered, failed, or "" while it is still on its way.

    SMS_RECEIPT_DELIVERED and SMS_RECEIPT_FAILED list the provider's words, in any case.
    """
    word = status.strip().lower()
    if word in settings.SMS_RECEIPT_DELIVERED:
        return Delivery.DELIVERED
    return Delivery.FAILED if word in settings.SMS_RECEIPT_FAILED else ""


def delivery_of_kannel(status: str) -> str:
    """Kannel's report types: 1 delivered, 2 failed, 16 refused by the operator."""
    return {"1": Delivery.DELIVERED, "2": Delivery.FAILED, "16": Delivery.FAILED}.get(status, "")
