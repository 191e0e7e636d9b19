"""What people change about an employee with a dossier. Each act is audited and in the history."""

from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts import audit
from accounts.audit import Action
from accounts.models import Employer
from dossiers.actions import EmployeeExistsError, Person, with_bsn
from dossiers.models import Employee, EmployeeChange, Employment, EmploymentType, in_history
from dossiers.search import rebuild_keys

if TYPE_CHECKING:
    from accounts.models import User

IN_SEARCH_KEYS = {"surname", "prefixes", "first_name", "initials"}


class StaleEmployeeError(Exception):
    """Somebody changed the employee after the form was opened."""

    def __init__(self, changes: list[EmployeeChange]) -> None:
        super().__init__("the employee was changed meanwhile")
        self.changes = changes


@transaction.atomic
def change_employee(
    *, by: "User", employee: Employee, person: Person, version: int
) -> list[EmployeeChange]:
    """Changes what is known of an employee and keeps what it was; returns what became different.

    A BSN or IBAN that `person` does not have stays. Raises PermissionDenied when `by` does not
    work for the employer, StaleEmployeeError when there were changes after `version`
    (Employee.last_change), EmployeeExistsError when somebody else at the employer has the BSN.
    """
    employee = locked_employee(by, employee)
    changed = [field for field, value in person.items() if getattr(employee, field) != value]
    if not changed:
        return []
    later = employee.changes.of_person().filter(pk__gt=version).select_related("changed_by")
    if stale := list(later):
        raise StaleEmployeeError(stale)
    if "bsn" in changed and (known := with_bsn(employee.employer, person["bsn"])):
        raise EmployeeExistsError(known)
    new: dict[str, object] = {field: value for field, value in person.items() if field in changed}
    changes = [
        record_change(by, employee, field, old=getattr(employee, field), new=value)
        for field, value in new.items()
    ]
    for field, value in new.items():
        setattr(employee, field, value)
    employee.save(update_fields=changed)
    if IN_SEARCH_KEYS.intersection(changed):
        rebuild_keys(employee.dossier)
    record_event(Action.EMPLOYEE_CHANGE, by, employee, fields=changed)
    return changes


@transaction.atomic
def add_employment(
    *, by: "User", employee: Employee, started_on: date, job_title: str, type: EmploymentType
) -> Employment:
    """Adds an employment to somebody who has a dossier: re-entry, or the next contract.

    The same employment sent again is the one that is there, and records nothing. Raises
    PermissionDenied when `by` does not work for the employer, ValidationError when another
    employment starts that day.
    """
    employee = locked_employee(by, employee)
    if known := employee.employments.filter(started_on=started_on).first():
        if (known.job_title, known.type) == (job_title, type):
            return known
        raise ValidationError(
            f"Er is al een dienstverband dat op {started_on:%d-%m-%Y} begint: {known.job_title}.",
            code="same_start",
        )
    employment = employee.employments.create(
        employer=employee.employer, started_on=started_on, job_title=job_title, type=type
    )
    record_change(by, employee, EmployeeChange.Field.EMPLOYMENT, old="", new=employment)
    rebuild_keys(employee.dossier)
    record_event(Action.EMPLOYMENT_ADD, by, employee, employment=employment.pk)
    return employment


def locked_employee(by: "User", employee: Employee) -> Employee:
    """The employee as it is now; acts on it come one after the other.

    The employer is locked first, as by who adds employees: a BSN is then known once.
    """
    Employer.objects.select_for_update(no_key=True).get(pk=employee.employer_id)
    found = (
        Employee.objects.visible_to(by)
        .select_related("employer", "dossier")
        .select_for_update(of=("self",), no_key=True)
        .filter(pk=employee.pk)
        .first()
    )
    if found is None:
        raise PermissionDenied("Only who works for the employer changes its employees.")
    return found


def record_change(
    by: "User", employee: Employee, field: str, *, old: object, new: object
) -> EmployeeChange:
    """One line of the history. Of BSN and IBAN it holds no value."""
    is_told = field not in EmployeeChange.WITHOUT_VALUES
    return EmployeeChange.objects.create(
        employer=employee.employer,
        employee=employee,
        changed_by=by,
        field=field,
        old=in_history(old) if is_told else "",
        new=in_history(new) if is_told else "",
    )


def record_event(action: Action, by: "User", employee: Employee, **detail: object) -> None:
    audit.record(
        action,
        by=by,
        employer=employee.employer,
        dossier=employee.dossier,
        obj=employee,
        detail=detail,
    )
