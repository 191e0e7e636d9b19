"""What is paid for one period of illness: a benefit under the Ziektewet, per working day.

Pure rules: Decimals in euros and days in, frozen dataclasses out. Each day amount is rounded
half-up to cents, then multiplied. Holiday pay is in the daily wage, so nothing is added for it.
Source: rulebook 6 (B2 to B6, B13), examples E42 to E48.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from absence.chains import Chain
from absence.holidays import SATURDAY, Calendar
from absence.terms import working_days_after

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
PAID_WITHIN_WORKING_DAYS = 5  # after publication. Source: help page 7.5, rulebook B12
ONE_DAY = timedelta(days=1)


class NoMaximumError(ValueError):
    """No maximum daily wage is known for the day."""


@dataclass(frozen=True, slots=True)
class Maximum:
    """The maximum daily wage (maximumdagloon) from a day on."""

    from_day: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Claim:
    """One person in one period, both days included, as staff give it.

    `daily_wage` before the maximum; `percentage` of it, 0 to 100; `income` is SV-loon per day.
    """

    first_day: date
    last_day: date
    daily_wage: Decimal
    percentage: Decimal
    income: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Benefit:
    """What a claim comes to. `gross` - `deduction` = `net`, of `days` equal days.

    `waiting_days` are the calendar days of the period that a waiting time takes.
    """

    maximum: Decimal
    days: int
    waiting_days: int
    day_gross: Decimal
    day_net: Decimal

    @property
    def gross(self) -> Decimal:
        return self.days * self.day_gross

    @property
    def net(self) -> Decimal:
        return self.days * self.day_net

    @property
    def deduction(self) -> Decimal:
        """Because of income beside the benefit (korting)."""
        return self.gross - self.net


def benefit(claim: Claim, chain: Chain, waiting_days: int, maximums: Iterable[Maximum]) -> Benefit:
    """What is paid for the claim. A waiting time is taken once per chain, in calendar days.

    The maximum is that of the first day: it changes on the first of a month, and a claim lies in
    one. Raises NoMaximumError when none is known. Source: rulebook B4 to B6, C4; E44.
    """
    maximum = maximum_on(claim.first_day, maximums)
    paid_from = chain.day_after(waiting_days)
    first_paid = max(claim.first_day, paid_from)
    return Benefit(
        maximum=maximum,
        days=weekdays(first_paid, claim.last_day),
        waiting_days=_waited(claim, chain, paid_from),
        day_gross=day_amount(claim.daily_wage, maximum, claim.percentage),
        day_net=day_amount(claim.daily_wage, maximum, claim.percentage, claim.income),
    )


def day_amount(
    daily_wage: Decimal, maximum: Decimal, percentage: Decimal, income: Decimal = ZERO
) -> Decimal:
    """The benefit for one day in whole cents, never below zero.

    p % of the capped daily wage, less p % of the income per day times capped / uncapped: the
    maximum cuts the income as it cuts the wage. Source: Ziektewet art. 31 lid 2 (B6); E46, E48.
    """
    if daily_wage <= 0:
        return ZERO
    capped = min(daily_wage, maximum)
    amount = percentage / 100 * (capped - income * capped / daily_wage)
    return max(ZERO, rounded(amount))


def rounded(amount: Decimal) -> Decimal:
    """To whole cents, half a cent up. Source: rulebook B13."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def maximum_on(day: date, maximums: Iterable[Maximum]) -> Decimal:
    """The latest one that began on or before the day. Raises NoMaximumError."""
    known = [each for each in maximums if each.from_day <= day]
    if not known:
        raise NoMaximumError(day)
    return max(known, key=lambda each: each.from_day).amount


def weekdays(first_day: date, last_day: date) -> int:
    """Monday to Friday, both days included; a holiday on one of them is paid too (B4)."""
    count = max(0, (last_day - first_day).days + 1)
    return sum((first_day + n * ONE_DAY).weekday() < SATURDAY for n in range(count))


def pay_by(published_on: date, calendar: Calendar) -> date:
    """The last day on which the amount is paid. Source: rulebook 6.1, examples E32 to E40."""
    return working_days_after(published_on, PAID_WITHIN_WORKING_DAYS, calendar)


def _waited(claim: Claim, chain: Chain, paid_from: date) -> int:
    """Sick days of the claim before the first day that can be paid."""
    first_day, after = claim.first_day, min(claim.last_day + ONE_DAY, paid_from)
    days = (each.days_before(after) - each.days_before(first_day) for each in chain.periods)
    return max(0, sum(days))
