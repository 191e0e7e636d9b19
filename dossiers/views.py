"""Pages of dossiers: searching, adding an employee, the tab Overzicht."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import BigIntegerField, DateField, F, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.compiled import Compiled, Given
from accounts.confirmation import ask, is_confirmed
from accounts.http import UserRequest
from accounts.kept_forms import kept_data
from accounts.models import SOMEBODY, seen_by
from dossiers.access import dossier_for, employee_dossier_for, employers_only
from dossiers.actions import EmployeeExistsError, add_employee, reveal_bsn
from dossiers.change_actions import StaleEmployeeError, add_employment, change_employee
from dossiers.duplicates import Duplicates, find_duplicates
from dossiers.forms import EmployeeChangeForm, EmployeeForm, EmploymentForm
from dossiers.models import Dossier, Employment, left_on
from dossiers.prefixes import PREFIXES
from dossiers.search_page import render_search, search_page

RECENT = 5
CHANGES_SHOWN = 200
KNOWN_BSN = "Er is al een werknemer met dit burgerservicenummer."
PERHAPS_KNOWN = "Is het een van deze personen niet? Vink dit dan aan en sla opnieuw op."
SAME_PERSON = ("employer", "person", "submission")
STALE = (
    "Iemand heeft deze gegevens gewijzigd terwijl u ze invulde. Er is nog niets opgeslagen: kijk"
    " na wat er intussen is gewijzigd."
)


@employers_only
@require_http_methods(["GET", "POST"])
def search(request: UserRequest) -> HttpResponse:
    return render_search(request, "dossiers/search.html", search_page(request))


@employers_only
@require_http_methods(["GET", "POST"])
def employee_create(request: UserRequest) -> HttpResponse:
    form = EmployeeForm(request.POST or kept_data(request), user=request.user)
    if request.method != "POST" or not form.is_valid():
        return _employee_page(request, form)
    answers = form.answers
    found = find_duplicates(by=request.user, **{key: answers[key] for key in SAME_PERSON})
    if found.is_certain:
        form.add_error("bsn", KNOWN_BSN)
    elif found.people and not form.cleaned_data["is_other"]:
        form.add_error("is_other", PERHAPS_KNOWN)
    else:
        try:
            employee = add_employee(by=request.user, **answers)
        except EmployeeExistsError as refused:  # somebody else was first
            form.add_error("bsn", KNOWN_BSN)
            found = Duplicates((refused.employee,), is_certain=True)
        else:
            return redirect("dossiers:employee-added", employee.dossier.uuid)
    return _employee_page(request, form, found)


@employers_only
@require_http_methods(["GET", "POST"])
def employee_fields(request: UserRequest) -> HttpResponse:
    """The form with what was typed so far: after a search, or after choosing another employer."""
    if request.method == "GET":
        return redirect("dossiers:employee-create")
    return _employee_page(request, EmployeeForm(user=request.user, kept=request.POST))


def _employee_page(
    request: UserRequest, form: EmployeeForm, found: Duplicates | None = None
) -> HttpResponse:
    context = {"form": form, "found": found, "prefixes": PREFIXES}
    return render(request, "dossiers/employee_create.html", context)


@require_safe
def employee_added(request: UserRequest, uuid: UUID) -> HttpResponse:
    return render(request, "dossiers/employee_added.html", {"dossier": dossier_for(request, uuid)})


@require_http_methods(["GET", "POST"])
def employee_change(request: UserRequest, uuid: UUID) -> HttpResponse:
    dossier = employee_dossier_for(request, uuid)
    form = EmployeeChangeForm(request.POST or kept_data(request), employee=dossier.employee)
    context = {"dossier": dossier, "form": form, "prefixes": PREFIXES}
    if request.method == "POST" and form.is_valid():
        try:
            changes = change_employee(by=request.user, employee=dossier.employee, **form.change)
        except StaleEmployeeError as refused:
            context["meanwhile"] = refused.changes
            form.see_version(refused.changes[0].pk)
            form.add_error(None, STALE)
        except EmployeeExistsError as refused:
            context["known"] = refused.employee
            form.add_error("bsn", KNOWN_BSN)
        else:
            done = "De gegevens zijn gewijzigd." if changes else "Er was niets te wijzigen."
            messages.success(request, done)
            return redirect(dossier)
    return render(request, "dossiers/employee_change.html", context)


@require_http_methods(["GET", "POST"])
def employment_create(request: UserRequest, uuid: UUID) -> HttpResponse:
    """Another employment of somebody who has a dossier."""
    dossier = employee_dossier_for(request, uuid)
    sent = request.POST if request.method == "POST" else kept_data(request)
    form = EmploymentForm(sent)
    if request.method == "POST" and form.is_valid():
        try:
            add_employment(by=request.user, employee=dossier.employee, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error("started_on", refused)
        else:
            messages.success(request, "Het dienstverband is toegevoegd.")
            return redirect(dossier)
    running = dossier.employee.employments.filter(ended_on=None)
    context = {"dossier": dossier, "form": form, "running": running}
    return render(request, "dossiers/employment_create.html", context)


@require_http_methods(["GET", "POST"])
def bsn_reveal(request: UserRequest, uuid: UUID) -> HttpResponse:
    """Asks first; the whole BSN is only in the answer to the form."""
    dossier = employee_dossier_for(request, uuid)
    if not dossier.employee.bsn:
        raise Http404
    if not is_confirmed(request):
        return ask(request)
    bsn = ""
    if request.method == "POST":
        bsn = reveal_bsn(by=request.user, employee=dossier.employee)
    return render(request, "dossiers/bsn_reveal.html", {"dossier": dossier, "bsn": bsn})


@require_safe
def employee_changes(request: UserRequest, uuid: UUID) -> HttpResponse:
    dossier = employee_dossier_for(request, uuid)
    changes = list(dossier.employee.changes.select_related("changed_by")[: CHANGES_SHOWN + 1])
    context = {
        "dossier": dossier,
        "changes": changes[:CHANGES_SHOWN],
        "has_more": len(changes) > CHANGES_SHOWN,
    }
    return render(request, "dossiers/employee_changes.html", context)


@require_safe
def dossier_detail(request: UserRequest, uuid: UUID) -> HttpResponse:
    dossier = dossier_for(request, uuid)
    if dossier.uuid != uuid:  # merged with this one
        return redirect(dossier)
    page = _company_overview if dossier.is_company else _employee_overview
    return page(request, dossier)


def _employee_overview(request: UserRequest, dossier: Dossier) -> HttpResponse:
    seen = seen_by(request.user)
    recent = _REPORTS.part(0, RECENT, dossier=dossier.pk, **seen)
    current = next((report for report in recent if report.is_open), None)
    employments = _EMPLOYMENTS(employee=dossier.employee.pk, **seen)
    context = {
        "dossier": dossier,
        "tab": "overview",
        "employee": dossier.employee,
        "employments": employments,
        "left_on": left_on(employments),
        "recent": recent,
        "current": current,
    }
    return render(request, "dossiers/employee_overview.html", context)


def _reports() -> QuerySet[Any]:
    """Of absence, which builds on dossiers and is not imported here."""
    relation: Any = Dossier._meta.get_field("trajectories")
    reports = relation.related_model.objects.visible_to(SOMEBODY)
    reports = reports.filter(dossier=Given("dossier", BigIntegerField()))
    reports = reports.newest_first().with_percentage(Given("today", DateField()))
    found: QuerySet[Any] = reports.annotate(working=100 - F("percentage"))
    return found.select_related("classification")


_REPORTS = Compiled(_reports)
_EMPLOYMENTS = Compiled(
    lambda: (
        Employment.objects.visible_to(SOMEBODY)
        .filter(employee=Given("employee", BigIntegerField()))
        .select_related("type")
    )
)


def _company_overview(request: UserRequest, dossier: Dossier) -> HttpResponse:
    policies = dossier.employer.policies.order_by("-starts_on")
    context = {
        "dossier": dossier,
        "tab": "overview",
        "policies": policies,
        "nmbrs_url": settings.NMBRS_URL if dossier.employer.is_zw_erd() else "",
    }
    return render(request, "dossiers/company_overview.html", context)
