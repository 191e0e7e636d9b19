"""The pages that belong to no single part: landing, start, help."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import DateField, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from absence.models import Trajectory
from accounts import audit
from accounts.audit import Action
from accounts.compiled import Compiled, Given
from accounts.http import UserRequest, addresses
from accounts.models import SOMEBODY, User, has_zw_erd, seen_by
from accounts.sign_in import is_inside
from documents.models import DocumentRequest
from dossiers.search_page import empty_search

ILL_PER_PAGE = 20  # what fits on a screen and a half; the rest is one click away
PAGES_KEPT = 100  # queries that stay compiled
OWED_SHOWN = 5  # so that who is ill still shows; the page of requests has them all


@login_not_required
@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """The public front door; who is inside already goes on to the start page."""
    if is_inside(request):
        return redirect("portal:start")
    return render(request, "portal/landing.html")


@require_safe
def start(request: UserRequest) -> HttpResponse:
    """What an employer user comes for: search, report, and who is ill now."""
    if request.user.is_staff:
        return redirect("admin:index")
    page = _page_number(request)
    reports = _ill_now(request, page)
    shown = reports[:ILL_PER_PAGE]
    if shown:
        seen = [report.dossier_id for report in shown]
        audit.record(Action.REPORT_LIST, by=request.user, detail={"dossiers": seen})
    context = {
        "search": empty_search(),
        "owed": _owed(request),
        "ill": _rows(request.user, shown),
        "page": page,
        "has_next": len(reports) > ILL_PER_PAGE,
        "nmbrs_url": settings.NMBRS_URL if has_zw_erd(request.user) else "",
    }
    return render(request, "portal/start.html", context)


@login_not_required
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Public, because who cannot log in needs it most. It holds nothing of any employer."""
    nmbrs_url = settings.NMBRS_URL if is_inside(request) and has_zw_erd(request.user) else ""
    return render(request, "portal/help.html", {"nmbrs_url": nmbrs_url})


@dataclass(frozen=True, slots=True)
class IllRow:
    """Somebody in the list "Nu ziek", in words. `employer` is empty for a user of one employer."""

    address: str
    name: str
    since: str
    employer: str
    percentage: int


def _ill_now(request: UserRequest, page: int) -> list[Any]:
    """One page of the open reports, newest first, and one row more: is there a next page?"""
    return _page_of_ill(page)(**seen_by(request.user))


@lru_cache(maxsize=PAGES_KEPT)
def _page_of_ill(page: int) -> Compiled[Any]:
    """Which reports are on it is found first, so that names are read of those alone."""
    first = (page - 1) * ILL_PER_PAGE
    last = first + ILL_PER_PAGE + 1

    def build() -> Any:
        on_page = Trajectory.objects.visible_to(SOMEBODY).open().newest_first()[first:last]
        shown = Trajectory.objects.visible_to(SOMEBODY).filter(pk__in=on_page.values("pk"))
        return shown.newest_first().with_percentage(Given("today", DateField())).with_names()

    return Compiled(build)


def _rows(user: User, reports: list[Any]) -> list[IllRow]:
    has_many = len(user.employer_roles) > 1
    places = addresses("absence:dossier-absence", [report.dossier.uuid for report in reports])
    return [
        IllRow(
            address=address,
            name=report.employee.display_name,
            since=f"{report.first_sick_day:%d-%m-%Y}",
            employer=report.employer.name if has_many else "",
            percentage=report.percentage,
        )
        for report, address in zip(reports, places, strict=True)
    ]


def _owed(request: UserRequest) -> list[DocumentRequest]:
    """What InComfort still waits for, the first that is due on top; who is in it is recorded."""
    owed = _OWED.part(0, OWED_SHOWN, **seen_by(request.user))
    if owed:
        prefetch_related_objects(owed, "items")
        seen = [asked.dossier_id for asked in owed]
        audit.record(Action.REQUEST_LIST, by=request.user, detail={"dossiers": seen})
    return owed


_OWED: Compiled[DocumentRequest] = Compiled(
    lambda: DocumentRequest.objects.visible_to(SOMEBODY).open().with_checklist().first_due_first()
)


def _page_number(request: HttpRequest) -> int:
    """The page asked for; 1 for anything that is not a page number of at most four digits."""
    text = request.GET.get("pagina", "")
    return int(text) if re.fullmatch(r"[1-9][0-9]{0,3}", text) else 1
