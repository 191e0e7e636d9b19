"""`/dossiers/<uuid>/`: the tab Overzicht, of an employee and of the company."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEvent, User
from dossiers.models import Dossier
from tests.factories import (
    make_employee,
    make_employment,
    make_incapacity,
    make_policy,
    make_trajectory,
)
from tests.login import login

pytestmark = pytest.mark.django_db


def employer_of(user: User):
    return user.memberships.get().employer


@pytest.fixture
def client_of_anna(client: Client, anna: User) -> Client:
    login(client, anna)
    return client


@pytest.fixture
def company(anna: User) -> Dossier:
    return Dossier.objects.get(employer=employer_of(anna), kind=Dossier.Kind.COMPANY)


def page_of(client: Client, dossier: Dossier) -> str:
    response = client.get(dossier.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


def test_the_overview_shows_who_it_is_about(client_of_anna: Client, anna: User) -> None:
    employee = make_employee(
        employer_of(anna), "Berg", prefixes="van den", house_number_addition="b"
    )

    page = page_of(client_of_anna, employee.dossier)

    for words in [
        "A.B. (Anna) van den Berg",
        "Stationsplein 12 b",
        "6511 PP Nijmegen",
        "06 12345678",
        "werknemer@voorbeeld.test",
        "Orderpicker",
        "Fase A zonder uitzendbeding",
        "01-01-2024",
        "Nu niet ziek gemeld",
    ]:
        assert words in page


def test_it_has_its_tabs_and_actions(client_of_anna: Client, anna: User) -> None:
    page = page_of(client_of_anna, make_employee(employer_of(anna)).dossier)

    for words in ["Overzicht", "Verzuim", "Trajectendossier", "Acties", "Verzuim melden"]:
        assert words in page
    assert "Werknemer toevoegen" in page


def test_of_bsn_and_iban_only_the_end_is_in_the_page(client_of_anna: Client, anna: User) -> None:
    employee = make_employee(employer_of(anna), bsn="111222333", iban="NL91ABNA0417164300")

    page = page_of(client_of_anna, employee.dossier)

    assert "•••••2333" in page
    assert "•••••4300" in page
    assert "111222333" not in page
    assert "0417164300" not in page


def test_without_bsn_there_is_no_line_for_it(client_of_anna: Client, anna: User) -> None:
    assert "Burgerservicenummer" not in page_of(
        client_of_anna, make_employee(employer_of(anna)).dossier
    )


def test_illness_is_said_in_words_with_how_to_report_recovery(
    client_of_anna: Client, anna: User
) -> None:
    trajectory = make_trajectory(make_employee(employer_of(anna)), 100)
    make_incapacity(trajectory, effective_on=date(2026, 11, 16), percentage=60)

    page = page_of(client_of_anna, trajectory.dossier)

    assert "Gedeeltelijk ziek: 60% sinds 02-11-2026" in page
    assert "60% arbeidsongeschikt, dus 40% aan het werk." in page
    assert "088-102 16 40" in page
    assert "verzuimmanagement@hcs.services" in page
    assert f'href="{reverse("absence:recovery-tell", args=[trajectory.uuid])}"' in page
    assert trajectory.number in page


def test_who_recovered_is_not_called_ill(client_of_anna: Client, anna: User) -> None:
    trajectory = make_trajectory(make_employee(employer_of(anna)), recovered_on=date(2026, 11, 9))

    page = page_of(client_of_anna, trajectory.dossier)

    assert "Nu niet ziek gemeld" in page
    assert 'Hersteld per <span class="nowrap">09-11-2026</span>' in page


def test_every_contract_is_listed_newest_first(client_of_anna: Client, anna: User) -> None:
    employee = make_employee(employer_of(anna), ended_on=date(2025, 1, 31))
    make_employment(employee, started_on=date(2026, 1, 1), job_title="Lasser")

    page = page_of(client_of_anna, employee.dossier)

    assert page.index("Lasser") < page.index("Orderpicker")
    assert "31-01-2025" in page


def test_who_left_is_said_to_have_left(client_of_anna: Client, anna: User) -> None:
    employee = make_employee(employer_of(anna), ended_on=date(2025, 1, 31))

    assert "Uit dienst per 01-02-2025" in page_of(client_of_anna, employee.dossier)


def test_the_company_dossier_has_policies_and_no_sick_report(
    client_of_anna: Client, anna: User, company: Dossier
) -> None:
    policy = make_policy(employer_of(anna))

    page = page_of(client_of_anna, company)

    assert "Dossier Uitzendbureau De Brug" in page
    assert policy.number in page
    assert "Uitkeringsspecificaties" in page
    assert page.count("Verzuim melden") == 1  # the menu's
    assert ">Verzuim</a>" not in page


def test_the_company_dossier_leads_zw_erd_customers_to_visma_nmbrs(
    client_of_anna: Client, company: Dossier, settings: Any
) -> None:
    settings.NMBRS_URL = "https://nmbrs.example.test/"
    assert 'href="https://nmbrs.example.test/"' in page_of(client_of_anna, company)

    company.employer.policies.update(ends_on=date(2026, 1, 1))
    assert "Nmbrs" not in page_of(client_of_anna, company)


def test_opening_a_dossier_is_recorded(client_of_anna: Client, anna: User) -> None:
    dossier = make_employee(employer_of(anna)).dossier

    page_of(client_of_anna, dossier)

    event = AuditEvent.objects.get(action="dossier.view")
    assert (event.actor, event.dossier_uuid) == (anna, dossier.uuid)
    assert (event.employer, event.actor_role) == (employer_of(anna), "beheerder")


def test_bram_gets_the_same_page_for_annas_dossier_as_for_none(
    client: Client, anna: User, bram: User
) -> None:
    dossier = make_employee(employer_of(anna)).dossier
    login(client, bram)

    foreign = client.get(dossier.get_absolute_url())
    nothing = client.get(f"/dossiers/{uuid4()}/")

    assert foreign.status_code == nothing.status_code == 404
    assert without_request_id(foreign) == without_request_id(nothing)


def without_request_id(response) -> str:
    lines = response.content.decode().splitlines()
    differs = ("<code>", "csrf", "data-idle")  # the last: how long the login goes on
    return "\n".join(line for line in lines if not any(each in line for each in differs))


def test_brams_attempt_is_recorded_a_made_up_address_is_not(
    client: Client, anna: User, bram: User
) -> None:
    dossier = make_employee(employer_of(anna)).dossier
    login(client, bram)

    client.get(dossier.get_absolute_url())
    client.get(f"/dossiers/{uuid4()}/")

    event = AuditEvent.objects.get(action="access.denied")
    assert (event.actor, event.dossier_uuid, event.outcome) == (bram, dossier.uuid, "DENIED")
    assert not AuditEvent.objects.filter(action="dossier.view").exists()


@pytest.mark.parametrize("person", ["ilse", "hugo"])
@pytest.mark.parametrize("page", ["", "toegevoegd/"])
def test_staff_do_not_open_dossiers_here(
    client: Client, anna: User, person: str, page: str, request
) -> None:
    dossier = make_employee(employer_of(anna)).dossier
    login(client, request.getfixturevalue(person))

    assert client.get(dossier.get_absolute_url() + page).status_code == 404


@pytest.mark.parametrize("address", ["/dossiers/geen-uuid/", "/dossiers/1/", "/dossiers/%00/"])
def test_no_uuid_is_no_page(client_of_anna: Client, address: str) -> None:
    assert client_of_anna.get(address).status_code == 404


def queries_of_the_page(client: Client, dossier: Dossier) -> int:
    with CaptureQueriesContext(connection) as captured:
        page_of(client, dossier)
    return len(captured)


def test_the_number_of_queries_does_not_grow(client_of_anna: Client, anna: User) -> None:
    employee = make_employee(employer_of(anna))
    spells(employee, years=range(2000, 2003))
    few = queries_of_the_page(client_of_anna, employee.dossier)
    spells(employee, years=range(2003, 2020))

    assert queries_of_the_page(client_of_anna, employee.dossier) == few


def spells(employee, years: range) -> None:
    """Three contracts and three sick reports a year."""
    for year in years:
        for month in (1, 5, 9):
            employment = make_employment(
                employee, started_on=date(year, month, 1), ended_on=date(year, month + 3, 1)
            )
            make_trajectory(
                employee,
                employment=employment,
                first_sick_day=date(year, month, 2),
                recovered_on=date(year, month, 20),
            )
