"""What a beheerder does on /collegas/, for the tests of it."""

import re
from typing import Any

from django.core import mail
from django.test import Client

from accounts.models import User
from tests.jobs import run_jobs
from tests.login import login

LIST, INVITE = "/collegas/", "/collegas/uitnodigen/"
ZOE = "zoe@voorbeeld.test"


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def typed(**change: str) -> dict[str, str]:
    """The form of an invitation, for Zoë."""
    return {
        "first_name": "Zoë",
        "last_name": "de Bos",
        "email": ZOE,
        "username": "zbos",
        "role": "GEBRUIKER",
    } | change


def sent(to: str = ZOE) -> list[Any]:
    run_jobs()
    return [email for email in mail.outbox if email.to == [to]]


def row(name: str = "Zoë de Bos", client: Any = None) -> str:
    """The address of this person's page, as the list links to it."""
    found = re.search(rf'href="({LIST}[^"]+)">{name}<', text(client.get(LIST)))
    assert found
    return found.group(1)


def logged_in(user: User) -> Client:
    """In another browser; as the account is now."""
    client = Client()
    login(client, User.objects.get(pk=user.pk))
    return client
