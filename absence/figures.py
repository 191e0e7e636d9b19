"""The page "Cijfers": how many fell ill and recovered in a year, of one employer, per month.

Reads rows and asks the rules (absence/overview.py). One employer and one calendar year at a time:
a sum over employers, or over years that overlap, would give small groups away by subtraction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q

from absence import overview
from absence.bars import BarChart, bar_chart
from absence.grounds import Ground, Group
from absence.models.trajectories import TrajectoryQuerySet
from absence.overview import Case, Figure, Table

MONTHS = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
# Each stands in the table, also without cases: a column that appears would say something itself.
GROUPS = tuple(group.value for group in Group)


@dataclass(frozen=True)
class Line:
    """One row of a table as a page shows it; of the whole year when `month` is None."""

    month: date | None
    cells: tuple[tuple[str, Figure], ...]
    total: Figure
    at_end: int | None = None

    @property
    def is_uniform(self) -> bool:
        """Each group says the same, so once is enough: nothing shown, mostly, or nobody at all."""
        return len({figure for _, figure in self.cells}) == 1


@dataclass(frozen=True)
class Figures:
    """The numbers of a year so far. `at_end` is who was ill on the last day of each month."""

    begun: Table
    ended: Table
    at_end: tuple[int, ...]

    @property
    def is_empty(self) -> bool:
        """Nobody was ill at any moment of the year."""
        return not (
            self.begun.whole.total.count or self.ended.whole.total.count or any(self.at_end)
        )

    @property
    def begun_lines(self) -> list[Line]:
        """The months, and the year: at its end are ill who are so at the end of the last month."""
        return _lines(self.begun, [*self.at_end, self.at_end[-1]])

    @property
    def ended_lines(self) -> list[Line]:
        return _lines(self.ended, [None] * (len(self.at_end) + 1))

    @property
    def begun_chart(self) -> BarChart:
        return _chart({row.month: row.total.count for row in self.begun.rows})

    @property
    def duration_chart(self) -> BarChart:
        return _chart({row.month: row.total.mean_days for row in self.ended.rows})


def figures_of(reports: TrajectoryQuerySet, year: int, *, today: date) -> Figures:
    """The figures of these reports, of one employer, up to and including today. One query."""
    first_day, last_day = date(year, 1, 1), min(today, date(year, 12, 31))
    rows = reports.filter(
        Q(recovered_on=None) | Q(recovered_on__gte=first_day), first_sick_day__lte=last_day
    ).values_list("first_sick_day", "recovered_on", "classification__code", "employee")
    cases = [
        Case(day, recovered_on, Ground.of(code).group.value, person)
        for day, recovered_on, code, person in rows
    ]
    over = overview.months(first_day, last_day)
    return Figures(
        begun=overview.begun(cases, over, GROUPS),
        ended=overview.ended(cases, over, GROUPS),
        at_end=tuple(overview.open_at_end(cases, over)),
    )


def _lines(table: Table, at_end: Sequence[int | None]) -> list[Line]:
    return [
        Line(row.month, tuple(zip(table.groups, row.figures, strict=True)), row.total, open_then)
        for row, open_then in zip([*table.rows, table.whole], at_end, strict=True)
    ]


def _chart(numbers: Mapping[date | None, int | Decimal | None]) -> BarChart:
    """All twelve months, so that every year has the same shape."""
    known = {month.month: number for month, number in numbers.items() if month}
    return bar_chart([(name, known.get(place)) for place, name in enumerate(MONTHS, start=1)])
