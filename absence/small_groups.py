"""Small groups in a table stay unseen, also by subtraction: which cells are not shown.

The table has a row per month and a column per classification group. Each row total is shown. A cell
or a column total of one to four people is not, nor what would give it away; zero is shown, being
about nobody. Pure rules: who is counted where in, cells out.
Decided: docs/decisions/0020-absence-rules.md. Source: AP, De zieke werknemer (rulebook 1.1).
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

SMALL = 5
TOTAL = "totaal"


class Cell(NamedTuple):
    """A place in the table; the row of the column totals is TOTAL."""

    row: Hashable
    column: str


type People = Mapping[Cell, Sequence[Hashable]]


@dataclass(frozen=True, slots=True)
class Protection:
    """The cells that are not shown. Of a withheld row none is, zeros included."""

    hidden: frozenset[Cell]
    withheld: frozenset[Hashable]


def protect(rows: Sequence[Hashable], columns: Sequence[str], people: People) -> Protection:
    """Which cells to hide so that no small group shows, nor follows from what does.

    `people` is who is counted in a cell, once for each report: someone with five reports is a
    group of one. With fewer than two columns nothing is broken down, so nothing is hidden.
    """
    table = _Table(rows, columns, people)
    if len(columns) > 1:
        table.hide_small()
        # One repair at a time: the next look sees what it did.
        while table.widen_rows() or table.hide_totals() or table.loosen_cells():
            pass
    return Protection(frozenset(table.hidden), frozenset(table.withheld))


class _Table:
    """A table of which more and more is hidden; each repair says whether it had to do anything."""

    def __init__(self, rows: Sequence[Hashable], columns: Sequence[str], people: People) -> None:
        self.rows, self.columns = [*rows, TOTAL], columns
        self.people = defaultdict(list, {cell: list(each) for cell, each in people.items()})
        for column in columns:
            below = (self.people[Cell(row, column)] for row in rows)
            self.people[Cell(TOTAL, column)] = [person for each in below for person in each]
        self.hidden: set[Cell] = set()
        self.withheld: set[Hashable] = set()

    def hide_small(self) -> None:
        self.hidden |= {cell for row in self.rows for cell in self._cells(row) if self._small(cell)}

    def widen_rows(self) -> bool:
        """A row total minus what is shown is what its hidden cells have together: not that few."""
        for row in self.rows:
            hidden = [cell for cell in self._cells(row) if cell in self.hidden]
            if row not in self.withheld and self._small(*hidden):
                self._widen(row)
                return True
        return False

    def hide_totals(self) -> bool:
        """Nor that few in a column: then its total is hidden."""
        for column in self.columns:
            hidden = [cell for cell in self.hidden if cell.column == column]
            if Cell(TOTAL, column) not in self.hidden and self._small(*hidden):
                self.hidden.add(Cell(TOTAL, column))
                return True
        return False

    def loosen_cells(self) -> bool:
        """All totals together may still leave one value for a small cell: then it gets company."""
        if len(self.withheld) == len(self.rows):
            return False
        for cell in self._hidden_in_order():
            if self._small(cell) and not self._could_differ(cell):
                total = Cell(TOTAL, cell.column)
                if total in self.hidden:
                    self._widen(cell.row)
                self.hidden.add(total)
                return True
        return False

    def _widen(self, row: Hashable) -> None:
        """Hides the smallest cell that still shows; without one, breaks the row down no more."""
        shown = [cell for cell in self._cells(row) if cell not in self.hidden and self.people[cell]]
        if shown:
            self.hidden.add(min(shown, key=lambda cell: len(self.people[cell])))
            return
        rows = self.rows if row in self.withheld else [row]
        self.withheld.update(rows)
        self.hidden.update(cell for each in rows for cell in self._cells(each))

    def _cells(self, row: Hashable) -> list[Cell]:
        return [Cell(row, column) for column in self.columns]

    def _hidden_in_order(self) -> list[Cell]:
        return [cell for row in self.rows for cell in self._cells(row) if cell in self.hidden]

    def _small(self, *cells: Cell) -> bool:
        """Whether these cells together are about one to four people."""
        return 0 < len({person for cell in cells for person in self.people[cell]}) < SMALL

    def _could_differ(self, cell: Cell) -> bool:
        """Whether a reader of the totals must reckon with more than one value for a hidden cell.

        One more here is one less elsewhere in the row, one more elsewhere in that column, and so
        on until it closes; one less is the same the other way round. Such a round exists whenever
        the value is not fixed (a flow of whole numbers).
        """
        steps = defaultdict(set)
        for other in self.hidden - {cell}:
            start, end = _ends(other)
            steps[end].add(start)
            if self._can_be_less(other):
                steps[start].add(end)
        start, end = _ends(cell)
        return _leads(steps, start, end) or (self._can_be_less(cell) and _leads(steps, end, start))

    def _can_be_less(self, cell: Cell) -> bool:
        """A hidden cell is at least 1, since zeros are shown; in a withheld row it may be 0."""
        return len(self.people[cell]) > (0 if cell.row in self.withheld else 1)


type _Node = tuple[str, Hashable]


def _ends(cell: Cell) -> tuple[_Node, _Node]:
    """Row and column of a cell; a column total stands on the other side of its column's sum."""
    row, column = ("row", cell.row), ("column", cell.column)
    return (column, row) if cell.row == TOTAL else (row, column)


def _leads(steps: Mapping[_Node, Iterable[_Node]], start: _Node, end: _Node) -> bool:
    """Whether there is a way from start to end."""
    seen, to_visit = {start}, [start]
    while to_visit:
        for node in set(steps.get(to_visit.pop(), ())) - seen:
            seen.add(node)
            to_visit.append(node)
    return end in seen
