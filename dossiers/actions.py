"""What can be done to dossiers: one function per act, in one transaction, with its audit event."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NotRequired, TypedDict
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from accounts import audit
from accounts.audit import Action
from accounts.models import Employer
from dossiers.models import Dossier, Employee, Employment, EmploymentType, bsn_index
from dossiers.search import rebuild_keys, write_keys

if TYPE_CHECKING:
    from accounts.models import User


class Person(TypedDict):
    """What is known of an employee, in stored form (dossiers.formats)."""

    surname: str
    prefixes: str
    first_name: str
    initials: str
    gender: str
    postcode: str
    street: str
    house_number: int
    house_number_addition: str
    city: str
    mobile: str
    email: str
    has_no_risk: bool
    bsn: NotRequired[str]
    iban: NotRequired[str]
    nursing_postcode: NotRequired[str]
    nursing_street: NotRequired[str]
    nursing_house_number: NotRequired[int | None]
    nursing_house_number_addition: NotRequired[str]
    nursing_city: NotRequired[str]
    nursing_from: NotRequired[date | None]
    nursing_until: NotRequired[date | None]


@dataclass(frozen=True, slots=True)
class Newcomer:
    """An employee to be added, with the first employment; `submission` of the form or line."""

    person: Person
    started_on: date
    job_title: str
    type: EmploymentType
    submission: UUID


class EmployeeExistsError(Exception):
    """This employer has an employee with this BSN already."""

    def __init__(self, employee: Employee) -> None:
        super().__init__("an employee with this BSN exists")
        self.employee = employee


@transaction.atomic
def add_employee(
    *,
    by: "User",
    employer: Employer,
    person: Person,
    started_on: date,
    job_title: str,
    type: EmploymentType,
    submission: UUID,
) -> Employee:
    """Adds an employee with a dossier and a first employment, and records it.

    The same submission by the same user returns the employee that it made before. Raises
    EmployeeExistsError when the BSN is known at this employer. Additions at one employer wait
    for each other, so that both checks hold.
    """
    Employer.objects.select_for_update(no_key=True).get(pk=employer.pk)
    bsn = person.get("bsn")
    if earlier := Employee.objects.filter(submission=submission).first():
        if earlier.created_by_id == by.pk:
            return earlier
        submission = uuid4()  # made up, or taken from another user's form: worth nothing here
    if bsn and (known := with_bsn(employer, bsn)):
        raise EmployeeExistsError(known)
    newcomer = Newcomer(person, started_on, job_title, type, submission)
    return _add(by, employer, [newcomer])[0]


@transaction.atomic
def add_employees(
    *, by: "User", employer: Employer, newcomers: Sequence[Newcomer]
) -> list[Employee]:
    """`add_employee` for many at once, in a fixed number of queries, all or none.

    Whether they were added before is for the caller to know. Raises EmployeeExistsError for the
    first whose BSN is known.
    """
    Employer.objects.select_for_update(no_key=True).get(pk=employer.pk)
    indexes = [bsn_index(employer.pk, bsn) for one in newcomers if (bsn := one.person.get("bsn"))]
    if known := Employee.objects.filter(employer=employer, bsn_index__in=indexes).first():
        raise EmployeeExistsError(known)
    return _add(by, employer, newcomers)


def _add(by: "User", employer: Employer, newcomers: Sequence[Newcomer]) -> list[Employee]:
    kind = Dossier.Kind.EMPLOYEE
    dossiers = Dossier.objects.bulk_create(Dossier(employer=employer, kind=kind) for _ in newcomers)
    employees = [
        Employee(
            dossier=dossier,
            employer=employer,
            created_by=by,
            submission=one.submission,
            # save() does this, which bulk_create does not call.
            bsn_index=bsn_index(employer.pk, bsn) if (bsn := one.person.get("bsn")) else None,
            **one.person,
        )
        for dossier, one in zip(dossiers, newcomers, strict=True)
    ]
    Employee.objects.bulk_create(employees)
    Employment.objects.bulk_create(
        Employment(
            employee=employee,
            employer=employer,
            started_on=one.started_on,
            job_title=one.job_title,
            type=one.type,
        )
        for employee, one in zip(employees, newcomers, strict=True)
    )
    write_keys(dossiers, in_service=True)  # a first contract has no end yet
    about = [(employee.dossier, employee) for employee in employees]
    audit.record_each(Action.EMPLOYEE_CREATE, by=by, employer=employer, about=about)
    return employees


def with_bsn(employer: Employer, bsn: str) -> Employee | None:
    """Who has this BSN at this employer."""
    index = bsn_index(employer.pk, bsn)
    return Employee.objects.filter(employer=employer, bsn_index=index).first()


@transaction.atomic
def reveal_bsn(*, by: "User", employee: Employee) -> str:
    """The whole BSN, of which every page shows the end only; recorded. "" when there is none.

    Raises PermissionDenied when `by` does not work for the employer. Source: rulebook 1.4 P8.
    """
    if not Employee.objects.visible_to(by).filter(pk=employee.pk).exists():
        raise PermissionDenied("Only who works for the employer sees a BSN.")
    bsn: str = employee.bsn or ""
    if bsn:
        audit.record(
            Action.BSN_REVEAL,
            by=by,
            employer=employee.employer,
            dossier=employee.dossier,
            obj=employee,
        )
    return bsn


@transaction.atomic
def open_company_dossier(*, by: "User | None", employer: Employer) -> Dossier:
    """Opens the dossier of the company itself, once; after that it takes over a new name."""
    dossier, is_new = Dossier.objects.get_or_create(employer=employer, kind=Dossier.Kind.COMPANY)
    rebuild_keys(dossier)
    if is_new:
        audit.record(Action.DOSSIER_OPEN, by=by, employer=employer, dossier=dossier)
    return dossier


def refuse_dossier(*, by: "User", uuid: UUID) -> None:
    """Records that somebody asked for a dossier of another employer; a made-up uuid is no event."""
    if Dossier.objects.filter(Q(uuid=uuid) | Q(merges__old_uuid=uuid)).exists():
        audit.record(Action.ACCESS_DENIED, by=by, dossier=uuid, outcome=audit.Outcome.DENIED)
