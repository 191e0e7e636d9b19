"""What must be done about somebody's illness and when: its timeline, with what staff noted.

Reads rows and asks the rules; shown to employers, never blocking. Source: rulebook 2.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.core.exceptions import ValidationError

from absence.case import Case, Outlook, outlook_of
from absence.milestones import Kind
from absence.models import MilestoneMark
from absence.timeline import Milestone, Wait, wait

SOON_DAYS = 14


class State(StrEnum):
    """Where a milestone stands."""

    DONE = "gedaan"
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
        if self.milestone.is_late(today=self.today) and not self.milestone.rule.is_met_by_report:
            return State.LATE
        if self.milestone.is_due_within(SOON_DAYS, today=self.today):
            return State.SOON
        return State.PAST if self.milestone.due < self.today else State.AHEAD


@dataclass(frozen=True)
class Timeline:
    """All milestones of one illness by due date, and how far the 104 weeks have gone."""

    entries: tuple[Entry, ...]
    wait: Wait
    outlook: Outlook


def timeline_of(case: Case) -> Timeline:
    """The timeline of an illness: the facts of its newest report, the marks of all of them.

    Four queries.
    """
    outlook = outlook_of(case.reports[0], today=case.today)
    marks = MilestoneMark.objects.filter(trajectory__in=[report.pk for report in case.reports])
    return Timeline(
        entries=entries(outlook, {mark.key: mark for mark in marks.order_by("marked_at")}),
        wait=wait(outlook.chain, today=case.today),
        outlook=outlook,
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
