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

from absence import reporting
from absence.actions.classifications import check_offered
from absence.actions.rows import add_row, record
from absence.models import Classification, Trajectory
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
    rules of absence.reporting refuse or the employer does not choose from this classification.
    """
    employment = _locked_employment(by, employment)
    if earlier := _sent_before(by, employment, submission):
        return earlier
    check_offered(classification, Classification.objects.offered_to(employment.employer))
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
    add_row(by, trajectory, first_sick_day, percentage)
    record(Action.REPORT_CREATE, by, trajectory)
    return trajectory


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
