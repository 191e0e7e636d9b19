"""The lists of sick reports: which rows, in which order, and what each of them shows.

A classification is in none of them: it is shown in the dossier of the person alone, and counted in
groups (absence/small_groups.py). Source: rulebook 1.1, features.md section 5.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.db.models import F, OuterRef, Prefetch, Subquery

from absence.case import cases_of, spell_of
from absence.course import Duration
from absence.models import Trajectory
from absence.models.trajectories import TrajectoryQuerySet
from accounts.models import Employer
from dossiers.models import SearchKey

PER_PAGE = 50
FULLY, PARTLY = "volledig", "gedeeltelijk"
NEWEST_FIRST = "-eerste-ziektedag"


@dataclass(frozen=True)
class Column:
    """What a list can be sorted on. `up` and `down` are its orders in words."""

    key: str
    label: str
    field: str
    up: str
    down: str

    @property
    def orders(self) -> list[tuple[str, str]]:
        return [
            (self.key, f"{self.label}: {self.up}"),
            (f"-{self.key}", f"{self.label}: {self.down}"),
        ]


NAME = Column("naam", "Naam", "name_key", "A tot Z", "Z tot A")
FIRST_SICK_DAY = Column(
    "eerste-ziektedag", "Eerste ziektedag", "first_sick_day", "oudste eerst", "nieuwste eerst"
)
PERCENTAGE = Column(
    "percentage", "Arbeidsongeschikt", "percentage", "laagste eerst", "hoogste eerst"
)
RECOVERY = Column(
    "hersteld", "Verzuimstatus", "recovered_on", "langst hersteld eerst", "nog ziek eerst"
)
OF_THE_ILL = (NAME, FIRST_SICK_DAY, PERCENTAGE)
OF_ALL = (NAME, FIRST_SICK_DAY, RECOVERY)


@dataclass(frozen=True)
class Choice:
    """What is asked of a list. `order` is the key of a column, after a minus when downwards."""

    order: str = NEWEST_FIRST
    extent: str = ""
    year: int | None = None
    employer: Employer | None = None


@dataclass(frozen=True)
class Head:
    """The head of a column that can be sorted on; `leads_to` is the order behind its link."""

    label: str
    leads_to: str
    direction: Literal["ascending", "descending", ""]


def heads(columns: tuple[Column, ...], order: str) -> list[Head]:
    """Chosen once it sorts upwards, once more downwards."""
    return [
        Head(column.label, f"-{column.key}", "ascending")
        if order == column.key
        else Head(column.label, column.key, "descending" if order == f"-{column.key}" else "")
        for column in columns
    ]


def listed(
    reports: TrajectoryQuerySet, columns: tuple[Column, ...], choice: Choice
) -> TrajectoryQuerySet:
    """Those of `reports` that are asked for, in the order asked for; each once, always alike.

    Two queries for the rows, however many: their names, and the other reports of those people.
    """
    if choice.employer:
        reports = reports.filter(employer=choice.employer)
    if choice.year:
        reports = reports.filter(first_sick_day__year=choice.year)
    reports = reports.with_percentage().with_names()
    if choice.extent:
        is_full = {"percentage": 100} if choice.extent == FULLY else {"percentage__lt": 100}
        reports = reports.filter(**is_full)
    spells = Trajectory.objects.only("employee", "first_sick_day", "recovered_on")
    return _sorted(reports, columns, choice.order).prefetch_related(
        Prefetch("employee__trajectories", queryset=spells, to_attr="known_reports")
    )


def _sorted(
    reports: TrajectoryQuerySet, columns: tuple[Column, ...], order: str
) -> TrajectoryQuerySet:
    """The key decides between equals, so that no row is on two pages or on none.

    Names are sorted as a search lists them: "van den" does not count, nor does an accent, and
    the collation of the database has no say.
    """
    [column] = [column for column in columns if column.key == order.removeprefix("-")]
    if column is NAME:
        keys = SearchKey.objects.filter(dossier=OuterRef("dossier"), match=SearchKey.Match.SURNAME)
        reports = reports.annotate(name_key=Subquery(keys.order_by("key").values("key")[:1]))
    if order.startswith("-"):
        return reports.order_by(F(column.field).desc(), "-pk")
    return reports.order_by(F(column.field).asc(), "pk")


@dataclass(frozen=True)
class Row:
    """One report in a list. `since` is set when an earlier report counts along: its first day."""

    report: Trajectory
    percentage: int
    duration: Duration
    since: date | None

    @property
    def is_full(self) -> bool:
        return self.percentage == 100


def row_of(report: Trajectory, *, today: date) -> Row:
    """Of who is ill the duration of the illness, as the dossier counts it; else of the report.

    No query for a report that comes from `listed`. Source: rulebook 3.2 and 5.2.
    """
    duration, since = report.duration(), None
    if report.is_open:
        known = cases_of(report.employee.known_reports, today=today)  # type: ignore[attr-defined]
        [case] = [case for case in known if spell_of(report) in case.chain.spells]
        first_day = case.chain.first_sick_day
        duration, since = case.duration, first_day if first_day < report.first_sick_day else None
    return Row(report, report.percentage, duration, since)  # type: ignore[attr-defined]
