"""Work of the absence app for the worker."""

from datetime import date

from django.utils import timezone
from procrastinate.contrib.django import app

from absence.actions import digests


# Hourly, so that a worker that stood still on Monday morning makes it good; which hour it is in
# the Netherlands is asked of the clock there, not of the schedule.
@app.periodic(cron="5 * * * *")
@app.task(queue="timed", queueing_lock="absence.send_digests")
def send_digests(timestamp: int) -> None:
    """One job per user: what goes wrong for one keeps no other from the e-mail."""
    monday, users = digests.who_waits(now=timezone.now())
    for user_id in users:
        send_digest.defer(user_id=user_id, monday=str(monday))


@app.task(queue="timed")
def send_digest(user_id: int, monday: str) -> None:
    digests.send_digest(user_id=user_id, monday=date.fromisoformat(monday))
