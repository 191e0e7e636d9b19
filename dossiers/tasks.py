"""Work of the dossiers app for the worker."""

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from dossiers import search

# A worker that stood still for a week catches up.
LOOKED_BACK = timedelta(days=8)


@app.periodic(cron="5 * * * *")  # hourly, so that a missed midnight is made good soon
@app.task(queue="timed", queueing_lock="refresh_in_service")
def refresh_in_service(timestamp: int) -> None:
    """Takes those whose last contract ended out of the search among current employees."""
    search.refresh_in_service(since=timezone.localdate() - LOOKED_BACK)
