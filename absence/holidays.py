"""Public holidays: on which weekdays nobody has to act. Pure rules: years and dates only.

Law and business count differently, so there are two calendars. Source: rulebook 6.1.
"""

from datetime import date, timedelta
from enum import StrEnum
from functools import cache

SATURDAY = 5


class Calendar(StrEnum):
    """Which days count as holidays."""

    BUSINESS = "bedrijf"
    """What most offices do: for promises of our own, such as "binnen vijf werkdagen"."""
    STATUTORY = "termijnenwet"
    """Good Friday and each 5 May as well: for terms in a law. Source: Algemene termijnenwet 3."""


def is_working_day(day: date, calendar: Calendar = Calendar.BUSINESS) -> bool:
    """Monday to Friday, unless it is a holiday."""
    return day.weekday() < SATURDAY and day not in holidays(day.year, calendar)


@cache
def holidays(year: int, calendar: Calendar = Calendar.BUSINESS) -> frozenset[date]:
    """The holidays of a year, those in a weekend included. As the law is since 2014."""
    sunday = easter(year)
    fixed = [(1, 1), (12, 25), (12, 26)]
    days = {date(year, month, day) for month, day in fixed} | {_kings_day(year)}
    # Easter Monday, Ascension Day, Whit Monday.
    days |= {sunday + timedelta(days=number) for number in (1, 39, 50)}
    is_statutory = calendar == Calendar.STATUTORY
    if is_statutory:
        days.add(sunday - timedelta(days=2))  # Good Friday
    if is_statutory or year % 5 == 0:  # a day off for most in a lustrum year only
        days.add(date(year, 5, 5))
    return frozenset(days)


def easter(year: int) -> date:
    """Easter Sunday in the Gregorian calendar, from 1583 on (Meeus, Jones and Butcher)."""
    golden = year % 19
    century, year_in_century = divmod(year, 100)
    leap_centuries, century_left = divmod(century, 4)
    moon_shift = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap_centuries - moon_shift + 15) % 30
    leap_years, year_left = divmod(year_in_century, 4)
    weekday = (32 + 2 * century_left + 2 * leap_years - epact - year_left) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _kings_day(year: int) -> date:
    """27 April; the Saturday before when that is a Sunday."""
    day = date(year, 4, 27)
    return day - timedelta(days=1) if day.isoweekday() == 7 else day
