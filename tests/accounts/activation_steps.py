"""The steps of an activation as a browser takes them, for the tests of its pages."""

import re

from django.conf import settings
from django.core import mail
from django.test import Client

from accounts.actions.users import invite
from accounts.models import TotpDevice, User
from tests.accounts.steps import sms_code
from tests.jobs import run_jobs
from tests.login import totp_code

NEW_PASSWORD = "vier losse woorden samen"
BASE = "/activeren/"
WELCOME, PASSWORD, RESUME = BASE + "gebruikersnaam/", BASE + "wachtwoord/", BASE + "verder/"
CHOOSE, SMS, SMS_CHECK = BASE + "keuze/", BASE + "sms/", BASE + "sms/controle/"
SMS_RESEND, APP, APP_CHECK = BASE + "sms/opnieuw/", BASE + "app/", BASE + "app/controle/"
NO_EXTRA, BACKUP, DONE = BASE + "geen-extra/", BASE + "back-up-code/", BASE + "klaar/"
INVALID = BASE + "ongeldig/"


def link_for(user: User, by: User) -> str:
    """The path in the e-mail that the invitation sends."""
    invite(by=by, user=user)
    run_jobs()
    text = str(mail.outbox[-1].body)
    found = re.search(rf"{re.escape(settings.PUBLIC_URL)}(/activeren/[^/\s]+/)", text)
    assert found
    return found.group(1)


def set_password(client: Client, link: str):
    client.get(link)
    return client.post(PASSWORD, {"password": NEW_PASSWORD, "again": NEW_PASSWORD})


def register_sms(client: Client):
    client.post(SMS, {"country": "NL", "number": "06 12345678"})
    return client.post(SMS_CHECK, {"code": sms_code()})


def register_app(client: Client):
    client.post(APP, {"has_app": "ja"})
    device = TotpDevice.objects.get(confirmed=False)
    return client.post(APP_CHECK, {"code": totp_code(device)})


def shown_backup_code(client: Client) -> str:
    found = re.search(r'id="backup-code">([^<]+)<', client.get(BACKUP).content.decode())
    assert found
    return found.group(1)


def state(user: User) -> str:
    return User.objects.get(pk=user.pk).state


# How far somebody is: each of these goes there and answers which pages open then.


def at_factors(client: Client, link: str) -> set[str]:
    set_password(client, link)
    return {CHOOSE, SMS, SMS_CHECK, APP, APP_CHECK, NO_EXTRA}


def at_extra(client: Client, link: str) -> set[str]:
    at_factors(client, link)
    register_app(client)
    return {CHOOSE, SMS, SMS_CHECK, APP, APP_CHECK, NO_EXTRA}


def at_backup(client: Client, link: str) -> set[str]:
    at_extra(client, link)
    client.post(NO_EXTRA)
    return {BACKUP}


def done(client: Client, link: str) -> set[str]:
    at_backup(client, link)
    client.post(BACKUP, {"is_noted": "on"})
    return set()
