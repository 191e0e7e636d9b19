"""/activeren/...: the steps as help page 1 tells them, from the link to an active account."""

import pytest
from django.test import Client

from accounts.models import BackupCodeDevice, SmsDevice, TotpDevice, User
from tests.accounts.activation_steps import (
    APP,
    APP_CHECK,
    BACKUP,
    CHOOSE,
    DONE,
    INVALID,
    NEW_PASSWORD,
    NO_EXTRA,
    PASSWORD,
    SMS,
    SMS_CHECK,
    WELCOME,
    link_for,
    register_app,
    register_sms,
    set_password,
    shown_backup_code,
    state,
)
from tests.accounts.steps import START, give_code, give_password, sms_code
from tests.login import totp_code

pytestmark = pytest.mark.urls("tests.accounts.pages")


def test_the_steps_of_the_help_page_with_sms_only(client: Client, noor: User, link: str) -> None:
    assert client.get(link).url == WELCOME
    page = client.get(WELCOME).content.decode()
    assert ">noor</code>" in page
    assert ">Verder</a>" in page

    assert ">Wachtwoord wijziging opslaan</button>" in client.get(PASSWORD).content.decode()
    assert set_password(client, link).url == CHOOSE
    page = client.get(CHOOSE).content.decode()
    assert ">sms</a>" in page
    assert ">authenticatie-app</a>" in page
    assert "Geen extra" not in page

    assert ">Bevestigings-sms versturen</button>" in client.get(SMS).content.decode()
    assert client.post(SMS, {"country": "NL", "number": "612345678"}).url == SMS_CHECK
    page = client.get(SMS_CHECK).content.decode()
    assert "2-stappen controle" in page
    assert ">Sms bevestiging registreren</button>" in page
    assert client.post(SMS_CHECK, {"code": sms_code()}).url == CHOOSE
    assert (
        "Geen extra authenticatie optie toevoegen</button>" in client.get(CHOOSE).content.decode()
    )

    assert client.post(NO_EXTRA).url == BACKUP
    page = client.get(BACKUP).content.decode()
    assert "Ik heb mijn back-up code bewaard" in page
    assert ">Verder</button>" in page
    assert client.post(BACKUP, {"is_noted": "on"}).url == DONE
    assert "Uw account is actief" in client.get(DONE).content.decode()

    assert state(noor) == User.State.ACTIVE
    assert give_password(client, noor, NEW_PASSWORD).url == "/inloggen/controle/"


def test_the_steps_of_the_help_page_with_app_only(client: Client, noor: User, link: str) -> None:
    set_password(client, link)
    page = client.get(APP).content.decode()
    assert "Staat er al een authenticatie-app op uw telefoon?" in page
    assert ">Verder</button>" in page
    page = client.post(APP, {"has_app": "nee"}).content.decode()
    assert "Installeer eerst een app" in page
    assert not TotpDevice.objects.exists()

    assert client.post(APP, {"has_app": "ja"}).url == APP_CHECK
    page = client.get(APP_CHECK).content.decode()
    assert "<svg" in page
    assert ">Authenticatie-app registreren</button>" in page
    device = TotpDevice.objects.get()
    assert client.post(APP_CHECK, {"code": totp_code(device)}).url == CHOOSE
    client.post(NO_EXTRA)
    client.post(BACKUP, {"is_noted": "on"})

    give_password(client, noor, NEW_PASSWORD)
    assert give_code(client, totp_code(device, steps=1)).url == START


def test_with_both_there_is_nothing_more_to_add(client: Client, noor: User, link: str) -> None:
    set_password(client, link)

    assert register_sms(client).url == CHOOSE
    assert register_app(client).url == BACKUP
    assert client.post(BACKUP, {"is_noted": "on"}).url == DONE
    assert give_password(client, noor, NEW_PASSWORD).url == "/inloggen/keuze/"


def test_staff_activate_with_the_app_only(client: Client, noor: User, ilse: User) -> None:
    noor.is_staff = True
    noor.save()
    set_password(client, link_for(noor, ilse))
    assert ">sms</a>" not in client.get(CHOOSE).content.decode()
    assert client.get(SMS).url == CHOOSE
    assert client.post(SMS, {"country": "NL", "number": "0612345678"}).url == CHOOSE
    assert not SmsDevice.objects.exists()

    assert register_app(client).url == BACKUP


def test_the_back_up_code_that_is_shown_is_the_one_that_works(client, noor, link) -> None:
    set_password(client, link)
    register_sms(client)
    client.post(NO_EXTRA)
    code = shown_backup_code(client)
    assert shown_backup_code(client) == code
    client.post(BACKUP, {"is_noted": "on"})

    device = BackupCodeDevice.objects.get(user=noor, confirmed=True)
    assert device.code_hash == BackupCodeDevice.hash_of(noor.pk, code)
    assert client.get(BACKUP).url == INVALID
