"""Storing a checked sheet with sick reports: all of it, or nothing."""

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from absence.actions.reports import Report, report_absences
from absence.models import Trajectory
from absence.paste import CheckedLine, check_lines, employee_submission, report_submission
from absence.paste_columns import SheetLine
from absence.sheets import MAX_SHEET_ROWS
from accounts import audit
from accounts.audit import Action
from accounts.models import Employer
from dossiers.actions import EmployeeExistsError, Newcomer, add_employees
from dossiers.models import Employment

if TYPE_CHECKING:
    from accounts.models import User


class PasteChangedError(Exception):
    """What would be stored is no longer what the preview showed. Nothing is stored."""


def reports_of(submission: UUID) -> list[UUID]:
    """By which the reports of one sheet are known: those of any line that it could have had."""
    return [report_submission(submission, number) for number in range(1, MAX_SHEET_ROWS + 1)]


def employees_of(submission: UUID) -> list[UUID]:
    """The same of the employees that it added."""
    return [employee_submission(submission, number) for number in range(1, MAX_SHEET_ROWS + 1)]


@transaction.atomic
def store_lines(
    *,
    by: "User",
    employer: Employer,
    lines: Sequence[SheetLine],
    others: frozenset[int],
    submission: UUID,
    seen: str,
) -> None:
    """Adds the employees and reports them sick, with an event for each and one for the sheet.

    All is checked again while additions at this employer wait; `seen` is the fingerprint of the
    preview that was confirmed. Sent again it stores nothing. Raises PasteChangedError when
    anything differs, PermissionDenied when `by` does not work for the employer.
    """
    if not Employer.objects.visible_to(by).filter(pk=employer.pk).exists():
        raise PermissionDenied("Only who works for the employer reports for it.")
    Employer.objects.select_for_update(no_key=True).get(pk=employer.pk)
    sent_before = Trajectory.everything.filter(submission__in=reports_of(submission))
    if sent_before.filter(reported_by=by).exists():
        return
    preview = check_lines(
        by=by, employer=employer, lines=lines, others=others, submission=submission
    )
    if preview.wrong or preview.fingerprint != seen:
        raise PasteChangedError
    try:
        _store(by, employer, preview.lines, submission)
    except (ValidationError, EmployeeExistsError) as error:  # somebody else was first
        raise PasteChangedError from error
    detail = {"lines": len(preview.lines), "new": preview.new_count}
    audit.record(Action.REPORT_PASTE, by=by, employer=employer, detail=detail)


def _store(by: "User", employer: Employer, lines: Sequence[CheckedLine], submission: UUID) -> None:
    """First who is new, so that every report has its employment."""
    new = [line for line in lines if line.employee is None]
    newcomers = [
        Newcomer(
            line.stored_person,
            submission=employee_submission(submission, line.number),
            **{key: line.person[key] for key in ("started_on", "job_title", "type")},
        )
        for line in new
    ]
    added = add_employees(by=by, employer=employer, newcomers=newcomers)
    contracts = {each.employee_id: each for each in Employment.objects.filter(employee__in=added)}
    first = {line.number: contracts[employee.pk] for line, employee in zip(new, added, strict=True)}
    reports = [
        Report(**{**line.report, "employment": first.get(line.number, line.report["employment"])})
        for line in lines
    ]
    report_absences(by=by, reports=reports)
