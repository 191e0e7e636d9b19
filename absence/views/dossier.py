"""The tab Verzuim of a dossier, and the agenda over all dossiers."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from absence.access import employee_dossier
from absence.agenda import agenda_of, timeline_of
from absence.case import cases_of
from absence.models import Trajectory
from accounts import audit
from accounts.audit import Action
from accounts.http import UserRequest
from dossiers.access import employers_only

SHOWN_ON_START = 6


@require_safe
def dossier_absence(request: UserRequest, uuid: UUID) -> HttpResponse:
    """The tab Verzuim: every report of this employee, the newest first."""
    dossier = employee_dossier(request, uuid)
    reports = dossier.trajectories.newest_first().with_course()
    cases = cases_of(list(reports), today=timezone.localdate())
    shown = [(case, timeline_of(case) if case.is_open else None) for case in cases]
    withdrawn = Trajectory.everything.visible_to(request.user).withdrawn_of(dossier)
    context = {"dossier": dossier, "tab": "absence", "cases": shown, "withdrawn": withdrawn}
    return render(request, "absence/dossier_absence.html", context)


@employers_only
@require_safe
def agenda(request: UserRequest) -> HttpResponse:
    """What is due in the next two weeks; the start page asks for the first few of it."""
    reports = list(Trajectory.objects.visible_to(request.user).open().newest_first().with_facts())
    found = agenda_of(reports, today=timezone.localdate())
    audit.record(Action.REPORT_LIST, by=request.user, detail={"dossiers": found.dossiers})
    is_part = bool(request.headers.get("HX-Request"))
    template = "absence/_agenda.html" if is_part else "absence/agenda.html"
    shown = found.items[:SHOWN_ON_START] if is_part else found.items
    context = {"agenda": found, "items": shown, "is_part": is_part}
    return render(request, template, context)
