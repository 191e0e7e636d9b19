""" "Waarom dit bedrag?": which rule made a line what it is, and those rules in words.

Codes are kept with a line; the words are made when it is read. On screen each line has sentences
with its own figures; on paper a few words, and the rule once. Source: rulebook 6 (B3 to B12).
"""

from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.formats import number_format

from documents.words import euros, month_in_words

if TYPE_CHECKING:
    from documents.statements.models import StatementLine


class Why(StrEnum):
    """A rule that had to do with an amount."""

    DAYS = "dagen"
    CAPPED = "maximum"
    WAITING = "wachtdagen"
    WEEKEND = "weekend"
    INCOME = "korting"
    SUPPLEMENT = "aanvulling"
    CHARGES = "werkgeverslasten"
    CORRECTION = "correctie"
    WAGES = "loon"
    UWV = "uwv"
    NOT_SETTLED = "niet-vastgesteld"


def percent(percentage: Decimal) -> str:
    """ "70%", "33,33%"."""
    return f"{number_format(percentage.normalize(), use_l10n=True)}%"


def in_words(line: "StatementLine") -> list[str]:
    """A sentence for each rule, in the order in which they work."""
    return [_SENTENCES[why](line) if why in _SENTENCES else RULES[why] for why in _of(line)]


def in_short(line: "StatementLine") -> list[tuple[Why, str]]:
    """Each rule with a few words on what it does here; RULES says the rest."""
    shorts = [(why, _SHORT[why]) for why in _of(line)]
    return [(why, short if isinstance(short, str) else short(line)) for why, short in shorts]


def _of(line: "StatementLine") -> list[Why]:
    return [Why(code) for code in line.reasons]


def _days(line: "StatementLine") -> str:
    wage = min(line.daily_wage, line.maximum)
    return (
        f"{_paid(line)} (maandag tot en met vrijdag, feestdagen tellen mee) maal"
        f" {euros(line.day_gross)}: {percent(line.percentage)} van het dagloon van {euros(wage)}."
        " Het vakantiegeld zit in het dagloon."
    )


def _capped(line: "StatementLine") -> str:
    return (
        f"Het dagloon is {euros(line.daily_wage)}. Het maximumdagloon in deze maand is"
        f" {euros(line.maximum)}; daarover wordt gerekend."
    )


def _waiting(line: "StatementLine") -> str:
    if not line.waiting_days:
        return "Deze dagen zijn wachtdagen: daarover is er geen uitkering."
    return (
        f"{_waited(line)} in deze periode zonder uitkering: kalenderdagen vanaf de eerste"
        " ziektedag, een keer per ziektegeval."
    )


def _income(line: "StatementLine") -> str:
    return (
        f"Korting {euros(line.deduction)}: naast de uitkering was er een inkomen van"
        f" {euros(line.income)} per dag."
    )


def _supplement(line: "StatementLine") -> str:
    return f"Aanvulling volgens de polis: {euros(line.supplement)}."


def _charges(line: "StatementLine") -> str:
    return f"Vergoeding van werkgeverslasten: {euros(line.charges)}."


def _correction(line: "StatementLine") -> str:
    assert line.corrected_month is not None
    month = month_in_words(line.corrected_month)
    return f"Over {month} is {_wrongly(line)} uitgekeerd; het verschil staat op deze regel."


def _paid(line: "StatementLine") -> str:
    return "1 uitkeringsdag" if line.days == 1 else f"{line.days} uitkeringsdagen"


def _waited(line: "StatementLine") -> str:
    return "1 wachtdag" if line.waiting_days == 1 else f"{line.waiting_days} wachtdagen"


def _wrongly(line: "StatementLine") -> str:
    return "te weinig" if line.correction > 0 else "te veel"


def _short_days(line: "StatementLine") -> str:
    return f"{_paid(line)} × {euros(line.day_gross)}"


def _short_capped(line: "StatementLine") -> str:
    return f"dagloon {euros(line.daily_wage)}, gemaximeerd"


def _short_waiting(line: "StatementLine") -> str:
    return _waited(line) if line.waiting_days else "wachtdagen"


def _short_income(line: "StatementLine") -> str:
    return f"inkomen {euros(line.income)} per dag"


def _short_correction(line: "StatementLine") -> str:
    return f"{_wrongly(line)} uitgekeerd"


RULES = {
    Why.DAYS: "Uitkeringsdagen zijn maandag tot en met vrijdag; feestdagen tellen mee. Het bedrag"
    " per dag is het percentage van het dagloon, afgerond op hele centen. Het vakantiegeld zit in"
    " het dagloon.",
    Why.CAPPED: "Het dagloon is hoger dan het maximumdagloon in deze maand; met dat maximum wordt"
    " gerekend.",
    Why.WAITING: "Over wachtdagen is er geen uitkering. Het zijn kalenderdagen vanaf de eerste"
    " ziektedag, een keer per ziektegeval.",
    Why.WEEKEND: "Er blijven geen uitkeringsdagen over: een uitkering is er van maandag tot en met"
    " vrijdag.",
    Why.INCOME: "Korting: inkomen naast de uitkering gaat van het dagloon af voordat het percentage"
    " wordt genomen. Geldt het maximumdagloon, dan telt het inkomen naar verhouding.",
    Why.SUPPLEMENT: "Aanvulling volgens de polis.",
    Why.CHARGES: "Vergoeding van werkgeverslasten.",
    Why.CORRECTION: "Over een eerdere maand is te veel of te weinig uitgekeerd; het verschil staat"
    " op deze regel.",
    Why.WAGES: "Het dienstverband loopt nog: u betaalt het loon door. Er is dan geen"
    " Ziektewet-uitkering.",
    Why.UWV: "UWV betaalt in deze periode; deze polis keert dan niet uit.",
    Why.NOT_SETTLED: "InComfort heeft over deze periode geen uitkering vastgesteld. Volgt die"
    " later, dan staat het bedrag als correctie op een volgende specificatie.",
}
# Those whose rule says all there is to say have none.
_SENTENCES = {
    Why.DAYS: _days,
    Why.CAPPED: _capped,
    Why.WAITING: _waiting,
    Why.INCOME: _income,
    Why.SUPPLEMENT: _supplement,
    Why.CHARGES: _charges,
    Why.CORRECTION: _correction,
}
_SHORT: dict[Why, Callable[["StatementLine"], str] | str] = {
    Why.DAYS: _short_days,
    Why.CAPPED: _short_capped,
    Why.WAITING: _short_waiting,
    Why.WEEKEND: "geen uitkeringsdagen",
    Why.INCOME: _short_income,
    Why.SUPPLEMENT: "aanvulling",
    Why.CHARGES: "werkgeverslasten",
    Why.CORRECTION: _short_correction,
    Why.WAGES: "loon loopt door",
    Why.UWV: "UWV betaalt",
    Why.NOT_SETTLED: "niet vastgesteld",
}
