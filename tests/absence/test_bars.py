"""A number per month as a bar chart: where each bar stands."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from absence.bars import TOP, bar_chart, level_step
from absence.chart import BOTTOM, HEIGHT, WIDTH

NUMBERS = st.lists(
    st.one_of(st.none(), st.integers(0, 100_000), st.decimals("0", "800", places=1)),
    min_size=1,
    max_size=12,
)


@pytest.mark.parametrize(
    ("highest", "step"),
    [(0, 1), (1, 1), (2, 1), (3, 2), (41, 30), (100, 50), (Decimal("12.5"), 7), (1001, 600)],
)
def test_two_lines_reach_the_highest(highest, step):
    assert level_step(highest) == step


def test_bars_stand_on_the_lowest_line_as_high_as_their_number():
    chart = bar_chart([("jan", 10), ("feb", 5), ("mrt", None), ("apr", 0)])
    high, half, none, zero = chart.bars

    assert [mark.text for mark in chart.levels] == ["10", "5", "0"]
    assert high.top == chart.levels[0].at
    assert half.top == chart.levels[1].at
    assert {bar.top + bar.height for bar in chart.bars} == {HEIGHT - BOTTOM}
    assert (none.height, none.number, none.name) == (0, None, "mrt")
    assert (zero.height, zero.number) == (0, 0)


@given(NUMBERS)
def test_no_bar_leaves_the_drawing_or_touches_the_next(numbers):
    chart = bar_chart([("x", number) for number in numbers])

    assert all(TOP <= bar.top <= HEIGHT - BOTTOM and bar.height >= 0 for bar in chart.bars)
    ends = [chart.left, *(bar.left + bar.width for bar in chart.bars)]
    starts = [*(bar.left for bar in chart.bars), WIDTH]
    assert all(end <= start for end, start in zip(ends, starts, strict=True))


@given(NUMBERS)
def test_a_higher_number_is_no_lower_bar(numbers):
    bars = bar_chart([("x", number) for number in numbers]).bars
    by_number = [bar.height for bar in sorted(bars, key=lambda bar: bar.number or 0)]

    assert by_number == sorted(by_number)
