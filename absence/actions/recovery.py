"""From "Herstel doorgeven aan HCS" to what HCS does with it. Each act is audited."""

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from absence import recovery
from absence.actions.corrections import take_up
from absence.actions.course import add_incapacity, record_recovery
from absence.actions.rows import locked, record
from absence.models import RecoveryMessage, Trajectory
from accounts.audit import Action

if TYPE_CHECKING:
    from accounts.models import User

State, Outcome = RecoveryMessage.State, RecoveryMessage.Outcome
WAITS = (
    "Er is al een herstelbericht van dit verzuim onderweg naar HCS. Wijzigt er iets, bel HCS:"
    " 088-102 16 40."
)
CLOSED = "Dit verzuim is al afgesloten."


@transaction.atomic
def tell_recovery(
    *,
    by: "User",
    trajectory: Trajectory,
    fit_from: date,
    percentage: int | None,
    submission: UUID,
) -> RecoveryMessage:
    """Tells HCS that somebody works again; `percentage` None is fully. The same form: once.

    Raises PermissionDenied for another employer's report, ValidationError when it was closed, when
    an earlier message still waits, or when absence.recovery refuses.
    """
    if not Trajectory.objects.visible_to(by).filter(pk=trajectory.pk).exists():
        raise PermissionDenied("Only who works for the employer tells of its employees.")
    found = locked(trajectory)
    if earlier := found.recovery_messages.filter(submission=submission).first():
        return earlier
    check(found, fit_from, percentage)
    message = RecoveryMessage.objects.create(
        employer=found.employer,
        trajectory=found,
        fit_from=fit_from,
        percentage=percentage,
        sent_by=by,
        submission=submission,
    )
    record(Action.RECOVERY_TOLD, by, message.trajectory, message)
    return message


def check(trajectory: Trajectory, fit_from: date, percentage: int | None) -> None:
    """Raises ValidationError unless this may be told of a sick report now."""
    today = timezone.localdate()
    if not trajectory.is_open:
        raise ValidationError(CLOSED, code="closed")
    if trajectory.recovery_messages.waiting().exists():
        raise ValidationError(WAITS, code="waits")
    if percentage is None:
        recovery.check_full(fit_from, first_sick_day=trajectory.first_sick_day, today=today)
    else:
        recovery.check_partial(
            fit_from,
            percentage,
            first_sick_day=trajectory.first_sick_day,
            current_percentage=trajectory.percentage_on(today) or 100,
            today=today,
        )


@transaction.atomic
def receive(*, by: "User", message: RecoveryMessage) -> RecoveryMessage:
    """HCS has seen it. Raises PermissionDenied, ValidationError when somebody was first."""
    found = _locked(by, message)
    if found.state != State.SENT:
        raise ValidationError("Een collega was u voor.", code="not_sent")
    found.state, found.received_by, found.received_at = State.RECEIVED, by, timezone.now()
    found.save(update_fields=["state", "received_by", "received_at"])
    record(Action.RECOVERY_RECEIVED, by, found.trajectory, found)
    take_up(by=by, trajectory=found.trajectory)
    return found


@transaction.atomic
def process(*, by: "User", message: RecoveryMessage, outcome: str) -> RecoveryMessage:
    """HCS records what was told, or decides otherwise; either way the message is done.

    Raises PermissionDenied, and ValidationError when somebody was first or when absence.course
    refuses to record it.
    """
    found = _locked(by, message)
    if found.state == State.PROCESSED:
        raise ValidationError("Een collega was u voor.", code="processed")
    if outcome == Outcome.RECORDED:
        _record_in_course(by, found)
    found.state, found.outcome = State.PROCESSED, outcome
    found.processed_by, found.processed_at = by, timezone.now()
    found.save(update_fields=["state", "outcome", "processed_by", "processed_at"])
    record(Action.RECOVERY_PROCESSED, by, found.trajectory, found, outcome=outcome)
    return found


def _record_in_course(by: "User", message: RecoveryMessage) -> None:
    if message.percentage is None:
        record_recovery(by=by, trajectory=message.trajectory, recovered_on=message.fit_from)
    else:
        add_incapacity(
            by=by,
            trajectory=message.trajectory,
            effective_on=message.fit_from,
            percentage=message.percentage,
        )


def _locked(by: "User", message: RecoveryMessage) -> RecoveryMessage:
    if not by.is_hcs:
        raise PermissionDenied("Messages of recovery are for HCS only.")
    return (
        RecoveryMessage.objects.select_related("trajectory__dossier", "employer")
        .select_for_update(of=("self",))
        .get(pk=message.pk)
    )
