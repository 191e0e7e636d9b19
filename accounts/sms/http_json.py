"""Any provider that takes a message as JSON over HTTP; the settings say how it calls things."""

import json
from typing import Any
from urllib.request import Request
from uuid import uuid4

from django.conf import settings

from accounts.sms import exchange, provider_url


def send(number: str, text: str) -> str:
    """Posts sender, number and text under the provider's field names; returns the id it gives.

    SMS_HTTP_FIELDS says which names (`sender`, `number`, `text`, and `reference` for an id of
    ours), SMS_HTTP_AUTHORIZATION how the key is presented, SMS_HTTP_ID where in the answer the
    id stands ("messages.0.id"); empty, the id is our reference.
    """
    fields, reference = settings.SMS_HTTP_FIELDS, uuid4().hex
    body = {
        fields["sender"]: settings.SMS_SENDER,
        fields["number"]: number,
        fields["text"]: text,
    }
    if fields["reference"]:
        body[fields["reference"]] = reference
    header, _, form = settings.SMS_HTTP_AUTHORIZATION.partition(": ")
    headers = {
        header: form.format(key=settings.SMS_HTTP_KEY),
        "Content-Type": "application/json",
    }
    request = Request(provider_url(), json.dumps(body).encode(), headers)  # noqa: S310 - checked there
    answer = exchange(request)
    if not settings.SMS_HTTP_ID:  # this provider names the message as we did
        return reference
    return found_at(settings.SMS_HTTP_ID, json.loads(answer))


def found_at(path: str, data: Any) -> str:
    """The value at a dotted path, "" when there is none: a message without an id was sent too."""
    for step in path.split("."):
        if isinstance(data, dict):
            data = data.get(step)
        elif isinstance(data, list) and step.isdecimal() and int(step) < len(data):
            data = data[int(step)]
        else:
            return ""
    return "" if data is None or isinstance(data, dict | list) else str(data)
