"""Upkeep of the task queue itself."""

import logging

from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

logger = logging.getLogger(__name__)

# A worker says every 10 seconds that it lives (procrastinate's own default).
SILENT_SECONDS = 60
KEPT_HOURS = 30 * 24  # long enough to look back at what went wrong last month


@app.periodic(cron="* * * * *")
@app.task(queue="upkeep", queueing_lock="retry_stalled_jobs", pass_context=True)
async def retry_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Gives the jobs of a worker that was killed to another: each job bears being done twice."""
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS):
        try:
            await retry_stalled_job(jobs, job)
        except ConnectorException:  # ended meanwhile; or the next minute tries again
            logger.exception("a stalled job was not put back: %s", job.id)


async def retry_stalled_job(jobs: JobManager, job: Job) -> None:
    """Puts it back in the queue, or ends it when its like (a timed one) waits there already."""
    try:
        await jobs.retry_job(job)
    except UniqueViolation:
        await jobs.finish_job(job, status=Status.ABORTED, delete_job=False)


@app.periodic(cron="20 3 * * *")
@app.task(queue="upkeep", queueing_lock="remove_done_jobs", pass_context=True)
async def remove_done_jobs(context: JobContext, timestamp: int) -> None:
    """Removes jobs that ended well long ago; those that failed stay until someone looks."""
    await context.app.job_manager.delete_old_jobs(nb_hours=KEPT_HOURS, include_aborted=True)
