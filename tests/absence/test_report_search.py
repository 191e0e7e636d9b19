"""/verzuim/melden/: from the first three letters to the sick form."""

from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from dossiers.search import rebuild_keys
from tests.absence.pages import words
from tests.factories import make_employee
from tests.login import login

ADDRESS = "/verzuim/melden/"


def findable(employer, surname, **fields):
    employee = make_employee(employer, surname, **fields)
    rebuild_keys(employee.dossier)
    return employee


@pytest.fixture
def employer(client, anna):
    login(client, anna)
    return anna.memberships.get().employer


def search(client, text, **more):
    return client.post(ADDRESS, {"text": text} | more)


def test_it_has_the_address_and_words_of_the_help_page(client, employer):
    assert reverse("absence:report-search") == ADDRESS

    response = client.get(ADDRESS)

    assertContains(response, "<h1>Verzuim melden</h1>")
    assertContains(response, '<h2 id="search-title">Dossier zoeken</h2>')
    assert "Zoeken Ook op uit dienst getreden werknemers zoeken" in words(response)
    assertContains(response, "js/search.js")


def test_a_click_on_the_employee_leads_to_the_sick_form(client, employer):
    employee = findable(employer, "Jansen-de Boer")

    response = search(client, "jan")

    assertContains(response, reverse("absence:report-create", args=[employee.dossier.uuid]))
    assertNotContains(response, f'href="{employee.dossier.get_absolute_url()}"')


def test_the_company_is_not_somebody_to_report(client, employer):
    rebuild_keys(employer.dossiers.get(kind="COMPANY"))

    response = search(client, "dossier")

    assertNotContains(response, employer.name + "</a>")
    assertNotContains(response, "/verzuim/melden/" + str(employer.dossiers.get().uuid))


def test_former_employees_are_found_with_the_box(client, employer):
    former = findable(employer, "Jansen", ended_on=date(2026, 1, 31))
    address = reverse("absence:report-create", args=[former.dossier.uuid])

    assertNotContains(search(client, "jan"), address)
    assertContains(search(client, "jan", former="on"), address)


def test_bram_finds_his_own_people_only(client, employer, bram):
    ours = findable(employer, "Jansen")
    theirs = findable(bram.memberships.get().employer, "Janssens", created_by=bram)
    login(client, bram)

    response = search(client, "jan")

    assertNotContains(response, str(ours.dossier.uuid))
    assertContains(response, reverse("absence:report-create", args=[theirs.dossier.uuid]))


@pytest.mark.parametrize("text", ["", "a", "%%%", "x\0x", "z" * 10_000])
def test_odd_text_is_no_error(client, employer, text):
    assert search(client, text).status_code == 200


def test_staff_get_404(client, ilse):
    login(client, ilse)

    assert client.get(ADDRESS).status_code == 404
