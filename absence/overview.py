"""How many fell ill and recovered, and how long it took: per month and classification group.

Pure rules: cases in, numbers out. Months are calendar months; durations are calendar days, first
sick day included, first fit day not, also those before the month. There is no verzuimpercentage:
only who is ill is known (design decision 9). Source: rulebook 5.2, features.md 123.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from absence.small_groups import TOTAL, Cell, Protection, protect
from absence.terms import ONE_DAY
from accounts.months import months_after

ONE_DECIMAL = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Case:
    """One sick report, as far as it is counted; `person` only tells people apart."""

    first_sick_day: date
    recovered_on: date | None
    group: str
    person: Hashable

    @property
    def days(self) -> int:
        """The duration of a case that ended. Source: rulebook 5.2 (herstel minus aanvang)."""
        assert self.recovered_on
        return (self.recovered_on - self.first_sick_day).days


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of cases and, of those that ended, their mean duration in days, to one decimal.

    Both are None in a small group, or where they would give one away.
    """

    count: int | None
    mean_days: Decimal | None = None

    @property
    def is_hidden(self) -> bool:
        return self.count is None


@dataclass(frozen=True, slots=True)
class Row:
    """One month, or with `month` None the whole period: a figure per group, and of all."""

    month: date | None
    figures: tuple[Figure, ...]
    total: Figure
    is_withheld: bool


@dataclass(frozen=True, slots=True)
class Table:
    """Cases per month (oldest first) and group, in the order of `groups`."""

    groups: tuple[str, ...]
    rows: tuple[Row, ...]
    whole: Row


def months(first_day: date, last_day: date) -> list[date]:
    """The first days of the months that these days lie in, both included."""
    month = first_day.replace(day=1)
    found = []
    while month <= last_day:
        found.append(month)
        month = months_after(month, 1)
    return found


def begun(cases: Iterable[Case], over: Sequence[date], groups: Sequence[str]) -> Table:
    """Cases by the month of their first sick day. Each case has one of the groups."""
    return _table([(case.first_sick_day, case) for case in cases], over, groups, _counted)


def ended(cases: Iterable[Case], over: Sequence[date], groups: Sequence[str]) -> Table:
    """Cases by the month of their first fit day, with their mean duration."""
    recovered = [(case.recovered_on, case) for case in cases if case.recovered_on]
    return _table(recovered, over, groups, _measured)


def open_at_end(cases: Iterable[Case], over: Sequence[date]) -> list[int]:
    """How many were ill on the last day of each month; of all groups together."""
    known = list(cases)
    last_days = [months_after(month, 1) - ONE_DAY for month in over]
    return [sum(_is_ill(case, day) for case in known) for day in last_days]


type _Counted = dict[Cell, list[Case]]
type _Measure = Callable[[Sequence[Case]], Figure]


def _table(
    dated: Iterable[tuple[date, Case]],
    over: Sequence[date],
    groups: Sequence[str],
    measure: _Measure,
) -> Table:
    counted: _Counted = defaultdict(list)
    for day, case in dated:
        month = day.replace(day=1)
        if month in over:
            counted[Cell(month, case.group)].append(case)
            counted[Cell(TOTAL, case.group)].append(case)
    people = {cell: [case.person for case in each] for cell, each in counted.items()}
    protection = protect(over, groups, people)
    *rows, whole = [
        _row([Cell(label, group) for group in groups], counted, protection, measure)
        for label in [*over, TOTAL]
    ]
    return Table(tuple(groups), tuple(rows), whole)


def _row(
    cells: Sequence[Cell], counted: _Counted, protection: Protection, measure: _Measure
) -> Row:
    label = cells[0].row
    return Row(
        month=label if isinstance(label, date) else None,
        figures=tuple(
            Figure(None) if cell in protection.hidden else measure(counted.get(cell, []))
            for cell in cells
        ),
        total=measure([case for cell in cells for case in counted.get(cell, [])]),
        is_withheld=label in protection.withheld,
    )


def _counted(cases: Sequence[Case]) -> Figure:
    return Figure(len(cases))


def _measured(cases: Sequence[Case]) -> Figure:
    if not cases:
        return Figure(0)
    mean = Decimal(sum(case.days for case in cases)) / len(cases)
    return Figure(len(cases), mean.quantize(ONE_DECIMAL, ROUND_HALF_UP))


def _is_ill(case: Case, day: date) -> bool:
    return case.first_sick_day <= day and (case.recovered_on is None or day < case.recovered_on)
