"""A stored file stays in quarantine until a scanner found nothing in it: nobody can open it.

Fails closed: a scanner that does not answer decides nothing, and is asked again every minute.
Source: security.md 2.10 points 5 and 6, F4 and F5.
"""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.audit import Action, Outcome, record
from documents.models import Document
from documents.requests.actions import lock_request_of, take_back_answer
from documents.scanners import ScannerDownError, ScannerError, is_clean
from documents.storage import AlteredError, FileMissingError, StorageError, open_file

logger = logging.getLogger(__name__)

State = Document.State
Refusal = Document.Refusal
# Longer than that without a verdict is for somebody to look at.
LATE = timedelta(minutes=15)


def scan(*, document_id: int) -> None:
    """The worker judges one document that waits; recorded as the system's.

    Twice, or after the document was judged: nothing happens. Raises ScannerError.
    """
    document = Document.objects.filter(pk=document_id).waiting().first()
    if document is None:
        return
    try:
        with open_file(document) as file:
            refusal = "" if is_clean(file) else Refusal.VIRUS
    except AlteredError:
        refusal = Refusal.ALTERED
    except (FileMissingError, StorageError):  # it may come back: the store is away, or not mounted
        logger.exception("document %s cannot be read to be scanned", document.uuid)
        return
    _settle(document, refusal)


def scan_waiting() -> int:
    """Judges all that waits, the oldest first. Returns how many still wait.

    A document on which the scanner has no verdict waits on, and the next one is asked about; when
    the scanner itself is down, none of them would fare better.
    """
    waiting = Document.objects.waiting().order_by("added_at", "pk")
    for pk in waiting.values_list("pk", flat=True):
        try:
            scan(document_id=pk)
        except ScannerDownError as error:
            logger.warning("the virus scanner does not answer: %s", error)
            break
        except ScannerError as error:
            logger.warning("the virus scanner has no verdict on document %d: %s", pk, error)
    if late := waiting.filter(added_at__lt=timezone.now() - LATE).count():
        logger.error("documents wait for the virus scanner too long: %d", late)
    return waiting.count()


@transaction.atomic
def _settle(document: Document, refusal: str) -> None:
    """Stores a verdict once, also when two workers come to it at the same time."""
    if refusal:
        lock_request_of(document=document)
    state = State.REFUSED if refusal else State.SAFE
    judged = Document.objects.filter(pk=document.pk).waiting()
    if not judged.update(state=state, refusal=refusal, judged_at=timezone.now()):
        return
    record(
        Action.DOCUMENT_SCAN,
        by=None,
        employer=document.employer,
        dossier=document.dossier,
        obj=document,
        outcome=Outcome.DENIED if refusal else Outcome.OK,
        detail={"refusal": refusal} if refusal else None,
    )
    if refusal:
        take_back_answer(document=document)
