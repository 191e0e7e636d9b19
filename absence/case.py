"""What the rules of absence say about the rows of one dossier, ready for a page.

The one place where models become facts and back: pages ask here, the rules know no model.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from absence.chains import Chain, chains
from absence.contract_end import Contract, end_of_service
from absence.course import Duration
from absence.grounds import Ground
from absence.models import Classification, Trajectory
from absence.payer import (
    Cover,
    Facts,
    Notice,
    Product,
    Route,
    route,
)
from absence.reporting import Spell
from absence.timeline import Milestone, milestones_of
from accounts.models import Employer
from dossiers.models import Employment
from dossiers.no_risk import may_ask_no_risk_from

# The type of an employment without wages. Source: rulebook 3.5.
FICTITIOUS = "stagiair"
SHOWN_AHEAD = 4


@dataclass(frozen=True)
class Case:
    """Sick reports of one person that count as one illness, the newest first."""

    chain: Chain
    reports: tuple[Trajectory, ...]
    today: date

    @property
    def is_open(self) -> bool:
        return self.chain.recovered_on is None

    @property
    def duration(self) -> Duration:
        """Sick days without the gaps, and the week of illness."""
        return self.chain.duration(today=self.today)

    @property
    def keeps_first_day_until(self) -> date | None:
        """Who falls ill again before this day keeps the first sick day; None once it has passed."""
        day = self.chain.new_chain_from
        return day if day and day > self.today else None


def cases_of(reports: Sequence[Trajectory], *, today: date) -> list[Case]:
    """All sick reports of one person at one employer as illnesses, the newest first.

    Costs no query. Source: rulebook 3.2.
    """
    spells = {report.pk: spell_of(report) for report in reports}
    newest_first = sorted(reports, key=lambda report: (report.first_sick_day, report.pk))[::-1]
    return [
        Case(chain, tuple(one for one in newest_first if spells[one.pk] in chain.spells), today)
        for chain in reversed(chains(spells.values()))
    ]


def spell_of(report: Trajectory) -> Spell:
    return Spell(report.first_sick_day, report.recovered_on)


def facts_of(employment: Employment, classification: Classification, first_sick_day: date) -> Facts:
    """What the rules need to know of a report, made or not yet made.

    Three queries, none when the rows were prefetched (`Trajectory.objects.with_facts()`). Service
    that goes on in a next contract does not end with this one.
    """
    employee = employment.employee
    contracts = [Contract(each.started_on, each.ended_on) for each in employee.employments.all()]
    return Facts(
        first_sick_day=first_sick_day,
        started_on=employment.started_on,
        ground=Ground.of(classification.code),
        covers=_covers(employment.employer),
        ended_on=end_of_service(contracts, since=min(first_sick_day, _last_day(employment))),
        has_no_risk=employee.has_no_risk,
        is_fictitious=employment.type.code == FICTITIOUS,
        spells=tuple(spell_of(report) for report in employee.trajectories.all()),
    )


def facts_of_newcomer(
    employment: Employment,
    classification: Classification,
    first_sick_day: date,
    *,
    has_no_risk: bool,
) -> Facts:
    """The same of somebody who is not stored yet; nor is the employment, the first of its kind."""
    return Facts(
        first_sick_day=first_sick_day,
        started_on=employment.started_on,
        ground=Ground.of(classification.code),
        covers=_covers(employment.employer),
        has_no_risk=has_no_risk,
        is_fictitious=employment.type.code == FICTITIOUS,
    )


@dataclass(frozen=True)
class Outlook:
    """What follows from one report: who pays from when, and what must be done by when."""

    facts: Facts
    route: Route
    today: date

    @property
    def chain(self) -> Chain:
        return self.facts.chain

    @property
    def milestones(self) -> list[Milestone]:
        """All of them, by due date."""
        return milestones_of(self.facts, self.route)

    @property
    def ahead(self) -> list[Milestone]:
        """The first few that are still to come, for a page that must stay short."""
        coming = (one for one in self.milestones if not one.is_lapsed and one.due >= self.today)
        return list(islice(coming, SHOWN_AHEAD))

    @property
    def notices(self) -> list[Notice]:
        """What the employer should know beside it, in a fixed order."""
        return [notice for notice in Notice if notice in self.route.notices]

    @property
    def may_ask_no_risk_from(self) -> date:
        return may_ask_no_risk_from(self.facts.started_on)


def outlook(facts: Facts, *, today: date) -> Outlook:
    return Outlook(facts, route(facts, today=today), today)


def outlook_of(report: Trajectory, *, today: date) -> Outlook:
    """What follows from a report that was made."""
    employment = report.employment
    # The same rows, read already: nothing is asked again.
    employment.employee, employment.employer = report.employee, report.employer
    facts = facts_of(employment, report.classification, report.first_sick_day)
    return outlook(facts, today=today)


def _covers(employer: Employer) -> tuple[Cover, ...]:
    return tuple(
        Cover(Product(policy.product), policy.starts_on, policy.ends_on)
        for policy in employer.policies.all()
    )


def _last_day(employment: Employment) -> date:
    return employment.ended_on or date.max
