"""What must be done about somebody's illness and when: its timeline, with what staff noted.

Reads rows and asks the rules; shown to employers, never blocking. Source: rulebook 2.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.core.exceptions import ValidationError

from absence import contract_end
from absence.case import Case, Outlook, outlook_of, spell_of
from absence.milestones import Kind
from absence.models import MilestoneMark, Trajectory
from absence.timeline import Milestone, Wait, wait

SOON_DAYS = 14
MISSED_DAYS = 28


class State(StrEnum):
    """Where a milestone stands."""

    DONE = "gedaan"
    REPORTED = "gemeld"
    DEVIATES = "afgeweken"
    LAPSED = "vervallen"
    LATE = "te-laat"
    SOON = "binnenkort"
    PAST = "voorbij"
    AHEAD = "later"


@dataclass(frozen=True)
class Entry:
    """One milestone of one illness and what was noted about it."""

    milestone: Milestone
    mark: MilestoneMark | None
    today: date

    @property
    def state(self) -> State:
        """What was noted counts before what the calendar says; only a last day can be missed."""
        if self.mark:
            return State.DONE if self.mark.done_on else State.DEVIATES
        if self.milestone.is_lapsed:
            return State.LAPSED
        if self.milestone.rule.is_met_by_report:
            return State.REPORTED
        if self.milestone.is_late(today=self.today):
            return State.LATE
        if self.milestone.is_due_within(SOON_DAYS, today=self.today):
            return State.SOON
        return State.PAST if self.milestone.due < self.today else State.AHEAD


@dataclass(frozen=True)
class Timeline:
    """All milestones of one illness by due date, and how far the 104 weeks have gone."""

    entries: tuple[Entry, ...]
    wait: Wait

    @property
    def now(self) -> list[Entry]:
        """What was, what is late and what comes soon."""
        return [entry for entry in self.entries if entry.state != State.AHEAD]

    @property
    def later(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.state == State.AHEAD]


@dataclass(frozen=True)
class Item:
    """Something to do about one person: a line of the agenda."""

    report: Trajectory
    entry: Entry


@dataclass(frozen=True)
class Leaving:
    """Somebody whose employment ends while ill, and what is to be arranged before."""

    report: Trajectory
    ended_on: date
    tasks: tuple[contract_end.Item, ...]


@dataclass(frozen=True)
class Agenda:
    """What an employer has before him: both lists by day."""

    items: tuple[Item, ...]
    leaving: tuple[Leaving, ...]

    @property
    def is_empty(self) -> bool:
        return not self.items and not self.leaving

    @property
    def dossiers(self) -> list[int]:
        """The keys of the dossiers of everybody in it."""
        reports = [*(item.report for item in self.items), *(one.report for one in self.leaving)]
        return sorted({report.dossier_id for report in reports})


def agenda_of(reports: Iterable[Trajectory], *, today: date) -> Agenda:
    """What is due in two weeks or was missed in the last four, over all these open reports.

    `reports` come from `with_facts()`: no query per report. Missed longer ago stays on the
    timeline of the dossier alone: a list that only grows is read by nobody.
    """
    outlooks = [(report, outlook_of(report, today=today)) for report in reports]
    items = [Item(report, entry) for report, found in outlooks for entry in _due(report, found)]
    leaving = [
        Leaving(report, ended_on, tuple(contract_end.checklist(found.facts, found.route)))
        for report, found in outlooks
        if (ended_on := found.facts.ended_on) and contract_end.ends_soon(ended_on, today=today)
    ]
    return Agenda(
        items=tuple(sorted(items, key=lambda item: item.entry.milestone.due)),
        leaving=tuple(sorted(leaving, key=lambda one: one.ended_on)),
    )


def _due(report: Trajectory, outlook: Outlook) -> Iterator[Entry]:
    oldest = outlook.today - timedelta(days=MISSED_DAYS)
    for entry in entries(outlook, _marks(report, outlook)):
        if entry.state == State.SOON or (
            entry.state == State.LATE and entry.milestone.due >= oldest
        ):
            yield entry


def _marks(report: Trajectory, outlook: Outlook) -> dict[str, MilestoneMark]:
    """What was noted about the illness, whichever of its reports it was noted at."""
    return {
        mark.key: mark
        for one in report.employee.trajectories.all()
        if spell_of(one) in outlook.chain.spells
        for mark in sorted(one.marks.all(), key=lambda mark: mark.marked_at)
    }


def timeline_of(case: Case) -> Timeline:
    """The timeline of an illness: the facts of its newest report, the marks of all of them.

    Four queries.
    """
    outlook = outlook_of(case.reports[0], today=case.today)
    marks = MilestoneMark.objects.filter(trajectory__in=[report.pk for report in case.reports])
    return Timeline(
        entries=entries(outlook, {mark.key: mark for mark in marks.order_by("marked_at")}),
        wait=wait(outlook.chain, today=case.today),
    )


def entries(outlook: Outlook, marks: Mapping[str, MilestoneMark]) -> tuple[Entry, ...]:
    """The milestones that concern anybody: the end of the 104 weeks is a line, not a task."""
    return tuple(
        Entry(milestone, marks.get(milestone.key), outlook.today)
        for milestone in outlook.milestones
        if milestone.rule.kind != Kind.W104
    )


def check_mark(outlook: Outlook, key: str, *, done_on: date | None, deviation: str) -> None:
    """Raises ValidationError unless this may be noted about a milestone of this illness.

    A day between the first sick day and today, or a reason where the rule knows one: never both.
    Source: Regeling procesgang eerste en tweede ziektejaar, art. 5 (rulebook 2.1 T6).
    """
    found = [milestone for milestone in outlook.milestones if milestone.key == key]
    if not found:
        raise ValidationError({"key": "Kies een van de mijlpalen."}, code="unknown")
    if (done_on is None) == (not deviation):
        raise ValidationError("Vul een datum in of kies een reden, niet allebei.", code="one")
    if deviation and not found[0].rule.may_deviate:
        raise ValidationError(
            {"deviation": "Van deze termijn kan niet met een reden worden afgeweken."}, code="firm"
        )
    if done_on and not outlook.chain.first_sick_day <= done_on <= outlook.today:
        raise ValidationError(
            {"done_on": "De datum ligt tussen de eerste ziektedag en vandaag."}, code="day"
        )
