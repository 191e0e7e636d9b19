"""The jobs that have casefiles made, and removed after a week."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from documents.casefile import making


# After messages and scans: a large one takes a minute.
@app.task(queue="pdfs", priority=-1, retry=RetryStrategy(max_attempts=4, exponential_wait=4))
def make_casefile(casefile_id: int) -> None:
    making.make_casefile(casefile_id=casefile_id)


@app.periodic(cron="*/10 * * * *")
@app.task(queue="pdfs", queueing_lock="documents.tidy_casefiles")
def tidy_casefiles(timestamp: int) -> None:
    """What is too old goes first, so that it is not made any more."""
    making.remove_expired()
    making.make_waiting()
