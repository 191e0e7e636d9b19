"""How terms are counted in working days. Pure rules: dates in, dates out.

A term in weeks is in calendar days, seven to a week, and needs no function; for one in months
there is `accounts.months`. Whether a term that ends on a free day is extended differs per rule: one
in a law is (Algemene termijnenwet art. 1, up to twelve weeks: art. 4), one in a ministerial
regulation or on a page of UWV is not.
Source: rulebook 2.1 T4 and 6.1.
"""

from datetime import date, timedelta

from absence.holidays import Calendar, is_working_day

ONE_DAY = timedelta(days=1)


def working_days_after(day: date, number: int, calendar: Calendar = Calendar.BUSINESS) -> date:
    """The last day of "within `number` working days": `day` itself is day 0, and may be a free day.

    Source: rulebook 6.1, examples E32 to E40 (five working days for a benefit).
    """
    for _ in range(number):
        day = first_working_day_from(day + ONE_DAY, calendar)
    return day


def first_working_day_from(day: date, calendar: Calendar = Calendar.STATUTORY) -> date:
    """The day itself when it is a working day, or the next that is.

    Source: Algemene termijnenwet art. 1 lid 1; rulebook examples E26 and E28.
    """
    while not is_working_day(day, calendar):
        day += ONE_DAY
    return day


def last_working_day_until(day: date, calendar: Calendar = Calendar.STATUTORY) -> date:
    """The day itself when it is a working day, or the last before it that is."""
    while not is_working_day(day, calendar):
        day -= ONE_DAY
    return day
