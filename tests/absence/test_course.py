"""Percentages over time, recovery, duration. Source of the rules: rulebook 2.1, 3.2 and 5."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from absence import course
from absence.course import Duration, Step

TODAY = date(2026, 11, 24)
FIRST = date(2026, 2, 2)
days = st.dates(date(2000, 1, 1), date(2050, 12, 31))


def refusal(check, *args, **kwargs):
    """The code of the refusal; fails when `check` accepts."""
    with pytest.raises(ValidationError) as caught:
        check(*args, **kwargs)
    return caught.value.code


def next_step(day, percentage, *, last=(FIRST, 100), recovered_on=None, today=TODAY):
    course.check_next_step(day, percentage, last=last, recovered_on=recovered_on, today=today)


@pytest.mark.parametrize(
    ("day", "percentage"),
    [
        pytest.param(date(2026, 2, 3), 50, id="the day after"),
        pytest.param(TODAY, 1, id="today"),
        pytest.param(date(2026, 3, 29), 99, id="DST-begins"),
    ],
)
def test_a_percentage_may_follow(day, percentage):
    next_step(day, percentage)


def test_a_percentage_may_go_up_again():
    next_step(date(2026, 3, 2), 100, last=(date(2026, 2, 16), 50))


@pytest.mark.parametrize(
    ("day", "percentage", "code"),
    [
        pytest.param(FIRST, 50, "not_after_last", id="the same day"),
        pytest.param(date(2026, 2, 1), 50, "not_after_last", id="before the first sick day"),
        pytest.param(date(2026, 11, 25), 50, "future", id="tomorrow"),
        pytest.param(date(2026, 3, 2), 100, "same", id="the same percentage"),
        pytest.param(date(2026, 3, 2), 0, "out_of_range", id="T5-0 is a recovery"),
        pytest.param(date(2026, 3, 2), 101, "out_of_range", id="101"),
    ],
)
def test_a_percentage_is_refused(day, percentage, code):
    assert refusal(next_step, day, percentage) == code


def test_no_percentage_after_recovery():
    assert refusal(next_step, date(2026, 3, 2), 50, recovered_on=date(2026, 3, 16)) == "closed"


def recovery(day, *, last_step_on=FIRST, already_recovered_on=None):
    course.check_recovery(
        day, last_step_on=last_step_on, already_recovered_on=already_recovered_on, today=TODAY
    )


@pytest.mark.parametrize("day", [date(2026, 2, 3), TODAY])
def test_a_recovery_is_accepted(day):
    recovery(day)


@pytest.mark.parametrize(
    ("day", "code"),
    [
        pytest.param(FIRST, "not_after_last", id="S1-on the first sick day"),
        pytest.param(date(2026, 2, 1), "not_after_last", id="before the first sick day"),
        pytest.param(date(2026, 11, 25), "future", id="X3-tomorrow"),
    ],
)
def test_a_recovery_is_refused(day, code):
    assert refusal(recovery, day) == code


def test_a_recovery_lies_after_the_last_percentage():
    step = date(2026, 3, 2)

    assert refusal(recovery, step, last_step_on=step) == "not_after_last"
    recovery(date(2026, 3, 3), last_step_on=step)


def test_a_recovery_is_recorded_once():
    again = refusal(recovery, date(2026, 3, 16), already_recovered_on=date(2026, 3, 9))

    assert again == "closed"


E52 = [(date(2026, 2, 2), 100), (date(2026, 2, 16), 50), (date(2026, 3, 2), 25)]


def test_e52_the_course_is_steps_that_touch():
    assert course.steps(E52, date(2026, 3, 16)) == [
        Step(date(2026, 2, 2), date(2026, 2, 15), 100),
        Step(date(2026, 2, 16), date(2026, 3, 1), 50),
        Step(date(2026, 3, 2), date(2026, 3, 15), 25),
    ]


def test_e52_the_days_weighted_by_the_share_not_worked():
    assert course.weighted_days(course.steps(E52, date(2026, 3, 16))) == Decimal("24.5")


def test_the_last_step_is_open_while_ill():
    assert course.steps(E52, None)[-1] == Step(date(2026, 3, 2), None, 25)


def test_the_share_at_work_is_the_complement():
    assert [step.at_work for step in course.steps(E52, None)] == [0, 50, 75]


@given(gaps=st.lists(st.integers(1, 400), min_size=1, max_size=6), first=days)
def test_steps_leave_no_day_out_and_none_twice(gaps, first):
    starts = [first]
    for gap in gaps:
        starts.append(starts[-1] + timedelta(days=gap))
    *starts, recovered_on = starts

    found = course.steps([(day, 50) for day in starts], recovered_on)

    lengths = [(step.last_day - step.first_day).days + 1 for step in found]
    assert all(length >= 1 for length in lengths)
    assert sum(lengths) == course.duration(first, recovered_on, today=TODAY).days


@pytest.mark.parametrize(
    ("first", "recovered_on", "today", "expected"),
    [
        pytest.param(date(2026, 2, 2), date(2026, 3, 16), TODAY, 42, id="E52"),
        pytest.param(date(2026, 11, 24), None, TODAY, 1, id="first day"),
        pytest.param(date(2026, 11, 18), None, TODAY, 7, id="a week"),
        pytest.param(date(2028, 2, 28), date(2028, 3, 1), TODAY, 2, id="29-February"),
        pytest.param(date(2026, 3, 28), date(2026, 3, 30), TODAY, 2, id="DST-begins"),
        pytest.param(date(2026, 10, 24), date(2026, 10, 26), TODAY, 2, id="DST-ends"),
    ],
)
def test_the_duration_is_in_calendar_days(first, recovered_on, today, expected):
    assert course.duration(first, recovered_on, today=today).days == expected


@pytest.mark.parametrize(
    ("first", "today", "week"),
    [
        pytest.param(date(2026, 1, 5), date(2026, 11, 23), 47, id="E4"),
        pytest.param(date(2026, 11, 18), TODAY, 1, id="T2-7th day"),
        pytest.param(date(2026, 11, 17), TODAY, 2, id="T2-8th day"),
    ],
)
def test_the_week_of_illness_counts_from_one(first, today, week):
    assert course.duration(first, None, today=today).week == week


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (1, "1 dag"),
        (6, "6 dagen"),
        (7, "1 week"),
        (8, "1 week en 1 dag"),
        (23, "3 weken en 2 dagen"),
        (42, "6 weken"),
    ],
)
def test_a_duration_reads_in_weeks_and_days(length, words):
    assert str(Duration(length)) == words
