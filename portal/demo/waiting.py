"""What waits in the back office: work that the worker gave up, an e-mail that was not sent, and a
casefile that somebody asked for.
"""

from datetime import timedelta

from asgiref.sync import async_to_sync
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

from absence.models import Trajectory
from accounts.models import JobError, OutgoingMessage
from documents.case_notes.jobs import make_overview
from documents.casefile.actions import ask_casefile

LONG_NAME = "IdleInTransactionSessionTimeout"  # of psycopg: an error without words of ours


def leave_waiting(trajectory: Trajectory) -> None:
    """All about one sick report; whatever is tried again, succeeds."""
    ask_casefile(by=trajectory.reported_by, trajectory=trajectory)
    job_id = make_overview.defer(trajectory_id=trajectory.pk)
    with connection.cursor() as cursor:  # as if a worker had tried it
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [job_id])
    finish = async_to_sync(app.job_manager.finish_job_by_id_async)
    finish(job_id=job_id, status=Status.FAILED, delete_job=False)
    JobError.objects.create(job_id=job_id, kind=LONG_NAME)
    OutgoingMessage.objects.create(
        channel=OutgoingMessage.Channel.EMAIL,
        purpose="uitkeringsspecificatie",
        recipient=trajectory.reported_by.email,
        subject="Er staat een nieuwe uitkeringsspecificatie voor u klaar",
        text="Log in op het werkgeversportaal en kies Uitkeringsspecificaties.",
        state=OutgoingMessage.State.FAILED,
        is_repeatable=True,
        attempts=6,
        error="SMTPServerDisconnected",
        created_at=timezone.now() - timedelta(hours=3),
    )
