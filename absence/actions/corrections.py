"""Correcting and withdrawing a sick report. Every version is kept; each act is audited.

An employer changes an own report until HCS or InComfort has taken it up; after that staff decide.
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from absence import reporting
from absence.actions.classifications import check_offered
from absence.actions.rows import add_row, locked, record
from absence.models import (
    Classification,
    CorrectionRequest,
    Incapacity,
    ReportVersion,
    Trajectory,
)
from absence.models.corrections import report_in_words
from accounts.audit import Action

if TYPE_CHECKING:
    from accounts.models import User

Kind = ReportVersion.Kind
TAKEN_UP = (
    "HCS of InComfort heeft deze melding intussen opgepakt. Vraag de correctie aan; een medewerker"
    " beslist erover."
)
WAITS = "Er loopt al een verzoek over deze melding."
UNCHANGED = "Er is niets gewijzigd."


@dataclass(frozen=True, slots=True)
class Correction:
    """What a report should say instead."""

    classification: Classification
    first_sick_day: date
    percentage: int

    @property
    def in_words(self) -> str:
        return report_in_words(self.first_sick_day, self.percentage, self.classification)


@transaction.atomic
def take_up(*, by: "User", trajectory: Trajectory) -> Trajectory:
    """HCS or InComfort works with this report from now on; the first time is recorded."""
    if not by.is_staff:
        raise PermissionDenied("Reports are taken up by staff only.")
    found = _locked(trajectory)
    if found.taken_up_at is None:
        found.taken_up_at = timezone.now()
        found.save(update_fields=["taken_up_at"])
        record(Action.REPORT_TAKEN_UP, by, found)
    return found


@transaction.atomic
def correct_report(*, by: "User", trajectory: Trajectory, to: Correction) -> Trajectory:
    """The report says something else from now on; what it said is kept.

    Raises PermissionDenied for another employer's report, ValidationError when it was taken up,
    when nothing changes, or when the rules of absence.reporting refuse.
    """
    found = _own(by, trajectory)
    _apply(by, found, to)
    return found


@transaction.atomic
def withdraw_report(*, by: "User", trajectory: Trajectory) -> Trajectory:
    """The report was a mistake: no page and no rule counts it any more; it is kept.

    Raises PermissionDenied and ValidationError as `correct_report` does.
    """
    found = _own(by, trajectory)
    _withdraw(by, found)
    return found


@transaction.atomic
def ask_correction(
    *,
    by: "User",
    trajectory: Trajectory,
    to: Correction | None,
    explanation: str,
    submission: UUID,
) -> CorrectionRequest:
    """Asks staff to correct a report that was taken up; `to` None asks to withdraw it.

    The same form: once. Raises PermissionDenied, and ValidationError while an earlier one waits or
    when what is asked cannot be.
    """
    found = _visible(by, trajectory)
    if earlier := found.correction_requests.filter(submission=submission).first():
        return earlier
    if found.correction_requests.waiting().exists():
        raise ValidationError(WAITS, code="waits")
    if to:
        check(found, to)
    asked = CorrectionRequest.objects.create(
        employer=found.employer,
        trajectory=found,
        **_values(to),
        explanation=explanation,
        asked_by=by,
        submission=submission,
    )
    record(Action.CORRECTION_ASKED, by, found, request=asked.pk)
    return asked


@transaction.atomic
def decide(
    *, by: "User", request: CorrectionRequest, is_granted: bool, answer: str
) -> CorrectionRequest:
    """Staff grant a request, which changes the report at once, or refuse it with an answer.

    Raises PermissionDenied for who is no staff, ValidationError when it was decided before, when a
    refusal has no answer, or when what was asked cannot be (any more).
    """
    if not by.is_staff:
        raise PermissionDenied("Staff decide on corrections.")
    trajectory = _locked(request.trajectory)
    found = CorrectionRequest.objects.select_for_update().get(pk=request.pk)
    if found.decided_at is not None:
        raise ValidationError("Een collega was u voor.", code="decided")
    if not is_granted and not answer.strip():
        raise ValidationError({"answer": "Schrijf waarom het verzoek niet kan."}, code="answer")
    if is_granted and found.is_withdrawal:
        _withdraw(by, trajectory)
    elif is_granted:
        _apply(by, trajectory, _asked(found))
    found.is_granted, found.answer = is_granted, answer.strip()
    found.decided_by, found.decided_at = by, timezone.now()
    found.save(update_fields=["is_granted", "answer", "decided_by", "decided_at"])
    record(Action.CORRECTION_DECIDED, by, trajectory, request=found.pk, granted=int(is_granted))
    return found


def current(trajectory: Trajectory) -> Correction:
    """What a report says now."""
    first = trajectory.incapacities.order_by("effective_on")[0]
    return Correction(trajectory.classification, trajectory.first_sick_day, first.percentage)


def check(trajectory: Trajectory, to: Correction) -> None:
    """Raises ValidationError unless the report may say this: the rules of a new report, without
    itself, and before whatever HCS recorded after the first percentage.
    """
    employment = trajectory.employment
    check_offered(to.classification, Classification.objects.offered_for(trajectory))
    reporting.check_report(
        to.first_sick_day,
        today=timezone.localdate(),
        started_on=employment.started_on,
        ended_on=employment.ended_on,
        spells=trajectory.spells_beside(),
    )
    later = trajectory.incapacities.order_by("effective_on")[1:2]
    before = [row.effective_on for row in later] or [trajectory.recovered_on or date.max]
    if to.first_sick_day >= before[0]:
        raise ValidationError(
            f"De eerste ziektedag ligt niet vóór wat HCS daarna vastlegde ({before[0]:%d-%m-%Y}).",
            code="after_course",
        )
    if current(trajectory) == to:
        raise ValidationError(UNCHANGED, code="unchanged")


def _values(to: Correction | None) -> dict[str, Any]:
    """As the columns of a request; nothing for a withdrawal."""
    names = Correction.__slots__
    return {name: getattr(to, name) for name in names} if to else {}


def _apply(by: "User", trajectory: Trajectory, to: Correction) -> None:
    check(trajectory, to)
    _keep_first_version(trajectory)
    first = trajectory.incapacities.order_by("effective_on")[0]
    if (first.effective_on, first.percentage) != (to.first_sick_day, to.percentage):
        Incapacity.everything.filter(pk=first.pk).update(superseded_at=timezone.now())
        add_row(by, trajectory, to.first_sick_day, to.percentage)
    trajectory.first_sick_day, trajectory.classification = to.first_sick_day, to.classification
    trajectory.save(update_fields=["first_sick_day", "classification"])
    _add_version(by, trajectory, Kind.CORRECTED)
    record(Action.REPORT_CORRECTED, by, trajectory)


def _withdraw(by: "User", trajectory: Trajectory) -> None:
    _keep_first_version(trajectory)
    _add_version(by, trajectory, Kind.WITHDRAWN)
    trajectory.withdrawn_at, trajectory.withdrawn_by = timezone.now(), by
    trajectory.save(update_fields=["withdrawn_at", "withdrawn_by"])
    record(Action.REPORT_WITHDRAWN, by, trajectory)


def _keep_first_version(trajectory: Trajectory) -> None:
    if not trajectory.versions.exists():
        first = _add_version(trajectory.reported_by, trajectory, Kind.REPORTED)
        ReportVersion.objects.filter(pk=first.pk).update(made_at=trajectory.reported_at)


def _add_version(by: "User", trajectory: Trajectory, kind: Kind) -> ReportVersion:
    says = current(trajectory)
    return ReportVersion.objects.create(
        employer=trajectory.employer,
        trajectory=trajectory,
        kind=kind,
        first_sick_day=says.first_sick_day,
        classification=says.classification,
        percentage=says.percentage,
        made_by=by,
    )


def _asked(request: CorrectionRequest) -> Correction:
    assert request.classification
    assert request.first_sick_day
    assert request.percentage
    return Correction(request.classification, request.first_sick_day, request.percentage)


def _own(by: "User", trajectory: Trajectory) -> Trajectory:
    """The report, for an employer that may still change it himself."""
    found = _visible(by, trajectory)
    if found.taken_up_at is not None:
        raise ValidationError(TAKEN_UP, code="taken_up")
    return found


def _visible(by: "User", trajectory: Trajectory) -> Trajectory:
    if not Trajectory.objects.visible_to(by).filter(pk=trajectory.pk).exists():
        raise PermissionDenied("Only who works for the employer corrects its reports.")
    return _locked(trajectory)


def _locked(trajectory: Trajectory) -> Trajectory:
    return locked(trajectory, "employment", "classification", "reported_by")
