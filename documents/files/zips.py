"""The answer that is a ZIP of documents: counted, recorded, and watched until its last byte."""

import logging
from collections.abc import Callable, Generator, Iterator, Sequence
from contextvars import copy_context
from functools import partial

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from absence.models import Trajectory
from accounts import audit, throttle
from accounts.audit import Action, Outcome
from accounts.http import UserRequest
from accounts.views.refusals import in_words
from documents.files.archive import Own, zip_of, zip_response
from documents.models import Document
from documents.storage import FileMissingError, StorageError

logger = logging.getLogger(__name__)


def zip_answer(
    request: UserRequest,
    report: Trajectory,
    documents: Sequence[Document],
    *,
    name: str,
    own: Sequence[Own] = (),
) -> HttpResponseBase:
    """These documents of one report, and what the portal made itself, as a download.

    The events are there before the first byte leaves: one for each document, and one for all. A
    page instead (429, 503) for who asks too often, and while the store does not answer.
    """
    if wait := throttle.zip_of_documents(user_id=request.user.pk):
        return _no_zip(request, report, wait=wait)
    chunks = zip_of(documents, own=own)
    try:
        first = next(chunks)
    except (FileMissingError, StorageError):
        logger.exception("the ZIP of report %s cannot be begun", report.uuid)
        _record_zip(request, report, len(documents), outcome=Outcome.FAILED)
        return _no_zip(request, report)
    _record_zip(request, report, len(documents))
    about = [(report.dossier, document) for document in documents]
    audit.record_each(
        Action.DOCUMENT_DOWNLOAD, by=request.user, employer=report.employer, about=about
    )
    # When it breaks off the request is over, and where it came from is forgotten.
    failed = partial(copy_context().run, _record_zip, request, report, len(documents))
    return zip_response(_watched(first, chunks, failed), name)


def _watched(first: bytes, rest: Iterator[bytes], failed: Callable[..., None]) -> Generator[bytes]:
    """The ZIP. When the store fails halfway the answer breaks off without its end: the browser says
    that the download failed, and what it kept opens as no ZIP.
    """
    try:
        yield first
        yield from rest
    except (FileMissingError, StorageError):
        logger.exception("a ZIP broke off")
        failed(outcome=Outcome.FAILED)
        raise


def _record_zip(
    request: UserRequest, report: Trajectory, count: int, *, outcome: str = Outcome.OK
) -> None:
    audit.record(
        Action.DOCUMENT_ZIP,
        by=request.user,
        employer=report.employer,
        dossier=report.dossier,
        obj=report,
        outcome=outcome,
        detail={"documents": count},
    )


def _no_zip(request: UserRequest, report: Trajectory, *, wait: int = 0) -> HttpResponse:
    told = in_words(wait) if wait else ""
    context = {"dossier": report.dossier, "report": report, "wait": told}
    response = render(request, "documents/zip_unavailable.html", context, status=503)
    if wait:
        response.status_code, response.headers["Retry-After"] = 429, str(wait)
    return response
