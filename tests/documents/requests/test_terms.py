"""When documents may be asked, by which day, and when somebody is reminded. Pure rules."""

from datetime import date

import pytest

from documents.requests import terms
from documents.requests.terms import Step

DUE = date(2026, 12, 8)
ASKED = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("recovered_on", "may"),
    [
        pytest.param(None, True, id="still ill"),
        pytest.param(date(2026, 11, 23), True, id="just recovered"),
        pytest.param(date(2024, 11, 25), True, id="the last day of two years"),
        pytest.param(date(2024, 11, 24), False, id="two years ago (rulebook 1.6)"),
    ],
)
def test_two_years_after_a_recovery_nothing_is_asked(recovered_on: date | None, may: bool) -> None:
    assert terms.may_ask(recovered_on, today=ASKED) is may


@pytest.mark.parametrize(
    ("due_on", "is_good"),
    [("2026-11-24", False), ("2026-11-25", True), ("2027-02-22", True), ("2027-02-23", False)],
)
def test_the_last_day_is_after_today_and_not_far_off(due_on: str, is_good: bool) -> None:
    assert terms.is_due_day(date.fromisoformat(due_on), today=ASKED) is is_good


@pytest.mark.parametrize(
    ("today", "words", "is_overdue"),
    [
        ("2026-12-03", "nog 5 dagen", False),
        ("2026-12-06", "nog 2 dagen", False),
        ("2026-12-07", "uiterlijk morgen", False),
        ("2026-12-08", "uiterlijk vandaag", False),
        ("2026-12-09", "1 dag te laat", True),
        ("2026-12-20", "12 dagen te laat", True),
    ],
)
def test_the_day_is_told_in_words(today: str, words: str, is_overdue: bool) -> None:
    day = date.fromisoformat(today)
    assert terms.in_words(DUE, today=day) == words
    assert terms.is_overdue(DUE, today=day) is is_overdue


@pytest.mark.parametrize(
    ("asked_on", "today", "step"),
    [
        pytest.param("2026-11-24", "2026-12-04", None, id="four days before"),
        pytest.param("2026-11-24", "2026-12-05", Step.SOON, id="three days before"),
        pytest.param("2026-11-24", "2026-12-08", Step.SOON, id="the last day itself"),
        pytest.param("2026-11-24", "2026-12-09", Step.OVERDUE, id="the day after"),
        pytest.param("2026-12-05", "2026-12-07", None, id="asked three days before"),
        pytest.param("2026-12-04", "2026-12-05", Step.SOON, id="asked four days before"),
        pytest.param("2026-12-05", "2026-12-09", Step.OVERDUE, id="asked late, and overdue"),
    ],
)
def test_which_reminder_belongs_to_a_day(asked_on: str, today: str, step: Step | None) -> None:
    days = {"asked_on": date.fromisoformat(asked_on), "today": date.fromisoformat(today)}
    assert terms.step_due(DUE, **days) == step
