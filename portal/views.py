"""The pages that belong to no single part: landing, start, help."""

import re

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from absence.models import Trajectory
from accounts import audit
from accounts.audit import Action
from accounts.http import UserRequest
from accounts.models import Policy
from accounts.sign_in import is_inside
from dossiers.search_page import empty_search

ILL_PER_PAGE = 20  # what fits on a screen and a half; the rest is one click away


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
    rows = list(_ill_now(request, page))
    shown = [report.dossier_id for report in rows[:ILL_PER_PAGE]]
    if shown:
        audit.record(Action.REPORT_LIST, by=request.user, detail={"dossiers": shown})
    context = {
        "search": empty_search(),
        "ill": rows[:ILL_PER_PAGE],
        "page": page,
        "has_next": len(rows) > ILL_PER_PAGE,
        "nmbrs_url": settings.NMBRS_URL if _has_zw_erd(request) else "",
    }
    return render(request, "portal/start.html", context)


@login_not_required
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Public, because who cannot log in needs it most. It holds nothing of any employer."""
    nmbrs_url = settings.NMBRS_URL if is_inside(request) and _has_zw_erd(request) else ""
    return render(request, "portal/help.html", {"nmbrs_url": nmbrs_url})


def _ill_now(request: HttpRequest, page: int) -> QuerySet[Trajectory]:
    """One page of the open reports, newest first, and one row more: is there a next page?"""
    first = (page - 1) * ILL_PER_PAGE
    open_reports = Trajectory.objects.visible_to(request.user).open().newest_first()
    return open_reports.with_percentage().with_names()[first : first + ILL_PER_PAGE + 1]


def _page_number(request: HttpRequest) -> int:
    """The page asked for; 1 for anything that is not a page number of at most four digits."""
    text = request.GET.get("pagina", "")
    return int(text) if re.fullmatch(r"[1-9][0-9]{0,3}", text) else 1


def _has_zw_erd(request: HttpRequest) -> bool:
    """Whether Visma Nmbrs is of use: only a ZW-ERD policy pays benefits to former employees."""
    running = Policy.objects.visible_to(request.user).on(timezone.localdate())
    return running.zw_erd().exists()
