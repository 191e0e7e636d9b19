"""Pages of the Trajectendossier."""

import logging
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from absence.models import Trajectory
from accounts import throttle
from accounts.audit import Action, Outcome, record
from accounts.http import UserRequest
from accounts.kept_forms import had_files, kept_data
from accounts.views.refusals import in_words
from documents.access import document_for
from documents.actions import UploadLimitError, add_documents
from documents.downloads import (
    QuarantinedError,
    document_response,
    overview_name,
    pdf_response,
)
from documents.forms import (
    BODY_TOO_LARGE,
    DAY_IS_FULL,
    FILES_NOT_KEPT,
    NO_FILES,
    STORAGE_DOWN,
    TOO_OFTEN,
    TRAY_FILES,
    UploadForm,
)
from documents.models import CaseNote, Document, DocumentQuerySet
from documents.pdf import render_pdf
from documents.storage import FileMissingError, StorageError
from documents.uploads import is_too_large
from dossiers.access import dossier_for
from dossiers.models import Dossier

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


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: UserRequest, uuid: UUID) -> HttpResponse:
    """Several files at once for one sick report of an employee, in one folder."""
    dossier = dossier_for(request, uuid, action=Action.DOCUMENT_LIST)
    if dossier.is_company:
        raise Http404
    form = _upload_form(request, dossier)
    saved = _save(request, dossier, form) if request.method == "POST" else []
    if saved and not form.refused and not _is_from_tray(request):
        messages.success(request, _added(saved))
        return redirect("documents:dossier-files", dossier.uuid)
    if _is_from_tray(request):
        return _answer_tray(form, is_saved=bool(saved))
    context = {
        "dossier": dossier,
        "form": form,
        "saved": saved,
        "tray_files": TRAY_FILES,
        "is_zw_erd": dossier.employer.is_zw_erd(),
    }
    response = render(request, "documents/document_upload.html", context)
    if form.wait:
        response.status_code, response.headers["Retry-After"] = 429, str(form.wait)
    return response


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


def _upload_form(request: UserRequest, dossier: Dossier) -> UploadForm:
    """The form as sent, as kept from before a new login (without its files), or new.

    Files that come too soon are not even judged, which is what costs.
    """
    is_sent = request.method == "POST"
    data = request.POST if is_sent else kept_data(request)
    no_files = NO_FILES if is_sent or not had_files(request) else FILES_NOT_KEPT
    if is_too_large(request):
        no_files = BODY_TOO_LARGE
    if wait := _wait_before(request):
        no_files = TOO_OFTEN.format(in_words(wait))
    files = request.FILES if is_sent and not wait else None
    form = UploadForm(data, files, user=request.user, dossier=dossier, no_files=no_files)
    form.wait = wait
    return form


def _is_from_tray(request: UserRequest) -> bool:
    """Whether the script of the page sent one file, and not a person the form."""
    return request.method == "POST" and request.headers.get("Accept") == "application/json"


def _answer_tray(form: UploadForm, *, is_saved: bool) -> JsonResponse:
    """Why not, in words for the file's row; no reason when it is stored."""
    response = JsonResponse({"reasons": [] if is_saved else form.reasons})
    if form.wait:
        response.status_code, response.headers["Retry-After"] = 429, str(form.wait)
    return response


def _wait_before(request: UserRequest) -> int:
    """How many seconds too soon these files come; a form without files costs nothing."""
    files = len(request.FILES.getlist("uploads"))
    if not files:
        return 0
    if _is_from_tray(request) and files == 1:
        return throttle.upload_of_one(user_id=request.user.pk)
    return throttle.upload(user_id=request.user.pk)


def _save(request: UserRequest, dossier: Dossier, form: UploadForm) -> list[Document]:
    """Stores the good files; what is wrong with the others is then in the form's errors."""
    if not form.is_valid():
        return []
    try:
        saved = add_documents(
            by=request.user,
            dossier=dossier,
            trajectory=form.cleaned_data["trajectory"],
            folder=form.cleaned_data["folder"],
            files=form.cleaned_data["uploads"],
            submission=form.cleaned_data["submission"],
        )
    except UploadLimitError as refused:
        form.wait = refused.wait
        form.add_error(None, DAY_IS_FULL.format(in_words(refused.wait)))
        return []
    except StorageError:
        logger.exception("documents cannot be stored")
        form.add_error(None, STORAGE_DOWN)
        return []
    form.show_refused()
    return saved


def _added(documents: list[Document]) -> str:
    """ "2 documenten toegevoegd: a.pdf, b.pdf." """
    names = ", ".join(document.name for document in documents)
    count = len(documents)
    return f"{count} document{'en' if count > 1 else ''} toegevoegd: {names}."
