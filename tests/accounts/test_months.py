"""Counting in months, over the ends of months and years."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.months import months_after

days = st.dates(date(2014, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    ("day", "number", "later"),
    [
        pytest.param(date(2026, 11, 24), 2, date(2027, 1, 24), id="into the next year"),
        pytest.param(date(2027, 1, 31), 1, date(2027, 2, 28), id="no 31st"),
        pytest.param(date(2028, 1, 31), 1, date(2028, 2, 29), id="29-February"),
        pytest.param(date(2028, 2, 29), 12, date(2029, 2, 28), id="from 29-February"),
        pytest.param(date(2026, 3, 31), -1, date(2026, 2, 28), id="back"),
        pytest.param(date(2026, 1, 15), -1, date(2025, 12, 15), id="back over the year"),
        pytest.param(date(2026, 12, 31), 0, date(2026, 12, 31), id="none"),
    ],
)
def test_months_after_a_day(day, number, later):
    assert months_after(day, number) == later


@given(day=days, number=st.integers(0, 60))
def test_a_month_is_never_skipped(day, number):
    later = months_after(day, number)

    assert (later.year - day.year) * 12 + later.month - day.month == number
    assert later.day <= day.day
