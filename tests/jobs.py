"""Runs deferred work in a test, without a worker."""

import json

from django.db import connection
from procrastinate.contrib.django import app

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


def _take_due_jobs() -> list[tuple[int, str, dict[str, object]]]:
    with connection.cursor() as cursor:
        cursor.execute(TAKE_DUE_JOBS)
        return [
            (pk, name, args if isinstance(args, dict) else json.loads(args))
            for pk, name, args in cursor.fetchall()
        ]
