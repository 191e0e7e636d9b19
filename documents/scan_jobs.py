"""The jobs that have documents scanned."""

import logging

from procrastinate.contrib.django import app

from documents import quarantine
from documents.scanners import ScannerError

logger = logging.getLogger(__name__)


@app.task(queue="scans")
def scan_document(document_id: int) -> None:
    """Judges a new document at once; what fails here, `scan_waiting` does again."""
    try:
        quarantine.scan(document_id=document_id)
    except ScannerError as error:
        logger.warning("the virus scanner does not answer for document %d: %s", document_id, error)


@app.periodic(cron="* * * * *")
@app.task(queue="scans", queueing_lock="documents.scan_waiting")
def scan_waiting(timestamp: int) -> None:
    quarantine.scan_waiting()
