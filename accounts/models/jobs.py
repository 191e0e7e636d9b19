"""Jobs of the worker that failed for good, and what the last error of each was."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, Max, OuterRef, Q, Subquery
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob


class FailedJobQuerySet(models.QuerySet["FailedJob"]):
    def waiting(self) -> "FailedJobQuerySet":
        """What will not be done unless somebody asks for it.

        A timed job (only those have a queueing lock) that failed is forgotten once a later one of
        its kind succeeded: that did the work of both.
        """
        later = ProcrastinateJob.objects.filter(
            task_name=OuterRef("task_name"), pk__gt=OuterRef("pk"), status="succeeded"
        )
        return self.filter(Q(queueing_lock=None) | ~Exists(later), status="failed")

    def with_error(self) -> "FailedJobQuerySet":
        """With `failed_at` and `error`, the kind of the last error ("" when it was not kept)."""
        events = ProcrastinateEvent.objects.filter(job=OuterRef("pk"), type="failed").order_by()
        errors = JobError.objects.filter(job_id=OuterRef("pk"))
        return self.annotate(
            failed_at=Subquery(events.values("job").annotate(at=Max("at")).values("at")),
            error=Subquery(errors.values("kind")),
        )


class FailedJob(ProcrastinateJob):
    """One act that the worker gave up: procrastinate's own row, which holds ids only."""

    # It takes the place of procrastinate's own manager, a class variable of another type.
    objects: ClassVar[Any] = FailedJobQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        proxy = True
        verbose_name = "mislukte opdracht"
        verbose_name_plural = "mislukte opdrachten"

    def __str__(self) -> str:
        return f"Opdracht {self.pk}"


class JobError(models.Model):
    """The kind of the last error of one job: procrastinate keeps none.

    Its class only: what an error says may hold a name or an address.
    """

    job_id = models.BigIntegerField("opdracht", primary_key=True)
    kind = models.CharField("soort fout", max_length=60)

    class Meta:
        verbose_name = "fout van een opdracht"
        verbose_name_plural = "fouten van opdrachten"

    def __str__(self) -> str:
        return self.kind
