"""What the frame around each page shows: the menu and for whom the user works."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property

from accounts.sign_in import TimeLeft, is_inside, time_left, user_mark

SHOWN_EMPLOYERS = 2  # names in the account corner; more would push the menu away


@dataclass(frozen=True)
class MenuItem:
    """One entry of the menu. `section` holds the other pages that belong below it."""

    label: str
    icon: str
    url_name: str
    section: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ShownItem:
    label: str
    icon: str
    address: str
    current: str  # value of aria-current; empty elsewhere


MENU = [
    MenuItem("Start", "home", "portal:start"),
    MenuItem(
        "Dossier zoeken",
        "search",
        "dossiers:search",
        frozenset(
            {
                "dossiers:employee-change",
                "dossiers:employee-changes",
                "dossiers:employee-create",
                "dossiers:employee-fields",
                "dossiers:employment-create",
                "dossiers:employee-added",
                "dossiers:bsn-reveal",
                "dossiers:dossier-detail",
                "absence:dossier-absence",
                "absence:employment-end",
                "absence:employment-reopen",
                "documents:dossier-files",
                "documents:replace",
                "documents:upload",
                "documents:upload-search",
                "documents:withdraw",
            }
        ),
    ),
    MenuItem(
        "Verzuim melden",
        "report",
        "absence:report-search",
        frozenset({"absence:report-create", "absence:report-done"}),
    ),
    MenuItem(
        "Verzuimoverzicht",
        "calendar",
        "absence:ill-list",
        frozenset(
            {
                "absence:figures",
                "absence:ill-export",
                "absence:report-export",
                "absence:report-list",
            }
        ),
    ),
    MenuItem("Uitkeringsspecificaties", "euro", "documents:statements"),
    MenuItem("Help", "help", "portal:help"),
]
OF_BEHEERDERS = MenuItem(
    "Collega's",
    "people",
    "accounts:colleagues",
    frozenset(
        {
            "accounts:colleague",
            "accounts:colleague-again",
            "accounts:colleague-invite",
            "accounts:colleague-remove",
            "accounts:colleague-role",
            "accounts:colleague-withdraw",
            "accounts:stand-in-end",
            "accounts:stand-in-give",
        }
    ),
)


class Shell:
    """Asked for by base.html only: a page without the frame costs no query."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def frame(self) -> str:
        """The base template of a page for everybody: employer users, staff and visitors."""
        if not self._is_inside:
            return "base_public.html"
        return "base_staff.html" if self.request.user.is_staff else "base.html"

    @property
    def is_account(self) -> bool:
        """Whether this is a page of the user's own account."""
        return self.request.path.startswith(_address("accounts:account"))

    @property
    def _is_inside(self) -> bool:
        """A request that broke off early has no user yet."""
        return hasattr(self.request, "user") and is_inside(self.request)

    @property
    def time_left(self) -> TimeLeft | None:
        """How long the login still lasts; None for who is not inside."""
        return time_left(self.request) if self._is_inside else None

    @property
    def user_mark(self) -> str:
        return user_mark(self.request)

    @cached_property
    def menu(self) -> list[ShownItem]:
        match = self.request.resolver_match
        here = match.view_name if match else ""
        *items, last = MENU
        if self.request.user.is_authenticated and self.request.user.is_beheerder:
            items.append(OF_BEHEERDERS)
        return [
            ShownItem(item.label, item.icon, _address(item.url_name), _current(item, here))
            for item in [*items, last]
        ]

    @cached_property
    def _names(self) -> list[str]:
        user = self.request.user
        return [employer.name for employer in user.employer_roles] if user.is_authenticated else []

    @property
    def has_many_employers(self) -> bool:
        """Whether a list must say for whom each employee works."""
        return len(self._names) > 1

    @property
    def employer_names(self) -> str:
        """ "De Brug", "De Brug en Flexwerk", "De Brug, Flexwerk en 3 andere werkgevers"."""
        shown, more = self._names[:SHOWN_EMPLOYERS], len(self._names) - SHOWN_EMPLOYERS
        if more <= 0:
            return " en ".join(shown)
        return f"{', '.join(shown)} en {more} andere werkgever{'s' if more > 1 else ''}"


@cache
def _address(url_name: str) -> str:
    return reverse(url_name)


def _current(item: MenuItem, here: str) -> str:
    if here == item.url_name:
        return "page"
    return "true" if here in item.section else ""


def shell(request: HttpRequest) -> dict[str, Any]:
    return {"shell": Shell(request)}
