"""The download of one document."""

import logging
from uuid import UUID

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.audit import Action, Outcome, record
from accounts.http import UserRequest
from documents.access import document_for
from documents.downloads import QuarantinedError, TakenBackError, employer_response
from documents.storage import FileMissingError, StorageError

logger = logging.getLogger(__name__)


@require_safe
def download(request: UserRequest, uuid: UUID) -> HttpResponseBase:
    """One document, as a download. The event is there before the first byte leaves."""
    document = document_for(request, uuid)
    context = {"document": document, "dossier": document.dossier}
    outcome = Outcome.OK
    try:
        response: HttpResponseBase = employer_response(document)
    except TakenBackError:
        outcome = Outcome.DENIED
        response = render(request, "documents/document_taken_back.html", context, status=409)
    except QuarantinedError:
        outcome = Outcome.DENIED
        response = render(request, "documents/document_quarantined.html", context, status=409)
    except (FileMissingError, StorageError):
        logger.exception("document %s cannot be read", document.uuid)
        outcome = Outcome.FAILED
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
