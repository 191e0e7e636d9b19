"""The job that takes out of the store what deleted documents left there."""

from procrastinate.contrib.django import app

from documents.left_files import remove_left_files


@app.periodic(cron="*/10 * * * *")
@app.task(queue="timed", queueing_lock="documents.take_out_left_files")
def take_out_left_files(timestamp: int) -> None:
    remove_left_files()
