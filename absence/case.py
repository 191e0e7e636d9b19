"""What the rules of absence say about the rows of one dossier, ready for a page.

The one place where models become facts and back: pages ask here, the rules know no model.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from absence.chains import Chain, chains
from absence.course import Duration
from absence.models import Trajectory
from absence.reporting import Spell


@dataclass(frozen=True)
class Case:
    """Sick reports of one person that count as one illness, the newest first."""

    chain: Chain
    reports: tuple[Trajectory, ...]
    today: date

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
