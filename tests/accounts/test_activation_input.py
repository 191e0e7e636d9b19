"""Bad and unusual input in the steps of an activation."""

import pytest

from accounts.models import SmsDevice, User
from tests.accounts.activation_steps import (
    APP,
    APP_CHECK,
    CHOOSE,
    NEW_PASSWORD,
    PASSWORD,
    SMS,
    SMS_CHECK,
    SMS_RESEND,
    at_extra,
    set_password,
    state,
)
from tests.accounts.steps import sms_code, sms_count

pytestmark = pytest.mark.urls("tests.accounts.pages")


@pytest.mark.parametrize(
    ("password", "complaint"),
    [
        ("kort", "Gebruik minstens 12 tekens."),
        ("elf tekens.", "Gebruik minstens 12 tekens."),
        ("a" * 129, "128 tekens"),
        ("", "Kies een wachtwoord."),
        ("\x00" * 12, "Null"),
        ("qwerty123456", "te algemeen"),
        ("noor@voorbeeld.test", "lijkt"),
        ("Verzuim2026!", "te makkelijk te raden"),
        ("incomfort123", "te makkelijk te raden"),
        ("Zomer 2026!!", "te makkelijk te raden"),
    ],
)
def test_weak_and_wrong_passwords_are_refused(client, noor, link, password, complaint) -> None:
    client.get(link)
    data = {"password": password, "again": password, "csrfmiddlewaretoken": "x"}
    page = client.post(PASSWORD, data).content.decode()

    assert "<title>Fout: " in page
    assert complaint in page
    assert state(noor) == User.State.INVITED


@pytest.mark.parametrize(
    "password", ["x" * 128, "correct paard batterij", "🔐🔐🔐🔐🔐🔐🔐🔐🔐🔐🔐🔐", "  met spaties  "]
)
def test_long_plain_and_unusual_passwords_are_fine(client, noor, link, password) -> None:
    client.get(link)
    assert client.post(PASSWORD, {"password": password, "again": password}).url == CHOOSE

    noor.refresh_from_db()
    assert noor.check_password(password)


def test_two_different_passwords_are_refused(client, noor: User, link: str) -> None:
    client.get(link)
    page = client.post(PASSWORD, {"password": NEW_PASSWORD, "again": "anders"}).content.decode()

    assert "niet hetzelfde wachtwoord" in page


NUMBERS = [
    "0612345678",
    "612345678",
    "06 1234 5678",
    "06-12345678",
    "+31612345678",
    "+31 (0)6 12345678",
    "0031612345678",
]


@pytest.mark.parametrize("number", NUMBERS)
def test_a_mobile_number_may_be_typed_in_many_ways(client, noor, link, number) -> None:
    set_password(client, link)
    assert client.post(SMS, {"country": "NL", "number": number}).url == SMS_CHECK

    assert SmsDevice.objects.get().number == "+31612345678"


def test_a_number_of_another_country_that_is_allowed(client, noor: User, link: str) -> None:
    set_password(client, link)
    client.post(SMS, {"country": "PL", "number": "512 345 678"})

    assert SmsDevice.objects.get().number == "+48512345678"


@pytest.mark.parametrize(
    ("country", "number"),
    [
        ("NL", "024 374 1660"),
        ("NL", "0900 8844"),
        ("NL", "+44 7400 123456"),
        ("GB", "07400 123456"),
        ("NL", "06123"),
        ("NL", "x" * 300),
        ("NL", "\x00"),
        ("NL", ""),
        ("", "0612345678"),
        ("XX", "0612345678"),
    ],
)
def test_other_numbers_get_no_sms(client, noor, link, country, number) -> None:
    set_password(client, link)
    page = client.post(SMS, {"country": country, "number": number}).content.decode()

    assert "<title>Fout: " in page
    assert not SmsDevice.objects.exists()
    assert sms_count() == 0


def test_a_number_that_was_corrected_gets_the_next_code(client, noor: User, link: str) -> None:
    set_password(client, link)
    client.post(SMS, {"country": "NL", "number": "0687654321"})
    client.post(SMS, {"country": "NL", "number": "0612345678"})

    assert client.post(SMS_CHECK, {"code": sms_code()}).url == CHOOSE
    assert SmsDevice.objects.get().number == "+31612345678"


@pytest.mark.parametrize("path", [SMS_CHECK, APP_CHECK])
@pytest.mark.parametrize("code", ["", "000", "abcdef", "1" * 300, "\x00"])
def test_bad_codes_are_refused(client, noor, link, path, code) -> None:
    set_password(client, link)
    client.post(SMS, {"country": "NL", "number": "0612345678"})
    client.post(APP, {"has_app": "ja"})
    response = client.post(path, {"code": code, "csrfmiddlewaretoken": "x"})

    assert response.status_code == 200
    assert "<title>Fout: " in response.content.decode()
    assert state(noor) == User.State.PASSWORD_SET


def test_sending_again_while_setting_up_has_the_same_pause(client, noor, link) -> None:
    set_password(client, link)
    client.post(SMS, {"country": "NL", "number": "0612345678"})
    page = client.post(SMS_RESEND, follow=True).content.decode()

    assert "U kunt pas over" in page
    assert sms_count() == 1


def test_the_key_of_the_app_is_not_shown_again(client, noor: User, link: str) -> None:
    at_extra(client, link)

    assert client.get(APP_CHECK).url == APP
    assert client.get(APP).url == CHOOSE
