"""What people do with sick reports. Each act is audited, and stored whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from psycopg.errors import ExclusionViolation, UniqueViolation

from absence import course, reporting
from absence.agenda import check_mark
from absence.case import outlook_of
from absence.corrections import take_up
from absence.models import Classification, Incapacity, MilestoneMark, Trajectory
from accounts import audit
from accounts.audit import Action
from dossiers.models import Dossier, Employment

if TYPE_CHECKING:
    from accounts.models import User

SENT_BEFORE = "Dit formulier is al eerder verstuurd. Open het opnieuw voor een nieuwe melding."
SAME_MOMENT = "Iemand anders heeft deze werknemer zojuist ook ziek gemeld. Bekijk het dossier."


@transaction.atomic
def report_absence(
    *,
    by: "User",
    employment: Employment,
    classification: Classification,
    first_sick_day: date,
    percentage: int,
    submission: UUID,
) -> Trajectory:
    """Reports an employee sick: a new trajectory and its first percentage, from the first sick day.

    Sent again with the same `submission`, it returns the first report and records nothing.
    Raises PermissionDenied when `by` does not work for the employer, ValidationError when the
    rules of absence.reporting refuse.
    """
    employment = _locked_employment(by, employment)
    if earlier := _sent_before(by, employment, submission):
        return earlier
    reporting.check_report(
        first_sick_day,
        today=timezone.localdate(),
        started_on=employment.started_on,
        ended_on=employment.ended_on,
        spells=employment.trajectories.spells(),
    )
    with _conflicts_in_words():
        trajectory = Trajectory.objects.create(
            employer=employment.employer,
            dossier=employment.employee.dossier,
            employee=employment.employee,
            employment=employment,
            classification=classification,
            first_sick_day=first_sick_day,
            reported_by=by,
            submission=submission,
        )
    _add_row(by, trajectory, first_sick_day, percentage)
    _record(Action.REPORT_CREATE, by, trajectory)
    return trajectory


@transaction.atomic
def add_incapacity(
    *, by: "User", trajectory: Trajectory, effective_on: date, percentage: int
) -> Incapacity:
    """HCS records the AO-percentage from a day on, as a new row; the earlier ones stay.

    Raises PermissionDenied for anybody but HCS, ValidationError when absence.course refuses.
    """
    trajectory = _locked_for_hcs(by, trajectory)
    course.check_next_step(
        effective_on,
        percentage,
        last=_last_row(trajectory),
        recovered_on=trajectory.recovered_on,
        today=timezone.localdate(),
    )
    row = _add_row(by, trajectory, effective_on, percentage)
    _record(Action.INCAPACITY_ADD, by, trajectory, incapacity=row.pk)
    take_up(by=by, trajectory=trajectory)
    return row


@transaction.atomic
def record_recovery(*, by: "User", trajectory: Trajectory, recovered_on: date) -> Trajectory:
    """HCS closes a trajectory: `recovered_on` is the first day fully fit.

    Raises PermissionDenied for anybody but HCS (design decision 7), ValidationError when
    absence.course refuses.
    """
    trajectory = _locked_for_hcs(by, trajectory)
    course.check_recovery(
        recovered_on,
        last_step_on=_last_row(trajectory)[0],
        already_recovered_on=trajectory.recovered_on,
        today=timezone.localdate(),
    )
    trajectory.recovered_on = recovered_on
    trajectory.recovered_by = by
    trajectory.recovery_recorded_at = timezone.now()
    trajectory.save(update_fields=["recovered_on", "recovered_by", "recovery_recorded_at"])
    _record(Action.RECOVERY_RECORD, by, trajectory, recovered_on=recovered_on.isoformat())
    take_up(by=by, trajectory=trajectory)
    return trajectory


@transaction.atomic
def mark_milestone(
    *,
    by: "User",
    trajectory: Trajectory,
    key: str,
    done_on: date | None = None,
    deviation: str = "",
) -> MilestoneMark:
    """Staff note that a milestone was done, or why its term was not kept; noted again, it replaces.

    Raises PermissionDenied for who is no staff, ValidationError for a milestone that this illness
    does not have, a day that cannot be, or a reason where the law knows none.
    """
    if not by.is_staff:
        raise PermissionDenied("Milestones are marked by staff only.")
    today = timezone.localdate()
    outlook = outlook_of(trajectory, today=today)
    check_mark(outlook, key, done_on=done_on, deviation=deviation)
    mark, _ = MilestoneMark.objects.update_or_create(
        trajectory=trajectory,
        key=key,
        defaults={
            "employer": trajectory.employer,
            "done_on": done_on,
            "deviation": deviation,
            "marked_by": by,
            "marked_at": timezone.now(),
        },
    )
    _record(Action.MILESTONE_MARK, by, trajectory, milestone=key)
    take_up(by=by, trajectory=trajectory)
    return mark


def refuse_report(*, by: "User", uuid: UUID) -> None:
    """Records that somebody asked for a report of another employer; a made-up uuid is no event."""
    dossier = Dossier.objects.filter(trajectories__uuid=uuid).first()
    if dossier:
        audit.record(Action.ACCESS_DENIED, by=by, dossier=dossier, outcome=audit.Outcome.DENIED)


def _locked_employment(by: "User", employment: Employment) -> Employment:
    """The employment, so that two reports of it come one after the other.

    Without the lock two inserts would each wait for the other at the exclusion constraint, and
    PostgreSQL would end one of them as a deadlock. No key lock: rows may still refer to it.
    """
    found = (
        Employment.objects.visible_to(by)
        .select_related("employer", "employee__dossier")
        .select_for_update(of=("self",), no_key=True)
        .filter(pk=employment.pk)
        .first()
    )
    if found is None:
        raise PermissionDenied("Only who works for the employer reports for it.")
    return found


def _locked_for_hcs(by: "User", trajectory: Trajectory) -> Trajectory:
    if not by.is_hcs:
        raise PermissionDenied("Percentages and recovery are recorded by HCS only.")
    return (
        Trajectory.objects.select_related("employer", "dossier")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=trajectory.pk)
    )


def _sent_before(by: "User", employment: Employment, submission: UUID) -> Trajectory | None:
    """The report that this form made when it was sent the first time."""
    earlier = Trajectory.objects.filter(submission=submission).first()
    if earlier is None:
        return None
    if earlier.reported_by_id != by.pk or earlier.employee_id != employment.employee_id:
        raise ValidationError(SENT_BEFORE, code="sent_before")
    return earlier


@contextmanager
def _conflicts_in_words() -> Iterator[None]:
    """What the database refuses reads as what the rules say."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if isinstance(error.__cause__, ExclusionViolation):
            raise ValidationError(SAME_MOMENT, code="already_ill") from error
        if isinstance(error.__cause__, UniqueViolation):
            raise ValidationError(SENT_BEFORE, code="sent_before") from error
        raise


def _last_row(trajectory: Trajectory) -> tuple[date, int]:
    return trajectory.incapacities.values_list("effective_on", "percentage").latest("effective_on")


def _add_row(by: "User", trajectory: Trajectory, day: date, percentage: int) -> Incapacity:
    return Incapacity.objects.create(
        trajectory=trajectory,
        employer=trajectory.employer,
        effective_on=day,
        percentage=percentage,
        recorded_by=by,
    )


def _record(action: Action, by: "User", trajectory: Trajectory, **detail: int | str) -> None:
    audit.record(
        action,
        by=by,
        employer=trajectory.employer,
        dossier=trajectory.dossier,
        obj=trajectory,
        detail=detail,
    )
