"""/activeren/...: no step can be skipped, none done twice."""

import threading

import pytest
from django.db import connections
from django.test import Client

from accounts.models import AuditEvent, BackupCodeDevice, OneTimeLink, SmsDevice, TotpDevice, User
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
    RESUME,
    SMS,
    SMS_CHECK,
    WELCOME,
    at_backup,
    at_extra,
    at_factors,
    done,
    set_password,
    state,
)
from tests.accounts.steps import LOGIN, give_password

pytestmark = pytest.mark.urls("tests.accounts.pages")

STEPS = [WELCOME, PASSWORD, RESUME, CHOOSE, SMS, SMS_CHECK, APP, APP_CHECK, NO_EXTRA, BACKUP]


def at_welcome(client: Client, link: str) -> set[str]:
    client.get(link)
    return {WELCOME, PASSWORD}


def at_resume(client: Client, link: str) -> set[str]:
    set_password(Client(), link)
    client.get(link)
    return {RESUME}


def nowhere(client: Client, link: str) -> set[str]:
    return set()


EVERYTHING = {
    "password": "een heel ander wachtwoord",
    "again": "een heel ander wachtwoord",
    "country": "NL",
    "number": "0687654321",
    "code": "123456",
    "has_app": "ja",
    "is_noted": "on",
}


@pytest.mark.parametrize(
    "stop", [nowhere, at_welcome, at_resume, at_factors, at_extra, at_backup, done]
)
@pytest.mark.parametrize("path", STEPS)
def test_another_step_leads_to_the_current_one_and_changes_nothing(noor, link, stop, path) -> None:
    client = Client()
    allowed = stop(client, link)
    if path in allowed:
        return
    before = snapshot()
    for response in (client.get(path), client.post(path, EVERYTHING)):
        assert response.status_code == 302
        assert response.url in (allowed or {INVALID})

    assert snapshot() == before


def snapshot() -> list[object]:
    models = [User, SmsDevice, TotpDevice, BackupCodeDevice, OneTimeLink, AuditEvent]
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_without_a_factor_there_is_no_going_on(client: Client, noor: User, link: str) -> None:
    set_password(client, link)

    assert client.post(NO_EXTRA).url == CHOOSE
    assert state(noor) == User.State.PASSWORD_SET


def test_without_the_tick_the_account_is_not_active(client: Client, noor: User, link: str) -> None:
    at_backup(client, link)
    page = client.post(BACKUP, {"csrfmiddlewaretoken": "x"}).content.decode()

    assert "Bewaar eerst uw back-up code" in page
    assert state(noor) == User.State.BACKUP_SHOWN
    assert client.get(LOGIN).status_code == 200
    assert "horen niet bij elkaar" in give_password(client, noor, NEW_PASSWORD).content.decode()


def test_a_factor_that_is_gone_again_does_not_activate(client, noor: User, link: str) -> None:
    at_backup(client, link)
    TotpDevice.objects.all().delete()

    assert client.post(BACKUP, {"is_noted": "on"}).status_code == 302
    assert state(noor) == User.State.BACKUP_SHOWN
    assert OneTimeLink.objects.get().used_at is None


def test_nobody_is_logged_in_along_the_way(client: Client, noor: User, link: str) -> None:
    at_backup(client, link)
    assert "_auth_user_id" not in client.session
    client.post(BACKUP, {"is_noted": "on"})

    assert "_auth_user_id" not in client.session
    assert client.get("/proef/pagina/").status_code == 302


@pytest.mark.django_db(transaction=True)
def test_twelve_last_steps_at_once_activate_once(noor: User, link: str) -> None:
    first = Client(raise_request_exception=False)
    at_backup(first, link)
    code_before = BackupCodeDevice.objects.get().code_hash
    clients = [Client(raise_request_exception=False) for _ in range(12)]
    for client in clients:
        client.cookies = first.cookies.copy()
    answers: list[str] = []
    together = threading.Barrier(12)

    def finish(client: Client) -> None:
        try:
            together.wait()
            response = client.post(BACKUP, {"is_noted": "on"})
            answers.append(response.headers.get("Location", str(response.status_code)))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=finish, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers.count(DONE) == 1
    assert "500" not in answers
    assert AuditEvent.objects.filter(action="account.activation").count() == 1
    assert BackupCodeDevice.objects.get().code_hash == code_before
    assert OneTimeLink.objects.get().used_at
