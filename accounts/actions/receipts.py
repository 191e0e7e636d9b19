"""What a provider says became of an sms."""

import re

from django.db import transaction
from django.utils import timezone

from accounts.models import OutgoingMessage

STATUS_LETTERS = 40


class UnknownMessageError(Exception):
    """No message has this id (yet: its sending may still have to be stored)."""


@transaction.atomic
def note_receipt(*, provider_id: str, delivery: str, status: str = "") -> OutgoingMessage:
    """Stores whether the message arrived, and the provider's own word for it.

    "Arrived" is final: a late or repeated receipt that says otherwise changes nothing.
    No event: the log is about people, and staff see the state of each message. Raises
    UnknownMessageError.
    """
    found = OutgoingMessage.objects.select_for_update().filter(provider_id=provider_id).first()
    if found is None:
        raise UnknownMessageError(provider_id)
    if found.delivery != OutgoingMessage.Delivery.DELIVERED:
        found.delivery, found.delivered_at = delivery, timezone.now()
        # A word or a number: a provider might quote the message, and the code in it.
        found.provider_status = re.sub(r"[^\w. -]", "", status, flags=re.ASCII)[:STATUS_LETTERS]
        found.save(update_fields=["delivery", "delivered_at", "provider_status"])
    return found
