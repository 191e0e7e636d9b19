"""What staff do with a job that the worker gave up."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation

from accounts.audit import Action, record
from accounts.models import FailedJob

if TYPE_CHECKING:
    from accounts.models import User

MOST_AT_ONCE = 500  # one request; what is left is there to be asked for again


@transaction.atomic
def retry_jobs(*, by: "User", jobs: Iterable[int]) -> int:
    """Puts failed jobs back in the queue, each for one more attempt; recorded as one event.

    At most MOST_AT_ONCE of them, the oldest first. Returns how many. A job that did not fail, or
    was put back already, stays as it is: raises ValidationError when that is all there is.
    """
    failed = FailedJob.objects.filter(pk__in=jobs).waiting().order_by("pk")
    retried = [job for job in failed.select_for_update()[:MOST_AT_ONCE] if _put_back(job)]
    if not retried:
        raise ValidationError("Hier is niets opnieuw te proberen: het loopt al, of het is gelukt.")
    detail = {"task": retried[0].task_name, "jobs": [job.pk for job in retried]}
    record(Action.JOBS_RETRIED, by=by, detail=detail)
    return len(retried)


def _put_back(job: FailedJob) -> bool:
    """False for a timed job whose like waits in the queue already: that one does its work."""
    try:
        with transaction.atomic():
            app.job_manager.retry_job_by_id(job.pk, retry_at=timezone.now())
    except UniqueViolation:
        return False
    return True
