"""The course of an illness: percentages from a day on, until the first fit day.

Pure rules: dates and whole percentages in, a frozen value or a ValidationError with the Dutch
message out. Spans are in calendar days.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from django.core.exceptions import ValidationError

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Step:
    """An AO-percentage and the days on which it held; `last_day` is None while it still does."""

    first_day: date
    last_day: date | None
    percentage: int

    @property
    def at_work(self) -> int:
        """The share of the hours that is worked. Source: rulebook 5.1 (werkhervatting)."""
        return 100 - self.percentage


def steps(rows: Sequence[tuple[date, int]], recovered_on: date | None) -> list[Step]:
    """The course as steps that touch: each ends the day before the next, the last at recovery.

    `rows` are (effective_on, percentage), oldest first.
    """
    end = recovered_on - ONE_DAY if recovered_on else None
    last_days = [next_day - ONE_DAY for next_day, _ in rows[1:]]
    return [
        Step(day, last_day, percentage)
        for (day, percentage), last_day in zip(rows, [*last_days, end], strict=False)
    ]


class Direction(StrEnum):
    """Whether the latest step brought more work or less, in the words of the screen."""

    MORE = "meer"
    LESS = "minder"


def direction(course: Sequence[Step]) -> Direction | None:
    """How the last step differs from the one before; None while there is only one."""
    if len(course) < 2:
        return None
    return Direction.MORE if course[-1].at_work > course[-2].at_work else Direction.LESS


def weighted_days(course: Iterable[Step]) -> Decimal:
    """Calendar days of a course that ended, each for the share not worked: 14 days of 50% are 7.

    Exact, in hundredths. Source: rulebook 5.2, example E52.
    """
    days = (step.percentage * _length(step) for step in course)
    return Decimal(sum(days)) / 100


def check_next_step(
    effective_on: date,
    percentage: int,
    *,
    last: tuple[date, int],
    recovered_on: date | None,
    today: date,
) -> None:
    """Raises unless this percentage may follow `last`, the newest (effective_on, percentage).

    Dates go up strictly and never lie ahead: rows are never changed, so a plan that falls through
    could not be taken back. 0 does not exist, that is a recovery; so is nothing after one.
    Source: rulebook 5.1 and 2.1 T5.
    """
    last_day, last_percentage = last
    if recovered_on is not None:
        raise _error(
            "closed", f"Deze melding is afgesloten: volledig hersteld per {recovered_on:%d-%m-%Y}."
        )
    if not 1 <= percentage <= 100:
        raise _error(
            "out_of_range",
            "Een AO-percentage is een heel getal van 1 tot en met 100. Is de werknemer volledig"
            " hersteld, leg dan het herstel vast.",
        )
    if effective_on > today:
        raise _error("future", "De ingangsdatum ligt in de toekomst.")
    if effective_on <= last_day:
        raise _error(
            "not_after_last",
            f"De ingangsdatum ligt niet na die van het vorige percentage ({last_day:%d-%m-%Y}).",
        )
    if percentage == last_percentage:
        raise _error(
            "same", f"Het AO-percentage is al {last_percentage}% sinds {last_day:%d-%m-%Y}."
        )


def check_recovery(
    recovered_on: date, *, last_step_on: date, already_recovered_on: date | None, today: date
) -> None:
    """Raises unless the person can have been fully fit for the first time on `recovered_on`.

    `last_step_on` is the day of the newest percentage, the first sick day when there is only
    one. Not in the future: UWV refuses such a day, and it may turn out otherwise.
    Source: rulebook 3.1 (betermelding) and 3.2 S1.
    """
    if already_recovered_on is not None:
        raise _error(
            "closed", f"Het herstel is al vastgelegd, per {already_recovered_on:%d-%m-%Y}."
        )
    if recovered_on > today:
        raise _error("future", "De eerste dag volledig hersteld ligt in de toekomst.")
    if recovered_on <= last_step_on:
        raise _error(
            "not_after_last",
            "De eerste dag volledig hersteld ligt niet na de eerste ziektedag en het laatste"
            f" AO-percentage ({last_step_on:%d-%m-%Y}).",
        )


@dataclass(frozen=True, slots=True)
class Duration:
    """How long an illness lasted, or lasts up to and including today."""

    days: int

    @property
    def week(self) -> int:
        """The week of illness that the last day falls in; the first seven days are week 1."""
        return (self.days - 1) // 7 + 1

    def __str__(self) -> str:
        """ "5 dagen", "3 weken", "3 weken en 1 dag"."""
        weeks, days = divmod(self.days, 7)
        parts = [
            _count(weeks, "week", "weken") if weeks else "",
            _count(days, "dag", "dagen") if days else "",
        ]
        return " en ".join(part for part in parts if part)


def duration(first_sick_day: date, recovered_on: date | None, *, today: date) -> Duration:
    """Calendar days from the first sick day up to the first fit day; today counts while ill.

    Source: rulebook 5.2 (herstel minus aanvang, not weighted) and 2.1 T2, examples E4 and E52.
    """
    end = recovered_on or today + ONE_DAY
    return Duration((end - first_sick_day).days)


def _length(step: Step) -> int:
    assert step.last_day  # an open step has no length yet
    return (step.last_day - step.first_day).days + 1


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _error(code: str, message: str) -> ValidationError:
    return ValidationError(message, code=code)
