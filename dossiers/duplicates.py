"""Whether somebody who is being added has a dossier already, at the same employer.

Only there: each employer has its own dossier of a person, and is told nothing about another's.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q

from accounts import audit
from accounts.audit import Action
from accounts.models import Employer
from dossiers.actions import Person, with_bsn
from dossiers.models import Employee, SearchKey
from dossiers.names import END, normalise

if TYPE_CHECKING:
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
