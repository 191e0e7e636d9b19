"""Sheet 2 of a statement in words, one row for each line: what its PDF shows.

Lines in, strings out. Each string that is printed costs time, so a row is few of them: an amount
of nothing is not printed, and a rule is explained once, under the number that its lines name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from documents.statements.reasons import RULES, Why, in_short, percent
from documents.words import amount_in_words, euros, month_in_words

if TYPE_CHECKING:
    from documents.statements.models import StatementLine


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """One row. `amounts` are of the columns that the statement has; "" is an amount of nothing.

    `why` names each rule by its number, with the figures that it worked on.
    """

    name: str
    first_sick_day: str
    period: str
    daily_wage: str
    why: str
    amounts: list[str]
    total: str


@dataclass(frozen=True, slots=True)
class Printed:
    """The rows; the heads of their `amounts`; the rules that they name, the first is number 1."""

    lines: list[PrintedLine]
    heads: list[str]
    rules: list[str]


# What a total is made of, by the name of its field.
PARTS = {
    "gross": "Bruto",
    "deduction": "Korting",
    "supplement": "Aanvulling",
    "charges": "Werkgevers\N{SOFT HYPHEN}lasten",
}


def printed(lines: "Sequence[StatementLine]") -> Printed:
    """All lines, and each rule that made one of them once, in the order in which they work.

    Where every total is the gross amount, or a correction, there are no columns of parts.
    """
    parts = [part for part in PARTS if any(getattr(line, part) for line in lines)]
    if parts == ["gross"]:
        parts = []
    used = {code for line in lines for code in line.reasons}
    rules = [why for why in Why if why in used]
    numbers = {why: number for number, why in enumerate(rules, start=1)}
    return Printed(
        lines=[_row(line, parts, numbers) for line in lines],
        heads=[PARTS[part] for part in parts],
        rules=[RULES[why] for why in rules],
    )


def _row(line: "StatementLine", parts: list[str], numbers: dict[Why, int]) -> PrintedLine:
    amounts = [getattr(line, part) for part in parts]
    return PrintedLine(
        name=line.trajectory.employee.list_name,
        first_sick_day=f"{line.first_sick_day:%d-%m-%Y}",
        period=_period(line),
        daily_wage=_daily_wage(line) if line.kind == line.Kind.BENEFIT else "",
        why="; ".join(f"{words} ({numbers[why]})" for why, words in in_short(line)),
        amounts=[amount_in_words(amount) if amount else "" for amount in amounts],
        total=euros(line.total),
    )


def _daily_wage(line: "StatementLine") -> str:
    """What the amount of a day is made of."""
    return f"{amount_in_words(min(line.daily_wage, line.maximum))} × {percent(line.percentage)}"


def _period(line: "StatementLine") -> str:
    """The year once, if both days are in it."""
    if line.corrected_month:
        return f"Correctie {month_in_words(line.corrected_month)}"
    first_day, last_day = line.first_day, line.last_day
    first = "%d-%m" if first_day.year == last_day.year else "%d-%m-%Y"
    return f"{first_day:{first}} t/m {last_day:%d-%m-%Y}"
