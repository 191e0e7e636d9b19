"""/account/bevestigen/: a change of the account asks for both steps, unless they were just done."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEvent, OneTimeLink, SmsDevice, TotpDevice, User
from tests.accounts.steps import (
    CHECK,
    CHOICE,
    add_sms,
    give_code,
    give_password,
    other_code,
    sms_code,
)
from tests.factories import PASSWORD
from tests.login import login, totp_code

CONFIRM = "/account/bevestigen/"
# Each page that changes something of the account, with what it takes to change it.
GUARDED = {
    "/account/wachtwoord/": {"password": "drie nieuwe woorden 9", "again": "drie nieuwe woorden 9"},
    "/account/e-mailadres/": {"email": "nieuw@voorbeeld.test"},
    "/account/2-stappen-controle/": {},
    "/account/sms-verwijderen/": {},
    "/account/app-verwijderen/": {},
    "/account/passkey-toevoegen/": {},
    "/account/back-up-code/": {},
}
# The pages on which a phone or app is set up, once that was begun.
SET_UP = {
    "/activeren/keuze/": {},
    "/activeren/sms/": {"country": "NL", "number": "0687654321"},
    "/activeren/sms/controle/": {"code": "123456"},
    "/activeren/app/": {"has_app": "ja"},
    "/activeren/app/controle/": {"code": "123456"},
}


@pytest.fixture
def device(client: Client, anna: User) -> TotpDevice:
    return login(client, anna)


@pytest.fixture
def later():
    """Sixteen minutes after the login."""
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False) as traveller:
        yield traveller


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("page", GUARDED)
def test_each_change_asks_for_both_steps(client, anna, device, later, page, method) -> None:
    add_sms(anna)
    before = User.objects.get(pk=anna.pk)
    response = getattr(client, method)(page, GUARDED[page])

    assert (response.status_code, response.url) == (302, CONFIRM)
    after = User.objects.get(pk=anna.pk)
    assert (after.password, after.security_epoch) == (before.password, before.security_epoch)
    assert TotpDevice.objects.filter(user=anna).exists()


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("path", SET_UP)
def test_each_page_of_a_set_up_asks_for_both_steps_again(client, anna, device, path, method):
    client.get("/account/2-stappen-controle/")
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        response = getattr(client, method)(path, SET_UP[path])

    assert response.url == CONFIRM
    assert not TotpDevice.objects.filter(confirmed=False).exists()
    assert not SmsDevice.objects.exists()


def test_a_set_up_goes_on_where_it_was_after_a_confirmation(client, anna, device) -> None:
    """Who took long over installing the app need not scan another QR code."""
    client.get("/account/2-stappen-controle/")
    client.post("/activeren/app/", {"has_app": "ja"})
    fresh = TotpDevice.objects.get(confirmed=False)
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert client.get("/activeren/app/controle/").url == CONFIRM
        client.post(CONFIRM, {"password": PASSWORD})
        client.post(CHOICE, {"device": device.persistent_id})
        assert client.post(CHECK, {"code": totp_code(device)}).url == "/activeren/app/controle/"
        assert (
            client.post("/activeren/app/controle/", {"code": totp_code(fresh)}).url == "/account/"
        )

    assert TotpDevice.objects.get(user=anna).pk == fresh.pk


@pytest.mark.parametrize("page", [page for page in GUARDED if "2-stappen" not in page])
def test_just_after_the_login_the_page_opens(client, anna, device, page) -> None:
    add_sms(anna)

    assert client.get(page).status_code == 200


def test_password_and_code_lead_on_to_the_page_with_a_new_session_id(
    client, anna, device, later
) -> None:
    client.get("/account/wachtwoord/")
    before = client.session.session_key
    assert client.post(CONFIRM, {"password": PASSWORD}).url == CHECK
    page = client.get(CHECK).content.decode()
    assert ">Bevestigen</button>" in page
    assert "back-up code" not in page
    response = client.post(CHECK, {"code": totp_code(device)})

    assert response.url == "/account/wachtwoord/"
    assert client.get(response.url).status_code == 200
    assert client.session.session_key != before
    assert AuditEvent.objects.get(action="account.confirmed").actor == anna
    assert "nog niet gedaan" not in client.get("/account/").content.decode()
    client.cookies[settings.SESSION_COOKIE_NAME] = before
    assert client.get("/account/").url.startswith("/inloggen/")


def confirm(client: Client, device: TotpDevice):
    client.post(CONFIRM, {"password": PASSWORD})
    return client.post(CHECK, {"code": totp_code(device)})


def test_what_was_sent_too_late_is_not_done_and_the_page_says_so(client, anna, device, later):
    data = GUARDED["/account/wachtwoord/"]
    client.post("/account/wachtwoord/", data)
    assert confirm(client, device).url == "/account/wachtwoord/"
    page = client.get("/account/wachtwoord/").content.decode()

    assert "Uw wijziging is nog niet gedaan" in page
    assert data["password"] not in page
    assert User.objects.get(pk=anna.pk).check_password(PASSWORD)


def test_an_address_that_was_sent_too_late_stands_there_again(client, anna, device, later) -> None:
    client.post("/account/e-mailadres/", {"email": "nieuw@voorbeeld.test"})
    assert confirm(client, device).url == "/account/e-mailadres/"
    page = client.get("/account/e-mailadres/").content.decode()

    assert "Wat u had ingevuld staat er nog" in page
    assert 'value="nieuw@voorbeeld.test"' in page
    assert not OneTimeLink.objects.exists()


@pytest.mark.parametrize("path", ["/account/sessies/", "/account/sessies/0123456789abcdef/"])
def test_an_act_without_a_page_leads_back_to_the_account(client, anna, device, later, path) -> None:
    assert client.get(path).status_code == 405
    assert client.post(path).url == CONFIRM

    assert confirm(client, device).url == "/account/"
    assert "kies nog een keer" in client.get("/account/").content.decode()


def test_it_is_fresh_for_a_quarter_of_an_hour_in_this_session_only(client, anna, device) -> None:
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        login(client, anna)
        elsewhere = Client()
        login(elsewhere, anna)
        clock.shift(15 * 60 - 1)
        assert client.get("/account/wachtwoord/").status_code == 200
        clock.shift(1)
        assert client.get("/account/wachtwoord/").url == CONFIRM
        confirm(client, device)
        assert client.get("/account/wachtwoord/").status_code == 200
        assert elsewhere.get("/account/wachtwoord/").url == CONFIRM


def test_strangers_who_guess_do_not_keep_out_who_is_inside(client, anna, device) -> None:
    """A browser in which the user logged in before has a limit of its own."""
    with time_machine.travel(timezone.now()) as clock:
        give_password(client, anna)
        give_code(client, totp_code(device))
        for _ in range(12):
            give_password(Client(REMOTE_ADDR="192.0.2.7"), anna, "geraden")
        clock.shift(timedelta(minutes=16))

        assert client.post(CONFIRM, {"password": PASSWORD}).url == CHECK


def test_with_sms_and_app_there_is_a_choice(client, anna, device, later) -> None:
    sms = add_sms(anna)
    client.get("/account/e-mailadres/")
    assert client.post(CONFIRM, {"password": PASSWORD}).url == CHOICE
    client.post(CHOICE, {"device": sms.persistent_id})

    assert client.post(CHECK, {"code": sms_code()}).url == "/account/e-mailadres/"


def test_a_wrong_password_says_so_and_is_counted(client, anna, device, later) -> None:
    client.get("/account/wachtwoord/")
    for _ in range(10):
        response = client.post(CONFIRM, {"password": "niet het goede"})
    assert "Dit wachtwoord klopt niet." in response.content.decode()
    response = client.post(CONFIRM, {"password": PASSWORD})

    assert "Er is te vaak geprobeerd." in response.content.decode()


def test_the_password_alone_confirms_nothing(client, anna, device, later) -> None:
    client.get("/account/wachtwoord/")
    client.post(CONFIRM, {"password": PASSWORD})
    client.post(CHECK, {"code": other_code(totp_code(device))})

    assert client.get("/account/wachtwoord/").url == CONFIRM


def test_a_confirmation_is_worth_nothing_in_another_session(client, anna, device, later) -> None:
    """What one session confirmed does not hold in the other, and neither does its password."""
    client.get("/account/wachtwoord/")
    client.post(CONFIRM, {"password": PASSWORD})
    other = Client()

    assert other.get(CHECK).url == "/inloggen/"
    assert other.get("/account/wachtwoord/").url.startswith("/inloggen/")


def test_who_confirms_stays_logged_in_and_cannot_use_the_back_up_code(
    client, anna, device, later
) -> None:
    client.get("/account/wachtwoord/")
    client.post(CONFIRM, {"password": PASSWORD})

    assert client.get("/inloggen/back-up-code/").url == CHOICE
    assert client.get("/account/").status_code == 200
