"""The development mailbox: e-mails and sms messages become files, shown at /ontwikkel/postvak/.

Web server and worker are different processes, so a message is a file in MAILBOX_DIR. It appears
there in one step (written aside, then renamed): a reader never meets half a message.
"""

import json
import re
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from uuid import uuid4

import phonenumbers
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


@dataclass(frozen=True, slots=True)
class Message:
    """One e-mail or sms as its receiver would see it."""

    kind: str  # "e-mail" or "sms"
    to: list[str]
    subject: str
    text: str
    sent_at: float  # seconds since 1970

    @property
    def sent(self) -> datetime:
        return datetime.fromtimestamp(self.sent_at, UTC)

    @property
    def links(self) -> list[str]:
        return re.findall(r"https?://\S+", self.text)


class EmailBackend(BaseEmailBackend):
    """Puts e-mails in the development mailbox."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for email in email_messages:
            _keep("e-mail", email.recipients(), str(email.subject), str(email.body))
        return len(email_messages)


def send_sms(number: str, text: str) -> str:
    """Puts an sms in the development mailbox; returns its id, as a provider does."""
    return _keep("sms", [number], "", text)


def messages(to: str = "", limit: int = 100) -> list[Message]:
    """The newest messages first; with `to`, only those to that address or number."""
    wanted = _same_form(to)
    found: list[Message] = []
    for path in sorted(settings.MAILBOX_DIR.glob("*.json"), reverse=True):
        message = Message(**json.loads(path.read_text()))
        if not wanted or wanted in map(_same_form, message.to):
            found.append(message)
        if len(found) == limit:
            break
    return found


def _keep(kind: str, to: list[str], subject: str, text: str) -> str:
    message_id = f"{time.time_ns()}-{uuid4().hex[:8]}"
    message = Message(kind, to, subject, text, time.time())
    settings.MAILBOX_DIR.mkdir(parents=True, exist_ok=True)
    aside = settings.MAILBOX_DIR / f"{message_id}.part"
    aside.write_text(json.dumps(asdict(message), ensure_ascii=False))
    aside.rename(aside.with_suffix(".json"))
    return message_id


def _same_form(address: str) -> str:
    """An e-mail address in lower case; a number as E.164 however it was typed (06.., +31 6..)."""
    address = address.strip()
    if "@" in address:
        return address.casefold()
    try:
        number = phonenumbers.parse(address, "NL")
    except phonenumbers.NumberParseException:
        return address
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
