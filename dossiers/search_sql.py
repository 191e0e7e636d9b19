"""The one statement of a search: which keys match, and what the list shows of their dossiers.

In SQL, because Django cannot write it: each employer and kind of match is one scan of the index,
which stops when the list is full, and the other kinds are not looked at when the surnames fill the
list. Source: rulebook 7.2, performance.md; docs/decisions/0011-search.md.
"""

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from accounts.compiled import answers
from dossiers.models import Dossier, Employee, Employment, SearchKey
from dossiers.names import END, LETTERS, Match

LAST = "\U0010ffff"  # no name holds it, and it sorts behind all that one may hold
# Of each dossier a text finds one key, the best of those that begin with it: see SearchKey.covered.
_SCAN = """from {keys}
  where employer_id = {employer} and match = {kind}
    and key >= %(text)s and key < %(behind)s and covered < %(letters)s {in_service}
  order by key limit {wanted}"""
_OF_ONE = "(select dossier_id {scan})"
_OF_SEVERAL = """(
  select k.dossier_id from unnest(%(employers)s::bigint[]) e(id)
  cross join lateral (select dossier_id, key {scan}) k
  order by k.key limit {wanted}
)"""
# A whole name ends with END, so that its keys are a range; two of them say that it is no sign.
_NAMED = """
select distinct n.name, k.dossier_id
from unnest(%(names)s::text[]) n(name)
cross join unnest(%(employers)s::bigint[]) e(id)
cross join unnest(%(kinds)s::smallint[]) m(kind)
cross join lateral (
  select dossier_id from {keys}
  where employer_id = e.id and match = m.kind
    and key >= (n.name || %(end)s) collate "C" and key < (n.name || %(behind)s) collate "C"
  limit 2
) k
"""
# A surname with a first name, as a GIVEN key has it behind no initials: the whole key.
_GIVEN = """
select distinct n.name, k.dossier_id
from unnest(%(names)s::text[]) n(name)
cross join unnest(%(employers)s::bigint[]) e(id)
cross join lateral (
  select dossier_id from {keys}
  where employer_id = e.id and match = {given} and key = n.name collate "C"
  limit 2
) k
"""
_SHOWN = """
with found as (select dossier_id, row_number() over () as place from ({keys}) k)
select d.id, d.uuid, r.name, p.surname, p.prefixes, p.initials, p.first_name, p.city,
  j.job_title, j.started_on, j.ended_on,
  exists (
    select from {reports} t
    where t.dossier_id = d.id and t.recovered_on is null and t.withdrawn_at is null
  )
from found
join {dossiers} d on d.id = found.dossier_id and d.employer_id = {employer}
join {employers} r on r.id = d.employer_id
left join {people} p on p.dossier_id = d.id
left join lateral (
  select job_title, started_on, ended_on from {jobs}
  where employee_id = p.id order by started_on desc, id desc limit 1
) j on true
order by found.place
"""


class Row(NamedTuple):
    """A dossier that was found, in the columns of the statement; of a company without a person."""

    pk: int
    uuid: UUID
    employer: str
    surname: str | None
    prefixes: str
    initials: str
    first_name: str
    city: str
    job_title: str | None
    started_on: date | None
    ended_on: date | None
    is_ill: bool


def find(employer_ids: list[int], text: str, *, include_former: bool, shown: int) -> list[Row]:
    """What matches `text` (normalised) at these employers, in the order of the list.

    At most `shown` and one more, which says that there are more.
    """
    keys, asked = keys_statement(employer_ids, text, include_former=include_former, shown=shown)
    return [Row._make(row) for row in answers(hits(keys, len(employer_ids) > 1), asked)]


def is_known(employer_ids: list[int], text: str) -> bool:
    """Whether anybody matches, those who left included."""
    sql, asked = keys_statement(employer_ids, text, include_former=True, shown=1)
    return bool(answers(sql, asked))


def people_named(employer_ids: list[int], names: Iterable[str]) -> dict[str, set[int]]:
    """Of each of these names (normalised) that somebody has, the dossiers: of many people two.

    Also of who left. A name is a surname, one with its prefixes, or a part of a double one.
    """
    asked: dict[str, Any] = {
        "names": list(names),
        "employers": employer_ids,
        "kinds": [int(Match.SURNAME), int(Match.PART)],
        "end": END,
        "behind": chr(ord(END) + 1),
    }
    return _people(_NAMED.format(keys=SearchKey._meta.db_table), asked)


def people_with_first_name(employer_ids: list[int], names: Iterable[str]) -> dict[str, set[int]]:
    """The same of whole names, each a surname and behind it a first name."""
    asked = {"names": list(names), "employers": employer_ids}
    return _people(_GIVEN.format(keys=SearchKey._meta.db_table, given=Match.GIVEN.value), asked)


def _people(sql: str, asked: dict[str, Any]) -> dict[str, set[int]]:
    known: dict[str, set[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        for name, dossier in cursor.fetchall():
            known.setdefault(name, set()).add(dossier)
    return known


def keys_statement(
    employer_ids: list[int], text: str, *, include_former: bool, shown: int
) -> tuple[str, dict[str, Any]]:
    """The statement that finds dossiers by their keys, in the order of the list, and its values."""
    if len(text) < LETTERS:
        text, kinds = text + END, [Match.SURNAME]
    else:
        # Given names stand behind a space: without one they cannot be meant.
        kinds = [Match.SURNAME, Match.PART, *([Match.GIVEN] if " " in text else [])]
    asked: dict[str, Any] = {"text": text, "behind": text + LAST, "letters": len(text)}
    if len(employer_ids) == 1:
        asked["employer"] = employer_ids[0]
    else:
        asked["employers"] = employer_ids
    return _found(tuple(kinds), len(employer_ids) > 1, include_former, shown), asked


@cache
def _found(kinds: tuple[Match, ...], is_of_several: bool, include_former: bool, shown: int) -> str:
    """The kinds are read one after the other, in the order of the list, and no further than wanted.

    A partial index wants its condition in so many words; one plan for any text must know how few
    rows are wanted.
    """
    wanted = shown + 1
    scans = [
        _SCAN.format(
            keys=SearchKey._meta.db_table,
            employer="e.id" if is_of_several else "%(employer)s::bigint",
            kind=kind.value,
            in_service="" if include_former else "and in_service",
            wanted=wanted,
        )
        for kind in kinds
    ]
    each = _OF_SEVERAL if is_of_several else _OF_ONE
    found = " union all ".join(each.format(scan=scan, wanted=wanted) for scan in scans)
    return f"{found} limit {wanted}" if len(scans) > 1 else found


@cache
def hits(keys: str, is_of_several: bool) -> str:
    """The statement that reads what the list shows of what `keys` finds, of one employer or more.

    It takes PostgreSQL longer to plan than to answer: prepared, it is planned once.
    """
    return _SHOWN.format(
        keys=keys,
        employer="any (%(employers)s::bigint[])" if is_of_several else "%(employer)s::bigint",
        dossiers=Dossier._meta.db_table,
        employers=Dossier._meta.get_field("employer").related_model._meta.db_table,
        people=Employee._meta.db_table,
        jobs=Employment._meta.db_table,
        reports=Dossier._meta.get_field("trajectories").related_model._meta.db_table,
    )
