"""Finds dossiers by the first letters of a surname, and keeps the keys by which they are found.

Source: rulebook 7.2, design decision 2, performance.md. What a search asks is in search_sql.py.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from dossiers.formats import list_name
from dossiers.models import Dossier, Employment, SearchKey
from dossiers.models.search_keys import OF_STAFF
from dossiers.names import (
    END,
    LETTERS,
    Match,
    company_keys,
    covered_letters,
    meant_by,
    name_keys,
    names_in,
    normalise,
    with_first_names,
    words_of_file,
)
from dossiers.search_events import record_search
from dossiers.search_sql import Row, find, is_known, people_named, people_with_first_name

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User

__all__ = [
    "Hit",
    "SearchResult",
    "keys_of_staff",
    "normalise",
    "propose",
    "rebuild_keys",
    "refresh_in_service",
    "search",
    "write_keys",
]

SHOWN = 20
# How long a list may be: "Meer tonen" makes it one step longer. After the last, letters must help.
LENGTHS = range(SHOWN, 5 * SHOWN + 1, SHOWN)


@dataclass(slots=True)  # frozen takes three times as long to make, at each letter twenty times
class Hit:
    """One dossier in the list, in words; dates are put into words once, here.

    `employer` is empty for a user of one employer.
    """

    uuid: UUID
    name: str
    facts: str
    employer: str
    is_company: bool = False
    is_ill: bool = False
    left: str = ""

    @property
    def line(self) -> str:
        """The facts, and of which employer where there are several."""
        return f"{self.facts} · {self.employer}" if self.employer else self.facts

    @property
    def is_marked(self) -> bool:
        return self.is_ill or bool(self.left)


@dataclass(frozen=True, slots=True)
class SearchResult:
    """`former_only`: nobody in service matches, somebody who left does.

    `longer` is the length of the list that shows more; 0 when all is shown, or the most.
    """

    hits: tuple[Hit, ...] = ()
    has_more: bool = False
    longer: int = 0
    former_only: bool = False
    too_short: bool = False


def search(
    *, user: "User", text: str, include_former: bool = False, shown: int = SHOWN
) -> SearchResult:
    """The dossiers visible to this user whose name begins with `text`, at most `shown` (LENGTHS).

    Matches on the surname come first, then those on prefixes or a part; by name within each.
    Fewer than three letters match a whole surname only. Is recorded with the dossiers that were
    shown. Raises TooManySearchesError.
    """
    text = normalise(text)
    if not text:
        return SearchResult(too_short=True)
    ids = list(user.roles)
    found = find(ids, text, include_former=include_former, shown=shown) if ids else []
    is_former_only = bool(ids) and not found and not include_former and is_known(ids, text)
    hits = _hits(found[:shown], is_alone=len(ids) == 1)
    record_search(
        user=user,
        length=len(text),
        include_former=include_former,
        dossiers=[row.pk for row in found[:shown]],
    )
    return SearchResult(
        hits=hits,
        has_more=len(found) > shown,
        longer=shown + SHOWN if len(found) > shown < LENGTHS[-1] else 0,
        former_only=is_former_only,
        too_short=len(text) < LETTERS and not hits and not is_former_only,
    )


def propose(*, user: "User", file_name: str) -> Hit | None:
    """The employee whose file this may be: the only one whose surname stands in its name, or of
    several the only one whose first name stands beside it.

    None when several people may be meant, or nobody of this user's employers. Also finds who left:
    a file is often about them. Is recorded, and raises TooManySearchesError, as `search`.
    """
    words = words_of_file(file_name)
    ids = list(user.roles)
    known = people_named(ids, names_in(words)) if ids and words else {}
    meant, end = meant_by(words, known), END
    if len(meant) > 1:
        known = people_with_first_name(ids, with_first_names(words, known))
        meant, end = set().union(*known.values()), ""
    found: list[Row] = []
    if len(meant) == 1:
        name = next(name for name, people in known.items() if people == meant)
        rows = find(ids, name + end, include_former=True, shown=SHOWN)
        found = [row for row in rows if row.pk in meant]
    length, dossiers = len(" ".join(words)), [row.pk for row in found]
    record_search(user=user, length=length, include_former=True, dossiers=dossiers)
    hits = _hits(found, is_alone=len(ids) == 1)
    return hits[0] if hits else None


def keys_of_staff(text: str) -> "QuerySet[SearchKey]":
    """The keys of all employers' people that begin with `text`, for the back office.

    The same rules as for employers; no letters find nobody.
    """
    text = normalise(text)
    keys = SearchKey.objects.filter(OF_STAFF, dossier__kind=Dossier.Kind.EMPLOYEE)
    if not text:
        return keys.none()
    if len(text) < LETTERS:
        return keys.filter(match=Match.SURNAME, key__begins_with=text + END)
    return keys.filter(key__begins_with=text)


def _hits(found: list[Row], *, is_alone: bool) -> tuple[Hit, ...]:
    day = timezone.localdate()
    return tuple(_hit(row, day, employer="" if is_alone else row.employer) for row in found)


def _hit(row: Row, day: date, employer: str) -> Hit:
    if row.surname is None:
        return Hit(
            uuid=row.uuid,
            name=f"Dossier {row.employer}",
            facts="Bedrijfsdossier met de uitkeringsspecificaties",
            employer=employer,
            is_company=True,
        )
    first, last = row.started_on, row.ended_on
    facts = [row.job_title, row.city, _period(first, last, day) if first else ""]
    return Hit(
        uuid=row.uuid,
        name=f"{list_name(row.surname, row.initials, row.prefixes)} ({row.first_name})",
        facts=" · ".join(fact for fact in facts if fact),
        employer=employer,
        is_ill=row.is_ill,
        left=_in_digits(last + timedelta(days=1)) if last and last < day else "",
    )


def _period(first: date, last: date | None, day: date) -> str:
    if last:
        return f"in dienst van {_in_digits(first)} t/m {_in_digits(last)}"
    return f"{'in dienst sinds' if first <= day else 'start op'} {_in_digits(first)}"


def _in_digits(day: date) -> str:
    """As `%d-%m-%Y`, which takes three times as long: there are up to three hundred in a list."""
    return f"{day.day:02}-{day.month:02}-{day.year:04}"


@transaction.atomic
def rebuild_keys(dossier: Dossier) -> None:
    """Writes the keys of one dossier anew. Call it after any change of a name or an employment.

    The dossier is locked, so that two changes at the same moment do not mix their keys.
    """
    dossier = (
        Dossier.objects.select_for_update(of=("self",))
        .select_related("employer", "employee")
        .get(pk=dossier.pk)
    )
    SearchKey.objects.filter(dossier=dossier).delete()
    in_service = dossier.is_company or dossier.employee.employments.current().exists()
    write_keys([dossier], in_service=in_service)


def write_keys(dossiers: Iterable[Dossier], *, in_service: bool) -> None:
    """Writes the keys of dossiers that have none."""
    SearchKey.objects.bulk_create(
        SearchKey(
            dossier=dossier,
            employer=dossier.employer,
            key=key,
            match=keys[key],
            covered=covered,
            in_service=in_service,
        )
        for dossier in dossiers
        for keys in [_keys(dossier)]
        for key, covered in covered_letters(keys).items()
    )


def _keys(dossier: Dossier) -> dict[str, int]:
    if dossier.is_company:
        return company_keys(dossier.title)
    employee = dossier.employee
    return name_keys(
        surname=employee.surname,
        full_surname=employee.full_surname,
        initials=employee.initials,
        first_name=employee.first_name,
    )


def refresh_in_service(*, since: date) -> int:
    """Marks those whose last contract ended from `since` until yesterday. Returns how many keys.

    Time takes people out of service, never back in: that is a change, which rebuilds the keys.
    """
    today = timezone.localdate()
    ended = Employment.objects.filter(ended_on__gte=since, ended_on__lt=today)
    still_here = Employment.objects.current(today)
    return (
        SearchKey.objects.filter(in_service=True, dossier__in=ended.values("employee__dossier"))
        .exclude(dossier__in=still_here.values("employee__dossier"))
        .update(in_service=False)
    )
