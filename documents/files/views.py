"""The tab Trajectendossier, and all documents of one sick report in one download."""

from functools import partial
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import BigIntegerField
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_safe

from absence.access import report_in
from accounts.audit import Action
from accounts.compiled import Compiled, Given
from accounts.http import UserRequest
from accounts.models import SOMEBODY, User, seen_by
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
    after = request.GET.get("na", "")
    found = _page_of(request.user, dossier, choice, after)
    reports = _REPORTS(dossier=dossier.pk, **seen_by(request.user))
    context = {
        "dossier": dossier,
        "tab": "files",
        "choice": choice,
        "has_more": len(found) > PAGE_SIZE,
        "is_first_page": not after,
        "overviews": overviews_of(dossier, reports),
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


def _page_of(user: User, dossier: Dossier, choice: Choice, after: str) -> list[Document]:
    """A page of documents with their words, and one more when there is a next page."""
    if choice.is_all and not after:
        seen = {"dossier": dossier.pk, **seen_by(user)}
        return _FIRST_PAGE[dossier.is_company].part(0, PAGE_SIZE + 1, **seen)
    everything = Document.objects.visible_to(user).filter(dossier=dossier)
    documents = choice.of(everything)
    if after:
        documents = documents.after(_last_shown(everything, after))
    words = with_words(documents.per_report(), user=user, is_company=dossier.is_company)
    return list(words[: PAGE_SIZE + 1])


def _all_of(*, is_company: bool) -> DocumentQuerySet:
    documents = Document.objects.visible_to(SOMEBODY).filter(dossier=_DOSSIER)
    return with_words(documents.per_report(), user=SOMEBODY, is_company=is_company)


_DOSSIER = Given("dossier", BigIntegerField())
_FIRST_PAGE: dict[bool, Compiled[Document]] = {
    is_company: Compiled(partial(_all_of, is_company=is_company)) for is_company in (False, True)
}
_REPORTS: Compiled[dict[str, Any]] = Compiled(
    lambda: CaseNote.objects.visible_to(SOMEBODY).filter(dossier=_DOSSIER).per_report()
)


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
