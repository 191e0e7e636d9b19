"""What happens to messages of the outbox."""

import smtplib
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.models import OutgoingMessage
from accounts.sms import RefusedError

# With the waits of the task (4, 16, 64 ... seconds) this is some twenty minutes.
MAX_ATTEMPTS = 6

Channel, State = OutgoingMessage.Channel, OutgoingMessage.State


def deliver_message(*, message_id: int) -> OutgoingMessage | None:
    """Sends one message of the outbox, unless that was done already.

    The row is locked while sending, so two workers never send the same message. A failure is
    stored first and then raised, so that the worker tries again; the last one, and one that no
    repetition will mend, leave the message FAILED for staff to see, and to have sent again
    (accounts/actions/resending.py). (A worker that dies between the provider's answer and our
    commit does send it again: twice is better than never. An e-mail then bears the same
    Message-ID, by which most mailboxes show it once.)
    """
    with transaction.atomic():
        queued = OutgoingMessage.objects.select_for_update().filter(state=State.QUEUED)
        message = queued.filter(pk=message_id).first()
        error = _deliver(message) if message else None
    if error and message and message.state == State.QUEUED:
        raise error
    return message


def _deliver(message: OutgoingMessage) -> Exception | None:
    if message.expires_at and message.expires_at <= timezone.now():
        message.error = "te laat"
        _give_up(message)
        message.save()
        return None
    message.attempts += 1
    try:
        message.provider_id = _send(message)
    except Exception as error:
        # Its kind only: the message of an error may hold an address or a number.
        message.error = type(error).__name__
        if _is_final(error) or message.attempts >= MAX_ATTEMPTS:
            _give_up(message)
        message.save()
        return error
    message.state, message.error, message.text = State.SENT, "", ""
    message.sent_at = timezone.now()
    message.save()
    return None


def _give_up(message: OutgoingMessage) -> None:
    message.state = State.FAILED
    if not message.is_repeatable:
        message.text = ""


def _send(message: OutgoingMessage) -> str:
    """Hands the message over; the provider's id of it, if it has one."""
    if message.channel == Channel.SMS:
        return str(import_string(settings.SMS_BACKEND)(message.recipient, message.text))
    headers = {"Message-ID": _message_id(message)}
    EmailMessage(message.subject, message.text, to=[message.recipient], headers=headers).send()
    return ""


def _message_id(message: OutgoingMessage) -> str:
    """The same at each attempt, of no other message ever. Source: RFC 5322, 3.6.4."""
    host = urlsplit(settings.PUBLIC_URL).hostname
    return f"<{message.created_at:%Y%m%d%H%M%S%f}.{message.pk}@{host}>"


def _is_final(error: Exception) -> bool:
    """Whether trying again is of no use: refused for good by the provider or the mail server."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPDataError):
        return error.smtp_code >= 500
    return isinstance(error, RefusedError)
