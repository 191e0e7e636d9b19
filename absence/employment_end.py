"""Which last day an employment can get, and when it can be taken back.

Pure rules: dates in, nothing or a ValidationError with the Dutch message out. `ended_on` is the
last day of the employment, `recovered_on` of a spell the first fit day.
"""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError

from absence.reporting import AFTER_EMPLOYMENT, Spell

CALL = " Klopt dat niet, bel dan InComfort: 024-374 16 60."


def check_end(ended_on: date, *, started_on: date, spells: Iterable[Spell]) -> None:
    """Raises when the employment cannot have ended on that day.

    An illness that was reported must still fall under it: it began on the last day or earlier, or
    within the four weeks after it (nawerking), the last of the 28 days included. Recovered spells
    count too: they were reported, and perhaps paid, under this employment.
    Source: Ziektewet art. 46; rulebook 3.2 S10.
    """
    if ended_on < started_on:
        raise ValidationError(
            "De laatste dag ligt vóór de startdatum van het dienstverband"
            f" ({started_on:%d-%m-%Y}).",
            code="before_start",
        )
    last = max((spell.first_sick_day for spell in spells), default=None)
    if last is not None and last > ended_on + AFTER_EMPLOYMENT:
        raise ValidationError(
            f"De werknemer is ziek gemeld vanaf {last:%d-%m-%Y}, meer dan vier weken na deze dag."
            f" De vroegste laatste dag is {last - AFTER_EMPLOYMENT:%d-%m-%Y}.{CALL}",
            code="ill_after",
        )


def check_reopen(
    ended_on: date, *, today: date, spells: Iterable[Spell], later_starts: Iterable[date]
) -> None:
    """Raises when something was built on the last day of the employment, so that it stays.

    That is: a later employment, an illness that began after it (nawerking), and once the day has
    passed an illness that lasted beyond it: who leaves ill is reported to UWV, which pays then.
    Source: rulebook 3.1 (ziek uit dienst).
    """
    if any(start > ended_on for start in later_starts):
        raise ValidationError(
            "Na deze laatste dag begint een ander dienstverband. De einddatum blijft daarom staan."
            + CALL,
            code="later_employment",
        )
    for spell in spells:
        if spell.first_sick_day > ended_on:
            raise ValidationError(
                f"De werknemer is ziek gemeld vanaf {spell.first_sick_day:%d-%m-%Y}, na deze"
                f" laatste dag. De einddatum blijft daarom staan.{CALL}",
                code="ill_after",
            )
        if ended_on < today and spell.overlaps(ended_on):
            raise ValidationError(
                "De werknemer was ziek op deze laatste dag en ging ziek uit dienst. De einddatum"
                f" blijft daarom staan.{CALL}",
                code="left_ill",
            )
