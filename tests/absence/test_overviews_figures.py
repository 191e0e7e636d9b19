"""The page "Cijfers": what it counts, of whom, and what it does not show."""

import re
from datetime import date

import pytest
import time_machine

from absence.models import Classification
from accounts.models import Membership
from tests.absence.pages import words
from tests.factories import make_employee, make_employer, make_trajectory
from tests.login import login

FIGURES = "/verzuim/overzicht/cijfers/"
ILLNESS, ACCIDENT, THIRD_PARTY, SAFETY_NET, OTHER, TOGETHER = range(6)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-03-24T12:00:00+01:00", tick=False):
        yield


@pytest.fixture
def employer(anna):
    return anna.memberships.get().employer


@pytest.fixture
def ask(client, anna):
    login(client, anna)
    return lambda query="": client.get(FIGURES + query)


def ill(employer, number, first_sick_day, recovered_on=None, code="ziekte"):
    for _ in range(number):
        make_trajectory(
            make_employee(employer),
            first_sick_day=first_sick_day,
            recovered_on=recovered_on,
            classification=Classification.objects.get(code=code),
        )


def table(response, number=0):
    """One of the tables, as rows of what their cells say; the head of a row is its key."""
    found = re.findall(r"<tbody>(.*?)</tbody>", response.content.decode(), re.DOTALL)[number]
    rows = {}
    for row in re.findall(r"<tr>(.*?)</tr>", found, re.DOTALL):
        cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        head, *rest = [" ".join(re.sub("<[^>]*>", " ", cell).split()) for cell in cells]
        rows[head] = rest
    return rows


def test_per_month_and_group_who_fell_ill_and_who_is(ask, employer):
    ill(employer, 6, date(2026, 1, 5), date(2026, 2, 2))
    ill(employer, 5, date(2026, 1, 31), code="arbeidsongeval")

    found = table(ask())

    assert list(found) == ["januari", "februari", "maart", "2026"]
    assert found["januari"] == ["6", "5", "0", "0", "0", "11", "11"]
    assert found["februari"] == ["0", "0", "0", "0", "0", "0", "5"]
    assert found["2026"] == ["6", "5", "0", "0", "0", "11", "5"]


def test_the_mean_duration_of_who_recovered(ask, employer):
    ill(employer, 5, date(2025, 12, 29), date(2026, 1, 12))
    ill(employer, 5, date(2026, 1, 5), date(2026, 1, 10))

    found = table(ask(), 1)

    assert found["januari"][ILLNESS] == "10 (gem. 9,5 dagen)"
    assert found["2026"][TOGETHER] == "10 (gem. 9,5 dagen)"


@pytest.mark.parametrize("number", [1, 4])
def test_fewer_than_five_are_not_broken_down(ask, employer, number):
    ill(employer, number, date(2026, 1, 5), code="vangnet")

    response = ask()
    found = table(response)

    assert found["januari"] == [*["niet getoond"] * 5, str(number), str(number)]
    assert found["2026"][:5] == ["niet getoond"] * 5


@pytest.mark.parametrize(("number", "repeats"), [(1, 4), (5, 0)])
def test_a_narrow_screen_says_once_what_every_group_says(ask, employer, number, repeats):
    ill(employer, number, date(2026, 1, 5))

    page = ask().content.decode()
    january, february = re.findall("<tr>(.*?)</tr>", page, re.DOTALL)[1:3]

    assert january.count('class="repeats"') == repeats
    assert ('data-label="Elke classificatie"' in january) is bool(repeats)
    assert february.count('class="repeats"') == 4


def test_a_small_group_does_not_follow_from_the_rest(ask, employer):
    ill(employer, 7, date(2026, 1, 5))
    ill(employer, 2, date(2026, 1, 5), code="vangnet")

    cells = table(ask())["januari"]

    assert cells[SAFETY_NET] == "niet getoond"
    assert cells[ILLNESS] == "niet getoond"  # 9 together minus 7 would say it
    assert cells[TOGETHER] == "9"


def test_every_safety_net_is_one_group(ask, employer):
    for code in ["vangnet", "zwangerschap", "orgaandonatie"]:
        ill(employer, 5, date(2026, 1, 5), code=code)

    response = ask()

    assert table(response)["januari"][SAFETY_NET] == "15"
    assert "wangerschap" not in response.content.decode()


def test_another_year(ask, employer):
    ill(employer, 5, date(2025, 11, 3), date(2025, 12, 1))

    found = table(ask("?jaar=2025"))

    assert len(found) == 13
    assert found["november"][ILLNESS] == "5"
    assert "Geen verzuim in 2026" in words(ask())


def test_who_was_ill_all_year_counts_in_none_of_its_months_but_at_their_ends(ask, employer):
    ill(employer, 5, date(2025, 11, 3))

    found = table(ask())

    assert [found[month][-2:] for month in ("januari", "maart")] == [["0", "5"], ["0", "5"]]


def test_the_charts_say_the_same_as_the_tables(ask, employer):
    ill(employer, 6, date(2026, 2, 2), date(2026, 2, 16))

    charts = re.findall(r"<svg viewBox.*?</svg>", ask().content.decode(), re.DOTALL)
    bars = [re.findall(r'class="chart-bar"[^>]*>\s*<text[^>]*>([^<]*)<', each) for each in charts]

    assert bars == [["6"], ["14,0"]]
    assert all(">dec<" in each for each in charts)


def test_one_employer_at_a_time(ask, anna, employer):
    other = make_employer("Aardig Werk")
    Membership.objects.create(user=anna, employer=other, role="GEBRUIKER")
    ill(employer, 6, date(2026, 1, 5))
    ill(other, 9, date(2026, 1, 5))

    assert "Ziek geworden in 2026: Aardig Werk" in words(ask())
    assert table(ask())["januari"][TOGETHER] == "9"
    assert table(ask(f"?werkgever={employer.uuid}"))["januari"][TOGETHER] == "6"
    assert "Alle werkgevers" not in ask().content.decode()


def test_bram_counts_his_own_only_whatever_he_asks(client, bram, employer):
    ill(employer, 6, date(2026, 1, 5))
    login(client, bram)

    assert "Geen verzuim in 2026" in words(client.get(f"{FIGURES}?werkgever={employer.uuid}"))

    Membership.objects.create(user=bram, employer=make_employer(), role="GEBRUIKER")
    text = words(client.get(f"{FIGURES}?werkgever={employer.uuid}"))
    assert "Kies een van uw werkgevers." in text
    assert "Geen verzuim in 2026" in text


@pytest.mark.parametrize("year", ["1900", "2027", "x", "\x00", "9" * 5000])
def test_a_year_that_cannot_be_is_said(ask, employer, year):
    ill(employer, 5, date(2026, 1, 5))

    response = ask(f"?jaar={year}")

    assert "Kies een van de jaren." in words(response)
    assert table(response)["januari"][ILLNESS] == "5"


def test_who_works_for_nobody_sees_an_empty_page(client, anna, employer):
    ill(employer, 5, date(2026, 1, 5))
    anna.memberships.all().delete()
    login(client, anna)

    assert "Geen verzuim in 2026" in words(client.get(FIGURES))
