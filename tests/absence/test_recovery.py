"""Recovery as an employer tells it. Source of the rules: rulebook 2.1 T5, 3.1, 3.2 S1, 5.1, 8.3."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from absence import recovery
from absence.holidays import Calendar, is_working_day

TODAY = date(2026, 11, 24)
FIRST = date(2026, 2, 2)


def full(day):
    recovery.check_full(day, first_sick_day=FIRST, today=TODAY)


def partial(day=TODAY, percentage=50, *, current=100):
    recovery.check_partial(
        day, percentage, first_sick_day=FIRST, current_percentage=current, today=TODAY
    )


def refusal(check, *args, **kwargs):
    """The code of the refusal; fails when `check` accepts."""
    with pytest.raises(ValidationError) as caught:
        check(*args, **kwargs)
    return caught.value.code


@pytest.mark.parametrize(
    "day",
    [
        pytest.param(FIRST + timedelta(days=1), id="S1-day after the first sick day"),
        pytest.param(date(2026, 3, 29), id="DST-begins"),
        pytest.param(TODAY, id="today"),
    ],
)
def test_a_full_recovery_can_be_told(day):
    full(day)


@pytest.mark.parametrize(
    ("day", "code"),
    [
        pytest.param(FIRST, "not_after_first", id="S1-first sick day"),
        pytest.param(FIRST - timedelta(days=1), "not_after_first", id="before the first sick day"),
        pytest.param(TODAY + timedelta(days=1), "future", id="X3-tomorrow"),
    ],
)
def test_a_full_recovery_is_refused(day, code):
    assert refusal(full, day) == code


@pytest.mark.parametrize(
    ("percentage", "current"),
    [
        pytest.param(99, 100, id="least"),
        pytest.param(50, 100, id="half"),
        pytest.param(1, 2, id="nearly"),
    ],
)
def test_a_partial_recovery_can_be_told(percentage, current):
    partial(percentage=percentage, current=current)


@pytest.mark.parametrize(
    ("percentage", "current", "code"),
    [
        pytest.param(0, 100, "full", id="T5-0 is full recovery"),
        pytest.param(-1, 100, "out_of_range", id="negative"),
        pytest.param(100, 100, "out_of_range", id="100"),
        pytest.param(101, 100, "out_of_range", id="101"),
        pytest.param(50, 50, "not_lower", id="the same"),
        pytest.param(80, 50, "not_lower", id="more ill"),
    ],
)
def test_what_is_no_partial_recovery_is_refused(percentage, current, code):
    assert refusal(partial, percentage=percentage, current=current) == code


@pytest.mark.parametrize(
    ("day", "code"),
    [
        pytest.param(FIRST, "not_after_first", id="first sick day"),
        pytest.param(date(2026, 2, 1), "not_after_first", id="before the first sick day"),
        pytest.param(TODAY + timedelta(days=1), "future", id="tomorrow"),
    ],
)
def test_a_partial_recovery_has_a_day_in_the_illness(day, code):
    assert refusal(partial, day) == code


def test_a_refusal_says_the_direction_of_the_percentage():
    with pytest.raises(ValidationError, match="60% arbeidsongeschikt, dus 40% aan het werk"):
        partial(percentage=70, current=60)


@pytest.mark.parametrize(
    ("day", "contradicts"),
    [(date(2026, 3, 1), True), (date(2026, 3, 2), True), (date(2026, 3, 3), False)],
)
def test_a_message_from_before_the_last_percentage_needs_a_call(day, contradicts):
    assert recovery.contradicts(day, last_step_on=date(2026, 3, 2)) is contradicts


@pytest.mark.parametrize(
    ("told_on", "due"),
    [
        pytest.param(date(2026, 2, 25), date(2026, 2, 27), id="E24"),
        pytest.param(date(2026, 4, 2), date(2026, 4, 7), id="E26"),
        pytest.param(date(2026, 5, 3), date(2026, 5, 6), id="5 May"),
    ],
)
def test_uwv_must_know_of_a_recovery_by(told_on, due):
    assert recovery.uwv_due(told_on) == due


@given(st.dates(date(2014, 1, 1), date(2099, 12, 31)))
def test_the_term_of_a_recovery_ends_on_a_working_day_within_a_week(told_on):
    due = recovery.uwv_due(told_on)

    assert is_working_day(due, Calendar.STATUTORY)
    assert 2 <= (due - told_on).days <= 7


def test_uwv_must_know_of_a_partial_recovery_the_day_after():
    assert recovery.uwv_due_of_partial(date(2026, 4, 3)) == date(2026, 4, 4)
