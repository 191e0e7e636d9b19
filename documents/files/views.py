"""The tab Trajectendossier, and all documents of one sick report in one download."""

import logging
from collections.abc import Callable, Generator, Iterator
from contextvars import copy_context
from functools import partial
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_safe

from absence.models import Trajectory
from accounts import audit, throttle
from accounts.audit import Action, Outcome
from accounts.http import UserRequest
from accounts.views.refusals import in_words
from documents.case_notes.overviews import overviews_of
from documents.files.archive import zip_of, zip_response
from documents.files.choice import Choice
from documents.files.listing import groups_of, rows_of, with_words
from documents.models import CaseNote, Document, DocumentQuerySet
from documents.storage import FileMissingError, StorageError
from dossiers.access import dossier_for
from dossiers.models import Dossier

logger = logging.getLogger(__name__)

PAGE_SIZE = 20
LEFT_AT = "files-left-at"  # in the session: the dossier that was filtered last, and how


@require_safe
def dossier_files(request: UserRequest, uuid: UUID) -> HttpResponse:
    """The documents by sick report, the newest first, a page at a time, with the filters of the
    address. Who comes back to the same dossier finds the filter as it was left.
    """
    left = request.session.get(LEFT_AT)
    if left and not request.GET and left["dossier"] == str(uuid):
        return redirect(f"{request.path}?{left['query']}")
    dossier = dossier_for(request, uuid, action=Action.DOCUMENT_LIST)
    choice = Choice() if dossier.is_company else Choice.asked_by(request.GET)
    _remember(request, dossier, choice)
    everything = Document.objects.visible_to(request.user).filter(dossier=dossier)
    documents, after = choice.of(everything), request.GET.get("na")
    if after:
        documents = documents.after(_last_shown(everything, after))
    words = with_words(documents.per_report(), user=request.user, is_company=dossier.is_company)
    found = list(words[: PAGE_SIZE + 1])
    notes = CaseNote.objects.visible_to(request.user).filter(dossier=dossier)
    context = {
        "dossier": dossier,
        "tab": "files",
        "choice": choice,
        "has_more": len(found) > PAGE_SIZE,
        "is_first_page": not after,
        "overviews": overviews_of(dossier, notes),
        **_shown(dossier, found[:PAGE_SIZE]),
    }
    return render(request, "documents/dossier_files.html", context)


@require_GET
def archive(request: UserRequest, uuid: UUID, trajectory_uuid: UUID) -> HttpResponseBase:
    """All that can be opened of one sick report, as a ZIP. The events are there before the first
    byte leaves: one for each document, and one for all.
    """
    dossier = dossier_for(request, uuid, action=Action.DOCUMENT_LIST)
    reports = Trajectory.objects.visible_to(request.user).select_related("employer", "dossier")
    report = get_object_or_404(reports, dossier=dossier, uuid=trajectory_uuid)
    documents = Document.objects.visible_to(request.user).filter(trajectory=report)
    chosen = list(documents.current().safe().newest_first().select_related("statement"))
    if not chosen:
        raise Http404
    if wait := throttle.zip_of_documents(user_id=request.user.pk):
        return _no_zip(request, dossier, report, wait=wait)
    chunks = zip_of(chosen)
    try:
        first = next(chunks)
    except (FileMissingError, StorageError):
        logger.exception("the ZIP of report %s cannot be begun", report.uuid)
        _record_zip(request, report, len(chosen), outcome=Outcome.FAILED)
        return _no_zip(request, dossier, report)
    _record_zip(request, report, len(chosen))
    about = [(dossier, document) for document in chosen]
    audit.record_each(
        Action.DOCUMENT_DOWNLOAD, by=request.user, employer=dossier.employer, about=about
    )
    # When it breaks off the request is over, and where it came from is forgotten.
    failed = partial(copy_context().run, _record_zip, request, report, len(chosen))
    return zip_response(_watched(first, chunks, failed), report)


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


def _no_zip(
    request: UserRequest, dossier: Dossier, report: Trajectory, *, wait: int = 0
) -> HttpResponse:
    context = {"dossier": dossier, "report": report, "wait": in_words(wait) if wait else ""}
    response = render(request, "documents/zip_unavailable.html", context, status=503)
    if wait:
        response.status_code, response.headers["Retry-After"] = 429, str(wait)
    return response


def _shown(dossier: Dossier, documents: list[Document]) -> dict[str, Any]:
    """The rows of a page; of an employee by sick report."""
    if dossier.is_company:
        return {"documents": rows_of(documents, is_company=True), "groups": []}
    groups = groups_of(documents, dossier=dossier.uuid)
    return {"documents": [row for group in groups for row in group.rows], "groups": groups}


def _remember(request: UserRequest, dossier: Dossier, choice: Choice) -> None:
    """For the rest of the login, of one dossier: another one starts with all its documents."""
    left = request.session.get(LEFT_AT)
    now = {"dossier": str(dossier.uuid), "query": choice.query}
    if not choice.is_all and now != left:
        request.session[LEFT_AT] = now
    if choice.is_all and left and left["dossier"] == now["dossier"]:
        del request.session[LEFT_AT]


def _last_shown(documents: DocumentQuerySet, uuid: str) -> Document:
    """The document after which a next page starts. Raises Http404 for anything else."""
    try:
        return documents.select_related("trajectory").get(uuid=uuid)
    except (Document.DoesNotExist, ValidationError):
        raise Http404 from None
