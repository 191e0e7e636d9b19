"""Small groups stay unseen. Source: issue part 10 (under five people); AP, De zieke werknemer."""

from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from absence.small_groups import TOTAL, Cell, protect

COLUMNS = ["ziekte", "ongeval", "vangnet"]


def table(*rows):
    """Rows of counts, each report of another person."""
    return {
        Cell(number, column): [(number, column, each) for each in range(count)]
        for number, row in enumerate(rows)
        for column, count in zip(COLUMNS, row, strict=False)
    }


def protection(*rows):
    return protect(range(len(rows)), COLUMNS[: len(rows[0])], table(*rows))


def shown(*rows):
    """The table as it is read: a number, or None where it is hidden; the column totals last."""
    found = protection(*rows)
    counted = [*rows, [sum(column) for column in zip(*rows, strict=True)]]
    return [
        [
            None if Cell(label, column) in found.hidden else count
            for column, count in zip(COLUMNS, row, strict=False)
        ]
        for label, row in zip([*range(len(rows)), TOTAL], counted, strict=True)
    ]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        pytest.param([30, 5, 0], [30, 5, 0], id="five is shown, and so is nobody"),
        pytest.param([30, 4, 0], [None, None, 0], id="a single small one takes the next with it"),
        pytest.param([30, 6, 4], [30, None, None], id="the smallest that shows goes along"),
        pytest.param([30, 4, 4], [30, None, None], id="two small ones that are eight together"),
        pytest.param([30, 2, 2], [None, None, None], id="two small ones that are four together"),
        pytest.param([4, 0, 0], [None, None, None], id="a small month is not broken down"),
        pytest.param([0, 0, 0], [0, 0, 0], id="an empty month"),
        pytest.param([0, 6, 1], [0, None, None], id="no more is hidden than must be"),
    ],
)
def test_a_month_shows_no_small_group(row, expected):
    month, _ = shown(row)

    assert month == expected


def test_a_month_that_is_not_broken_down_hides_its_zeros():
    found = protection([2, 0, 0], [30, 5, 6])

    assert found.withheld >= {0}
    assert {Cell(0, column) for column in COLUMNS} <= found.hidden


def test_the_total_of_a_column_does_not_give_its_only_hidden_cell_away():
    [_, _, totals] = shown([30, 4, 9], [30, 5, 9])

    assert totals[1] is None


def test_a_column_total_is_shown_when_enough_is_hidden_in_it():
    [first, second, totals] = shown([30, 4, 4], [30, 4, 4])

    assert [first, second] == [[30, None, None]] * 2
    assert totals == [60, 8, 8]


def test_a_column_total_hides_when_few_are_left_over_in_its_column():
    """A total of 20 with 16 shown: the four others, though spread over two months, are few."""
    [*_, totals] = shown([30, 16, 9], [30, 2, 9], [30, 2, 9])

    assert totals[1] is None


def test_a_small_column_total_is_hidden():
    [*_, totals] = shown([30, 2, 9], [30, 2, 9])

    assert totals[1] is None
    assert totals.count(None) >= 2


def test_ones_that_fill_their_total_are_not_given_away():
    """Five hidden cells of one each, and a total of five: each must be one."""
    rows = [[20, 1, 9]] * 5

    [*_, totals] = shown(*rows)

    assert totals[1] is None


def test_a_small_group_is_counted_in_people():
    often = {Cell(0, "ziekte"): range(30), Cell(0, "vangnet"): ["same person"] * 12}

    found = protect([0], ["ziekte", "vangnet"], often)

    assert Cell(0, "vangnet") in found.hidden


def test_one_person_in_two_months_is_one_person():
    twice = {Cell(month, "vangnet"): list("abc") for month in (1, 2)}
    twice |= {Cell(month, "ziekte"): range(30) for month in (1, 2)}

    found = protect([1, 2], ["ziekte", "vangnet"], twice)

    assert Cell(TOTAL, "vangnet") in found.hidden


def test_one_column_is_no_breakdown():
    assert protect([0], ["ziekte"], table([2])).hidden == frozenset()


def test_without_rows_nothing_is_small():
    assert protect([], COLUMNS, {}).hidden == frozenset()


counts = st.integers(0, 7)


def tables(height, width):
    return st.lists(st.lists(counts, min_size=width, max_size=width), min_size=1, max_size=height)


small_tables = tables(2, 3) | tables(3, 2)


@given(small_tables)
@example([[1, 4, 9], [1, 4, 9]])
@example([[1, 0], [0, 4]])
@example([[5, 1]] * 5)
@example([[4, 4], [4, 4]])
@settings(deadline=None)  # it tries every table
def test_no_reader_can_work_out_a_small_group(rows):
    """By trying every table that a reader of this one must reckon with."""
    found = protection(*rows)
    possible = list(readings(rows, found))

    assert rows_of(rows) in possible
    for cell in found.hidden:
        if 0 < value(rows, cell) < 5:
            assert len({value(reading, cell) for reading in possible}) > 1, cell


@given(small_tables)
def test_nothing_small_is_shown_and_no_few_are_left_over(rows):
    found = protection(*rows)

    for label in [*range(len(rows)), TOTAL]:
        cells = [Cell(label, column) for column in COLUMNS[: len(rows[0])]]
        assert not any(0 < value(rows, cell) < 5 for cell in cells if cell not in found.hidden)
        if label not in found.withheld:
            left_over = sum(value(rows, cell) for cell in cells if cell in found.hidden)
            assert left_over == 0 or left_over >= 5


@given(small_tables)
def test_large_groups_only_are_all_shown(rows):
    large = [[count if count == 0 or count >= 5 else 5 for count in row] for row in rows]

    assert not protection(*large).hidden


def rows_of(rows):
    return tuple(tuple(row) for row in rows)


def value(rows, cell):
    column = COLUMNS.index(cell.column)
    return sum(row[column] for row in rows) if cell.row == TOTAL else rows[cell.row][column]


def readings(rows, found):
    """Every table with the same row totals and the same in each place that is shown."""
    columns = COLUMNS[: len(rows[0])]
    per_row = [list(row_readings(number, row, found)) for number, row in enumerate(rows)]
    for reading in product(*per_row):
        totals = [Cell(TOTAL, column) for column in columns]
        if all(fits(value(reading, cell), value(rows, cell), cell, found) for cell in totals):
            yield reading


def row_readings(number, row, found):
    cells = [Cell(number, column) for column in COLUMNS[: len(row)]]
    ranges = [
        range(sum(row) + 1) if cell in found.hidden else [count]
        for cell, count in zip(cells, row, strict=True)
    ]
    for reading in product(*ranges):
        if sum(reading) == sum(row) and all(
            fits(each, count, cell, found)
            for each, count, cell in zip(reading, row, cells, strict=True)
        ):
            yield reading


def fits(read, true, cell, found):
    """Whether a reader can take `read` for the true number: zeros show, so hidden is at least 1."""
    if cell not in found.hidden:
        return read == true
    return read >= 1 or cell.row in found.withheld
