"""Two records of one person at one employer: what there is of each, and what differs.

Rows are found through the models' own relations, so that no table can be forgotten.
"""

from collections.abc import Iterator
from datetime import date
from itertools import product
from typing import Any

from django.db import models

from dossiers.actions import Person
from dossiers.models import Dossier, Employee, EmployeeChange, SearchKey, in_history

DERIVED = {SearchKey}  # made anew for the kept dossier


def relations(model: type[models.Model]) -> "list[models.ForeignKey[Any, Any]]":
    """Each column of another table that points at this model, but for what is derived.

    Not the one by which an employee has its own dossier.
    """
    related: list[Any] = model._meta.get_fields(include_hidden=True)
    found = [item.field for item in related if item.auto_created and not item.concrete]
    return [field for field in found if field.model not in DERIVED | {Employee}]


def pointing_at(employee: Employee) -> "Iterator[tuple[models.ForeignKey[Any, Any], models.Model]]":
    """Each column that may point at this person or the dossier, with what it points at."""
    for owner, model in ((employee, Employee), (employee.dossier, Dossier)):
        for field in relations(model):
            yield field, owner


def rows_of(field: "models.ForeignKey[Any, Any]", owner: models.Model) -> Any:
    """All rows, also those that the ordinary manager leaves out (withdrawn, superseded)."""
    return field.model._base_manager.filter(**{field.name: owner})


def differences(*, kept: Employee, other: Employee) -> list[EmployeeChange]:
    """What the other record says otherwise (`old`) than the one that stays (`new`); not saved.

    Of BSN and IBAN: those that the kept record does not have and takes over.
    """
    found = []
    for name in Person.__annotations__:
        mine, theirs = getattr(kept, name), getattr(other, name)
        is_sealed = name in EmployeeChange.WITHOUT_VALUES
        if mine == theirs or (is_sealed and (mine or not theirs)):
            continue
        old, new = ("", "") if is_sealed else (in_history(theirs), in_history(mine))
        found.append(EmployeeChange(field=name, old=old, new=new))
    return found


def other_iban(*, kept: Employee, other: Employee) -> str:
    """The IBAN that the other record has and that does not become the kept one's; "" for none."""
    is_another = bool(kept.iban) and kept.iban != other.iban
    return str(other.iban or "") if is_another else ""


def overlaps(kept: Employee, other: Employee) -> list[str]:
    """What staff should look at: the same start of an employment, or ill twice at one moment."""
    starts = {job.started_on for job in kept.employments.all()}
    same_start = [
        f"Beide dossiers hebben een dienstverband vanaf {job.started_on:%d-%m-%Y}: na het"
        " samenvoegen staat het er twee keer."
        for job in other.employments.all()
        if job.started_on in starts
    ]
    same_days = [
        f"De ziekmeldingen vanaf {mine.first_sick_day:%d-%m-%Y} en vanaf"
        f" {theirs.first_sick_day:%d-%m-%Y} overlappen: beide blijven staan. Laat een dubbele"
        " melding intrekken."
        for mine, theirs in product(kept.trajectories.all(), other.trajectories.all())
        if _first_fit_day(mine) > theirs.first_sick_day
        and _first_fit_day(theirs) > mine.first_sick_day
    ]
    return same_start + same_days


def _first_fit_day(report: Any) -> date:
    return report.recovered_on or date.max
