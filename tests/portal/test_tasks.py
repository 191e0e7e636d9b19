"""Upkeep of the task queue, by a real worker on the real tables."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app

from accounts.models import JobError
from accounts.tasks import send_message
from documents.tasks import scan_document, scan_waiting
from portal.tasks import remove_done_jobs, retry_stalled_jobs

pytestmark = pytest.mark.django_db(transaction=True)


def work_off(queue):
    """A worker does what is in `queue` and stops."""
    with app.replace_connector(app.connector.get_worker_connector()) as worker_app:

        async def work():
            async with worker_app.open_async():
                await worker_app.run_worker_async(
                    queues=[queue], wait=False, install_signal_handlers=False
                )

        # In a thread of its own: an event loop may run in this one (Playwright keeps one).
        with ThreadPoolExecutor(1) as pool:
            pool.submit(asyncio.run, work()).result()


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def job_taken_by_a_worker_silent_for(seconds, task=send_message, **arguments):
    job_id = task.defer(**(arguments or {"message_id": 1}))
    worker_id = sql(
        "INSERT INTO procrastinate_workers (last_heartbeat)"
        " VALUES (now() - make_interval(secs => %s)) RETURNING id",
        seconds,
    )
    sql(
        "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE id = %s",
        worker_id,
        job_id,
    )
    return job_id


def status_of(job_id):
    return sql("SELECT status FROM procrastinate_jobs WHERE id = %s", job_id)


@pytest.mark.parametrize(("silent_for", "status"), [(61, "todo"), (5, "doing")])
def test_the_job_of_a_silent_worker_is_taken_up_again(silent_for, status):
    job_id = job_taken_by_a_worker_silent_for(silent_for)
    retry_stalled_jobs.defer(timestamp=0)
    # The worker prunes silent workers as it starts; a job of a pruned worker is stalled too.
    work_off("upkeep")
    assert status_of(job_id) == status


def test_a_timed_job_that_waits_again_already_holds_up_no_other():
    """A worker that was killed leaves it running; the next minute puts a new one in the queue,
    and of each there may be one in the queue.
    """
    timed = job_taken_by_a_worker_silent_for(61, scan_waiting, timestamp=0)
    again = scan_waiting.defer(timestamp=60)
    message = job_taken_by_a_worker_silent_for(61)
    retry_stalled_jobs.defer(timestamp=0)
    work_off("upkeep")
    assert [status_of(job) for job in (timed, again, message)] == ["aborted", "todo", "todo"]


def test_the_kind_of_error_of_a_job_that_fails_is_kept(monkeypatch):
    """With the worker's own settings: what the error says, it says to the log only."""

    def refuse(**_):
        raise KeyError("anna@voorbeeld.test")

    monkeypatch.setattr("accounts.delivery.deliver_message", refuse)
    job_id = send_message.defer(message_id=1)
    work_off("messages")
    error = JobError.objects.get()
    assert (error.job_id, error.kind) == (job_id, "KeyError")


def test_what_a_job_puts_in_the_queue_is_rolled_back_with_what_it_did(monkeypatch):
    """Else another worker might do it before there is what it is about."""

    def ask_and_fail(**_):
        with closing(connection), transaction.atomic():
            scan_document.defer(document_id=1)
            raise KeyError

    monkeypatch.setattr("accounts.delivery.deliver_message", ask_and_fail)
    job_id = send_message.defer(message_id=1)
    work_off("messages")
    assert sql("SELECT attempts FROM procrastinate_jobs WHERE id = %s", job_id) == 1
    asked = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = %s"
    assert sql(asked, scan_document.name) == 0


@pytest.mark.parametrize(
    ("days", "status", "is_left"),
    [
        (31, "succeeded", False),
        (29, "succeeded", True),
        (31, "aborted", False),
        (31, "failed", True),
    ],
)
def test_jobs_that_ended_well_are_removed_after_a_month(days, status, is_left):
    job_id = send_message.defer(message_id=1)
    sql("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", job_id)
    sql("UPDATE procrastinate_jobs SET status = %s WHERE id = %s", status, job_id)
    sql("UPDATE procrastinate_events SET at = now() - make_interval(days => %s)", days)
    remove_done_jobs.defer(timestamp=0)
    work_off("upkeep")
    assert bool(status_of(job_id)) is is_left
