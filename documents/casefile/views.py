"""Pages of the casefile: to ask for it, to see how far it is, to take it along."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from absence.access import report_in
from absence.models import Trajectory
from accounts import throttle
from accounts.audit import Action, record
from accounts.http import UserRequest
from accounts.views.refusals import in_words
from documents.casefile.actions import ask_casefile
from documents.casefile.models import KEPT_DAYS, Casefile
from documents.downloads import casefile_name, pdf_response
from documents.files.archive import Own
from documents.files.zips import zip_answer
from documents.models import Document
from dossiers.models import Dossier

TOO_OFTEN = "U hebt te vaak een inspectiedossier gevraagd. Wacht {} en probeer het opnieuw."
GONE = "Dit inspectiedossier is niet meer te downloaden. U kunt hier een nieuw laten maken."


@require_http_methods(["GET", "HEAD", "POST"])
def casefile(request: UserRequest, uuid: UUID, trajectory_uuid: UUID) -> HttpResponse:
    """What it is, whether there is one, and the button that has the worker make it."""
    dossier, report = report_in(request, uuid, trajectory_uuid)
    wait = 0
    if request.method == "POST":
        wait = throttle.casefile(user_id=request.user.pk)
        if not wait:
            ask_casefile(by=request.user, trajectory=report)
            return redirect("documents:casefile", dossier.uuid, report.uuid)
    context = _state(request, report) | {"dossier": dossier, "report": report}
    context |= {"kept_days": KEPT_DAYS, "too_often": wait and TOO_OFTEN.format(in_words(wait))}
    response = render(request, "documents/casefile.html", context)
    if wait:
        response.status_code, response.headers["Retry-After"] = 429, str(wait)
    return response


@require_safe
def casefile_pdf(request: UserRequest, uuid: UUID, trajectory_uuid: UUID) -> HttpResponse:
    """The newest one that was made, as a download. The event is there before the first byte."""
    dossier, report = report_in(request, uuid, trajectory_uuid)
    made = _made(request, report)
    if made is None:
        return _gone(request, dossier, report)
    _record_download(request, report, "pdf")
    return pdf_response(bytes(made.pdf or b""), casefile_name(report, "pdf"))


@require_GET
def casefile_zip(request: UserRequest, uuid: UUID, trajectory_uuid: UUID) -> HttpResponseBase:
    """The same PDF with the documents that it lists, as far as they can be opened, as a ZIP."""
    dossier, report = report_in(request, uuid, trajectory_uuid)
    made = _made(request, report)
    if made is None:
        return _gone(request, dossier, report)
    listed = Document.objects.visible_to(request.user).filter(pk__in=made.documents)
    chosen = list(
        listed.filter(trajectory=report).current().safe().newest_first().select_related("statement")
    )
    assert made.made_at
    pdf = Own(casefile_name(report, "pdf"), made.made_at, bytes(made.pdf or b""))
    name = casefile_name(report, "zip")
    answer = zip_answer(request, report, chosen, name=name, own=[pdf])
    if answer.streaming:
        _record_download(request, report, "zip")
    return answer


def _state(request: UserRequest, report: Trajectory) -> dict[str, Any]:
    """The one to download and the one that is being made; the PDF stays unread."""
    casefiles = Casefile.objects.visible_to(request.user).filter(trajectory=report).defer("pdf")
    casefiles = casefiles.select_related("asked_by")
    return {
        "made": casefiles.to_download().order_by("-made_at").first(),
        "waiting": casefiles.waiting().first(),
    }


def _made(request: UserRequest, report: Trajectory) -> Casefile | None:
    casefiles = Casefile.objects.visible_to(request.user).filter(trajectory=report)
    return casefiles.to_download().order_by("-made_at").first()


def _gone(request: UserRequest, dossier: Dossier, report: Trajectory) -> HttpResponse:
    messages.warning(request, GONE)
    return redirect("documents:casefile", dossier.uuid, report.uuid)


def _record_download(request: UserRequest, report: Trajectory, kind: str) -> None:
    record(
        Action.CASEFILE_DOWNLOAD,
        by=request.user,
        employer=report.employer,
        dossier=report.dossier,
        obj=report,
        detail={"kind": kind},
    )
