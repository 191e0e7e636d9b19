"""Pages of absence: reporting an employee sick, and the tab Verzuim of a dossier."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from absence import exports, lists, reporting
from absence.actions import refuse_report, report_absence
from absence.agenda import agenda_of, timeline_of
from absence.case import Outlook, cases_of, outlook, outlook_of
from absence.figures import figures_of
from absence.forms import ReportForm
from absence.list_forms import FiguresForm, IllListForm, ListForm, ReportListForm
from absence.models import Trajectory
from absence.models.trajectories import TrajectoryQuerySet
from absence.recovery_actions import tell_recovery
from absence.recovery_forms import RecoveryMessageForm
from accounts import audit
from accounts.audit import Action
from accounts.confirmation import needs_confirmation
from accounts.forms import SubmissionForm
from accounts.http import UserRequest
from accounts.kept_forms import kept_data
from dossiers.access import dossier_for, employers_only
from dossiers.models import Dossier, Employment
from dossiers.search_page import render_search, search_page

SHOWN_ON_START = 6
FILE_NAMES = {"ill_list": "nu-ziek", "report_list": "verzuimmeldingen"}
TOO_MANY_ROWS = (
    "Een bestand heeft ten hoogste 10.000 regels en deze lijst heeft er meer. Maak een kleinere"
    " keuze, bijvoorbeeld een jaar of een werkgever."
)


@employers_only
@require_http_methods(["GET", "POST"])
def report_search(request: UserRequest) -> HttpResponse:
    """Whom to report sick: a search whose hits lead to the form."""
    page = search_page(request, leads_to="absence:report-create", employees_only=True)
    return render_search(request, "absence/report_search.html", page)


@require_http_methods(["GET", "POST"])
def report_create(request: UserRequest, uuid: UUID) -> HttpResponse:
    dossier = _employee_dossier(request, uuid)
    if earlier := _sent_before(request, dossier):
        return redirect("absence:report-done", earlier.uuid)
    ill = list(dossier.trajectories.open().newest_first().select_related("employment"))
    employments = _reportable(dossier, ill)
    context = {"dossier": dossier, "ill": ill}
    if not employments:
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


@employers_only
@require_safe
def ill_list(request: UserRequest) -> HttpResponse:
    """Who is ill now, in the order and with the filters of the address."""
    reports = Trajectory.objects.visible_to(request.user).open()
    return _list(request, "ill_list", IllListForm(request.GET, user=request.user), reports)


@employers_only
@require_safe
def report_list(request: UserRequest) -> HttpResponse:
    """Every sick report, also of who recovered."""
    reports = Trajectory.objects.visible_to(request.user)
    return _list(request, "report_list", ReportListForm(request.GET, user=request.user), reports)


@employers_only
@needs_confirmation
@require_http_methods(["GET", "POST"])
def ill_export(request: UserRequest) -> HttpResponse:
    """The list of who is ill now as a file."""
    form = IllListForm(request.POST or request.GET, user=request.user)
    return _export(request, "ill_list", form, Trajectory.objects.visible_to(request.user).open())


@employers_only
@needs_confirmation
@require_http_methods(["GET", "POST"])
def report_export(request: UserRequest) -> HttpResponse:
    """The list of every sick report as a file."""
    form = ReportListForm(request.POST or request.GET, user=request.user)
    return _export(request, "report_list", form, Trajectory.objects.visible_to(request.user))


@employers_only
@require_safe
def figures(request: UserRequest) -> HttpResponse:
    """Counts and durations of one employer in one year. Names nobody, so nothing is logged."""
    today = timezone.localdate()
    form = FiguresForm(request.GET, user=request.user, today=today)
    employer, year = form.choice()
    reports = Trajectory.objects.visible_to(request.user).filter(employer=employer)
    context = {
        "tab": "figures",
        "form": form,
        "employer": employer,
        "year": year,
        "figures": figures_of(reports, year, today=today),
    }
    return render(request, "absence/figures.html", context)


@require_safe
def dossier_absence(request: UserRequest, uuid: UUID) -> HttpResponse:
    """The tab Verzuim: every report of this employee, the newest first."""
    dossier = _employee_dossier(request, uuid)
    reports = dossier.trajectories.newest_first().with_course()
    cases = cases_of(list(reports), today=timezone.localdate())
    shown = [(case, timeline_of(case) if case.is_open else None) for case in cases]
    withdrawn = Trajectory.everything.visible_to(request.user).withdrawn_of(dossier)
    context = {"dossier": dossier, "tab": "absence", "cases": shown, "withdrawn": withdrawn}
    return render(request, "absence/dossier_absence.html", context)


@require_http_methods(["GET", "POST"])
def recovery_tell(request: UserRequest, uuid: UUID) -> HttpResponse:
    """Tells HCS that somebody works again; only HCS changes the course (design decision 7)."""
    report, dossier = report_for(request, uuid)
    form = RecoveryMessageForm(request.POST or None, trajectory=report)
    waiting = report.recovery_messages.waiting().first()
    if request.method == "POST" and form.is_valid():
        try:
            told = tell_recovery(by=request.user, trajectory=report, **form.message())
        except ValidationError as error:  # somebody else was first
            form.add_error(None, error)
        else:
            messages.success(
                request, f"Uw bericht {told.number} is verzonden aan HCS. {told.in_words}."
            )
            return redirect("absence:dossier-absence", dossier.uuid)
    context = {"dossier": dossier, "report": report, "form": form, "waiting": waiting}
    return render(request, "absence/recovery_tell.html", context)


def _list(
    request: UserRequest, tab: str, form: ListForm, reports: TrajectoryQuerySet
) -> HttpResponse:
    """One page of a list. What is no page number is the first page, beyond the last the last."""
    choice = form.choice()
    found = lists.listed(reports, form.columns, choice)
    shown = Paginator(found, lists.PER_PAGE).get_page(request.GET.get("pagina"))
    today = timezone.localdate()
    rows = [lists.row_of(report, today=today) for report in shown]
    dossiers = sorted({row.report.dossier_id for row in rows})
    audit.record(Action.REPORT_LIST, by=request.user, detail={"dossiers": dossiers})
    context = {
        "tab": tab,
        "form": form,
        "heads": lists.heads(form.columns, choice.order),
        "paging": shown,
        "rows": rows,
    }
    return render(request, f"absence/{tab}.html", context)


def _export(
    request: UserRequest, tab: str, form: ListForm, reports: TrajectoryQuerySet
) -> HttpResponse:
    """What goes into the file is asked first; a choice that cannot be made makes no file."""
    found = lists.listed(reports, form.columns, form.choice())
    if request.method == "POST" and form.is_valid():
        kind = exports.KINDS.get(request.POST.get("bestand", ""))
        if kind is None:
            form.add_error(None, "Kies een Excel-bestand of een CSV-bestand.")
        elif found.count() > exports.MAX_ROWS:
            form.add_error(None, TOO_MANY_ROWS)
        else:
            return _file(request, tab, kind, found)
    context = {"tab": tab, "form": form, "count": found.count()}
    return render(request, "absence/export.html", context)


def _file(
    request: UserRequest, tab: str, kind: exports.Kind, found: TrajectoryQuerySet
) -> HttpResponse:
    """The rows as a file, and in the log how many there were and of whom."""
    today = timezone.localdate()
    rows = [lists.row_of(report, today=today) for report in found]
    dossiers = sorted({row.report.dossier_id for row in rows})
    detail = {"list": tab, "kind": kind.key, "rows": len(rows), "dossiers": dossiers}
    audit.record(Action.REPORT_EXPORT, by=request.user, detail=detail)
    name = f"{FILE_NAMES[tab]}_{today:%Y-%m-%d}.{kind.key}"
    return HttpResponse(
        kind.write(exports.cells(row) for row in rows),
        content_type=kind.content_type,
        headers={
            "Cache-Control": "no-store",
            "Content-Disposition": f'attachment; filename="{name}"',
        },
    )


def report_for(request: UserRequest, uuid: UUID) -> tuple[Trajectory, Dossier]:
    """A report of one of the user's employers, and its dossier; anybody else's is a 404."""
    report = Trajectory.objects.visible_to(request.user).with_course().filter(uuid=uuid).first()
    if report is None:
        refuse_report(by=request.user, uuid=uuid)
        raise Http404
    return report, dossier_for(request, report.dossier.uuid)


def _outlook(form: ReportForm) -> Outlook | None:
    """What would follow from the report as it is filled in; None while that is too little."""
    facts = form.facts()
    return outlook(facts, today=timezone.localdate()) if facts else None


def _employee_dossier(request: UserRequest, uuid: UUID) -> Dossier:
    """The dossier of an employee; a company has no absence, so 404."""
    dossier = dossier_for(request, uuid)
    if dossier.is_company:
        raise Http404
    return dossier


def _sent_before(request: UserRequest, dossier: Dossier) -> Trajectory | None:
    """The report that this very form made when it was sent the first time."""
    form = SubmissionForm(request.POST)
    if request.method != "POST" or not form.is_valid():
        return None
    reports = Trajectory.objects.visible_to(request.user).filter(dossier=dossier)
    submission = form.cleaned_data["submission"]
    return reports.filter(reported_by=request.user, submission=submission).first()


def _reportable(dossier: Dossier, ill: list[Trajectory]) -> QuerySet[Employment]:
    """The employments that a new report can be about, the default first.

    Not one that has yet to start, that ended too long ago for any day that may be reported, or
    that is reported sick already.
    """
    today = timezone.localdate()
    return (
        dossier.employee.employments.filter(started_on__lte=today)
        .exclude(ended_on__lt=reporting.earliest_end(today))
        .exclude(pk__in=[report.employment_id for report in ill])
        .order_by(F("ended_on").desc(nulls_first=True), "-started_on")
    )
