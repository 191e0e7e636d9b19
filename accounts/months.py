"""Counting in months. A pure rule: a date in, a date out."""

from calendar import monthrange
from datetime import date


def months_after(day: date, number: int) -> date:
    """The same day of the month, `number` months on; the last of the month when it has no such day.

    31 January and one month is 28 or 29 February.
    """
    years, month = divmod(day.month - 1 + number, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
