"""Sizes, days and amounts of a list in words, put together once per row: a template is slower.

Source: performance.md ("template filters in loops cost more than SQL").
"""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from django.utils import timezone
from django.utils.formats import date_format

KILOBYTE, MEGABYTE = 1024, 1024**2
YEARS_KEPT = 12 * 50


def size_in_words(size: int) -> str:
    """Bytes, as a person says it: "812 kB", "1,4 MB". Rounded up, so that nothing has size 0."""
    if size < MEGABYTE:
        return f"{-(-size // KILOBYTE)} kB"
    return f"{-(-size * 10 // MEGABYTE) / 10:.1f} MB".replace(".", ",")


def day_of(moment: datetime) -> str:
    """ "31-12-2026", of the day it was in the Netherlands."""
    return f"{timezone.localtime(moment):%d-%m-%Y}"


def amount_in_words(total: Decimal) -> str:
    """Euros without their sign: "1.234,50"."""
    return f"{total:,.2f}".translate(str.maketrans(",.", ".,"))


def euros(amount: Decimal) -> str:
    """ "€ 1.848,00", "€ -5,00", with a space that does not break."""
    return f"€\N{NO-BREAK SPACE}{amount_in_words(amount)}"


@lru_cache(maxsize=YEARS_KEPT)
def month_in_words(month: date) -> str:
    """ "december 2026"."""
    return date_format(month, "F Y")
