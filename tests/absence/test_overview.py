"""Counts and durations per month and group. Source of the rules: rulebook 5.2, features.md 123."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from absence import overview
from absence.overview import Case, Figure

ILLNESS, SAFETY_NET = "Ziekte", "Vangnet Ziektewet"
GROUPS = [ILLNESS, SAFETY_NET]
FEBRUARY, MARCH = date(2026, 2, 1), date(2026, 3, 1)


def case(first_sick_day, recovered_on=None, *, group=ILLNESS, person=None):
    return Case(first_sick_day, recovered_on, group, person or object())


def cases(number, *days, **more):
    return [case(*days, **more) for _ in range(number)]


def counts(row):
    return [figure.count for figure in row.figures]


@pytest.mark.parametrize(
    ("first_day", "last_day", "expected"),
    [
        pytest.param(date(2026, 3, 31), date(2026, 3, 31), [MARCH], id="one day"),
        pytest.param(date(2026, 2, 28), MARCH, [FEBRUARY, MARCH], id="over the end of a month"),
        pytest.param(
            date(2026, 12, 31), date(2027, 1, 1), [date(2026, 12, 1), date(2027, 1, 1)], id="years"
        ),
        pytest.param(MARCH, date(2026, 2, 28), [], id="none"),
    ],
)
def test_the_months_that_days_lie_in(first_day, last_day, expected):
    assert overview.months(first_day, last_day) == expected


def test_a_case_counts_in_the_month_of_its_first_sick_day():
    known = cases(5, date(2026, 2, 28)) + cases(6, date(2026, 3, 1)) + cases(7, date(2026, 4, 1))

    found = overview.begun(known, [FEBRUARY, MARCH], GROUPS)

    assert [row.month for row in found.rows] == [FEBRUARY, MARCH]
    assert [row.total.count for row in found.rows] == [5, 6]
    assert counts(found.whole) == [11, 0]
    assert found.whole.month is None
    assert found.whole.total.count == 11


def test_groups_are_counted_apart_in_their_order():
    known = cases(30, MARCH) + cases(5, MARCH, group=SAFETY_NET)

    assert counts(overview.begun(known, [MARCH], GROUPS).rows[0]) == [30, 5]
    assert counts(overview.begun(known, [MARCH], GROUPS[::-1]).rows[0]) == [5, 30]
    assert overview.begun(known, [MARCH], GROUPS).groups == (ILLNESS, SAFETY_NET)


def test_a_small_group_is_not_shown_and_the_month_is():
    known = cases(30, MARCH) + cases(4, MARCH, group=SAFETY_NET)

    [row] = overview.begun(known, [MARCH], GROUPS).rows

    assert all(figure.is_hidden for figure in row.figures)
    assert row.total == Figure(34)


def test_a_small_month_says_that_it_is_not_broken_down():
    [row] = overview.begun(cases(4, MARCH), [MARCH], GROUPS).rows

    assert row.is_withheld
    assert row.total == Figure(4)


def test_a_hidden_figure_has_no_duration_either():
    spell = (MARCH, date(2026, 3, 8))
    known = cases(30, *spell) + cases(4, *spell, group=SAFETY_NET)

    [row] = overview.ended(known, [MARCH], GROUPS).rows

    assert row.figures == (Figure(None), Figure(None))
    assert row.total == Figure(34, Decimal("7.0"))


def test_one_person_who_is_often_ill_is_a_small_group():
    often = [
        case(date(2026, 3, each), date(2026, 3, each + 1), group=SAFETY_NET, person="same")
        for each in range(1, 7)
    ]

    [row] = overview.begun(often + cases(30, MARCH), [MARCH], GROUPS).rows

    assert counts(row) == [None, None]


def test_e52_a_case_that_ended_counts_with_its_full_length_in_the_month_of_recovery():
    known = [
        *cases(4, date(2026, 2, 2), date(2026, 3, 16)),
        *cases(1, date(2026, 3, 1), date(2026, 3, 3)),
        *cases(3, date(2026, 3, 1)),
    ]

    found = overview.ended(known, [FEBRUARY, MARCH], GROUPS)

    assert found.rows[0].total == Figure(0)
    assert found.rows[1].total == Figure(5, Decimal("34.0"))  # (4 x 42 + 2) / 5
    assert found.rows[1].figures[0] == Figure(5, Decimal("34.0"))


def test_a_mean_is_rounded_half_up_to_one_decimal():
    known = [
        *cases(3, date(2026, 3, 1), date(2026, 3, 2)),
        *cases(1, date(2026, 3, 1), date(2026, 3, 3)),
    ]

    assert overview.ended(known, [MARCH], GROUPS).whole.total.mean_days == Decimal("1.3")  # 1.25


@pytest.mark.parametrize(
    ("first_sick_day", "recovered_on", "expected"),
    [
        pytest.param(date(2026, 2, 28), None, [1, 1], id="still ill"),
        pytest.param(date(2026, 2, 28), date(2026, 3, 31), [1, 0], id="fit on the last day"),
        pytest.param(date(2026, 2, 28), date(2026, 4, 1), [1, 1], id="ill on the last day"),
        pytest.param(date(2026, 3, 31), None, [0, 1], id="fell ill on the last day"),
        pytest.param(date(2026, 3, 2), date(2026, 3, 9), [0, 0], id="within a month"),
    ],
)
def test_who_is_ill_on_the_last_day_of_a_month(first_sick_day, recovered_on, expected):
    known = [case(first_sick_day, recovered_on)]

    assert overview.open_at_end(known, [FEBRUARY, MARCH]) == expected


def test_without_cases_there_are_rows_of_zeros():
    found = overview.ended([], [FEBRUARY, MARCH], GROUPS)

    assert [counts(row) for row in found.rows] == [[0, 0], [0, 0]]
    assert found.whole.total == Figure(0)


known_cases = st.lists(
    st.builds(
        lambda first, length, group, person: case(
            date(2026, 1, 1) + timedelta(days=first),
            length and date(2026, 1, 1) + timedelta(days=first + length),
            group=group,
            person=person,
        ),
        st.integers(0, 364),
        st.none() | st.integers(1, 100),
        st.sampled_from(GROUPS),
        st.integers(1, 12),
    ),
    max_size=60,
)


@given(known_cases)
def test_totals_are_complete_and_what_is_shown_adds_up(known):
    year = overview.months(date(2026, 1, 1), date(2026, 12, 31))

    found = overview.begun(known, year, GROUPS)

    assert sum(row.total.count for row in found.rows) == len(known) == found.whole.total.count
    for row in [*found.rows, found.whole]:
        shown = [count for count in counts(row) if count is not None]
        assert sum(shown) <= row.total.count
        assert len(shown) < len(GROUPS) or sum(shown) == row.total.count


@given(known_cases, st.randoms())
def test_the_order_of_the_cases_does_not_matter(known, random):
    year = overview.months(date(2026, 1, 1), date(2026, 12, 31))
    shuffled = random.sample(known, len(known))

    assert overview.ended(shuffled, year, GROUPS) == overview.ended(known, year, GROUPS)
