""" "Waarom dit bedrag?": which rule made a line what it is, and those rules in words.

Codes are kept with a line; the words are made when it is read. Source: rulebook 6 (B3 to B12).
"""

from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.formats import date_format, number_format

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


def euros(amount: Decimal) -> str:
    """ "€ 1.848,00", with a space that does not break."""
    sign = "-" if amount < 0 else ""
    return f"{sign}€\N{NO-BREAK SPACE}{number_format(abs(amount), 2, force_grouping=True)}"


def in_words(line: "StatementLine") -> list[str]:
    """A sentence for each rule, in the order in which they work."""
    return [_SENTENCES[Why(code)](line) for code in line.reasons]


def _days(line: "StatementLine") -> str:
    wage = min(line.daily_wage, line.maximum)
    percentage = number_format(line.percentage.normalize(), use_l10n=True)
    days = "1 uitkeringsdag" if line.days == 1 else f"{line.days} uitkeringsdagen"
    return (
        f"{days} (maandag tot en met vrijdag, feestdagen tellen mee) maal {euros(line.day_gross)}:"
        f" {percentage}% van het dagloon van {euros(wage)}. Het vakantiegeld zit in het dagloon."
    )


def _capped(line: "StatementLine") -> str:
    return (
        f"Het dagloon is {euros(line.daily_wage)}. Het maximumdagloon in deze maand is"
        f" {euros(line.maximum)}; daarover wordt gerekend."
    )


def _waiting(line: "StatementLine") -> str:
    if not line.waiting_days:
        return "Deze dagen zijn wachtdagen: daarover is er geen uitkering."
    days = "1 wachtdag" if line.waiting_days == 1 else f"{line.waiting_days} wachtdagen"
    return (
        f"{days} in deze periode zonder uitkering: kalenderdagen vanaf de eerste ziektedag, een"
        " keer per ziektegeval."
    )


def _weekend(line: "StatementLine") -> str:
    return (
        "Er blijven geen uitkeringsdagen over: een uitkering is er van maandag tot en met vrijdag."
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
    month = date_format(line.corrected_month, "F Y")
    what = "te weinig" if line.correction > 0 else "te veel"
    return f"Over {month} is {what} uitgekeerd; het verschil staat op deze regel."


def _wages(line: "StatementLine") -> str:
    return (
        "Het dienstverband loopt nog: u betaalt het loon door. Er is dan geen Ziektewet-uitkering."
    )


def _uwv(line: "StatementLine") -> str:
    return "UWV betaalt in deze periode; deze polis keert dan niet uit."


def _not_settled(line: "StatementLine") -> str:
    return (
        "InComfort heeft over deze periode geen uitkering vastgesteld. Volgt die later, dan staat"
        " het bedrag als correctie op een volgende specificatie."
    )


_SENTENCES = {
    Why.DAYS: _days,
    Why.CAPPED: _capped,
    Why.WAITING: _waiting,
    Why.WEEKEND: _weekend,
    Why.INCOME: _income,
    Why.SUPPLEMENT: _supplement,
    Why.CHARGES: _charges,
    Why.CORRECTION: _correction,
    Why.WAGES: _wages,
    Why.UWV: _uwv,
    Why.NOT_SETTLED: _not_settled,
}
