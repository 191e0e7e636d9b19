"""What people do with sick reports. Each act is audited, and stored whole or not at all."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import BigIntegerField, UUIDField
from django.utils import timezone
from psycopg.errors import ExclusionViolation, UniqueViolation

from absence import reporting
from absence.actions.classifications import check_offered
from absence.case import spell_of
from absence.models import (
    Classification,
    Incapacity,
    Trajectory,
    classifications_for,
    spells_of,
)
from absence.reporting import Spell
from accounts import audit
from accounts.audit import Action
from accounts.compiled import Compiled, Given
from accounts.models import SOMEBODY, seen_by
from dossiers.models import Dossier, Employment
from dossiers.models.employments import EmploymentQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

SENT_BEFORE = "Dit formulier is al eerder verstuurd. Open het opnieuw voor een nieuwe melding."
SAME_MOMENT = "Iemand anders heeft deze werknemer zojuist ook ziek gemeld. Bekijk het dossier."


@dataclass(frozen=True, slots=True)
class Report:
    """A sick report to be made: `percentage` from the first sick day on."""

    employment: Employment
    classification: Classification
    first_sick_day: date
    percentage: int
    submission: UUID


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
    check_offered(classification, classifications_for(employment.employer))
    reporting.check_report(
        first_sick_day,
        today=timezone.localdate(),
        started_on=employment.started_on,
        ended_on=employment.ended_on,
        spells=spells_of(employment),
    )
    report = Report(employment, classification, first_sick_day, percentage, submission)
    return _add(by, [report])[0]


@transaction.atomic
def report_absences(*, by: "User", reports: Sequence[Report]) -> None:
    """`report_absence` for many employments of one employer, in a fixed number of queries, all or
    none. Whether they were sent before is for the caller to know; sent by another form, they raise.
    """
    pks = [report.employment.pk for report in reports]
    locked = {each.pk: each for each in _employments_locked(by).filter(pk__in=pks).order_by("pk")}
    if locked.keys() != set(pks):
        raise PermissionDenied("Only who works for the employer reports for it.")
    spells: dict[int, list[Spell]] = defaultdict(list)
    for known in Trajectory.objects.filter(employment__in=pks):
        spells[known.employment_id].append(spell_of(known))
    offered = classifications_for(reports[0].employment.employer)
    for classification in {report.classification for report in reports}:
        check_offered(classification, offered)
    today = timezone.localdate()
    for pk, report in zip(pks, reports, strict=True):
        reporting.check_report(
            report.first_sick_day,
            today=today,
            started_on=locked[pk].started_on,
            ended_on=locked[pk].ended_on,
            spells=spells[pk],
        )
    _add(by, [replace(report, employment=locked[report.employment.pk]) for report in reports])


def _add(by: "User", reports: Sequence[Report]) -> list[Trajectory]:
    made = [
        Trajectory(
            employer=report.employment.employer,
            dossier=report.employment.employee.dossier,
            employee=report.employment.employee,
            employment=report.employment,
            classification=report.classification,
            first_sick_day=report.first_sick_day,
            reported_by=by,
            submission=report.submission,
        )
        for report in reports
    ]
    with _conflicts_in_words():
        Trajectory.objects.bulk_create(made)
    Incapacity.objects.bulk_create(
        Incapacity(
            trajectory=trajectory,
            employer=trajectory.employer,
            effective_on=trajectory.first_sick_day,
            percentage=report.percentage,
            recorded_by=by,
        )
        for trajectory, report in zip(made, reports, strict=True)
    )
    about = [(trajectory.dossier, trajectory) for trajectory in made]
    audit.record_each(Action.REPORT_CREATE, by=by, employer=made[0].employer, about=about)
    return made


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
    found = _EMPLOYMENT.first(employment=employment.pk, **seen_by(by))
    if found is None:
        raise PermissionDenied("Only who works for the employer reports for it.")
    return found


def _employments_locked(by: "User | AnonymousUser") -> EmploymentQuerySet:
    return (
        Employment.objects.visible_to(by)
        .select_related("employer", "employee__dossier")
        .defer("employee__bsn", "employee__iban")
        .select_for_update(of=("self",), no_key=True)
    )


def _sent_before(by: "User", employment: Employment, submission: UUID) -> Trajectory | None:
    """The report that this form made when it was sent the first time."""
    earlier = _EARLIER.first(submission=submission)
    if earlier is None:
        return None
    if earlier.reported_by_id != by.pk or earlier.employee_id != employment.employee_id:
        raise ValidationError(SENT_BEFORE, code="sent_before")
    return earlier


_EMPLOYMENT = Compiled(
    lambda: _employments_locked(SOMEBODY).filter(pk=Given("employment", BigIntegerField()))
)
_EARLIER = Compiled(
    lambda: Trajectory.objects.filter(submission=Given("submission", UUIDField())).order_by("pk")
)


@contextmanager
def _conflicts_in_words() -> Iterator[None]:
    """What the database refuses reads as what the rules say. The act ends with it."""
    try:
        yield
    except IntegrityError as error:
        if isinstance(error.__cause__, ExclusionViolation):
            raise ValidationError(SAME_MOMENT, code="already_ill") from error
        if isinstance(error.__cause__, UniqueViolation):
            raise ValidationError(SENT_BEFORE, code="sent_before") from error
        raise
