"""The steps of a login as a browser takes them, for the tests of the pages."""

import re

from django.test import Client

from accounts.models import SmsDevice, TotpDevice, User
from portal import mailbox
from tests.factories import PASSWORD
from tests.jobs import run_jobs

LOGIN, CHOICE, CHECK = "/inloggen/", "/inloggen/keuze/", "/inloggen/controle/"
RESEND, BACKUP, START = "/inloggen/opnieuw-sms/", "/inloggen/back-up-code/", "/start/"


def add_app(user: User, **fields) -> TotpDevice:
    return TotpDevice.objects.create(user=user, key=TotpDevice.new_key(), **fields)


def add_sms(user: User, number: str = "+31612345678", **fields) -> SmsDevice:
    return SmsDevice.objects.create(user=user, number=number, **fields)


def give_password(client: Client, user: User, password: str = PASSWORD, path: str = LOGIN):
    return client.post(path, {"username": user.username, "password": password})


def give_code(client: Client, code: str):
    return client.post(CHECK, {"code": code})


def last_sms(number: str = "+31612345678") -> str:
    """The text of the newest sms that was delivered to this number."""
    run_jobs()
    return mailbox.messages(to=number)[0].text


def sms_count() -> int:
    run_jobs()
    return sum(message.kind == "sms" for message in mailbox.messages())


def sms_code() -> str:
    found = re.search(r"is (\d{6})\.", last_sms())
    assert found
    return found.group(1)


def is_inside(client: Client) -> bool:
    """Whether a page behind the gate opens (of tests/accounts/pages.py)."""
    return client.get("/proef/pagina/").status_code == 200


def other_code(code: str) -> str:
    """A code that is certainly another one."""
    return f"{(int(code) + 500_000) % 10**6:06d}"
