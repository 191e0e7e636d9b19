"""HCS records the course of an illness, and staff what was done about it."""

from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from absence import course
from absence.actions.corrections import take_up
from absence.actions.rows import add_row, locked, record
from absence.agenda import check_mark
from absence.case import outlook_of
from absence.models import Incapacity, MilestoneMark, Trajectory
from accounts.audit import Action

if TYPE_CHECKING:
    from accounts.models import User


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
    row = add_row(by, trajectory, effective_on, percentage)
    record(Action.INCAPACITY_ADD, by, trajectory, incapacity=row.pk)
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
    record(Action.RECOVERY_RECORD, by, trajectory, recovered_on=recovered_on.isoformat())
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
    record(Action.MILESTONE_MARK, by, trajectory, milestone=key)
    take_up(by=by, trajectory=trajectory)
    return mark


def _locked_for_hcs(by: "User", trajectory: Trajectory) -> Trajectory:
    if not by.is_hcs:
        raise PermissionDenied("Percentages and recovery are recorded by HCS only.")
    return locked(trajectory)


def _last_row(trajectory: Trajectory) -> tuple[date, int]:
    return trajectory.incapacities.values_list("effective_on", "percentage").latest("effective_on")
