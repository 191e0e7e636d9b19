"""Pages on which an employer withdraws or replaces a document of its own."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.audit import Action, record
from accounts.http import UserRequest
from documents.access import document_for
from documents.files.actions import replace_document, withdraw_document
from documents.files.forms import ReplaceForm
from documents.files.rules import PERIOD, why_not_replaced, why_not_withdrawn
from documents.models import Document
from documents.upload_views import take_files, upload_form


@require_http_methods(["GET", "HEAD", "POST"])
def replace(request: UserRequest, uuid: UUID) -> HttpResponse:
    """Another file comes instead; when that cannot be (any more), the page says why."""
    document = _document(request, uuid)
    reason = why_not_replaced(document, now=timezone.now())
    context = {"document": document, "reason": reason, "days": PERIOD.days}
    if reason and request.method != "POST":
        return render(request, "documents/document_replace.html", context)

    def store(data: dict[str, Any]) -> list[Document]:
        [file] = data["files"]
        submission = data["submission"]
        return [
            replace_document(by=request.user, document=document, file=file, submission=submission)
        ]

    form = upload_form(request, partial(ReplaceForm, user=request.user, document=document))
    template = "documents/document_replace.html"
    return take_files(request, form, store=store, said=_replaced, template=template, **context)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: UserRequest, uuid: UUID) -> HttpResponse:
    """The document was a mistake. A second click finds it done."""
    document = _document(request, uuid)
    reason = why_not_withdrawn(document, now=timezone.now())
    if request.method == "POST":
        try:
            withdraw_document(by=request.user, document=document)
        except ValidationError as refused:
            reason = refused.messages[0]
        else:
            messages.success(request, f"{document.name} is ingetrokken.")
            return redirect("documents:dossier-files", document.dossier.uuid)
    context = {"document": document, "dossier": document.dossier, "reason": reason}
    return render(request, "documents/document_withdraw.html", context | {"days": PERIOD.days})


def _document(request: UserRequest, uuid: UUID) -> Document:
    """The document; that somebody saw its name is recorded. Raises Http404."""
    document = document_for(request, uuid)
    record(
        Action.DOCUMENT_LIST,
        by=request.user,
        employer=document.employer,
        dossier=document.dossier,
        obj=document,
    )
    return document


def _replaced(documents: list[Document]) -> str:
    [new] = documents
    return f"Vervangen door {new.name}."
