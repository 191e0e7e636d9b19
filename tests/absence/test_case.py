"""Rows as illnesses: which reports count together, what the dossier says of them."""

from datetime import date

import pytest
from django.urls import reverse

from absence.case import cases_of
from absence.course import Direction, Step, direction
from tests.absence.pages import words
from tests.factories import make_employment, make_incapacity, make_trajectory
from tests.login import login

pytestmark = pytest.mark.usefixtures("on_24_november")

TODAY = date(2026, 11, 24)


@pytest.fixture
def said(client, anna, employee):
    login(client, anna)
    address = reverse("absence:dossier-absence", args=[employee.dossier.uuid])
    return lambda: words(client.get(address))


def test_reports_within_four_weeks_are_one_case_also_of_two_employments(employee):
    first = make_trajectory(
        employee, first_sick_day=date(2026, 9, 1), recovered_on=date(2026, 10, 1)
    )
    other = make_employment(employee, started_on=date(2026, 10, 1))
    second = make_trajectory(employee, employment=other, first_sick_day=date(2026, 10, 28))
    old = make_trajectory(employee, first_sick_day=date(2025, 1, 1), recovered_on=date(2025, 1, 9))

    cases = cases_of([first, second, old], today=TODAY)

    assert [case.reports for case in cases] == [(second, first), (old,)]
    assert cases[0].chain.first_sick_day == date(2026, 9, 1)
    assert cases[0].duration.days == 30 + 28


def test_the_dossier_says_what_a_chain_is(said, employee):
    make_trajectory(employee, first_sick_day=date(2026, 9, 1), recovered_on=date(2026, 10, 1))
    make_trajectory(employee, first_sick_day=date(2026, 10, 28))

    text = said()

    assert "2 ziekmeldingen tellen als één ziekteperiode" in text
    assert "Eerste ziektedag 01-09-2026 Ziektedagen samen 58 dagen (ziekteweek 9)" in text
    assert "opnieuw ziek, dan blijft" not in text


@pytest.mark.parametrize(
    ("recovered_on", "is_said"),
    [(date(2026, 10, 28), True), (date(2026, 10, 27), False)],
    ids=["still-a-day", "four-weeks-ago"],
)
def test_e8_after_recovery_it_says_until_when_the_first_day_stays(
    said, employee, recovered_on, is_said
):
    make_trajectory(employee, first_sick_day=date(2026, 9, 1), recovered_on=recovered_on)

    text = said()

    sentence = "vóór 25-11-2026 opnieuw ziek, dan blijft 01-09-2026 de eerste ziektedag."
    assert (sentence in text) is is_said
    assert "tellen als één" not in text


def test_a_single_open_report_has_no_chain_to_speak_of(said, employee):
    make_trajectory(employee, first_sick_day=date(2026, 11, 2))

    text = said()

    assert "ziekteperiode" not in text
    assert "opnieuw ziek" not in text
    assert "100% arbeidsongeschikt = 0% aan het werk." in text


@pytest.mark.parametrize(
    ("percentage", "word"), [(50, "meer"), (100, "minder")], ids=["less-ill", "more-ill"]
)
def test_the_direction_is_said_in_words(said, employee, percentage, word):
    report = make_trajectory(employee, 80, first_sick_day=date(2026, 11, 2))
    make_incapacity(report, effective_on=date(2026, 11, 16), percentage=percentage)

    text = said()

    working = 100 - percentage
    assert f"Sinds 16-11-2026 {word} aan het werk: {percentage}% arbeidsongeschikt" in text
    assert f"{percentage}% arbeidsongeschikt = {working}% aan het werk." in text


def test_one_step_has_no_direction():
    assert direction([Step(TODAY, None, 40)]) is None
    assert direction([Step(TODAY, TODAY, 40), Step(TODAY, None, 30)]) == Direction.MORE
