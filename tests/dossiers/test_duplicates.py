"""Adding somebody who has a dossier already: found at the own employer, offered, never lost."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEvent, Membership, User
from dossiers import duplicates
from dossiers.models import Employee
from tests.dossiers.test_employee_create import ADDRESS, BSN, answers, employer_of, erd_answers
from tests.factories import make_employee, make_member
from tests.login import login

pytestmark = pytest.mark.django_db

PERHAPS, CERTAIN = "Misschien staat deze persoon er al", "Deze werknemer heeft al een dossier"
BUTTON = "Nieuw dienstverband bij bestaande persoon"
ELSEWHERE = {"mobile": "0687654321", "postcode": "1234AB", "house_number": "1"}


@pytest.fixture
def client_of_bram(client: Client, bram: User) -> Client:
    login(client, bram)
    return client


@pytest.fixture
def known(bram: User) -> Employee:
    return make_employee(employer_of(bram), "Özdemir")


def send(client: Client, **changes: Any) -> str:
    return client.post(ADDRESS, answers(**changes)).content.decode()


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param({"postcode": "1234AB", "house_number": "1"}, id="same mobile"),
        pytest.param({"mobile": "0687654321"}, id="same postcode and house number"),
        pytest.param({"surname": "OZDEMIR", "first_name": "E"}, id="the name as it is searched"),
        pytest.param({"house_number": "12 b", "mobile": "0687654321"}, id="another addition"),
    ],
)
def test_who_is_perhaps_there_is_shown_and_nobody_is_added(
    client_of_bram: Client, known: Employee, typed: dict[str, str]
) -> None:
    page = send(client_of_bram, **typed)

    assert PERHAPS in page
    assert f"Naar het dossier van {known.display_name}" in page
    assert known.get_absolute_url() in page
    assert BUTTON in page
    assert Employee.objects.count() == 1


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param(ELSEWHERE, id="only the surname"),
        pytest.param({"surname": "Özdem"}, id="the beginning of the surname"),
        pytest.param({"surname": "Yilmaz"}, id="another surname"),
        pytest.param(ELSEWHERE | {"postcode": "6511PP"}, id="postcode without the number"),
        pytest.param(ELSEWHERE | {"house_number": "12"}, id="number without the postcode"),
    ],
)
def test_who_only_resembles_somebody_is_added_at_once(
    client_of_bram: Client, known: Employee, typed: dict[str, str]
) -> None:
    send(client_of_bram, **typed)

    assert Employee.objects.count() == 2


def test_what_was_typed_stays(client_of_bram: Client, known: Employee) -> None:
    page = send(client_of_bram, city="Arnhem", job_title="Lasser", email="iets@voorbeeld.test")

    for value in ["Arnhem", "Lasser", "iets@voorbeeld.test", "01-09-2026"]:
        assert f'value="{value}"' in page


def test_somebody_else_is_added_after_saying_so(client_of_bram: Client, known: Employee) -> None:
    sent = answers(is_other="on")
    first = client_of_bram.post(ADDRESS, sent)
    second = client_of_bram.post(ADDRESS, sent)

    assert first.url == second.url
    assert Employee.objects.count() == 2


def test_the_same_form_sent_twice_is_no_duplicate_of_itself(client_of_bram: Client) -> None:
    sent = answers()
    first = client_of_bram.post(ADDRESS, sent)
    second = client_of_bram.post(ADDRESS, sent)

    assert first.url == second.url
    assert Employee.objects.count() == 1


def test_the_button_adds_the_employment_that_was_typed(
    client_of_bram: Client, known: Employee
) -> None:
    target = reverse("dossiers:employment-create", args=[known.dossier.uuid])
    page = send(client_of_bram)
    response = client_of_bram.post(target, answers(job_title="Lasser"))

    assert f'formaction="{target}"' in page
    assert response.url == known.get_absolute_url()
    assert Employee.objects.count() == 1
    assert f"{known.employments.get(job_title='Lasser').started_on}" == "2026-09-01"


def test_enter_in_a_field_saves_and_does_not_choose_the_person(
    client_of_bram: Client, known: Employee
) -> None:
    page = send(client_of_bram)
    form = page[page.index('id="employee-form"') :]
    first = form[form.index("<button") :]

    assert "formaction" not in first[: first.index(">")]


def test_the_same_bsn_is_found_by_its_index_and_cannot_be_somebody_else(
    client: Client, anna: User
) -> None:
    login(client, anna)
    known = make_employee(employer_of(anna), "Vos", bsn=BSN)

    page = client.post(ADDRESS, erd_answers(is_other="on", **ELSEWHERE)).content.decode()

    assert CERTAIN in page
    assert f"Naar het dossier van {known.display_name}" in page
    assert BUTTON in page
    assert "Dit is iemand anders" not in page
    assert Employee.objects.count() == 1


def test_of_another_employer_nothing_is_shown(
    client: Client, client_of_bram: Client, anna: User, known: Employee
) -> None:
    login(client, anna)

    client.post(ADDRESS, erd_answers())

    assert Employee.objects.filter(employer=employer_of(anna)).count() == 1
    assert not AuditEvent.objects.filter(action="dossier.search", actor=anna).exists()


def test_for_who_works_for_two_only_the_chosen_employer_counts(
    client: Client, anna: User, bram: User, known: Employee
) -> None:
    both = make_member(employer_of(anna))
    Membership.objects.create(user=both, employer=employer_of(bram))
    login(client, both)

    client.post(ADDRESS, erd_answers(employer=employer_of(anna).uuid))
    found = client.post(ADDRESS, answers(employer=employer_of(bram).uuid)).content.decode()

    assert Employee.objects.filter(employer=employer_of(anna)).count() == 1
    assert PERHAPS in found


def test_who_was_shown_is_recorded(client_of_bram: Client, bram: User, known: Employee) -> None:
    send(client_of_bram)

    event = AuditEvent.objects.get(action="dossier.search")
    assert event.actor == bram
    assert event.detail == {"duplicates": [str(known.dossier.uuid)]}


def test_many_look_alikes_cost_as_much_as_one_and_five_are_shown(
    client_of_bram: Client, bram: User, known: Employee
) -> None:
    counts = []
    for more in [0, 9]:
        for _ in range(more):
            make_employee(employer_of(bram), "Özdemir", created_by=bram)
        with CaptureQueriesContext(connection) as queries:
            page = send(client_of_bram)
        counts.append(len(queries))

    assert page.count("Naar het dossier van") == 5
    assert counts[0] == counts[1]


def test_for_many_lines_each_known_name_is_read_once(
    anna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of five hundred lines and as many people, each pair was compared letter by letter."""
    employer = employer_of(anna)
    for surname in ("Jansen", "d'Hondt", "Berg"):
        make_employee(employer, surname, created_by=anna)
    read: list[str] = []
    forms = duplicates.surname_forms
    monkeypatch.setattr(
        duplicates, "surname_forms", lambda surname: [read.append(surname), *forms(surname)][1:]
    )
    line = {"postcode": "6511 PP", "house_number": 12}
    lines = [line | {"surname": name} for name in ("dhondt", "Jansen", "Jansens")]

    found = duplicates.find_all_duplicates(by=anna, employer=employer, people=lines)

    assert [[each.surname for each in one.people] for one in found] == [["d'Hondt"], ["Jansen"], []]
    assert sorted(read) == ["Berg", "Jansen", "d'Hondt"]
