"""Ending an employment and taking that back: here, because sick reports limit both."""

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from absence import employment_end
from accounts import audit
from accounts.audit import Action
from dossiers.change_actions import locked_employee, record_change, record_event
from dossiers.models import Dossier, Employee, EmployeeChange, Employment
from dossiers.search import rebuild_keys

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def end_employment(*, by: "User", employment: Employment, ended_on: date) -> Employment:
    """Gives an employment its last day. The same day sent again changes and records nothing.

    Raises PermissionDenied when `by` does not work for the employer, ValidationError when the
    employment has another last day or absence.employment_end refuses.
    """
    employee, employment = _locked(by, employment)
    if employment.ended_on == ended_on:
        return employment
    if employment.ended_on:
        raise ValidationError(
            f"Dit dienstverband heeft al een laatste dag: {employment.ended_on:%d-%m-%Y}. Haal die"
            " eerst weg als hij niet klopt.",
            code="ended",
        )
    employment_end.check_end(
        ended_on, started_on=employment.started_on, spells=employment.trajectories.spells()
    )
    _set_end(by, employee, employment, ended_on)
    record_event(Action.EMPLOYMENT_END, by, employee, employment=employment.pk)
    return employment


@transaction.atomic
def reopen_employment(*, by: "User", employment: Employment) -> Employment:
    """Takes back the last day of an employment. Without one it changes and records nothing.

    Raises PermissionDenied when `by` does not work for the employer, ValidationError when
    absence.employment_end says that something depends on it.
    """
    employee, employment = _locked(by, employment)
    if employment.ended_on is None:
        return employment
    others = employee.employments.exclude(pk=employment.pk)
    employment_end.check_reopen(
        employment.ended_on,
        today=timezone.localdate(),
        spells=employment.trajectories.spells(),
        later_starts=others.values_list("started_on", flat=True),
    )
    _set_end(by, employee, employment, None)
    record_event(Action.EMPLOYMENT_REOPEN, by, employee, employment=employment.pk)
    return employment


def refuse_employment(*, by: "User", uuid: UUID) -> None:
    """Records that somebody asked for an employment elsewhere; a made-up uuid is no event."""
    dossier = Dossier.objects.filter(employee__employments__uuid=uuid).first()
    if dossier:
        audit.record(Action.ACCESS_DENIED, by=by, dossier=dossier, outcome=audit.Outcome.DENIED)


def _locked(by: "User", employment: Employment) -> tuple[Employee, Employment]:
    """Both as they are now. No report is added to the employment meanwhile: it locks that too."""
    employee = locked_employee(by, employment.employee)
    locked = employee.employments.select_for_update(no_key=True).get(pk=employment.pk)
    return employee, locked


def _set_end(by: "User", employee: Employee, employment: Employment, day: date | None) -> None:
    old = str(employment)
    employment.ended_on = day
    employment.save(update_fields=["ended_on"])
    record_change(by, employee, EmployeeChange.Field.EMPLOYMENT, old=old, new=employment)
    rebuild_keys(employee.dossier)
