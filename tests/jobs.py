"""Runs deferred work in a test, without a worker."""

import json

from asgiref.sync import async_to_sync
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.jobs import Status
from procrastinate.tasks import Task

from accounts.models import FailedJob, JobError

# The queue's own tables: a job that was rolled back is not there, just as in production.
TAKE_DUE_JOBS = """
    DELETE FROM procrastinate_jobs
    WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())
    RETURNING id, task_name, args
"""


def run_jobs() -> list[str]:
    """Runs all due jobs in the order in which they were deferred, and the jobs that those defer.

    They run in the test's own transaction. Returns the names of their tasks; raises what a task
    raises.
    """
    done: list[str] = []
    while jobs := _take_due_jobs():
        for _, task_name, args in sorted(jobs, key=lambda job: job[0]):
            app.tasks[task_name].func(**args)
            done.append(task_name)
    return done


def failed_job(task: Task, error: str = "", **arguments: int) -> FailedJob:
    """A job that the worker gave up, with the kind of its last error."""
    job_id = task.defer(**arguments)
    finish = async_to_sync(app.job_manager.finish_job_by_id_async)
    finish(job_id=job_id, status=Status.FAILED, delete_job=False)
    if error:
        JobError.objects.create(job_id=job_id, kind=error)
    return FailedJob.objects.get(pk=job_id)


def _take_due_jobs() -> list[tuple[int, str, dict[str, object]]]:
    with connection.cursor() as cursor:
        cursor.execute(TAKE_DUE_JOBS)
        return [
            (pk, name, args if isinstance(args, dict) else json.loads(args))
            for pk, name, args in cursor.fetchall()
        ]
