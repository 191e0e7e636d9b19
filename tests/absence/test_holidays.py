"""Which weekdays are free. Source of the rules: rulebook 6.1, Algemene termijnenwet art. 3."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from absence.holidays import Calendar, easter, holidays, is_working_day

years = st.integers(2014, 2299)


@pytest.mark.parametrize(
    "sunday",
    [
        date(2018, 4, 1),
        date(2019, 4, 21),
        date(2024, 3, 31),
        date(2025, 4, 20),
        date(2026, 4, 5),
        date(2027, 3, 28),
        date(2028, 4, 16),
        pytest.param(date(2038, 4, 25), id="the latest there is"),
        pytest.param(date(2285, 3, 22), id="the earliest there is"),
        pytest.param(date(2049, 4, 18), id="late by the exception"),
        pytest.param(date(2076, 4, 19), id="not a week later"),
    ],
)
def test_easter_falls_on(sunday):
    assert easter(sunday.year) == sunday


@given(years)
def test_easter_is_a_sunday_between_22_march_and_25_april(year):
    assert easter(year).isoweekday() == 7
    assert date(year, 3, 22) <= easter(year) <= date(year, 4, 25)


def test_the_holidays_of_2026():
    assert sorted(holidays(2026)) == [
        date(2026, 1, 1),
        date(2026, 4, 6),
        date(2026, 4, 27),
        date(2026, 5, 14),
        date(2026, 5, 25),
        date(2026, 12, 25),
        date(2026, 12, 26),
    ]


def test_a_law_has_good_friday_and_liberation_day_as_well():
    assert holidays(2026, Calendar.STATUTORY) - holidays(2026) == {
        date(2026, 4, 3),
        date(2026, 5, 5),
    }


@pytest.mark.parametrize(
    ("year", "is_free"), [(2025, True), (2026, False), (2029, False), (2030, True)]
)
def test_5_may_is_free_in_a_lustrum_year(year, is_free):
    assert (date(year, 5, 5) in holidays(year)) is is_free
    assert date(year, 5, 5) in holidays(year, Calendar.STATUTORY)


@pytest.mark.parametrize("day", [date(2025, 4, 26), date(2031, 4, 26), date(2026, 4, 27)])
def test_kings_day_is_never_on_a_sunday(day):
    assert day in holidays(day.year)
    assert len([free for free in holidays(day.year) if free.month == 4 and free.day >= 26]) == 1


@pytest.mark.parametrize(
    ("day", "is_working"),
    [
        pytest.param(date(2026, 11, 27), True, id="Friday"),
        pytest.param(date(2026, 11, 28), False, id="Saturday"),
        pytest.param(date(2026, 11, 29), False, id="Sunday"),
        pytest.param(date(2026, 11, 30), True, id="Monday"),
        pytest.param(date(2026, 4, 3), True, id="Good Friday"),
        pytest.param(date(2026, 5, 25), False, id="Whit Monday"),
        pytest.param(date(2028, 2, 29), True, id="29-February"),
    ],
)
def test_in_business_a_day_is_worked_or_not(day, is_working):
    assert is_working_day(day) is is_working


def test_in_law_good_friday_is_free():
    assert not is_working_day(date(2026, 4, 3), Calendar.STATUTORY)


@given(years)
def test_what_business_has_off_the_law_has_too(year):
    assert holidays(year) <= holidays(year, Calendar.STATUTORY)
    assert all(day.year == year for day in holidays(year, Calendar.STATUTORY))
