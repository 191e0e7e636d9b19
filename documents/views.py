"""Pages of the Trajectendossier."""

import logging
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.audit import Action, Outcome, record
from accounts.http import UserRequest
from documents.access import document_for
from documents.case_notes.overviews import overviews_of
from documents.downloads import QuarantinedError, document_response
from documents.models import CaseNote, Document, DocumentQuerySet
from documents.storage import FileMissingError, StorageError
from dossiers.access import dossier_for

logger = logging.getLogger(__name__)

PAGE_SIZE = 20


@require_safe
def dossier_files(request: UserRequest, uuid: UUID) -> HttpResponse:
    """The tab Trajectendossier: newest first, a page at a time."""
    dossier = dossier_for(request, uuid, action=Action.DOCUMENT_LIST)
    documents = Document.objects.visible_to(request.user).filter(dossier=dossier).newest_first()
    if after := request.GET.get("na"):
        documents = documents.older_than(_last_shown(documents, after))
    shown = list(documents.for_list()[: PAGE_SIZE + 1])
    notes = CaseNote.objects.visible_to(request.user).filter(dossier=dossier)
    context = {
        "dossier": dossier,
        "tab": "files",
        "documents": shown[:PAGE_SIZE],
        "has_more": len(shown) > PAGE_SIZE,
        "is_first_page": not after,
        "overviews": overviews_of(dossier, notes),
    }
    return render(request, "documents/dossier_files.html", context)


@require_safe
def download(request: UserRequest, uuid: UUID) -> HttpResponseBase:
    """One document, as a download. The event is there before the first byte leaves."""
    document = document_for(request, uuid)
    outcome = Outcome.OK
    try:
        response: HttpResponseBase = document_response(document)
    except QuarantinedError:
        outcome = Outcome.DENIED
        context = {"document": document}
        response = render(request, "documents/document_quarantined.html", context, status=409)
    except (FileMissingError, StorageError):
        logger.exception("document %s cannot be read", document.uuid)
        outcome = Outcome.FAILED
        context = {"document": document}
        response = render(request, "documents/document_unavailable.html", context, status=503)
    record(
        Action.DOCUMENT_DOWNLOAD,
        by=request.user,
        employer=document.employer,
        dossier=document.dossier,
        obj=document,
        outcome=outcome,
    )
    return response


def _last_shown(documents: DocumentQuerySet, uuid: str) -> Document:
    """The document after which a next page starts. Raises Http404 for anything else."""
    try:
        return documents.get(uuid=uuid)
    except (Document.DoesNotExist, ValidationError):
        raise Http404 from None
