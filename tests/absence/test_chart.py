"""The step chart of a course: places in whole units, the same days as the table."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from absence.chart import BOTTOM, DATE_WIDTH, HEIGHT, LEFT, RIGHT, TOP, WIDTH, step_chart
from absence.course import Step, steps

TODAY = date(2026, 11, 27)
FLOOR = HEIGHT - BOTTOM


def test_one_step_runs_flat_from_left_to_right() -> None:
    chart = step_chart([Step(date(2026, 11, 1), None, 100)], today=TODAY)

    assert chart.line == f"M{LEFT} {TOP}V{TOP}H{WIDTH - RIGHT}"
    assert chart.area == f"{chart.line}V{FLOOR}H{LEFT}Z"
    assert [mark.text for mark in chart.days] == ["01-11-2026"]


def test_e52_a_course_goes_down_in_steps_at_its_days() -> None:
    rows = [(date(2026, 2, 2), 100), (date(2026, 2, 16), 50), (date(2026, 3, 2), 25)]
    chart = step_chart(steps(rows, date(2026, 3, 16)), today=TODAY)

    third = (WIDTH - LEFT - RIGHT) / 3
    one, two = round(LEFT + third), round(LEFT + 2 * third)
    half, quarter = TOP + (FLOOR - TOP) // 2, TOP + (FLOOR - TOP) * 3 // 4
    assert chart.line == f"M{LEFT} {TOP}V{TOP}H{one}V{half}H{two}V{quarter}H{WIDTH - RIGHT}"
    assert [mark.text for mark in chart.days] == ["02-02-2026", "16-02-2026", "02-03-2026"]
    assert [mark.text for mark in chart.levels] == ["100%", "50%", "0%"]


def test_a_report_of_today_is_one_day_wide() -> None:
    assert step_chart([Step(TODAY, None, 40)], today=TODAY).line.endswith(f"H{WIDTH - RIGHT}")


courses = st.lists(
    st.tuples(st.integers(1, 400), st.integers(1, 100)), min_size=1, max_size=30
).map(
    lambda rows: steps(
        [
            (date(2024, 1, 1) + timedelta(days=sum(days for days, _ in rows[: at + 1])), percentage)
            for at, (_, percentage) in enumerate(rows)
        ],
        None,
    )
)


@given(courses)
def test_nothing_is_drawn_outside_and_no_two_dates_touch(course: list[Step]) -> None:
    chart = step_chart(course, today=course[-1].first_day)

    places = [mark.at for mark in chart.days]
    assert all(LEFT <= place <= WIDTH - DATE_WIDTH for place in places)
    assert all(later - earlier >= DATE_WIDTH for earlier, later in pairwise(places))
    heights = [int(part.split("H")[0]) for part in chart.line.split("V")[1:]]
    assert all(TOP <= height <= FLOOR for height in heights)
