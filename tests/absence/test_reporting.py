"""What may be reported. Source of the rules: rulebook 2.1, 3.1, 3.2 and 5.1."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from absence import reporting
from absence.reporting import Spell, Status

TODAY = date(2026, 11, 24)
LAST_DAY = date(2026, 9, 30)
days = st.dates(date(2000, 1, 1), date(2050, 12, 31))


def first_sick_day(day, *, today=TODAY, started_on=date(2026, 1, 5), ended_on=None):
    reporting.check_first_sick_day(day, today=today, started_on=started_on, ended_on=ended_on)


def refusal(check, *args, **kwargs):
    """The code of the refusal; fails when `check` accepts."""
    with pytest.raises(ValidationError) as caught:
        check(*args, **kwargs)
    return caught.value.code


@pytest.mark.parametrize(
    ("day", "ended_on"),
    [
        pytest.param(TODAY, None, id="S10-today"),
        pytest.param(date(2026, 1, 5), None, id="first day of the employment"),
        pytest.param(LAST_DAY, LAST_DAY, id="last day of the employment"),
        pytest.param(LAST_DAY + timedelta(days=1), LAST_DAY, id="ZW46-first day after"),
        pytest.param(LAST_DAY + timedelta(days=28), LAST_DAY, id="ZW46-28th day after"),
        pytest.param(date(2026, 3, 29), None, id="DST-begins"),
        pytest.param(date(2026, 10, 25), None, id="DST-ends"),
    ],
)
def test_a_first_sick_day_is_accepted(day, ended_on):
    first_sick_day(day, ended_on=ended_on)


@pytest.mark.parametrize(
    ("day", "ended_on", "code"),
    [
        pytest.param(date(2026, 11, 25), None, "future", id="S10-tomorrow"),
        pytest.param(date(2206, 11, 20), None, "future", id="digits swapped"),
        pytest.param(date(2026, 1, 4), None, "before_employment", id="day before the start"),
        pytest.param(date(26, 11, 20), None, "before_employment", id="year of two digits"),
        pytest.param(
            LAST_DAY + timedelta(days=29), LAST_DAY, "after_employment", id="ZW46-29th day after"
        ),
    ],
)
def test_a_first_sick_day_is_refused(day, ended_on, code):
    assert refusal(first_sick_day, day, ended_on=ended_on) == code


def test_the_29th_of_february_is_a_day_like_any_other():
    first_sick_day(date(2028, 2, 29), today=date(2028, 2, 29))
    leap_end = date(2028, 2, 1)
    first_sick_day(date(2028, 2, 29), today=date(2028, 3, 31), ended_on=leap_end)

    late = refusal(first_sick_day, date(2028, 3, 1), today=date(2028, 3, 31), ended_on=leap_end)
    assert late == "after_employment"


@given(day=days, today=days, started_on=days, length=st.none() | st.integers(0, 4000))
def test_an_accepted_day_lies_in_the_employment_or_its_four_weeks(day, today, started_on, length):
    ended_on = None if length is None else started_on + timedelta(days=length)
    try:
        first_sick_day(day, today=today, started_on=started_on, ended_on=ended_on)
    except ValidationError:
        last = today if ended_on is None else min(today, ended_on + timedelta(days=28))
        assert not started_on <= day <= last
    else:
        assert started_on <= day <= today
        assert ended_on is None or (day - ended_on).days <= 28


@pytest.mark.parametrize(
    ("day", "accepted"),
    [
        pytest.param(date(2024, 11, 26), True, id="S7-728 days ago"),
        pytest.param(date(2024, 11, 25), False, id="S7-729 days ago"),
    ],
)
def test_104_weeks_back_is_the_limit(day, accepted):
    if accepted:
        reporting.check_not_too_long_ago(day, today=TODAY)
    else:
        assert refusal(reporting.check_not_too_long_ago, day, today=TODAY) == "too_long_ago"


@pytest.mark.parametrize(
    ("day", "late"),
    [
        pytest.param(date(2026, 10, 13), False, id="U1-42 days ago"),
        pytest.param(date(2026, 10, 12), True, id="U1-43 days ago"),
        pytest.param(TODAY, False, id="today"),
    ],
)
def test_after_six_weeks_a_report_is_late(day, late):
    assert reporting.is_late(day, today=TODAY) is late


@pytest.mark.parametrize(
    ("day", "ended_on", "expected"),
    [
        (LAST_DAY, LAST_DAY, False),
        (LAST_DAY + timedelta(days=1), LAST_DAY, True),
        (LAST_DAY, None, False),
    ],
)
def test_nawerking_begins_the_day_after_the_employment(day, ended_on, expected):
    assert reporting.is_after_employment(day, ended_on=ended_on) is expected


OPEN = Spell(date(2026, 1, 5))
CLOSED = Spell(date(2026, 2, 2), date(2026, 2, 11))


@pytest.mark.parametrize(
    ("day", "spells", "code"),
    [
        pytest.param(date(2026, 2, 20), [OPEN], "already_ill", id="E20-while one is open"),
        pytest.param(date(2026, 1, 5), [OPEN], "already_ill", id="the same day"),
        pytest.param(date(2025, 12, 1), [OPEN], "already_ill", id="before an open one"),
        pytest.param(date(2026, 2, 10), [CLOSED], "overlap", id="last sick day of another"),
        pytest.param(date(2026, 2, 2), [CLOSED], "overlap", id="first sick day of another"),
        pytest.param(date(2026, 1, 1), [CLOSED], "overlap", id="before a closed one"),
        pytest.param(date(2026, 2, 20), [CLOSED, OPEN], "already_ill", id="one of several"),
    ],
)
def test_a_report_never_overlaps_a_known_one(day, spells, code):
    assert refusal(reporting.check_no_overlap, day, spells) == code


@pytest.mark.parametrize(
    ("day", "spells"),
    [
        pytest.param(date(2026, 2, 11), [CLOSED], id="E14-gap of 0 days"),
        pytest.param(date(2026, 3, 1), [CLOSED], id="later"),
        pytest.param(date(2026, 3, 1), [], id="first report"),
    ],
)
def test_a_report_may_follow_a_recovery(day, spells):
    reporting.check_no_overlap(day, spells)


@given(day=days, first=days, length=st.none() | st.integers(1, 800))
def test_overlap_means_a_shared_day(day, first, length):
    recovered_on = None if length is None else first + timedelta(days=length)

    overlaps = Spell(first, recovered_on).overlaps(day)

    # The new report runs on for ever: it shares a day unless the other ended before or on it.
    assert overlaps is (recovered_on is None or recovered_on - timedelta(days=1) >= day)


@pytest.mark.parametrize(
    ("status", "percentage", "expected"),
    [
        (Status.FULL, None, 100),
        (Status.FULL, 100, 100),
        (Status.PARTIAL, 1, 1),
        (Status.PARTIAL, 50, 50),
        (Status.PARTIAL, 99, 99),
    ],
)
def test_status_and_answer_give_the_percentage(status, percentage, expected):
    assert reporting.reported_percentage(status, percentage) == expected


@pytest.mark.parametrize(
    ("status", "percentage", "code"),
    [
        (Status.FULL, 50, "contradiction"),
        (Status.FULL, 0, "contradiction"),
        (Status.PARTIAL, None, "required"),
        (Status.PARTIAL, 0, "out_of_range"),
        (Status.PARTIAL, 100, "out_of_range"),
        (Status.PARTIAL, 101, "out_of_range"),
        (Status.PARTIAL, -1, "out_of_range"),
    ],
)
def test_an_impossible_percentage_is_refused(status, percentage, code):
    assert refusal(reporting.reported_percentage, status, percentage) == code
