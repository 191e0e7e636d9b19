"""When documents may be asked for, by which day, and when somebody is reminded of it.

Pure rules: dates in, dates and words out. Days are calendar days by the clock of the Netherlands.
"""

from datetime import date, timedelta

from django.db import models

from accounts.months import months_after

USUAL_DAYS = 14  # what a request proposes: a payslip comes from the payroll run of the week
MOST_DAYS = 90  # a day further off is a typing mistake, or nothing to ask for yet
SOON = timedelta(days=3)  # before the last day: also after a weekend a working day is left
# What is asked after that is refused. Source: rulebook 1.6 (a re-integration file is kept for two
# years after it was completed).
CLOSED_MONTHS = 24
MONTHS_BACK = 24  # how far back payslips are asked: a benefit is reckoned over the year before


class Step(models.TextChoices):
    """At which moments the employer gets an e-mail about a request."""

    ASKED = "ASKED", "gevraagd"
    SOON = "SOON", "bijna te laat"
    OVERDUE = "OVERDUE", "te laat"
    REFUSED = "REFUSED", "afgekeurd"


def may_ask(recovered_on: date | None, *, today: date) -> bool:
    """Whether documents may still be asked for an illness that ended on that day, if it did."""
    return recovered_on is None or today < months_after(recovered_on, CLOSED_MONTHS)


def is_due_day(due_on: date, *, today: date) -> bool:
    """Whether an employer can be asked to send something by that day, which counts as in time."""
    return timedelta(0) < due_on - today <= timedelta(days=MOST_DAYS)


def is_overdue(due_on: date, *, today: date) -> bool:
    return today > due_on


def in_words(due_on: date, *, today: date) -> str:
    """ "3 dagen te laat", "uiterlijk vandaag", "uiterlijk morgen", "nog 5 dagen"."""
    days = (due_on - today).days
    if days < 0:
        return f"{-days} {_days(-days)} te laat"
    if days < 2:
        return ("uiterlijk vandaag", "uiterlijk morgen")[days]
    return f"nog {days} dagen"


def step_due(due_on: date, *, asked_on: date, today: date) -> Step | None:
    """Which reminder belongs to today; None before the first, and while the request is fresh.

    Who was asked with the last day that near does not hear it twice in a row.
    """
    if is_overdue(due_on, today=today):
        return Step.OVERDUE
    soon = due_on - SOON
    return Step.SOON if asked_on < soon <= today else None


def _days(number: int) -> str:
    return "dag" if number == 1 else "dagen"
