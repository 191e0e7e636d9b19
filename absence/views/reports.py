"""Reporting an employee sick: whom, what, and what follows."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import BigIntegerField, DateField, F, QuerySet, UUIDField
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from absence import reporting
from absence.access import employee_dossier, report_for
from absence.actions.reports import report_absence
from absence.case import Outlook, outlook, outlook_of
from absence.forms.reports import ReportForm
from absence.models import Trajectory
from accounts.compiled import Compiled, Given
from accounts.forms import SubmissionForm
from accounts.http import UserRequest
from accounts.kept_forms import kept_data
from accounts.models import SOMEBODY, key_of, seen_by
from dossiers.access import employers_only
from dossiers.models import Dossier, Employment
from dossiers.search_page import render_search, search_page


@employers_only
@require_http_methods(["GET", "POST"])
def report_search(request: UserRequest) -> HttpResponse:
    """Whom to report sick: a search whose hits lead to the form."""
    page = search_page(request, leads_to="absence:report-create", employees_only=True)
    return render_search(request, "absence/report_search.html", page)


@require_http_methods(["GET", "POST"])
def report_create(request: UserRequest, uuid: UUID) -> HttpResponse:
    dossier = employee_dossier(request, uuid)
    ill = _ILL(dossier=dossier.pk, **seen_by(request.user))
    employments = _reportable(request, dossier, ill)
    context = {"dossier": dossier, "ill": ill}
    if not employments:
        if earlier := _sent_before(request, dossier):
            return redirect("absence:report-done", earlier.uuid)
        return render(request, "absence/report_impossible.html", context)
    form = ReportForm(request.POST or kept_data(request), employments=employments)
    is_sent = request.method == "POST" and "vooruitblik" not in request.POST
    if is_sent and form.is_valid():
        try:
            trajectory = report_absence(by=request.user, **form.report())
        except ValidationError as error:  # somebody else was first
            form.add_error(None, error)
        else:
            return redirect("absence:report-done", trajectory.uuid)
    # What was sent before cannot be reported again; that it is the same form, the action knows.
    elif is_sent and (earlier := _sent_before(request, dossier)):
        return redirect("absence:report-done", earlier.uuid)
    context |= {"form": form, "outlook": _outlook(form)}
    if request.headers.get("HX-Request"):
        return render(request, "absence/_outlook.html", context)
    return render(request, "absence/report_create.html", context)


@require_safe
def report_done(request: UserRequest, uuid: UUID) -> HttpResponse:
    """Confirms what was reported and says what happens next."""
    report, dossier = report_for(request, uuid)
    outlook = outlook_of(report, today=timezone.localdate())
    context = {"dossier": dossier, "report": report, "outlook": outlook}
    return render(request, "absence/report_done.html", context)


def _outlook(form: ReportForm) -> Outlook | None:
    """What would follow from the report as it is filled in; None while that is too little."""
    facts = form.facts()
    return outlook(facts, today=timezone.localdate()) if facts else None


def _sent_before(request: UserRequest, dossier: Dossier) -> Trajectory | None:
    """The report that this very form made when it was sent the first time."""
    form = SubmissionForm(request.POST)
    if request.method != "POST" or not form.is_valid():
        return None
    return _SENT.first(
        dossier=dossier.pk, submission=form.cleaned_data["submission"], **seen_by(request.user)
    )


def _reportable(request: UserRequest, dossier: Dossier, ill: list[Trajectory]) -> list[Employment]:
    """The employments that a new report can be about, the default first.

    Not one that has yet to start, that ended too long ago for any day that may be reported, or
    that is reported sick already.
    """
    seen = seen_by(request.user)
    earliest = reporting.earliest_end(seen["today"])
    reported = {report.employment_id for report in ill}
    found = _EMPLOYMENTS(employee=dossier.employee.pk, earliest=earliest, **seen)
    return [employment for employment in found if employment.pk not in reported]


def _open_reports() -> QuerySet[Trajectory]:
    dossier = Given("dossier", BigIntegerField())
    reports = Trajectory.objects.visible_to(SOMEBODY).filter(dossier=dossier)
    return reports.open().newest_first().select_related("employment")


def _employments() -> QuerySet[Employment]:
    employee, today = Given("employee", BigIntegerField()), Given("today", DateField())
    return (
        Employment.objects.visible_to(SOMEBODY)
        .filter(employee=employee, started_on__lte=today)
        .exclude(ended_on__lt=Given("earliest", DateField()))
        .select_related("employer")
        .order_by(F("ended_on").desc(nulls_first=True), "-started_on")
    )


def _sent_reports() -> QuerySet[Trajectory]:
    by: Any = key_of(SOMEBODY)
    return Trajectory.objects.visible_to(SOMEBODY).filter(
        dossier=Given("dossier", BigIntegerField()),
        reported_by=by,
        submission=Given("submission", UUIDField()),
    )


_ILL = Compiled(_open_reports)
_SENT = Compiled(_sent_reports)
_EMPLOYMENTS = Compiled(_employments)
