"""Chains of sick spells (samengesteld verzuim): what follows within four weeks counts as one.

Pure rules: the spells of one person at one employer in, whatever the employment and in any order.
Spans are in calendar days; `recovered_on` is the first fit day, so not a sick day.
Source: Ziektewet art. 29 lid 5, BW art. 7:629 lid 10, Wet WIA art. 23 lid 5 (rulebook 3.2).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from absence.course import Duration
from absence.reporting import Spell

NEW_CHAIN_AFTER = timedelta(weeks=4)
# Wages and benefit last no longer. Source: BW art. 7:629 lid 1, Ziektewet art. 29 lid 5.
MAXIMUM_WEEKS = 104


@dataclass(frozen=True, slots=True)
class Period:
    """Days in a row on which the person was ill; `until` is the first fit day, or date.max."""

    first_day: date
    until: date

    def days_before(self, day: date) -> int:
        return max(0, (min(day, self.until) - self.first_day).days)


@dataclass(frozen=True, slots=True)
class Gap:
    """Fit days between two spells of a chain; `first_day` is the first of them."""

    first_day: date
    length: timedelta


@dataclass(frozen=True, slots=True)
class Chain:
    """Spells that count as one illness, oldest first; most chains have one."""

    spells: tuple[Spell, ...]

    @property
    def first_sick_day(self) -> date:
        return self.spells[0].first_sick_day

    @property
    def recovered_on(self) -> date | None:
        """The first fit day after the last spell; None while one is open."""
        until = self.periods[-1].until
        return None if until == date.max else until

    @property
    def is_joined(self) -> bool:
        """Whether there is more than one sick report in it."""
        return len(self.spells) > 1

    @property
    def periods(self) -> list[Period]:
        """The sick days without overlap: spells that touch, or share days, are one period."""
        found: list[Period] = []
        for spell in self.spells:
            first_day, until = spell.first_sick_day, _fit_from(spell)
            if found and first_day <= found[-1].until:
                earlier = found.pop()
                first_day, until = earlier.first_day, max(earlier.until, until)
            found.append(Period(first_day, until))
        return found

    @property
    def gaps(self) -> Iterator[Gap]:
        for earlier, later in pairwise(self.periods):
            yield Gap(earlier.until, later.first_day - earlier.until)

    def duration(self, *, today: date) -> Duration:
        """Sick days without the gaps; today counts while ill.

        `.week` is the week of illness (ziekteweek), also without the gaps.
        Source: rulebook 2.1 T2 and T3, examples E4 and E16.
        """
        tomorrow = today + timedelta(days=1)
        return Duration(sum(period.days_before(tomorrow) for period in self.periods))

    def day_after(self, sick_days: int) -> date:
        """The first day on which the person has been ill for `sick_days` before, gaps skipped.

        `day_after(0)` is the first sick day. A gap that began later is no reason to wait: it
        moves no date that had passed. A chain that ended is followed as if it had gone on.
        """
        day = self.first_sick_day + timedelta(days=sick_days)
        for gap in self.gaps:
            if gap.first_day > day:
                break
            day += gap.length
        return day

    def due(self, weeks: int) -> date:
        """The last day of "within `weeks` weeks after the first sick day": so many full weeks ill.

        Source: rulebook 2.1 T3: first sick day + 7 x weeks + the gaps. Examples E2 and E16.
        """
        return self.day_after(7 * weeks)

    @property
    def new_chain_from(self) -> date | None:
        """Who falls ill again before this day keeps the first sick day; None while still ill.

        "Wordt ... vóór <new_chain_from> opnieuw ziek, dan blijft <first_sick_day> de eerste
        ziektedag." Source: rulebook 3.2 S2: a gap of 27 days joins, one of 28 does not.
        """
        recovered_on = self.recovered_on
        return recovered_on and recovered_on + NEW_CHAIN_AFTER


def chains(spells: Iterable[Spell]) -> list[Chain]:
    """The spells of one person as chains, oldest first. Transitive: each gap counts by itself.

    Only the days decide, never the cause, except after maternity leave, where the gap is as long as
    the leave. Source: rulebook 3.2 S2 to S5, examples E8 to E18.
    """
    found: list[list[Spell]] = []
    fit_from = date.min
    for spell in sorted(spells, key=lambda spell: (spell.first_sick_day, _fit_from(spell))):
        if found and _joins(spell, fit_from):
            found[-1].append(spell)
        else:
            found.append([spell])
            fit_from = date.min
        fit_from = max(fit_from, _fit_from(spell))
    return [Chain(tuple(spells)) for spells in found]


def chain_of(spell: Spell, spells: Iterable[Spell] = ()) -> Chain:
    """The chain that this spell is in, or would be in; `spells` may hold it already."""
    others = [known for known in spells if known != spell]
    return next(chain for chain in chains([spell, *others]) if spell in chain.spells)


def _joins(spell: Spell, fit_from: date) -> bool:
    """Whether the spell belongs to the chain that ended, or did not yet end, on `fit_from`."""
    if spell.continues_after_leave:
        return True
    return spell.first_sick_day - fit_from < NEW_CHAIN_AFTER


def _fit_from(spell: Spell) -> date:
    return spell.recovered_on or date.max
