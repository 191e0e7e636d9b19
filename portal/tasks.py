"""Upkeep of the task queue itself."""

from procrastinate import JobContext
from procrastinate.contrib.django import app

# A worker says every 10 seconds that it lives (procrastinate's own default).
SILENT_SECONDS = 60
KEPT_HOURS = 30 * 24  # long enough to look back at what went wrong last month


@app.periodic(cron="* * * * *")
@app.task(queue="upkeep", queueing_lock="retry_stalled_jobs", pass_context=True)
async def retry_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Gives the jobs of a worker that was killed to another: each job bears being done twice."""
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS):
        await jobs.retry_job(job)


@app.periodic(cron="20 3 * * *")
@app.task(queue="upkeep", queueing_lock="remove_done_jobs", pass_context=True)
async def remove_done_jobs(context: JobContext, timestamp: int) -> None:
    """Removes jobs that succeeded long ago; those that failed stay until someone looks."""
    await context.app.job_manager.delete_old_jobs(nb_hours=KEPT_HOURS)
