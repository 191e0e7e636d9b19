"""`/dossiers/`: "Dossier zoeken", with and without script."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEvent, User
from tests.factories import make_employee, make_trajectory
from tests.login import login

pytestmark = pytest.mark.django_db

ADDRESS = "/dossiers/"
LIVE = {"HTTP_HX_REQUEST": "true"}


def employer_of(user: User):
    return user.memberships.get().employer


@pytest.fixture
def client_of_anna(client: Client, anna: User) -> Client:
    login(client, anna)
    return client


def test_the_page_has_the_box_and_the_button(client_of_anna: Client) -> None:
    page = client_of_anna.get(ADDRESS).content.decode()

    assert "Dossier zoeken" in page
    assert "Ook op uit dienst getreden werknemers zoeken" in page
    assert "Zoeken</button>" in page
    assert 'method="post"' in page


def test_an_employee_is_found_and_leads_to_the_dossier(client_of_anna: Client, anna: User) -> None:
    employee = make_employee(employer_of(anna), "Özdemir")

    response = client_of_anna.post(ADDRESS, {"text": "ozd"})

    assert "Özdemir, A.B. (Anna)" in response.content.decode()
    assert employee.get_absolute_url() in response.content.decode()
    assert "1 dossier gevonden." in response.content.decode()


def test_the_box_keeps_what_was_typed(client_of_anna: Client) -> None:
    page = client_of_anna.post(ADDRESS, {"text": 'a"<b', "former": "on"}).content.decode()

    assert 'value="a&quot;&lt;b"' in page
    assert "checked" in page


def test_while_typing_only_the_results_are_sent(client_of_anna: Client, anna: User) -> None:
    make_employee(employer_of(anna))

    page = client_of_anna.post(ADDRESS, {"text": "jan"}, **LIVE).content.decode()

    assert "<html" not in page
    assert "Jansen, A.B. (Anna)" in page
    assert 'hx-swap-oob="innerHTML:#search-status"' in page
    assert "1 dossier gevonden." in page


def test_a_name_in_the_address_is_not_searched_for(client_of_anna: Client, anna: User) -> None:
    make_employee(employer_of(anna))

    page = client_of_anna.get(f"{ADDRESS}?text=jansen").content.decode()

    assert "A.B. (Anna)" not in page
    assert not AuditEvent.objects.filter(action="dossier.search").exists()


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("", "Typ minstens de eerste drie letters"),
        ("ja", "Typ minstens de eerste drie letters"),
        ("%%%", "Geen dossier gevonden."),
        ("\x00\x00\x00\x00", "Typ minstens de eerste drie letters"),
        ("😀" * 300, "Geen dossier gevonden."),
        ("\u202ejan", "Geen dossier gevonden."),
    ],
)
def test_odd_input_gets_a_calm_answer(client_of_anna: Client, text: str, status: str) -> None:
    response = client_of_anna.post(ADDRESS, {"text": text})

    assert response.status_code == 200
    assert status in response.content.decode()


def test_who_is_ill_or_left_is_marked_in_words(client_of_anna: Client, anna: User) -> None:
    make_trajectory(make_employee(employer_of(anna), "Jansen"))
    make_employee(employer_of(anna), "Jansma", ended_on=date(2026, 3, 31))

    page = client_of_anna.post(ADDRESS, {"text": "jan", "former": "on"}).content.decode()

    assert "Al ziek gemeld" in page
    assert "Uit dienst per 01-04-2026" in page


@pytest.fixture
def forty_five(anna: User) -> None:
    for number in range(45):
        make_employee(employer_of(anna), f"Jansen{chr(ord('a') + number // 26)}{number % 26}")


@pytest.mark.parametrize("headers", [{}, LIVE], ids=["without script", "while typing"])
def test_more_than_twenty_are_counted_and_shown_step_by_step(
    client_of_anna: Client, forty_five: None, headers: dict[str, str]
) -> None:
    shown, numbers, more = {}, [], "20"
    while more:
        shown |= {"text": "jan", "shown": more}
        page = client_of_anna.post(ADDRESS, shown, **headers).text
        numbers.append(page.count("row-link"))
        found = re.search(r'name="shown" value="(\d+)"[^>]*>Meer tonen</button>', page)
        if found:
            assert f"Meer dan {more} dossiers gevonden. Dit zijn de eerste {more};" in page
        more = found[1] if found else ""

    assert numbers == [20, 40, 45]
    assert "45 dossiers gevonden." in page


@pytest.mark.parametrize("shown", ["", "0", "-20", "21", "100000", "x", "\x00", "٤٠"])
def test_a_length_that_no_button_has_is_the_first(
    client_of_anna: Client, forty_five: None, shown: str
) -> None:
    response = client_of_anna.post(ADDRESS, {"text": "jan", "shown": shown})

    assert response.text.count("row-link") == 20


def test_hits_among_former_employees_only_are_announced(client_of_anna: Client, anna: User) -> None:
    make_employee(employer_of(anna), ended_on=date(2026, 3, 31))

    page = client_of_anna.post(ADDRESS, {"text": "jan"}).content.decode()

    assert "Geen werknemer in dienst gevonden, wel iemand die uit dienst is." in page
    assert "A.B. (Anna)" not in page
    assert "werknemer-toevoegen/velden" not in page


def test_no_hits_offers_to_add_the_employee_under_that_name(client_of_anna: Client) -> None:
    found = client_of_anna.post(ADDRESS, {"text": "van den Nieuwland"}).content.decode()

    assert 'name="surname" value="Nieuwland"' in found
    assert 'name="prefixes" value="van den"' in found
    assert "Werknemer toevoegen</button>" in found
    assert "Nieuwland" not in reverse("dossiers:employee-fields")


def test_bram_finds_nothing_of_anna(client: Client, anna: User, bram: User) -> None:
    make_employee(employer_of(anna))
    login(client, bram)

    assert "A.B. (Anna)" not in client.post(ADDRESS, {"text": "jansen"}).content.decode()


@pytest.mark.parametrize("person", ["ilse", "hugo"])
def test_staff_have_their_own_pages(client: Client, person: str, request) -> None:
    login(client, request.getfixturevalue(person))

    assert client.get(ADDRESS).status_code == 404
    assert client.post(ADDRESS, {"text": "jansen"}).status_code == 404


def test_a_stranger_is_sent_to_the_login(client: Client, db: None) -> None:
    assert client.post(ADDRESS, {"text": "jansen"}).status_code == 302


def queries_of_a_search(client: Client) -> int:
    with CaptureQueriesContext(connection) as captured:
        client.post(ADDRESS, {"text": "jan"}, **LIVE)
    return len(captured)


def test_the_number_of_queries_does_not_grow(client_of_anna: Client, anna: User) -> None:
    for _ in range(3):
        make_trajectory(make_employee(employer_of(anna)))
    few = queries_of_a_search(client_of_anna)
    for _ in range(57):
        make_trajectory(make_employee(employer_of(anna)))

    assert queries_of_a_search(client_of_anna) == few == 3


def test_a_search_for_employees_leaves_the_company_out(client_of_anna: Client) -> None:
    page = client_of_anna.post("/verzuim/melden/", {"text": "dossier"}).content.decode()

    assert "Bedrijfsdossier" not in page
    assert "of het woord Dossier" not in page
