"""Kannel: the open sms gateway, on a machine of ours, with an operator behind it (SMPP).

Kannel gives no id of a message, so we make one: it stands in the address at which Kannel reports
what became of the message.
"""

from urllib.request import Request
from uuid import uuid4

from django.conf import settings
from django.urls import reverse

from accounts.sms import RefusedError, exchange, provider_url
from accounts.sms.receipts import kannel_token

# Report delivered (1), failed (2) and refused by the operator (16): the final ones.
FINAL_REPORTS = 1 | 2 | 16
GSM_7, UCS_2 = "0", "2"
# The basic table and its extension (3GPP 23.038): what fits in seven bits.
GSM_LETTERS = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà^{}\\[~]|€"
)


def send(number: str, text: str) -> str:
    """Hands the message to Kannel's sendsms; returns the id by which the report will name it."""
    message_id = uuid4().hex
    report = reverse("accounts:sms-kannel", args=[message_id, kannel_token(message_id)])
    # By POST: an address ends up in Kannel's log, and a GET's would hold number, password and code.
    headers = {
        "Content-Type": "text/plain; charset=UTF-8",
        "X-Kannel-Username": settings.SMS_KANNEL_USERNAME,
        "X-Kannel-Password": settings.SMS_HTTP_KEY,
        "X-Kannel-From": settings.SMS_SENDER,
        "X-Kannel-To": number,
        "X-Kannel-Coding": GSM_7 if GSM_LETTERS.issuperset(text) else UCS_2,
        "X-Kannel-DLR-Mask": str(FINAL_REPORTS),
        "X-Kannel-DLR-Url": f"{settings.SMS_RECEIPT_URL}{report}?status=%d",
    }
    answer = exchange(Request(provider_url(), text.encode(), headers))  # noqa: S310 - checked there
    if not answer.startswith((b"0:", b"3:")):  # accepted; queued until the operator is back
        raise RefusedError("kannel")
    return message_id
