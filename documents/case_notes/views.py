"""Pages of "Overzicht PB": the PDF itself, or how far it is."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from absence.access import report_in
from absence.models import Trajectory
from accounts.audit import Action, record
from accounts.http import UserRequest
from documents.case_notes.actions import ask_overview
from documents.case_notes.models import CaseNote, OverviewPb
from documents.case_notes.overviews import Overview, overviews_of
from documents.downloads import overview_name, pdf_response
from dossiers.models import Dossier


@require_safe
def overview_pb(request: UserRequest, uuid: UUID, trajectory_uuid: UUID) -> HttpResponse:
    """The notes of the HCS case manager on one report, as a PDF: the one that is right now.

    Until the worker made it, a page that says so (202): never an earlier one.
    """
    dossier, trajectory, overview = _overview_for(request, uuid, trajectory_uuid)
    rows = OverviewPb.objects.visible_to(request.user).filter(trajectory=trajectory)
    made = rows.filter(basis=overview.basis).first() if overview.is_ready else None
    if made is None:
        context = {"dossier": dossier, "trajectory": trajectory, "overview": overview}
        return render(request, "documents/overview_pb.html", context, status=202)
    record(
        Action.OVERVIEW_PB,
        by=request.user,
        employer=dossier.employer,
        dossier=dossier,
        obj=trajectory,
    )
    return pdf_response(made.pdf, overview_name(trajectory))


@require_POST
def make_overview_pb(request: UserRequest, uuid: UUID, trajectory_uuid: UUID) -> HttpResponse:
    """Has it made anew, when it is out of date or late."""
    dossier, trajectory, _ = _overview_for(request, uuid, trajectory_uuid)
    ask_overview(by=request.user, trajectory=trajectory)
    return redirect("documents:overview-pb", dossier.uuid, trajectory.uuid)


def _overview_for(
    request: UserRequest, uuid: UUID, trajectory_uuid: UUID
) -> tuple[Dossier, Trajectory, Overview]:
    """Raises Http404 for a report of another dossier, and for one without notes."""
    dossier, trajectory = report_in(request, uuid, trajectory_uuid)
    notes = CaseNote.objects.visible_to(request.user).filter(trajectory=trajectory)
    overviews = overviews_of(dossier, notes.per_report())
    if not overviews:
        raise Http404
    return dossier, trajectory, overviews[0]
