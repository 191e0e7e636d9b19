"""Searching: 120 times a minute; over 2,000 in a day InComfort is told. Source: security.md 2.5."""

import re

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import Client

from accounts import throttle
from accounts.models import AuditEvent, User
from accounts.throttle import MINUTE, Limit
from tests.factories import make_employee
from tests.jobs import run_jobs
from tests.login import login
from tests.threads import at_once

ADDRESS = "/dossiers/"
LIVE = {"HTTP_HX_REQUEST": "true"}
WAIT = "Wacht een minuut"
STATUS = "Er is niet gezocht: u hebt in korte tijd heel vaak gezocht."


def use_up(limit: Limit, user: User, count: int) -> None:
    """On the connection on which searches are counted: with their events, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(throttle.TAKE, limit._parameters((user.pk,), count))


def use_up_the_minute(user: User) -> None:
    use_up(throttle.SEARCHES_PER_MINUTE, user, 120)


@pytest.fixture
def client_of_anna(client: Client, anna: User, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Nothing comes back while the test runs, however slow the machine."""
    monkeypatch.setattr(throttle, "SEARCHES_PER_MINUTE", Limit("search.minute", 120, MINUTE))
    make_employee(anna.memberships.get().employer)
    login(client, anna)
    return client


def searches() -> int:
    return AuditEvent.objects.filter(action="dossier.search").count()


def test_a_minute_has_120_searches() -> None:
    limit = throttle.SEARCHES_PER_MINUTE

    assert (limit.capacity, limit.capacity * limit.seconds) == (120, 60)


@pytest.mark.parametrize("address", [ADDRESS, "/verzuim/melden/", "/documenten/toevoegen/"])
def test_the_121st_is_refused_in_words_and_keeps_what_was_typed(
    client_of_anna: Client, address: str
) -> None:
    statuses = {client_of_anna.post(address, {"text": "jan"}).status_code for _ in range(120)}
    assert statuses == {200}

    response = client_of_anna.post(address, {"text": "jan"})

    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    assert "<html" in response.text
    assert WAIT in response.text
    assert STATUS in response.text
    assert 'value="jan"' in response.text
    assert "Jansen" not in response.text
    assert "Werknemer toevoegen</button>" not in response.text
    assert searches() == 120


def test_while_typing_the_words_stand_in_the_list(client_of_anna: Client, anna: User) -> None:
    use_up_the_minute(anna)

    response = client_of_anna.post(ADDRESS, {"text": "jan"}, **LIVE)

    assert response.status_code == 429
    assert "<html" not in response.text
    assert WAIT in response.text
    assert f'hx-swap-oob="innerHTML:#search-status">{STATUS}' in response.text
    assert "Jansen" not in response.text


def test_looking_at_the_page_is_no_search(client_of_anna: Client, anna: User) -> None:
    use_up_the_minute(anna)

    assert client_of_anna.get(ADDRESS).status_code == 200


def test_both_pages_share_the_minute_and_people_do_not(
    client_of_anna: Client, anna: User, bram: User
) -> None:
    use_up_the_minute(anna)
    assert client_of_anna.post("/verzuim/melden/", {"text": "jan"}).status_code == 429

    other = Client()
    login(other, bram)
    assert other.post(ADDRESS, {"text": "jan"}).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_twelve_at_once_do_not_exceed_the_minute(client_of_anna: Client, anna: User) -> None:
    use_up(throttle.SEARCHES_PER_MINUTE, anna, 115)
    clients = [Client(raise_request_exception=False) for _ in range(12)]
    for client in clients:
        client.cookies = client_of_anna.cookies.copy()

    statuses = at_once(
        [lambda c=client: c.post(ADDRESS, {"text": "jan"}).status_code for client in clients]
    )

    assert sorted(statuses) == [200] * 5 + [429] * 7
    assert searches() == 5


@pytest.fixture
def day_is_full(anna: User) -> None:
    use_up(throttle.SEARCHES_PER_DAY, anna, 2000)


def test_after_2000_in_a_day_incomfort_is_told_once(
    client_of_anna: Client, anna: User, ilse: User, day_is_full: None
) -> None:
    for _ in range(3):
        assert client_of_anna.post(ADDRESS, {"text": "jan"}).status_code == 200

    alert = AuditEvent.objects.get(action="dossier.search_alert")
    assert alert.actor == anna
    run_jobs()
    (message,) = mail.outbox
    assert message.to == [settings.DESK_EMAIL]
    assert "anna" not in f"{message.subject} {message.body}".lower()
    assert "jan" not in f"{message.subject} {message.body}".lower().replace("januari", "")
    page = path_in(str(message.body))
    staff = Client()
    login(staff, ilse)
    shown = staff.get(page).text
    assert "Opvallend vaak gezocht" in shown
    assert "Dossiers gezocht" in shown


def path_in(text: str) -> str:
    found = re.search(rf"{re.escape(settings.PUBLIC_URL)}(\S+)", text)
    assert found
    return found.group(1)


def test_until_then_nobody_is(client_of_anna: Client, anna: User) -> None:
    use_up(throttle.SEARCHES_PER_DAY, anna, 1999)
    client_of_anna.post(ADDRESS, {"text": "jan"})

    assert not AuditEvent.objects.filter(action="dossier.search_alert").exists()


def test_a_day_has_2000_searches() -> None:
    limit = throttle.SEARCHES_PER_DAY

    assert (limit.capacity, round(limit.capacity * limit.seconds)) == (2000, 86400)


@pytest.mark.django_db(transaction=True)
def test_twelve_at_once_tell_it_once(client_of_anna: Client, anna: User, day_is_full: None) -> None:
    clients = [Client() for _ in range(12)]
    for client in clients:
        client.cookies = client_of_anna.cookies.copy()

    at_once([lambda c=client: c.post(ADDRESS, {"text": "jan"}) for client in clients])

    assert searches() == 12
    assert AuditEvent.objects.filter(action="dossier.search_alert").count() == 1
