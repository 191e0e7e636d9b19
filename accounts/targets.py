"""Where a login may lead to: named pages of ours with their arguments, never an address as typed.

So an e-mail's link or an expired page opens after the login, and nothing can lead elsewhere.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, Resolver404, resolve, reverse

from accounts.models import User

PARAMETER = "volgende"

PAGES = frozenset(
    {
        "absence:agenda",
        "absence:dossier-absence",
        "absence:employment-end",
        "absence:employment-reopen",
        "absence:figures",
        "absence:ill-export",
        "absence:ill-list",
        "absence:report-create",
        "absence:report-export",
        "absence:report-list",
        "absence:report-search",
        "accounts:colleague",
        "accounts:colleague-again",
        "accounts:colleague-invite",
        "accounts:colleague-remove",
        "accounts:colleague-role",
        "accounts:colleague-withdraw",
        "accounts:colleagues",
        "accounts:offer",
        "accounts:stand-in-end",
        "accounts:stand-in-give",
        "documents:casefile",
        "documents:dossier-files",
        "documents:request-item",
        "documents:requests",
        "documents:replace",
        "documents:statement",
        "documents:statements",
        "documents:upload",
        "documents:upload-search",
        "documents:withdraw",
        "dossiers:bsn-reveal",
        "dossiers:dossier-detail",
        "dossiers:employee-change",
        "dossiers:employee-changes",
        "dossiers:employee-create",
        "dossiers:employment-create",
        "dossiers:search",
        "portal:help",
        "portal:start",
    }
)
# Staff have an account as well.
OF_EVERYBODY = frozenset(
    {
        "accounts:account",
        "accounts:app-remove",
        "accounts:backup-renew",
        "accounts:email-change",
        "accounts:enrol-app",
        "accounts:enrol-app-check",
        "accounts:enrol-backup",
        "accounts:enrol-choose",
        "accounts:enrol-sms",
        "accounts:enrol-sms-check",
        "accounts:events",
        "accounts:factor-change",
        "accounts:passkey-add",
        "accounts:passkey-remove",
        "accounts:password-change",
        "accounts:sms-remove",
    }
)
STAFF_HOME = "admin:index"
STAFF_PAGES = (
    *("_changelist", "_change", "_add"),
    *("accounts_user_recover", "recovery_approve", "employee_merged_iban"),
)


@dataclass(frozen=True, slots=True)
class Target:
    """A page by its name and arguments."""

    name: str
    kwargs: dict[str, str]

    @property
    def address(self) -> str:
        return reverse(self.name, kwargs=self.kwargs)

    def is_for(self, user: User) -> bool:
        """Staff go to the back office, everybody else to the portal; each has an account."""
        return self.name in OF_EVERYBODY or user.is_staff == self.name.startswith("admin:")

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "kwargs": self.kwargs}

    @classmethod
    def from_json(cls, data: dict[str, Any] | None) -> "Target | None":
        return cls(data["name"], data["kwargs"]) if data else None

    @classmethod
    def from_path(cls, path: str) -> "Target | None":
        """The page at `path`; None when that is no page to land on."""
        try:
            match = resolve(urlsplit(path).path)
            kwargs = {name: str(value) for name, value in match.kwargs.items()}
            target = cls(match.view_name, kwargs)
            return target if _may_land_on(match.view_name) and target.address else None
        except (Resolver404, NoReverseMatch, ValueError):
            return None

    @classmethod
    def asked_by(cls, request: HttpRequest) -> "Target | None":
        path = request.GET.get(PARAMETER, "")
        return cls.from_path(path) if path else None


def _may_land_on(name: str) -> bool:
    if name.startswith("admin:"):
        return name == STAFF_HOME or name.endswith(STAFF_PAGES)
    return name in PAGES or name in OF_EVERYBODY


def landing_address(user: User, target: Target | None) -> str:
    if target and target.is_for(user):
        return target.address
    return reverse(STAFF_HOME if user.is_staff else settings.LOGIN_REDIRECT_URL)
