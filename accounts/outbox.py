"""Puts e-mails and sms messages in the outbox: in the caller's transaction, sent by the worker.

An e-mail holds no personal data: a sentence and a link (design decision 5).
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.template import Context, Template
from django.template.loader import get_template

from accounts.delivery import send_message
from accounts.models import OutgoingMessage


def send_email(
    *,
    to: str,
    purpose: str,
    subject: str,
    template: str,
    context: dict[str, Any],
    is_repeatable: bool = False,
) -> OutgoingMessage:
    """Enqueues an e-mail whose text is `templates/emails/<template>.txt`.

    `is_repeatable`: there is nothing in it that gives access, and it is true for a month: when it
    cannot be sent its text is kept, and staff can have it sent later.
    """
    return _enqueue(
        channel=OutgoingMessage.Channel.EMAIL,
        purpose=purpose,
        recipient=to,
        subject=subject,
        is_repeatable=is_repeatable,
        text=_plain_text(f"emails/{template}.txt", context),
    )


def send_to_desk(*, purpose: str, subject: str, template: str, page: str) -> OutgoingMessage:
    """Enqueues an e-mail to InComfort's desk, which leads to this page of the back office."""
    return send_email(
        to=settings.DESK_EMAIL,
        purpose=purpose,
        subject=subject,
        template=template,
        context={"address": settings.PUBLIC_URL + page},
        is_repeatable=True,
    )


def send_sms(
    *, number: str, purpose: str, text: str, expires_at: datetime | None = None
) -> OutgoingMessage:
    """Enqueues an sms to an E.164 number; after `expires_at` it is not sent any more."""
    return _enqueue(
        channel=OutgoingMessage.Channel.SMS,
        purpose=purpose,
        recipient=number,
        text=text,
        expires_at=expires_at,
    )


def _plain_text(name: str, context: dict[str, Any]) -> str:
    """Without HTML escaping: in plain text "De Brug & Zn" is written just so."""
    template: Template = get_template(name).template  # type: ignore[attr-defined]
    return str(template.render(Context(context, autoescape=False)))


def _enqueue(**fields: Any) -> OutgoingMessage:
    message = OutgoingMessage.objects.create(**fields)
    send_message.defer(message_id=message.pk)
    return message
