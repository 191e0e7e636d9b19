"""Pages of document requests: what InComfort still waits for, and giving one of them."""

from functools import partial
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.audit import Action, record
from accounts.http import UserRequest
from documents.models import Document, DocumentRequest
from documents.requests.access import item_for
from documents.requests.answering import answer_item
from documents.requests.forms import ItemUploadForm
from documents.upload_views import take_files, upload_form
from dossiers.access import employers_only

PER_PAGE = 20


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
    form = upload_form(
        request, partial(ItemUploadForm, user=request.user, dossier=dossier, item=found)
    )

    def store(data: dict[str, Any]) -> list[Document]:
        given = {"files": data["files"], "submission": data["submission"]}
        return answer_item(by=request.user, item=found, **given)

    return take_files(
        request, form, store=store, template="documents/request_item.html", item=found
    )
