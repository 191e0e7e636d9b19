"""The timeline of one illness: its milestones as dates, and how far the 104 weeks have gone.

Pure rules: a chain in, frozen values out. Days are calendar days; gaps of a chain do not count.
Source: rulebook 2.1 to 2.3.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from absence.chains import MAXIMUM_WEEKS, Chain
from absence.milestones import REPORT_TO_UWV, RULES, WEEK, During, Rule, Term, Track
from absence.payer import Facts, Route
from absence.terms import ONE_DAY

TOTAL_DAYS = MAXIMUM_WEEKS * WEEK


@dataclass(frozen=True, slots=True)
class Milestone:
    """One milestone of one chain: what is written about it, and the days.

    `due` is the last day on time. `is_lapsed`: the person recovered before it was needed.
    """

    rule: Rule
    due: date
    opens_on: date | None
    is_lapsed: bool

    @property
    def key(self) -> str:
        return self.rule.key

    def is_late(self, *, today: date) -> bool:
        """Whether the last day has passed; the caller knows whether it was done."""
        return self.rule.term == Term.LAST_DAY and not self.is_lapsed and today > self.due

    def is_due_within(self, days: int, *, today: date) -> bool:
        """Whether it is still to come, today or at most so many days on."""
        return not self.is_lapsed and timedelta(0) <= self.due - today <= timedelta(days=days)


def milestones(
    chain: Chain, track: Track, *, wages_until: date | None = None, uwv_due: date | None = None
) -> list[Milestone]:
    """The milestones of a chain, by due date.

    `wages_until` is the last day of the employment, None while that is not known. What an employer
    owes ends with it: then UWV takes over, except from an eigenrisicodrager, who goes on and gets
    the milestones of a benefit. `uwv_due` is the term that `payer.route` found.
    Source: rulebook 2.2, 2.3 (Wet WIA art. 26 lid 2); examples E2 and E16.
    """
    found = [_milestone(chain, rule) for rule in RULES[track]]
    found = [each for each in found if _exists(each, track, wages_until)]
    if uwv_due:
        found.append(Milestone(REPORT_TO_UWV, uwv_due, opens_on=None, is_lapsed=False))
    return sorted(found, key=lambda milestone: milestone.due)


def milestones_of(facts: Facts, route: Route) -> list[Milestone]:
    """The milestones of the chain that a sick report belongs to."""
    track = Track.ZW_ERD if route.is_zw_erd else Track.EMPLOYER
    return milestones(facts.chain, track, wages_until=facts.wages_until, uwv_due=route.uwv_due)


@dataclass(frozen=True, slots=True)
class Wait:
    """How far the 104 weeks (wachttijd) have gone: the line across the timeline.

    `days` are sick days up to and including today, at most 728. `last_day` is the last of the 728
    if the illness goes on, `wia_from` the day after.
    """

    days: int
    last_day: date
    wia_from: date

    @property
    def days_left(self) -> int:
        return TOTAL_DAYS - self.days

    @property
    def percentage(self) -> int:
        """Rounded down: 100 only once all days have passed."""
        return 100 * self.days // TOTAL_DAYS


def wait(chain: Chain, *, today: date) -> Wait:
    """Source: Wet WIA art. 23, BW art. 7:629 lid 1 (rulebook 2.2 W104, 3.2 S7).

    A loonsanctie or a late application makes it longer; the portal does not know of those.
    """
    wia_from = chain.due(MAXIMUM_WEEKS)
    days = min(TOTAL_DAYS, chain.duration(today=today).days)
    return Wait(days=days, last_day=wia_from - ONE_DAY, wia_from=wia_from)


def _milestone(chain: Chain, rule: Rule) -> Milestone:
    due = rule.adjust(chain.day_after(rule.days))
    opens_on = None if rule.opens_after is None else chain.day_after(rule.opens_after)
    is_lapsed = chain.recovered_on is not None and due >= chain.recovered_on
    return Milestone(rule, due, opens_on, is_lapsed and not rule.is_met_by_report)


def _exists(milestone: Milestone, track: Track, wages_until: date | None) -> bool:
    has_wages = wages_until is None or milestone.due <= wages_until
    rule = milestone.rule
    if rule.during == During.ALWAYS:
        return has_wages or track == Track.ZW_ERD or not rule.is_of_employer
    return has_wages is (rule.during == During.WAGES)
