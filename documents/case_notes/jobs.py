"""The jobs that have overviews made."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from documents.case_notes import making


@app.task(queue="pdfs", retry=RetryStrategy(max_attempts=4, exponential_wait=4))
def make_overview(trajectory_id: int) -> None:
    making.make_overview(trajectory_id=trajectory_id)


# What no job made, and what says something else than we know now: a recovery, a corrected name.
@app.periodic(cron="*/5 * * * *")
@app.task(queue="pdfs", queueing_lock="documents.make_waiting_overviews")
def make_waiting_overviews(timestamp: int) -> None:
    making.ask_changed()
    making.make_waiting()
