"""The tab Trajectendossier, and all documents of one sick report in one download."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_safe

from absence.access import report_in
from accounts.audit import Action
from accounts.http import UserRequest
from documents.case_notes.overviews import overviews_of
from documents.downloads import zip_name
from documents.files.choice import Choice
from documents.files.listing import groups_of, rows_of, with_words
from documents.files.zips import zip_answer
from documents.models import CaseNote, Document, DocumentQuerySet
from documents.requests.checklist import checklists
from dossiers.access import dossier_for
from dossiers.models import Dossier

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
        "requests": checklists(request.user, dossier, beside=found),
        **_shown(dossier, found[:PAGE_SIZE]),
    }
    return render(request, "documents/dossier_files.html", context)


@require_GET
def archive(request: UserRequest, uuid: UUID, trajectory_uuid: UUID) -> HttpResponseBase:
    """All that can be opened of one sick report, as a ZIP."""
    _, report = report_in(request, uuid, trajectory_uuid)
    documents = Document.objects.visible_to(request.user).filter(trajectory=report)
    chosen = list(documents.current().safe().newest_first().select_related("statement"))
    if not chosen:
        raise Http404
    return zip_answer(request, report, chosen, name=zip_name(report))


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
