"""Twelve browsers that do the same thing at the same moment. Source: security.md A3, B2, 2.5.

The races of a code, a back-up code, a passkey and a password link stand with their pages.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.actions.users import invite
from accounts.models import (
    AuditEvent,
    BackupCodeDevice,
    OneTimeLink,
    OutgoingMessage,
    TotpDevice,
    User,
)
from accounts.models.devices import Factor
from tests.accounts.steps import (
    LOGIN,
    add_app,
    add_sms,
    give_code,
    give_password,
    other_code,
    sms_count,
)
from tests.factories import PASSWORD, make_user
from tests.jobs import run_jobs
from tests.login import login, totp_code
from tests.threads import at_once

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.accounts.pages"),
]
BASE = "/activeren/"


def twelve() -> list[Client]:
    return [Client(raise_request_exception=False) for _ in range(12)]


def together(clients: list[Client], act: Callable[[Client], Any]) -> list[Any]:
    """What each got, in the order of the clients; an exception in a thread is one here."""
    outcomes = at_once([lambda client=client: act(client) for client in clients])
    for outcome in outcomes:
        if isinstance(outcome, Exception):
            raise outcome
    return outcomes


def link_in_mail(pattern: str) -> str:
    run_jobs()
    found = re.search(pattern, "\n".join(str(message.body) for message in mail.outbox))
    assert found
    return found.group()


def test_the_link_to_a_new_address_changes_it_once(client: Client, anna: User) -> None:
    login(client, anna)
    client.post("/account/e-mailadres/", {"email": "nieuw@voorbeeld.test"})
    link = link_in_mail(r"/nieuw-e-mailadres/\S+")
    browsers = twelve()
    pages = [browser.get(link).url for browser in browsers]

    statuses = together(browsers, lambda browser: browser.post(pages[0]).status_code)

    assert sorted(statuses) == [302] + [404] * 11
    assert AuditEvent.objects.filter(action="account.email").count() == 1
    assert User.objects.get(pk=anna.pk).email == "nieuw@voorbeeld.test"


def test_an_activation_that_is_open_in_twelve_browsers_ends_once(ilse: User) -> None:
    """Each has a session and a back-up code of its own; the code of the last one is stored."""
    noor = make_user("noor", state=User.State.INVITED)
    invite(by=ilse, user=noor)
    link = link_in_mail(rf"{BASE}[^/\s]+/")
    browsers = twelve()
    begin(browsers[0], link)
    for browser in browsers[1:]:
        browser.get(link)
        browser.post(f"{BASE}verder/", {"password": PASSWORD})
    codes = [to_backup(browser) for browser in browsers]

    answers = together(
        browsers, lambda browser: browser.post(f"{BASE}back-up-code/", {"is_noted": "on"})
    )

    places = [answer.headers.get("Location", str(answer.status_code)) for answer in answers]
    assert places.count(f"{BASE}klaar/") == 1
    assert "500" not in places
    assert AuditEvent.objects.filter(action="account.activation").count() == 1
    assert OneTimeLink.objects.get().used_at
    shown = codes[places.index(f"{BASE}klaar/")]
    stored = BackupCodeDevice.objects.get()
    assert (stored.confirmed, stored.code_hash) == (
        True,
        BackupCodeDevice.hash_of(noor.pk, shown),
    )


def begin(browser: Client, link: str) -> None:
    browser.get(link)
    browser.post(f"{BASE}wachtwoord/", {"password": PASSWORD, "again": PASSWORD})
    browser.post(f"{BASE}app/", {"has_app": "ja"})
    device = TotpDevice.objects.get(confirmed=False)
    browser.post(f"{BASE}app/controle/", {"code": totp_code(device)})


def to_backup(browser: Client) -> str:
    browser.post(f"{BASE}geen-extra/")
    page = browser.get(f"{BASE}back-up-code/").text
    found = re.search(r'id="backup-code">([^<]+)<', page)
    assert found
    return found.group(1)


def test_the_code_that_sets_up_an_app_sets_up_one(ilse: User) -> None:
    noor = make_user("noor", state=User.State.INVITED)
    invite(by=ilse, user=noor)
    browsers = twelve()
    browsers[0].get(link_in_mail(rf"{BASE}[^/\s]+/"))
    browsers[0].post(f"{BASE}wachtwoord/", {"password": PASSWORD, "again": PASSWORD})
    browsers[0].post(f"{BASE}app/", {"has_app": "ja"})
    code = totp_code(TotpDevice.objects.get())
    for browser in browsers[1:]:
        browser.cookies = browsers[0].cookies.copy()

    answers = together(
        browsers, lambda browser: browser.post(f"{BASE}app/controle/", {"code": code})
    )

    assert {answer.status_code for answer in answers} <= {200, 302}
    assert TotpDevice.objects.get().confirmed
    added = AuditEvent.objects.filter(action="account.factor_added", outcome="OK")
    assert added.count() == 1


def test_of_twelve_wrong_passwords_ten_are_tried(anna: User) -> None:
    add_app(anna)

    answers = together(
        twelve(), lambda browser: give_password(browser, anna, "fout wachtwoord").status_code
    )

    assert sorted(answers) == [200] * 10 + [429] * 2
    tried = AuditEvent.objects.filter(action="login.password", outcome="FAILED")
    assert tried.count() == 10


def test_of_twelve_wrong_codes_one_is_tried(anna: User) -> None:
    """After one failure the device waits; the others were too soon."""
    device = add_app(anna)
    browsers = half_inside(anna)
    wrong = other_code(totp_code(device))

    with time_machine.travel(timezone.now(), tick=False):  # that wait is a second only
        together(browsers, lambda browser: give_code(browser, wrong))

    device.refresh_from_db()
    assert device.throttling_failure_count == 1


def test_of_twelve_wrong_codes_ten_are_tried_without_that_wait(
    anna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Factor, "seconds_to_wait", 0)
    device = add_app(anna)
    browsers = half_inside(anna)
    wrong = other_code(totp_code(device))

    answers = together(browsers, lambda browser: give_code(browser, wrong).text)

    assert sum("klopt niet" in answer for answer in answers) == 10
    assert sum("Er is te vaak" in answer for answer in answers) == 2


def half_inside(user: User) -> list[Client]:
    browsers = twelve()
    for browser in browsers:
        assert give_password(browser, user).status_code == 302
    return browsers


def test_twelve_browsers_get_no_more_sms_than_one_person_may(anna: User, settings: Any) -> None:
    settings.SMS_ALLOWANCE = 1
    add_sms(anna)

    together(twelve(), lambda browser: give_password(browser, anna))

    assert sms_count() == 5


@pytest.mark.parametrize("address", ["/wachtwoord-vergeten/", "/gebruikersnaam-vergeten/"])
def test_twelve_requests_for_a_link_send_three(anna: User, address: str) -> None:
    answers = together(
        twelve(), lambda browser: browser.post(address, {"username": anna.email}).status_code
    )

    assert answers == [302] * 12
    run_jobs()
    assert OutgoingMessage.objects.filter(channel="EMAIL").count() == 3
    if address == "/wachtwoord-vergeten/":
        assert OneTimeLink.objects.live().count() == 1


def test_twelve_logins_of_one_account_are_twelve_logins(anna: User) -> None:
    """Right passwords do not use up the limit, however many come at once."""
    add_app(anna)

    answers = together(twelve(), lambda browser: give_password(browser, anna).status_code)

    assert answers.count(302) >= 10
    assert Client().post(LOGIN, {"username": "anna", "password": PASSWORD}).status_code == 302
