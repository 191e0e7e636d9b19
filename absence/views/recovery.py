"""Telling HCS of a recovery."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from absence.access import report_for
from absence.actions.recovery import tell_recovery
from absence.forms.recovery import RecoveryMessageForm
from accounts.http import UserRequest


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
