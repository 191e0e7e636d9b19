"""What people do with casefiles: ask for one, take it along."""

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from absence.models import Trajectory
from accounts.audit import Action, record
from documents.casefile.jobs import make_casefile
from documents.casefile.models import Casefile

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def ask_casefile(*, by: "User", trajectory: Trajectory) -> Casefile:
    """Has the worker make the casefile of a report; recorded.

    One that is being made already is returned instead; when it is late, it is enqueued once more.
    Raises PermissionDenied for another employer's report, ValidationError for a withdrawn one.
    """
    if not Trajectory.objects.visible_to(by).filter(pk=trajectory.pk).exists():
        raise PermissionDenied
    found = Trajectory.objects.select_for_update(no_key=True).filter(pk=trajectory.pk).first()
    if found is None:
        raise ValidationError("Deze melding is ingetrokken.", code="withdrawn")
    casefile = Casefile.objects.waiting().filter(trajectory=found).first()
    if casefile and not casefile.is_late:
        return casefile
    if casefile:
        casefile.asked_at = timezone.now()
        casefile.save(update_fields=["asked_at"])
    else:
        casefile = Casefile.objects.create(
            employer=trajectory.employer, dossier=trajectory.dossier, trajectory=found, asked_by=by
        )
    make_casefile.defer(casefile_id=casefile.pk)
    record(
        Action.CASEFILE_ASKED,
        by=by,
        employer=trajectory.employer,
        dossier=trajectory.dossier,
        obj=trajectory,
    )
    return casefile
