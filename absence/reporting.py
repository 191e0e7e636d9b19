"""What may be reported: from which day, for how much, beside which other reports.

Pure rules: dates in, nothing or a ValidationError with the Dutch message out. All spans are in
calendar days. `ended_on` is the last day of the employment; `recovered_on` the first fit day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.core.exceptions import ValidationError

FULLY_ILL = 100
AFTER_EMPLOYMENT = timedelta(weeks=4)
LATE = timedelta(weeks=6)
LONGEST = timedelta(weeks=104)


class Status(StrEnum):
    """The answer to "Verzuimstatus"."""

    FULL = "volledig"
    PARTIAL = "gedeeltelijk"


@dataclass(frozen=True, slots=True)
class Spell:
    """One known sick report of an employment; without `recovered_on` it is still open.

    `continues_after_leave` is HCS's answer to: does it directly follow maternity leave that another
    spell directly preceded, from the same cause? Who only guesses leaves it off.
    """

    first_sick_day: date
    recovered_on: date | None = None
    continues_after_leave: bool = False

    def overlaps(self, first_sick_day: date) -> bool:
        """Whether a new report, which has no end yet, would share a day with this one."""
        return self.recovered_on is None or first_sick_day < self.recovered_on


def check_first_sick_day(
    day: date, *, today: date, started_on: date, ended_on: date | None
) -> None:
    """Raises when a person in this employment cannot have fallen ill on `day`.

    Today counts: reports are about what happened, never about tomorrow. After the last day of
    the employment the insurance still covers an illness that begins within four weeks
    (nawerking), the last of the 28 days included.
    Source: rulebook 3.2 S10; Ziektewet art. 46; features.md 75 (allow, do not refuse).
    """
    if day > today:
        raise _error("future", "De eerste ziektedag ligt in de toekomst.")
    if day < started_on:
        raise _error(
            "before_employment",
            "De eerste ziektedag ligt vóór de startdatum van het dienstverband"
            f" ({started_on:%d-%m-%Y}).",
        )
    if ended_on is not None and day > ended_on + AFTER_EMPLOYMENT:
        raise _error(
            "after_employment",
            "De eerste ziektedag ligt meer dan vier weken na het einde van het dienstverband"
            f" ({ended_on:%d-%m-%Y}) en valt er dus niet meer onder.",
        )


def check_not_too_long_ago(day: date, *, today: date) -> None:
    """Raises for a day after which all 104 weeks have passed: nothing is left to guide or insure.

    For what an employer types, where it is nearly always a wrong year.
    Source: BW art. 7:629 lid 1 and Ziektewet art. 29 lid 5 (rulebook 3.2 S7).
    """
    if day < today - LONGEST:
        raise _error(
            "too_long_ago",
            "De eerste ziektedag ligt meer dan 104 weken terug. Controleer het jaartal."
            " Klopt de datum, bel dan InComfort: 024-374 16 60.",
        )


def earliest_end(today: date) -> date:
    """The last day of the oldest employment that a report can still be about."""
    return today - LONGEST - AFTER_EMPLOYMENT


def is_late(day: date, *, today: date) -> bool:
    """Whether to warn that the report is late: over six weeks ago the term at UWV has passed.

    A late report is accepted at once. Source: UWV, six weeks for an eigenrisicodrager
    (rulebook 3.1); features.md 78.
    """
    return today - day > LATE


def is_after_employment(day: date, *, ended_on: date | None) -> bool:
    """Whether the illness began after the last day of the employment (nawerking)."""
    return ended_on is not None and day > ended_on


def check_no_overlap(first_sick_day: date, spells: Iterable[Spell]) -> None:
    """Raises when a new, open report would share a day with a known one of the employment.

    A report may begin on the first fit day of the one before.
    Source: rulebook 3.2 S10, example E20.
    """
    for spell in spells:
        if not spell.overlaps(first_sick_day):
            continue
        if spell.recovered_on is None:
            raise _error(
                "already_ill",
                f"Deze werknemer is al ziek gemeld vanaf {spell.first_sick_day:%d-%m-%Y}.",
            )
        raise _error(
            "overlap",
            f"Deze werknemer was al ziek gemeld tot {spell.recovered_on:%d-%m-%Y}, de eerste dag"
            " volledig hersteld. Vul die dag of een latere in.",
        )


def check_report(
    first_sick_day: date,
    *,
    today: date,
    started_on: date,
    ended_on: date | None,
    spells: Iterable[Spell],
) -> None:
    """Raises unless a new report of this employment may begin on that day."""
    check_first_sick_day(first_sick_day, today=today, started_on=started_on, ended_on=ended_on)
    check_no_overlap(first_sick_day, spells)


def reported_percentage(status: Status, percentage: int | None) -> int:
    """The AO-percentage that follows from status and answer: 100, or the 1 to 99 that was typed.

    A percentage beside "volledig" is refused: one of the two answers is a mistake, and guessing
    which would report the wrong thing. Source: rulebook 5.1.
    """
    if status == Status.FULL:
        if percentage not in {None, FULLY_ILL}:
            raise _error(
                "contradiction",
                "U koos volledig ziek en vulde ook een percentage in. Maak dit veld leeg, of kies"
                " gedeeltelijk ziek.",
            )
        return FULLY_ILL
    if percentage is None:
        raise _error("required", "Vul het AO-percentage in: een heel getal van 1 tot en met 99.")
    if not 0 < percentage < FULLY_ILL:
        raise _error(
            "out_of_range",
            "Een AO-percentage bij gedeeltelijk ziek is een heel getal van 1 tot en met 99.",
        )
    return percentage


def _error(code: str, message: str) -> ValidationError:
    return ValidationError(message, code=code)
