"""What a benefit comes to, to the cent. Source: rulebook 6 and 8.4, 8.5."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from absence.chains import Chain, chains
from absence.holidays import Calendar
from absence.reporting import Spell
from documents.statements.benefit import (
    Claim,
    Maximum,
    NoMaximumError,
    benefit,
    day_amount,
    maximum_on,
    pay_by,
    weekdays,
)

MAXIMUMS = [
    Maximum(date(2025, 1, 1), Decimal("290.67")),
    Maximum(date(2026, 1, 1), Decimal("304.25")),
    Maximum(date(2026, 7, 1), Decimal("309.91")),
]
MARCH = (date(2026, 3, 1), date(2026, 3, 31))
SEVENTY = Decimal(70)
A, B = Calendar.BUSINESS, Calendar.STATUTORY


def chain_of(*spells: tuple[date, date | None]) -> Chain:
    (found,) = chains(Spell(*days) for days in spells)
    return found


LONG_ILL = chain_of((date(2025, 11, 3), None))


def claim(wage: str, days: tuple[date, date] = MARCH, **fields: Decimal) -> Claim:
    return Claim(*days, Decimal(wage), fields.pop("percentage", SEVENTY), **fields)


@pytest.mark.parametrize(
    ("published_on", "calendar", "expected"),
    [
        pytest.param(date(2026, 11, 23), A, date(2026, 11, 30), id="E32"),
        pytest.param(date(2026, 3, 31), A, date(2026, 4, 8), id="E34-A"),
        pytest.param(date(2026, 3, 31), B, date(2026, 4, 9), id="E34-B"),
        pytest.param(date(2026, 4, 29), A, date(2026, 5, 6), id="E36-A"),
        pytest.param(date(2026, 4, 29), B, date(2026, 5, 7), id="E36-B"),
        pytest.param(date(2026, 5, 20), A, date(2026, 5, 28), id="E38"),
        pytest.param(date(2026, 12, 24), A, date(2027, 1, 4), id="E40"),
    ],
)
def test_the_pay_date(published_on: date, calendar: Calendar, expected: date) -> None:
    assert pay_by(published_on, calendar) == expected


def test_a_whole_month_without_holiday_pay_on_top() -> None:
    """Example E42."""
    found = benefit(claim("120.00"), LONG_ILL, 2, MAXIMUMS)

    assert (found.days, found.day_gross, found.net) == (22, Decimal("84.00"), Decimal("1848.00"))
    assert found.waiting_days == 0
    assert found.deduction == 0


def test_the_waiting_days_are_calendar_days() -> None:
    """Example E44: ill from Friday the 20th, the Saturday counts."""
    chain = chain_of((date(2026, 3, 20), None))

    found = benefit(claim("120.00"), chain, 2, MAXIMUMS)

    assert (found.days, found.waiting_days, found.net) == (7, 2, Decimal("588.00"))


@pytest.mark.parametrize(
    ("day", "maximum", "amount"),
    [
        pytest.param(date(2026, 3, 2), "304.25", "212.98", id="E46-March"),
        pytest.param(date(2026, 7, 1), "309.91", "216.94", id="E46-July"),
        pytest.param(date(2026, 6, 30), "304.25", "212.98", id="B5-day before"),
        pytest.param(date(2025, 12, 31), "290.67", "203.47", id="B5-2025"),
    ],
)
def test_the_maximum_of_the_day_caps_the_wage(day: date, maximum: str, amount: str) -> None:
    found = benefit(claim("350", (day, day)), LONG_ILL, 2, MAXIMUMS)

    assert (found.maximum, found.day_gross) == (Decimal(maximum), Decimal(amount))


def test_income_is_cut_as_the_wage_is() -> None:
    """Example E48."""
    cap = Decimal("304.25")
    assert day_amount(Decimal(400), cap, SEVENTY, Decimal(200)) == Decimal("106.49")


def test_below_the_maximum_income_counts_for_the_percentage() -> None:
    """B6: 70 % x (daily wage - income)."""
    cap = Decimal("304.25")
    assert day_amount(Decimal(120), cap, SEVENTY, Decimal(50)) == Decimal("49.00")


def test_half_a_cent_goes_up() -> None:
    """B13. With Python's own rounding this would be 0.02."""
    assert day_amount(Decimal("0.05"), Decimal(300), Decimal(50)) == Decimal("0.03")


def test_the_waiting_time_is_taken_once_per_chain() -> None:
    """C4: a second spell within four weeks has none."""
    chain = chain_of((date(2026, 2, 20), date(2026, 3, 2)), (date(2026, 3, 16), None))

    found = benefit(claim("120.00", (date(2026, 3, 16), date(2026, 3, 20))), chain, 2, MAXIMUMS)

    assert (found.days, found.waiting_days) == (5, 0)


def test_a_waiting_time_goes_on_after_a_gap() -> None:
    """C4: ill for one day, fit for a week, ill again: one more waiting day."""
    chain = chain_of((date(2026, 3, 2), date(2026, 3, 3)), (date(2026, 3, 10), None))

    found = benefit(claim("120.00", (date(2026, 3, 10), date(2026, 3, 13))), chain, 2, MAXIMUMS)

    assert (found.days, found.waiting_days) == (3, 1)


def test_a_holiday_on_a_weekday_is_paid() -> None:
    """B4: Easter Monday 2026."""
    assert weekdays(date(2026, 4, 6), date(2026, 4, 6)) == 1
    assert weekdays(date(2026, 4, 4), date(2026, 4, 5)) == 0


def test_without_a_known_maximum_nothing_is_counted() -> None:
    with pytest.raises(NoMaximumError):
        maximum_on(date(2024, 12, 31), MAXIMUMS)


euros = st.decimals(0, 1000, places=2)
percentages = st.decimals(0, 100, places=2)
days_of_2026 = st.dates(date(2026, 1, 1), date(2026, 12, 1))


@given(euros, percentages, euros, days_of_2026, st.integers(0, 40), st.integers(0, 10))
def test_it_is_never_negative_and_its_parts_add_up(
    wage: Decimal, percentage: Decimal, income: Decimal, first: date, length: int, waiting: int
) -> None:
    last = first + timedelta(days=length)
    found = benefit(
        Claim(first, last, wage, percentage, income), chain_of((first, None)), waiting, MAXIMUMS
    )

    assert 0 <= found.net <= found.gross
    assert found.gross - found.deduction == found.net
    assert found.net == found.net.quantize(Decimal("0.01"))
    assert found.waiting_days == min(waiting, length + 1)


@given(euros, percentages, euros, days_of_2026, st.integers(0, 40))
def test_a_day_more_never_pays_less(
    wage: Decimal, percentage: Decimal, income: Decimal, first: date, length: int
) -> None:
    def net(days: int) -> Decimal:
        last = first + timedelta(days=days)
        given = Claim(first, last, wage, percentage, income)
        return benefit(given, LONG_ILL, 2, MAXIMUMS).net

    assert net(length) <= net(length + 1)
