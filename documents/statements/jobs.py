"""The job that publishes one sheet of a confirmed month."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from documents.statements.publishing import publish_sheet


# After all else that waits: a month is thousands of these, and a login code cannot wait for them.
# A file store that is down for an hour is up again by the sixth attempt.
@app.task(queue="statements", priority=-2, retry=RetryStrategy(max_attempts=6, exponential_wait=5))
def publish(sheet_id: int) -> None:
    publish_sheet(sheet_id=sheet_id)
