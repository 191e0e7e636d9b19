"""Pages of document requests: what InComfort still waits for, and giving one of them."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.audit import Action, record
from accounts.http import UserRequest
from documents.models import Document, DocumentRequest
from documents.requests.access import item_for
from documents.requests.answering import answer_item, give_document
from documents.requests.forms import FromDossierForm, ItemUploadForm
from documents.upload_views import render_form, take_files, upload_form
from dossiers.access import employers_only

PER_PAGE = 20
ITEM_PAGE = "documents/request_item.html"


@employers_only
@require_safe
def requests(request: UserRequest) -> HttpResponse:
    """What InComfort asked of the user's employers and does not have yet, first due first."""
    running = DocumentRequest.objects.visible_to(request.user).running()
    rows = running.with_checklist().first_due_first()
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("pagina"))
    dossiers = [asked.dossier_id for asked in page]
    record(Action.REQUEST_LIST, by=request.user, detail={"dossiers": dossiers})
    return render(request, "documents/request_list.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def item(request: UserRequest, uuid: UUID) -> HttpResponse:
    """One document that was asked for: what InComfort said of it, and the files to give."""
    found, dossier = item_for(request, uuid)
    make = partial(ItemUploadForm, user=request.user, dossier=dossier, item=found)
    form = upload_form(request, make)

    def store(data: dict[str, Any]) -> list[Document]:
        given = {"files": data["files"], "submission": data["submission"]}
        return answer_item(by=request.user, item=found, **given)

    choice = FromDossierForm(user=request.user, item=found)
    return take_files(request, form, store=store, template=ITEM_PAGE, item=found, choice=choice)


@require_POST
def item_from_dossier(request: UserRequest, uuid: UUID) -> HttpResponse:
    """The same with a document that is in the Trajectendossier already."""
    found, dossier = item_for(request, uuid)
    choice = FromDossierForm(request.POST, user=request.user, item=found)
    if choice.is_valid():
        try:
            given = give_document(
                by=request.user, item=found, document=choice.cleaned_data["document"]
            )
        except ValidationError as refused:
            choice.add_error(None, refused)
        else:
            messages.success(request, f"{found} aangeleverd: {given.name}.")
            return redirect("documents:dossier-files", dossier.uuid)
    found.refresh_from_db()
    form = ItemUploadForm(None, None, user=request.user, dossier=dossier, item=found)
    return render_form(request, form, template=ITEM_PAGE, item=found, choice=choice)
