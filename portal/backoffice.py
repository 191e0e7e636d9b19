"""The back office at /beheer/: Django admin for staff of InComfort and HCS.

Behind the same login and gate as everybody (security.md 2.11): no login form of its own, and for
whoever is not staff it does not exist.
"""

from functools import update_wrapper
from typing import Any, cast

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from accounts import audit
from accounts.admin_base import AuditedModelAdmin, staff
from accounts.audit import Action, Outcome
from portal.backoffice_pages import INDEX

# Pages of Django admin that the portal has elsewhere, or does not want.
UNUSED = {"logout", "password_change", "password_change_done", "autocomplete", "view_on_site"}


class BackOfficeSite(AdminSite):
    site_header = "InComfort werkgeversportaal"
    site_title = "Beheer"
    index_title = "Beheer"
    site_url = None
    enable_nav_sidebar = False

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.disable_action("delete_selected")

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Our own screens only: groups are made by migrations, jobs of the worker hold ids."""
        if admin_class and issubclass(admin_class, AuditedModelAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Active staff, logged in with both steps. A superuser would pass every check: refused."""
        user = cast(Any, request.user)
        is_staff = user.is_active and user.is_staff and not user.is_superuser
        return bool(is_staff and user.is_verified())

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Guards each page: 404 for whoever is not staff, and every refusal is in the log."""
        guarded = super().admin_view(view, cacheable)

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if not self.has_permission(request):
                record_refusal(request)
                raise Http404
            try:
                return guarded(request, *args, **kwargs)
            except PermissionDenied as refusal:
                record_refusal(request, **getattr(refusal, "subject", {}))
                raise

        return update_wrapper(inner, view)

    def get_urls(self) -> list[Any]:
        return [url for url in super().get_urls() if getattr(url, "name", None) not in UNUSED]

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Staff who are in go to the index; the gate sends who is not in to the login page."""
        view = self.admin_view(lambda _: redirect("admin:index"))
        return cast(HttpResponse, view(request))

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """The frame: the menu of the person's role instead of Django's list of models."""
        return {
            "site_title": self.site_title,
            "site_header": self.site_header,
            "has_permission": True,
            "is_popup": False,
            "is_nav_sidebar_enabled": False,
            "menu": [
                {
                    "label": page.menu,
                    "address": address,
                    "current": request.path.startswith(address),
                }
                for section in self._sections(request)
                for page, address in section["pages"]
                if page.menu
            ],
        }

    def index(self, request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
        """What this person can do here, in the words of the task."""
        sections = self._sections(request)
        for section in sections:
            section["pages"] = [
                {"page": page, "address": address, "count": page.count() if page.count else None}
                for page, address in section["pages"]
            ]
        context = {**self.each_context(request), "title": "Beheer", "sections": sections}
        return TemplateResponse(request, "admin/index.html", context)

    def app_index(self, request: HttpRequest, app_label: str, extra_context: Any = None) -> Any:
        """The parts of our code say nothing to staff: the index is by task."""
        return redirect("admin:index")

    def _sections(self, request: HttpRequest) -> list[dict[str, Any]]:
        user = staff(request)
        sections = []
        for section in INDEX:
            allowed = [page for page in section.pages if user.has_perm(page.permission)]
            pages = [(page, reverse(f"admin:{page.route}")) for page in allowed]
            if pages:
                sections.append({"title": section.title, "pages": pages})
        return sections


def record_refusal(request: HttpRequest, **subject: Any) -> None:
    """An event for a refused page. Of the address only the page's name and a key in digits."""
    match = request.resolver_match
    key = str(match.kwargs.get("object_id", "")) if match else ""
    detail = {"page": match.view_name if match else "", "key": key if key.isdecimal() else ""}
    audit.record(
        Action.ACCESS_DENIED,
        by=cast(Any, request.user),
        outcome=Outcome.DENIED,
        detail=detail,
        **subject,
    )
