"""Staff have messages sent after all that were given up, such as after an outage."""

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.audit import Action, record
from accounts.delivery import send_message
from accounts.models import OutgoingMessage

if TYPE_CHECKING:
    from accounts.models import User

MOST_AT_ONCE = 500  # one request; what is left is there to be asked for again
KEPT = timedelta(days=30)  # what was true when it was written, may not be so after this


@transaction.atomic
def resend_messages(*, by: "User", messages: Iterable[int]) -> int:
    """Puts e-mails that were given up back in the outbox, to who they were for; one event.

    At most MOST_AT_ONCE of them, the oldest first. Returns how many. Raises ValidationError when
    there are none: sent again meanwhile, or the text is gone.
    """
    failed = OutgoingMessage.objects.to_resend().filter(pk__in=messages).order_by("pk")
    keys = [row.pk for row in failed.select_for_update().only("pk")[:MOST_AT_ONCE]]
    if not keys:
        raise ValidationError("Hier is niets opnieuw te versturen: dat is al gedaan.")
    queued = OutgoingMessage.State.QUEUED
    OutgoingMessage.objects.filter(pk__in=keys).update(state=queued, attempts=0, error="")
    for key in keys:
        send_message.defer(message_id=key)
    record(Action.MESSAGES_RESENT, by=by, detail={"messages": keys})
    return len(keys)


def forget_texts() -> int:
    """Wipes what nobody had sent again in time. Returns of how many messages."""
    old = OutgoingMessage.objects.to_resend().filter(created_at__lt=timezone.now() - KEPT)
    return old.update(text="", is_repeatable=False)
