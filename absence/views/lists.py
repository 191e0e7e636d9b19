"""The lists of sick reports, their files, and the figures."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from absence import exports, lists
from absence.figures import figures_of
from absence.forms.lists import FiguresForm, IllListForm, ListForm, ReportListForm
from absence.models import Trajectory
from absence.models.trajectories import TrajectoryQuerySet
from accounts import audit
from accounts.audit import Action
from accounts.confirmation import needs_confirmation
from accounts.http import UserRequest
from dossiers.access import employers_only

LEFT_AT = "left-at:{}"  # in the session, of each list: the choice in its address
FILE_NAMES = {"ill_list": "nu-ziek", "report_list": "verzuimmeldingen"}
TOO_MANY_ROWS = (
    "Een bestand heeft ten hoogste 10.000 regels en deze lijst heeft er meer. Maak een kleinere"
    " keuze, bijvoorbeeld een jaar of een werkgever."
)


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


def _list(
    request: UserRequest, tab: str, form: ListForm, reports: TrajectoryQuerySet
) -> HttpResponse:
    """One page of a list. What is no page number is the first page, beyond the last the last.

    Who comes back without a choice finds the list as it was left: order, filters and page.
    """
    left = request.session.get(LEFT_AT.format(tab))
    if left and not request.GET:
        return redirect(f"{request.path}?{left}")
    choice = form.choice()
    if form.is_valid() and request.GET.urlencode() != (left or ""):
        request.session[LEFT_AT.format(tab)] = request.GET.urlencode()
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
