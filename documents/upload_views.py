"""The pages on which files are put in a Trajectendossier: one by one with its tray, and from the
start page, where it is not known yet whose they are.
"""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts import throttle
from accounts.audit import Action
from accounts.http import UserRequest
from accounts.kept_forms import had_files, kept_data
from accounts.views.refusals import in_words
from documents.actions import UploadLimitError, add_documents
from documents.forms import (
    BODY_TOO_LARGE,
    DAY_IS_FULL,
    FILES_NOT_KEPT,
    NO_FILES,
    STORAGE_DOWN,
    TOO_OFTEN,
    TRAY_FILES,
    FileNameForm,
    FilesForm,
    UploadForm,
)
from documents.models import Document
from documents.requests.answering import answer_item
from documents.requests.forms import AskedUploadForm
from documents.storage import StorageError
from documents.uploads import is_too_large
from dossiers.access import dossier_for, employers_only
from dossiers.search import propose
from dossiers.search_events import TooManySearchesError
from dossiers.search_page import render_search, search_page

logger = logging.getLogger(__name__)


type Store = Callable[[dict[str, Any]], list[Document]]


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: UserRequest, uuid: UUID) -> HttpResponse:
    """Several files at once for one sick report of an employee, in one folder; also for what was
    asked about it.
    """
    dossier = dossier_for(request, uuid, action=Action.DOCUMENT_LIST)
    if dossier.is_company:
        raise Http404

    def store(data: dict[str, Any]) -> list[Document]:
        if item := data.pop("asked"):
            given = {"files": data["files"], "submission": data["submission"]}
            return answer_item(by=request.user, item=item, **given)
        return add_documents(by=request.user, dossier=dossier, **data)

    form = upload_form(request, partial(AskedUploadForm, user=request.user, dossier=dossier))
    return take_files(request, form, store=store, template="documents/document_upload.html")


@employers_only
@require_http_methods(["GET", "POST"])
def upload_search(request: UserRequest) -> HttpResponse:
    """Whose the files are: a search whose hits lead to the page above.

    With script the files are chosen here, and a hit says whose one of them is.
    """
    page = search_page(request, leads_to="documents:upload", employees_only=True)
    return render_search(
        request,
        "documents/upload_search.html",
        page,
        form=FilesForm(),
        tray_files=TRAY_FILES,
    )


@employers_only
@require_POST
def propose_employee(request: UserRequest) -> JsonResponse:
    """Whose a file may be, by its name: `person` is null when that is not clear. Is a search."""
    form = FileNameForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"person": None})
    try:
        hit = propose(user=request.user, file_name=form.cleaned_data["name"])
    except TooManySearchesError as refused:
        wait = {"Retry-After": str(refused.wait)}
        return JsonResponse({"person": None}, status=429, headers=wait)
    address = hit and reverse("documents:upload", args=[hit.uuid])
    return JsonResponse(
        {"person": hit and {"name": hit.name, "facts": hit.line, "address": address}}
    )


def upload_form(request: UserRequest, make: Callable[..., UploadForm]) -> UploadForm:
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
    form = make(data, files, no_files=no_files)
    form.wait = wait
    return form


def take_files(
    request: UserRequest,
    form: UploadForm,
    *,
    store: Store,
    template: str,
    said: Callable[[list[Document]], str] | None = None,
    **context: Any,
) -> HttpResponse:
    """Gives the good files of a form that was sent to `store`; what it says goes to the tray, or
    back to the dossier (`said`), or on the page that names what was refused.
    """
    saved = _save(form, store) if request.method == "POST" else []
    if _is_from_tray(request):
        return _answer_tray(form, is_saved=bool(saved))
    if saved and not form.refused:
        messages.success(request, (said or _added)(saved))
        return redirect("documents:dossier-files", form.dossier.uuid)
    response = render_form(request, form, template=template, saved=saved, **context)
    if form.wait:
        response.status_code, response.headers["Retry-After"] = 429, str(form.wait)
    return response


def render_form(
    request: UserRequest, form: UploadForm, *, template: str, **context: Any
) -> HttpResponse:
    context |= {"dossier": form.dossier, "form": form, "tray_files": TRAY_FILES}
    context["is_zw_erd"] = form.dossier.employer.is_zw_erd()
    return render(request, template, context)


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


def _save(form: UploadForm, store: Store) -> list[Document]:
    """Stores the good files; what is wrong with the others is then in the form's errors."""
    if not form.is_valid():
        return []
    data = {**form.cleaned_data}
    data["files"] = data.pop("uploads")
    try:
        saved = store(data)
    except UploadLimitError as refused:
        form.wait = refused.wait
        form.add_error(None, DAY_IS_FULL.format(in_words(refused.wait)))
        return []
    except ValidationError as refused:  # what changed while the form was filled in
        form.add_error(None, refused)
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
