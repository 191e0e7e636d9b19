"""Facts of a sick report for the tests of the rules: an ordinary case, and what differs from it."""

from datetime import date

from absence import payer
from absence.grounds import Ground
from absence.payer import Cover, Facts, Product

TODAY = date(2026, 4, 7)
FIRST = date(2026, 4, 2)  # a Thursday; Good Friday and Easter follow
ERD = Cover(Product.ZW_ERD, date(2026, 1, 1))


def facts(first_sick_day=FIRST, *, ground=Ground.ILLNESS, covers=(ERD,), **more):
    """Someone who works for an eigenrisicodrager for over a year and fell ill."""
    return Facts(first_sick_day, more.pop("started_on", date(2025, 1, 6)), ground, covers, **more)


def route(*args, today=TODAY, **more):
    return payer.route(facts(*args, **more), today=today)
