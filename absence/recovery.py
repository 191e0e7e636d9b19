"""What an employer may tell HCS about a recovery, and by when UWV must know of one.

Pure rules: dates and whole percentages in; nothing, a date, or a ValidationError with the Dutch
message out. A message changes no trajectory: only HCS records a recovery (design decision 7).
"""

from datetime import date, timedelta

from django.core.exceptions import ValidationError

from absence.terms import ONE_DAY, first_working_day_from

TELEPHONE = "Klopt dit niet, bel dan HCS: 088-102 16 40."


def check_full(recovered_on: date, *, first_sick_day: date, today: date) -> None:
    """Raises unless the person can have been fully fit for the first time on that day.

    Not in the future, and after the first sick day. A percentage that HCS recorded later is no
    reason to refuse: which of the two is right is for HCS to find out (see `contradicts`).
    Source: rulebook 3.1 (betermelding) and 3.2 S1.
    """
    _check_day(recovered_on, first_sick_day=first_sick_day, today=today)


def check_partial(
    effective_on: date,
    percentage: int,
    *,
    first_sick_day: date,
    current_percentage: int,
    today: date,
) -> None:
    """Raises unless the person can work more from that day on, `percentage` being what is left.

    The percentage is the share of the hours not worked, 1 to 99 and lower than it is now: 0 is a
    full recovery, and who works less has not recovered. Source: rulebook 5.1 and 2.1 T5.
    """
    if percentage == 0:
        raise _error("full", "0% arbeidsongeschikt is volledig hersteld. Kies dat.")
    if not 1 <= percentage <= 99:
        raise _error(
            "out_of_range", "Een AO-percentage is hier een heel getal van 1 tot en met 99."
        )
    _check_day(effective_on, first_sick_day=first_sick_day, today=today)
    if percentage >= current_percentage:
        raise _error(
            "not_lower",
            f"De werknemer is nu {current_percentage}% arbeidsongeschikt, dus"
            f" {100 - current_percentage}% aan het werk. Bij herstel is het AO-percentage lager."
            f" {TELEPHONE}",
        )


def contradicts(effective_on: date, *, last_step_on: date) -> bool:
    """Whether HCS recorded a percentage from this day or a later one: the message needs a call."""
    return effective_on <= last_step_on


def uwv_due(told_on: date) -> date:
    """The last day to tell UWV of a recovery: two days after the employee told the employer.

    A term in a law, so it ends on a working day. Who was not reported yet is reported at the same
    time as his recovery. Source: Ziektewet art. 38a lid 5; rulebook 3.1, examples E24 and E26.
    """
    return first_working_day_from(told_on + timedelta(days=2))


def uwv_due_of_partial(effective_on: date) -> date:
    """The last day to tell UWV that somebody works partly again: the day after.

    A regulation of UWV, so no free day extends it.
    Source: Ziekengeldreglement art. 5 lid 2 (rulebook 3.1).
    """
    return effective_on + ONE_DAY


def _check_day(day: date, *, first_sick_day: date, today: date) -> None:
    if day > today:
        raise _error("future", "De datum ligt in de toekomst. Geef herstel door zodra het zo is.")
    if day <= first_sick_day:
        raise _error(
            "not_after_first",
            f"De datum ligt niet na de eerste ziektedag ({first_sick_day:%d-%m-%Y}).",
        )


def _error(code: str, message: str) -> ValidationError:
    return ValidationError(message, code=code)
