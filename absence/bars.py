"""A number per month as a bar chart: what to draw where, for an SVG in a template.

Pure: numbers in, frozen numbers out, in whole units of the viewBox. Time runs from left to right,
the numbers from 0 at the bottom.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from absence.chart import BOTTOM, HEIGHT, LEFT, RIGHT, WIDTH, Mark

# Above the highest bar stands its number.
TOP = 32
# Of the room for a bar and the gap beside it, in percent.
BAR_SHARE = 60


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar with its number above it and its name below; `middle` is where both stand."""

    left: int
    top: int
    width: int
    height: int
    middle: int
    number: int | Decimal | None
    name: str


@dataclass(frozen=True, slots=True)
class BarChart:
    """One drawing. `levels` are the lines across it, the highest first."""

    bars: tuple[Bar, ...]
    levels: tuple[Mark, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT


def bar_chart(numbers: Sequence[tuple[str, int | Decimal | None]]) -> BarChart:
    """A chart of at least one name with its number, none negative; None has a name and no bar."""
    step = level_step(max((number or 0 for _, number in numbers), default=0))
    room = (WIDTH - LEFT - RIGHT) // len(numbers)
    bars = [
        _bar(LEFT + place * room, room, number, name, step)
        for place, (name, number) in enumerate(numbers)
    ]
    levels = (step * 2, step, 0)
    return BarChart(tuple(bars), tuple(Mark(_y(level, step), str(level)) for level in levels))


def level_step(highest: int | Decimal) -> int:
    """The distance of the lines: two of them reach `highest`; a digit and zeros, at least 1."""
    half = max(1, ceil(Decimal(highest) / 2))
    size: int = 10 ** (len(str(half)) - 1)
    return -(-half // size) * size


def _bar(start: int, room: int, number: int | Decimal | None, name: str, step: int) -> Bar:
    top, width = _y(number or 0, step), room * BAR_SHARE // 100
    return Bar(
        left=start + (room - width) // 2,
        top=top,
        width=width,
        height=_y(0, step) - top,
        middle=start + room // 2,
        number=number,
        name=name,
    )


def _y(number: int | Decimal, step: int) -> int:
    room = HEIGHT - TOP - BOTTOM
    return TOP + round(room - room * Decimal(number) / (step * 2))
