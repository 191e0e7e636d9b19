"""The link of an activation: what it gives away, how long it works, and what ends it."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actions.users import invite
from accounts.models import OneTimeLink, User
from tests.accounts.activation_steps import (
    BACKUP,
    BASE,
    CHOOSE,
    INVALID,
    NEW_PASSWORD,
    NO_EXTRA,
    RESUME,
    WELCOME,
    link_for,
    register_app,
    register_sms,
    set_password,
    state,
)
from tests.jobs import run_jobs

pytestmark = pytest.mark.urls("tests.accounts.pages")


def test_the_link_holds_256_bits_and_only_a_hash_is_stored(noor: User, link: str) -> None:
    token = link.split("/")[2]
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM accounts_onetimelink t")
        stored = str(cursor.fetchall())
        cursor.execute("SELECT t::text FROM accounts_outgoingmessage t")
        stored += str(cursor.fetchall())

    assert len(token) >= 43
    assert token not in stored
    assert token.encode().hex() not in stored


def test_the_link_is_made_from_our_own_setting(client, noor: User, ilse: User, settings) -> None:
    settings.PUBLIC_URL = "https://portaal.voorbeeld.test"
    invite(by=ilse, user=noor)
    run_jobs()

    assert "https://portaal.voorbeeld.test/activeren/" in str(mail.outbox[0].body)


def test_a_request_in_the_name_of_another_host_is_refused(noor: User, link: str) -> None:
    response = Client(raise_request_exception=False).get(link, headers={"host": "evil.example"})

    assert response.status_code == 400
    assert "evil.example" not in response.text


def test_opening_it_uses_nothing_up(noor: User, link: str) -> None:
    """Mail scanners open every link, some twice."""
    for _ in range(20):
        assert Client().get(link).url == WELCOME
    Client().head(link)
    client = Client()
    set_password(client, link)

    assert state(noor) == User.State.PASSWORD_SET
    assert OneTimeLink.objects.get().opened_at


def test_the_token_leaves_the_address_bar_and_is_not_referred_to(client, link) -> None:
    response = client.get(link)

    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert link.split("/")[2] not in response.url


def neutral(client: Client, path: str) -> tuple[int, str, dict[str, str]]:
    response = client.get(path)
    headers = {name: value for name, value in response.headers.items() if name != "Set-Cookie"}
    return response.status_code, response.content.decode(), headers


def test_unknown_expired_used_and_revoked_links_get_the_same_answer(noor, ilse) -> None:
    unknown = neutral(Client(), f"{BASE}{OneTimeLink.new_token()}/")
    first = link_for(noor, ilse)
    second = link_for(noor, ilse)
    revoked = neutral(Client(), first)
    with time_machine.travel(timezone.now() + timedelta(hours=72, seconds=1)):
        expired = neutral(Client(), second)
    client = Client()
    set_password(client, second)
    register_app(client)
    client.post(NO_EXTRA)
    client.post(BACKUP, {"is_noted": "on"})
    used = neutral(Client(), second)

    assert unknown[0] == 404
    assert "Deze link werkt niet (meer)" in unknown[1]
    assert revoked == expired == used == unknown


def test_an_unknown_link_costs_as_many_queries_as_a_used_or_revoked_one(noor, ilse) -> None:
    """What the answer costs tells no more than the answer."""
    revoked = link_for(noor, ilse)
    live = link_for(noor, ilse)
    OneTimeLink.objects.filter(revoked_at=None).update(used_at=timezone.now())

    costs = []
    for path in (f"{BASE}{OneTimeLink.new_token()}/", revoked, live):
        with CaptureQueriesContext(connection) as queries:
            assert Client().get(path).status_code == 404
        costs.append(len(queries))
    assert costs == [costs[0]] * 3


@pytest.mark.parametrize("token", ["x", "%00", "a" * 300, "..", "%F0%9F%98%80", "'--"])
def test_nonsense_instead_of_a_token_is_answered_neutrally(client, db, token) -> None:
    assert client.get(f"{BASE}{token}/").status_code == 404


def test_it_works_for_72_hours(noor: User, link: str) -> None:
    with time_machine.travel(timezone.now() + timedelta(hours=71, minutes=59)):
        assert Client().get(link).url == WELCOME


def test_a_new_invitation_ends_what_the_old_link_had_begun(client, noor, ilse, link) -> None:
    client.get(link)
    newer = link_for(noor, ilse)

    assert client.get(WELCOME).url == INVALID
    assert Client().get(newer).url == WELCOME


def test_it_dies_with_the_address_that_it_was_sent_to(client, noor: User, link: str) -> None:
    noor.email = "anders@voorbeeld.test"
    noor.save()

    assert client.get(link).status_code == 404


def test_it_dies_with_a_blocked_account(client, noor: User, link: str) -> None:
    noor.is_active = False
    noor.save()

    assert client.get(link).status_code == 404


def test_opened_again_it_asks_for_the_password_and_goes_on_where_it_stopped(noor, link) -> None:
    first = Client()
    set_password(first, link)
    register_sms(first)
    again = Client()
    assert again.get(link).url == RESUME
    assert again.get(CHOOSE).url == RESUME

    assert "Dit wachtwoord klopt niet" in again.post(RESUME, {"password": "x"}).content.decode()
    assert again.get(CHOOSE).url == RESUME
    assert again.post(RESUME, {"password": NEW_PASSWORD}).url == CHOOSE
    assert "Geen extra authenticatie" in again.get(CHOOSE).content.decode()


def test_guessing_that_password_is_throttled(noor: User, link: str) -> None:
    set_password(Client(), link)
    client = Client()
    client.get(link)
    pages = [client.post(RESUME, {"password": "x"}).content.decode() for _ in range(11)]

    assert "Dit wachtwoord klopt niet" in pages[9]
    assert "Er is te vaak geprobeerd" in pages[10]


def test_after_half_an_hour_of_nothing_the_link_must_be_opened_again(client, noor, link) -> None:
    client.get(link)
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        assert client.get(WELCOME).url == INVALID
        assert client.get(link).url == WELCOME


def test_opening_it_logs_out_whoever_was_inside(client, anna: User, noor: User, link: str) -> None:
    from tests.login import login

    login(client, anna)
    client.get(link)

    assert client.get("/proef/pagina/").status_code == 302
