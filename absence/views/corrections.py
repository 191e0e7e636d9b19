"""Pages to correct and to withdraw a sick report."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from absence.access import report_for
from absence.actions.corrections import (
    Correction,
    ask_correction,
    correct_report,
    withdraw_report,
)
from absence.forms.corrections import CorrectionForm, WithdrawForm
from absence.models import Trajectory
from accounts.http import UserRequest

DONE = "De melding is {}. De eerdere versie blijft bewaard."


@require_http_methods(["GET", "POST"])
def report_correct(request: UserRequest, uuid: UUID) -> HttpResponse:
    """What the report should say: done at once, or asked of staff once they took it up."""
    report, _ = report_for(request, uuid)
    form = CorrectionForm(request.POST or None, report=report)

    def act() -> str:
        to = form.correction()
        if report.taken_up_at:
            return _ask(request, report, form, to)
        correct_report(by=request.user, trajectory=report, to=to)
        return DONE.format("gecorrigeerd")

    return _page(request, report, form, act, "absence/report_correct.html")


@require_http_methods(["GET", "POST"])
def report_withdraw(request: UserRequest, uuid: UUID) -> HttpResponse:
    """The report was a mistake."""
    report, _ = report_for(request, uuid)
    data = request.POST if request.method == "POST" else None
    form = WithdrawForm(data, report=report)

    def act() -> str:
        if report.taken_up_at:
            return _ask(request, report, form, None)
        withdraw_report(by=request.user, trajectory=report)
        return DONE.format("ingetrokken")

    return _page(request, report, form, act, "absence/report_withdraw.html")


def _ask(
    request: UserRequest,
    report: Trajectory,
    form: CorrectionForm | WithdrawForm,
    to: Correction | None,
) -> str:
    asked = ask_correction(
        by=request.user,
        trajectory=report,
        to=to,
        explanation=form.cleaned_data["explanation"],
        submission=form.cleaned_data["submission"],
    )
    return f"Uw verzoek {asked.number} is verstuurd. Een medewerker beslist erover."


def _page(
    request: UserRequest,
    report: Trajectory,
    form: CorrectionForm | WithdrawForm,
    act: Callable[[], str],
    template: str,
) -> HttpResponse:
    """Does `act` for a form that is right, and says in words what the actions refuse."""
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, act())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect("absence:dossier-absence", report.dossier.uuid)
    waiting = report.correction_requests.waiting().first()
    context = {"dossier": report.dossier, "report": report, "form": form, "waiting": waiting}
    return render(request, template, context)
