"""When an employer may ask whether somebody has a no-riskpolis, and what to know about it.

Pure rules: dates in, a date or Dutch text out. Source: Ziektewet art. 38b lid 1, rulebook 4.4.
"""

from datetime import date

from accounts.months import months_after

MONTHS_WITHOUT_QUESTION = 2
WHEN_TO_TICK = "Vink dit aan als u weet dat de werknemer een no-riskpolis heeft."
NOT_AT_FIRST = "In de eerste twee maanden van het dienstverband mag u er niet naar vragen."
PROOF = (
    "UWV vraagt van u een bewijs. De werknemer krijgt dat van UWV; bewaar het in uw eigen "
    "administratie en upload het hier niet. De reden legt u nooit vast."
)


def may_ask_no_risk_from(started_on: date) -> date:
    """The first day on which an employer may ask for a no-riskpolis: after two months of service.

    Source: Ziektewet art. 38b lid 1 (rulebook 4.4).
    """
    return months_after(started_on, MONTHS_WITHOUT_QUESTION)


def no_risk_help(started_on: date | None = None, *, today: date | None = None) -> str:
    """What is said beside the box; of an employment that starts on a known day, from when one
    may ask. `today` comes with `started_on`.
    """
    return f"{WHEN_TO_TICK} {_when_to_ask(started_on, today)} {PROOF}"


def _when_to_ask(started_on: date | None, today: date | None) -> str:
    if not (started_on and today):
        return NOT_AT_FIRST
    day = may_ask_no_risk_from(started_on)
    if today < day:
        return f"U mag hier pas vanaf {day:%d-%m-%Y} naar vragen, na twee maanden dienstverband."
    return f"U mag hier sinds {day:%d-%m-%Y} naar vragen, na twee maanden dienstverband."
