"""Terms in working days. Source of the rules: rulebook 2.1 T4, 6.1 and 8.4."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from absence import terms
from absence.holidays import Calendar, is_working_day

days = st.dates(date(2014, 1, 1), date(2099, 12, 31))
calendars = st.sampled_from(Calendar)
A, B = Calendar.BUSINESS, Calendar.STATUTORY


@pytest.mark.parametrize(
    ("published", "calendar", "last"),
    [
        pytest.param(date(2026, 11, 23), A, date(2026, 11, 30), id="E32"),
        pytest.param(date(2026, 3, 31), A, date(2026, 4, 8), id="E34-A"),
        pytest.param(date(2026, 3, 31), B, date(2026, 4, 9), id="E34-B"),
        pytest.param(date(2026, 4, 29), A, date(2026, 5, 6), id="E36-A"),
        pytest.param(date(2026, 4, 29), B, date(2026, 5, 7), id="E36-B"),
        pytest.param(date(2026, 5, 20), A, date(2026, 5, 28), id="E38"),
        pytest.param(date(2026, 12, 24), A, date(2027, 1, 4), id="E40"),
        pytest.param(date(2026, 11, 28), A, date(2026, 12, 4), id="from a Saturday"),
    ],
)
def test_five_working_days_end_on(published, calendar, last):
    assert terms.working_days_after(published, 5, calendar) == last


def test_no_working_days_after_a_free_day_is_that_day():
    assert terms.working_days_after(date(2026, 11, 28), 0) == date(2026, 11, 28)


@given(day=days, number=st.integers(0, 30), calendar=calendars)
def test_between_day_and_end_lie_as_many_working_days(day, number, calendar):
    last = terms.working_days_after(day, number, calendar)

    passed = [day + timedelta(days=ahead + 1) for ahead in range((last - day).days)]
    assert sum(is_working_day(each, calendar) for each in passed) == number
    assert number == 0 or is_working_day(last, calendar)


@pytest.mark.parametrize(
    ("day", "first"),
    [
        pytest.param(date(2026, 4, 4), date(2026, 4, 7), id="E26-over Easter"),
        pytest.param(date(2026, 4, 5), date(2026, 4, 7), id="E28-over Easter"),
        pytest.param(date(2026, 2, 27), date(2026, 2, 27), id="E24-a working day"),
    ],
)
def test_a_term_in_law_ends_on_a_working_day(day, first):
    assert terms.first_working_day_from(day) == first


@given(day=days, calendar=calendars)
def test_first_and_last_working_day_lie_around_the_day(day, calendar):
    first = terms.first_working_day_from(day, calendar)
    last = terms.last_working_day_until(day, calendar)

    assert last <= day <= first
    assert (last == day == first) is is_working_day(day, calendar)
    assert is_working_day(first, calendar)
    assert is_working_day(last, calendar)
