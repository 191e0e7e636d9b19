"""The course of an illness as a step chart: what to draw where, for an SVG in a template.

Pure: steps in, frozen numbers out, in whole units of the viewBox. Time runs from left to right by
the calendar, the AO-percentage from 0 at the bottom to 100 at the top.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from absence.course import Step
from absence.terms import ONE_DAY

WIDTH, HEIGHT = 640, 200
LEFT, RIGHT, TOP, BOTTOM = 72, 12, 16, 40  # around the drawing: room for the words
# So much room a date needs; what comes sooner after the one before is not written.
DATE_WIDTH = 132


@dataclass(frozen=True, slots=True)
class Mark:
    """Words beside an axis, at this place along it."""

    at: int
    text: str


@dataclass(frozen=True, slots=True)
class StepChart:
    """One drawing. `line` and `area` are paths; `days` the dates below, `levels` the lines."""

    line: str
    area: str
    days: tuple[Mark, ...]
    levels: tuple[Mark, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    bottom: int = HEIGHT - BOTTOM


def step_chart(steps: Sequence[Step], *, today: date) -> StepChart:
    """The chart of a course with at least one step; a step that still holds runs until today.

    Source: rulebook 5.1 (percentages hold from a day on, so the line has steps, no slopes).
    """
    begin, end = steps[0].first_day, _end(steps, today)
    places = [_x(step.first_day, begin, end) for step in steps]
    ends = [*places[1:], _x(end, begin, end)]
    heights = [_y(step.percentage) for step in steps]
    line = f"M{places[0]} {heights[0]}" + "".join(
        f"V{height}H{until}" for height, until in zip(heights, ends, strict=True)
    )
    return StepChart(
        line=line,
        area=f"{line}V{_y(0)}H{places[0]}Z",
        days=_days(steps, places),
        levels=tuple(Mark(_y(level), f"{level}%") for level in (100, 50, 0)),
    )


def _end(steps: Sequence[Step], today: date) -> date:
    """The first day right of the drawing; a course of a single day is one day wide."""
    last_day = steps[-1].last_day or max(today, steps[-1].first_day)
    return last_day + ONE_DAY


def _days(steps: Sequence[Step], places: Sequence[int]) -> tuple[Mark, ...]:
    """The first day of each step, where there is room to write it."""
    marks: list[Mark] = []
    for step, place in zip(steps, places, strict=True):
        has_room = place + DATE_WIDTH <= WIDTH
        if has_room and (not marks or place - marks[-1].at >= DATE_WIDTH):
            marks.append(Mark(place, f"{step.first_day:%d-%m-%Y}"))
    return tuple(marks)


def _x(day: date, begin: date, end: date) -> int:
    return round(LEFT + (WIDTH - LEFT - RIGHT) * ((day - begin) / (end - begin)))


def _y(percentage: int) -> int:
    return round(TOP + (HEIGHT - TOP - BOTTOM) * (100 - percentage) / 100)
