"""Whether somebody who is being added has a dossier already, at the same employer.

Only there: each employer has its own dossier of a person, and is told nothing about another's.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q

from accounts import audit
from accounts.audit import Action
from accounts.models import Employer
from dossiers.actions import Person, with_bsn
from dossiers.models import Employee, SearchKey, bsn_index
from dossiers.names import END, normalise, surname_forms

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Who is perhaps, or with the same BSN certainly, the person being added."""

    people: tuple[Employee, ...] = ()
    is_certain: bool = False


def find_duplicates(
    *, by: "User", employer: Employer, person: Person, submission: UUID
) -> Duplicates:
    """The employee with this BSN; else who has the surname, and the mobile number or the address.

    Surnames are compared as in a search. What this form itself added, when it was sent before, is
    no duplicate. Who is shown is recorded. Source: rulebook 1.4 P8 (BSN by its keyed hash).
    """
    bsn = person.get("bsn")
    known = with_bsn(employer, bsn) if bsn else None
    if known and known.submission == submission:
        return Duplicates()
    people = (known,) if known else _look_alikes(employer, person, submission)
    if people:
        shown = [str(employee.dossier.uuid) for employee in people]
        audit.record(Action.SEARCH, by=by, employer=employer, detail={"duplicates": shown})
    return Duplicates(people, is_certain=known is not None)


def _look_alikes(employer: Employer, person: Person, submission: UUID) -> tuple[Employee, ...]:
    keys = SearchKey.objects.filter(
        employer=employer,
        match=SearchKey.Match.SURNAME,
        key__begins_with=normalise(person["surname"]) + END,
    )
    same_address = Q(postcode=person["postcode"], house_number=person["house_number"])
    found = (
        Employee.objects.filter(employer=employer, dossier__in=keys.values("dossier"))
        .filter(Q(mobile=person["mobile"]) | same_address)
        .exclude(submission=submission)
        .select_related("dossier")
        .prefetch_related("employments")
        .defer("bsn", "iban")
        .order_by("-pk")
    )
    return tuple(found[:SHOWN])


def find_all_duplicates(
    *, by: "User", employer: Employer, people: Sequence[Mapping[str, Any]]
) -> list[Duplicates]:
    """`find_duplicates` for many people at once, each with what is known of him or her.

    A fixed number of queries for any number of people; all who are found make one event. Employees
    come with their employments and reports.
    """
    indexes = [bsn_index(employer.pk, bsn) if (bsn := one.get("bsn")) else "" for one in people]
    known = _Known(_who_may_be(employer, people, indexes))
    found = [known.like(*pair) for pair in zip(people, indexes, strict=True)]
    shown = sorted({str(each.dossier.uuid) for one in found for each in one.people})
    if shown:
        audit.record(Action.SEARCH, by=by, employer=employer, detail={"duplicates": shown})
    return found


def _who_may_be(
    employer: Employer, people: Sequence[Mapping[str, Any]], indexes: Sequence[str]
) -> "QuerySet[Employee]":
    mobiles = {mobile for one in people if (mobile := one.get("mobile"))}
    postcodes = {postcode for one in people if (postcode := one.get("postcode"))}
    return (
        Employee.objects.filter(employer=employer)
        .filter(
            Q(bsn_index__in=[index for index in indexes if index])
            | Q(mobile__in=mobiles)
            | Q(postcode__in=postcodes)
        )
        .select_related("dossier")
        .prefetch_related("employments__type", "trajectories")
        .defer("bsn", "iban")
        .order_by("-pk")
    )


class _Known:
    """Who may be one of many people, by what is compared: five hundred lines against as many
    employees would otherwise take a quarter of a million comparisons of names.
    """

    def __init__(self, employees: Iterable[Employee]) -> None:
        self.by_bsn: dict[str, list[Employee]] = defaultdict(list)
        self.by_name: dict[str, list[Employee]] = defaultdict(list)
        for employee in employees:
            self.by_bsn[employee.bsn_index or ""].append(employee)
            for form in surname_forms(employee.surname):
                self.by_name[form].append(employee)

    def like(self, person: Mapping[str, Any], index: str) -> Duplicates:
        """Whoever has this BSN, or else this name with this mobile number or address."""
        if index and (same := self.by_bsn.get(index)):
            return Duplicates(tuple(same), is_certain=True)
        address = (person.get("postcode"), person.get("house_number"))
        alike = [
            each
            for each in self.by_name.get(normalise(person.get("surname", "")), ())
            if each.mobile == person.get("mobile") or (each.postcode, each.house_number) == address
        ]
        return Duplicates(tuple(alike[:SHOWN]))
