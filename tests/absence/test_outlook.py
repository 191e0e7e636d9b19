"""What follows from a sick report, before and after it is saved: who pays, what is due.

The rules have tests of their own (test_payer.py); here their facts come from rows.
"""

from datetime import date

import pytest
from django.urls import reverse

from absence.case import facts_of
from absence.grounds import Ground
from absence.models import Classification, Trajectory
from absence.payer import Cover, Product
from absence.reporting import Spell
from accounts.models import Policy
from dossiers.models import EmploymentType
from tests.absence.pages import report_answers, words
from tests.factories import make_employee, make_employment, make_policy, make_trajectory
from tests.login import login

pytestmark = pytest.mark.usefixtures("on_24_november")

LIVE = {"HX-Request": "true"}


@pytest.fixture
def employer(anna):
    found = anna.memberships.get().employer
    found.policies.all().delete()
    return found


@pytest.fixture
def employee(anna, employer):
    return make_employee(employer, created_by=anna, started_on=date(2024, 1, 1))


@pytest.fixture
def address(client, anna, employee):
    login(client, anna)
    return reverse("absence:report-create", args=[employee.dossier.uuid])


@pytest.fixture
def foreseen(client, address):
    """The words of the fragment that the script asks for, for these answers."""

    def ask(**changes):
        data = report_answers(vooruitblik="ja", **changes)
        response = client.post(address, data, headers=LIVE)
        assert response.status_code == 200
        assert "<main" not in response.content.decode()
        return " ".join(words_of(response).split())

    return ask


def words_of(response):
    response.content = b"<main>" + response.content + b"</main>"
    return words(response)


def test_facts_come_from_the_rows(employer, employee):
    make_policy(employer, product=Policy.Product.ZW_ERD, ends_on=date(2027, 1, 1))
    employee.has_no_risk = True
    employee.save()
    make_trajectory(employee, first_sick_day=date(2026, 9, 1), recovered_on=date(2026, 9, 9))
    first = employee.employments.get()
    first.ended_on, first.type = date(2026, 10, 31), EmploymentType.objects.get(code="stagiair")
    first.save()
    make_employment(employee, started_on=date(2026, 11, 1), ended_on=date(2027, 3, 31))
    derde = Classification.objects.get(code="derde")

    facts = facts_of(first, derde, date(2026, 10, 5))

    assert facts.ground == Ground.LIABLE_THIRD_PARTY
    assert facts.covers == (Cover(Product.ZW_ERD, date(2020, 1, 1), date(2027, 1, 1)),)
    assert facts.ended_on == date(2027, 3, 31)  # the next contract goes straight on
    assert (facts.has_no_risk, facts.is_fictitious) == (True, True)
    assert facts.spells == (Spell(date(2026, 9, 1), date(2026, 9, 9)),)


def test_a_new_page_says_what_is_still_needed(client, address):
    assert "Vul de verzuimclassificatie en de eerste ziektedag in." in words(client.get(address))


@pytest.mark.parametrize(
    ("product", "sentence"),
    [
        (None, "U betaalt het loon door. 23-11-2026 tot en met"),
        (Policy.Product.VERZUIM, "uw Verzuimverzekering vergoedt wat in de polis staat."),
    ],
)
def test_it_follows_what_is_filled_in(foreseen, employer, product, sentence):
    if product:
        make_policy(employer, product=product)

    said = foreseen()

    assert sentence in said
    assert "Probleemanalyse uiterlijk 04-01-2027 (arbodienst)" in said
    assert not Trajectory.objects.exists()


@pytest.mark.parametrize(("ends_on", "is_said"), [(date(2027, 6, 30), True), (None, False)])
def test_a_policy_that_ends_mid_case_is_said_and_blocks_nothing(
    client, foreseen, employer, address, ends_on, is_said
):
    make_policy(employer, product=Policy.Product.VERZUIM, ends_on=ends_on)

    assert ("Uw polis eindigt eerder" in foreseen()) is is_said
    assert client.post(address, report_answers()).status_code == 302
    assert Trajectory.objects.count() == 1


def test_who_leaves_ill_is_of_the_eigenrisicodrager_after_that(foreseen, employer, employee):
    make_policy(employer, product=Policy.Product.ZW_ERD)
    employee.employments.update(ended_on=date(2026, 11, 30))

    said = foreseen()

    assert "U betaalt het loon door. 23-11-2026 tot en met 30-11-2026" in said
    assert "Ziektewetverzekering Eigenrisicodrager (ZW-ERD). 01-12-2026 tot en met" in said
    assert "Ziekmelding bij UWV uiterlijk 11-01-2027 (werkgever)" in said


@pytest.mark.parametrize(
    ("changes", "notice"),
    [
        ({"first_sick_day": "01-09-2026"}, "Deze melding is laat"),
        ({"classification": "derde"}, "Mogelijk verhaal op een ander (regres)"),
        ({"classification": "vangnet"}, "Ziekmelding bij UWV uiterlijk 26-11-2026 (werkgever)"),
    ],
)
def test_it_warns_and_never_blocks(client, foreseen, address, changes, notice):
    assert notice in foreseen(**changes)

    assert client.post(address, report_answers(**changes)).status_code == 302
    assert Trajectory.objects.exists()


def test_nawerking_is_marked(foreseen, employee):
    employee.employments.update(ended_on=date(2026, 11, 1))

    assert "Ziek na het einde van het dienstverband" in foreseen()


def test_it_says_not_to_ask_for_a_no_riskpolis_in_the_first_two_months(foreseen, employee):
    employee.employments.update(started_on=date(2026, 10, 5))

    assert "mag dat niet. Vanaf 05-12-2026 wel." in foreseen()


def test_a_report_that_joins_another_says_which_first_day_counts(foreseen, employee):
    make_trajectory(employee, first_sick_day=date(2026, 10, 1), recovered_on=date(2026, 11, 1))

    assert "Voor de wet blijft 01-10-2026 de eerste ziektedag." in foreseen()


@pytest.mark.parametrize("day", ["", "31-02-2026", "24-12-2026"])
def test_without_a_right_day_it_waits(foreseen, day):
    assert "Vul de verzuimclassificatie" in foreseen(first_sick_day=day)


def test_without_script_a_button_shows_it_on_the_whole_page(client, address):
    response = client.post(address, report_answers(vooruitblik="ja"))

    assert "U betaalt het loon door." in words(response)
    assert 'value="23-11-2026"' in response.content.decode()
    assert not Trajectory.objects.exists()


def test_enter_saves_and_does_not_look_ahead(client, address):
    """A browser presses the first submit button of a form for who presses Enter."""
    page = client.get(address).content.decode()

    assert page.index(">Opslaan</button>") < page.index(">Vooruitblik tonen</button>")


def test_the_confirmation_shows_it_too(client, address, employer):
    make_policy(employer, product=Policy.Product.VERZUIM)

    response = client.post(address, report_answers(), follow=True)

    assert "uw Verzuimverzekering vergoedt wat in de polis staat." in words(response)


def test_bram_cannot_look_ahead_for_somebody_elses_employee(client, bram, employee):
    login(client, bram)
    address = reverse("absence:report-create", args=[employee.dossier.uuid])

    assert client.post(address, report_answers(vooruitblik="ja"), headers=LIVE).status_code == 404
