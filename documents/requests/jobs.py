"""The jobs that send reminders of document requests."""

from django.utils import timezone
from procrastinate.contrib.django import app

from documents.requests import reminders


# Hourly, so that a worker that stood still makes it good; from which hour on is asked of the clock
# in the Netherlands, not of the schedule.
@app.periodic(cron="15 * * * *")
@app.task(queue="timed", queueing_lock="documents.send_reminders")
def send_reminders(timestamp: int) -> None:
    """One job per request: what goes wrong for one keeps no other from its e-mail."""
    for request_id in reminders.who_waits(now=timezone.now()):
        send_reminder.defer(request_id=request_id)


@app.task(queue="timed")
def send_reminder(request_id: int) -> None:
    reminders.remind(request_id=request_id)
