"""Pages about the end of an employment."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from absence.actions.employments import end_employment, refuse_employment, reopen_employment
from absence.forms.employments import EndForm
from accounts.http import UserRequest
from dossiers.access import dossier_for
from dossiers.models import Dossier, Employment


@require_http_methods(["GET", "POST"])
def employment_end(request: UserRequest, uuid: UUID) -> HttpResponse:
    employment, dossier = _employment_for(request, uuid)
    form = EndForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            end_employment(by=request.user, employment=employment, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error("ended_on", refused)
        else:
            messages.success(request, "De laatste dag van het dienstverband is vastgelegd.")
            return redirect(dossier)
    context = {"dossier": dossier, "employment": employment, "form": form}
    return render(request, "absence/employment_end.html", context)


@require_http_methods(["GET", "POST"])
def employment_reopen(request: UserRequest, uuid: UUID) -> HttpResponse:
    employment, dossier = _employment_for(request, uuid)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            reopen_employment(by=request.user, employment=employment)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, "Het dienstverband heeft geen einddatum meer.")
            return redirect(dossier)
    if employment.ended_on is None:
        return redirect(dossier)
    context = {"dossier": dossier, "employment": employment, "form": form}
    return render(request, "absence/employment_reopen.html", context)


def _employment_for(request: UserRequest, uuid: UUID) -> tuple[Employment, Dossier]:
    """An employment at one of the user's employers, and its dossier; anybody else's is a 404."""
    found = Employment.objects.visible_to(request.user).select_related("employee__dossier", "type")
    employment = found.filter(uuid=uuid).first()
    if employment is None:
        refuse_employment(by=request.user, uuid=uuid)
        raise Http404
    return employment, dossier_for(request, employment.employee.dossier.uuid)
