"""Pages of the Trajectendossier."""

import logging
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from absence.models import Trajectory
from accounts.audit import Action, Outcome, record
from accounts.http import UserRequest
from documents.access import document_for
from documents.downloads import (
    QuarantinedError,
    document_response,
    overview_name,
    pdf_response,
)
from documents.models import CaseNote, Document, DocumentQuerySet
from documents.pdf import render_pdf
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
        "overviews": notes.overviews(),
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


@require_safe
def overview_pb(request: UserRequest, uuid: UUID, trajectory_uuid: UUID) -> HttpResponse:
    """The notes of the HCS case manager on one report, as a PDF."""
    dossier = dossier_for(request, uuid, action=Action.DOCUMENT_LIST)
    trajectories = Trajectory.objects.visible_to(request.user).filter(dossier=dossier)
    trajectory = get_object_or_404(trajectories, uuid=trajectory_uuid)
    notes = CaseNote.objects.visible_to(request.user).filter(trajectory=trajectory)
    if not (notes := notes.select_related("written_by")):
        raise Http404
    context = {
        "dossier": dossier,
        "trajectory": trajectory,
        "notes": notes,
        "made_at": timezone.now(),
    }
    pdf = render_pdf("pdf/overview_pb.html", context)
    record(
        Action.OVERVIEW_PB,
        by=request.user,
        employer=dossier.employer,
        dossier=dossier,
        obj=trajectory,
    )
    return pdf_response(pdf, overview_name(trajectory))


def _last_shown(documents: DocumentQuerySet, uuid: str) -> Document:
    """The document after which a next page starts. Raises Http404 for anything else."""
    try:
        return documents.get(uuid=uuid)
    except (Document.DoesNotExist, ValidationError):
        raise Http404 from None
