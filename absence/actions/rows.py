"""What more than one act on a sick report writes: a percentage, and the event in the log."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import models

from absence.models import Incapacity, Trajectory
from accounts import audit
from accounts.audit import Action

if TYPE_CHECKING:
    from accounts.models import User


def add_row(by: "User", trajectory: Trajectory, day: date, percentage: int) -> Incapacity:
    return Incapacity.objects.create(
        trajectory=trajectory,
        employer=trajectory.employer,
        effective_on=day,
        percentage=percentage,
        recorded_by=by,
    )


def record(
    action: Action,
    by: "User",
    trajectory: Trajectory,
    obj: models.Model | None = None,
    **detail: int | str,
) -> None:
    """An event about the report, or about `obj` that belongs to it."""
    audit.record(
        action,
        by=by,
        employer=trajectory.employer,
        dossier=trajectory.dossier,
        obj=obj or trajectory,
        detail=detail,
    )
