"""Keeps of each job that fails what kind of error it was, for staff to read.

Named in the settings (PROCRASTINATE_WORKER_DEFAULTS), so it imports no models before they exist.
"""

import logging
from typing import Any

from asgiref.sync import sync_to_async
from procrastinate import JobContext
from procrastinate.middleware import AsyncCallNext

logger = logging.getLogger(__name__)


async def keep_error(call_next: AsyncCallNext, context: JobContext, worker: Any) -> Any:
    """Worker middleware around every job: raises what the job raises."""
    try:
        return await call_next()
    except Exception as error:
        if context.job.id is not None:
            await sync_to_async(_keep)(context.job.id, error)
        raise


def _keep(job_id: int, error: Exception) -> None:
    from django.db import connection

    from accounts.models import JobError

    try:
        JobError.objects.update_or_create(
            job_id=job_id, defaults={"kind": type(error).__name__[:60]}
        )
    except Exception:  # a database that is away: what the job raised matters more
        logger.exception("the error of job %s was not kept", job_id)
    finally:
        connection.close()  # of this thread, in which no request or job ends
