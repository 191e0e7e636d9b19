"""What more than one act on a sick report does: lock it, add a percentage, write in the log."""

from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models

from absence.models import Incapacity, Trajectory
from accounts import audit
from accounts.audit import Action

if TYPE_CHECKING:
    from accounts.models import User


def locked(trajectory: Trajectory, *related: str) -> Trajectory:
    """The report as it is now, for this transaction only ours.

    Locked before anything is joined: when a report came to refer to something else while the lock
    was waited for, PostgreSQL would leave the joined row out. Raises ValidationError once it was
    withdrawn.
    """
    own = Trajectory.objects.filter(pk=trajectory.pk)
    if not own.select_for_update(no_key=True).values_list("pk"):
        raise ValidationError("Deze melding is ingetrokken.", code="withdrawn")
    return own.select_related("employer", "dossier", *related).get()


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
