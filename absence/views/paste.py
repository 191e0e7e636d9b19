"""Reporting many employees sick from a sheet: typed or uploaded, checked, confirmed."""

from typing import Any, cast
from uuid import UUID

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from absence.actions.paste import PasteChangedError, employees_of, reports_of, store_lines
from absence.forms.paste import PasteForm
from absence.models import Trajectory
from absence.paste import Preview, check_lines
from absence.paste_template import KINDS, explained_columns
from accounts import audit, throttle
from accounts.audit import Action
from accounts.http import UserRequest
from accounts.kept_forms import kept_data
from accounts.views.refusals import in_words
from dossiers.access import employers_only
from dossiers.models import Employee

CHANGED = (
    "Er is nog niets opgeslagen: sinds de controle is er iets veranderd. Kijk de regels hieronder"
    " na en bevestig opnieuw."
)
TOO_OFTEN = "U hebt in een uur heel vaak gecontroleerd. Wacht {} en probeer het opnieuw."


@employers_only
@require_http_methods(["GET", "POST"])
def report_paste(request: UserRequest) -> HttpResponse:
    """The box, and below it what was found in it; stored only when that is confirmed."""
    form = _form(request)
    preview, is_changed = None, False
    if form.is_bound and form.is_valid() and form.lines:
        asked = _asked(request, form)
        if request.method == "POST" and "bevestigen" in request.POST:
            try:
                store_lines(**asked, seen=request.POST.get("gezien", ""))
            except PasteChangedError:
                is_changed = True
            else:
                return redirect("absence:paste-done", form.cleaned_data["submission"])
        preview = check_lines(**asked)
        if is_changed:
            form.add_error(None, CHANGED)
    return _page(request, form, preview)


@employers_only
@require_safe
def paste_done(request: UserRequest, submission: UUID) -> HttpResponse:
    """What became of a sheet: the reports that its lines made. Nobody else's: 404."""
    mine = Trajectory.objects.visible_to(request.user).filter(reported_by=request.user)
    reports = list(mine.filter(submission__in=reports_of(submission)).with_names().order_by("pk"))
    if not reports:
        raise Http404
    added = Employee.objects.visible_to(request.user).filter(
        created_by=request.user, submission__in=employees_of(submission)
    )
    dossiers = sorted({report.dossier_id for report in reports})
    audit.record(Action.REPORT_LIST, by=request.user, detail={"dossiers": dossiers})
    context = {"reports": reports, "added": added.count()}
    return render(request, "absence/paste_done.html", context)


@employers_only
@require_safe
def template_file(request: UserRequest, kind: str) -> HttpResponse:
    """An empty sheet to fill in."""
    if kind not in KINDS:
        raise Http404
    return HttpResponse(
        KINDS[kind].write(explained_columns(request.user)),
        content_type=KINDS[kind].content_type,
        headers={"Content-Disposition": f'attachment; filename="ziekmeldingen.{kind}"'},
    )


def _form(request: UserRequest) -> PasteForm:
    """As sent, as kept from before a new login, or new. Checking costs as judging a file does."""
    is_sent = request.method == "POST"
    wait = throttle.upload(user_id=request.user.pk) if is_sent else 0
    data = request.POST if is_sent else kept_data(request)
    files = request.FILES if is_sent and not wait else None
    form = PasteForm(data, files, user=request.user, wait=wait)
    if wait:
        form.add_error(None, TOO_OFTEN.format(in_words(wait)))
    return form


def _asked(request: UserRequest, form: PasteForm) -> dict[str, Any]:
    """What check_lines and store_lines take."""
    return {
        "by": request.user,
        "employer": form.chosen_employer,
        "lines": form.lines,
        "others": _others(cast(QueryDict, form.data)),
        "submission": form.cleaned_data["submission"],
    }


def _others(data: QueryDict) -> frozenset[int]:
    """The lines of which the user said: this is somebody else."""
    typed = data.getlist("anders")
    return frozenset(int(one) for one in typed if one.isascii() and one.isdigit() and len(one) < 5)


def _page(request: UserRequest, form: PasteForm, preview: Preview | None) -> HttpResponse:
    columns = explained_columns(request.user)
    context = {"form": form, "preview": preview, "columns": columns}
    response = render(request, "absence/report_paste.html", context)
    if form.wait:
        response.status_code, response.headers["Retry-After"] = 429, str(form.wait)
    return response
