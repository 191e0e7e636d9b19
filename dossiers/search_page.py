"""The search box "Dossier zoeken" and its results, for every page that has one.

What is typed stays in the body of a POST: a name never stands in an address, a log or a history.
"""

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.http import UserRequest, addresses
from dossiers.forms import SearchForm
from dossiers.prefixes import split_prefixes
from dossiers.search import Hit, SearchResult, search
from dossiers.search_events import TooManySearchesError

FRAGMENT = "dossiers/_search.html#live"


@dataclass(frozen=True, slots=True)
class SearchPage:
    """What `dossiers/_search.html` needs as `search`.

    `leads_to` is the name of the address behind a hit, which takes the dossier's uuid. `wait` is
    how many seconds from now it may be tried again, when it was too often.
    """

    form: SearchForm
    address: str
    leads_to: str
    result: SearchResult | None = None
    prefixes: str = ""
    surname: str = ""
    wait: int = 0

    @property
    def rows(self) -> list[tuple[Hit, str]]:
        """Each hit with the address behind it."""
        hits = self.result.hits if self.result else ()
        return [*zip(hits, addresses(self.leads_to, [hit.uuid for hit in hits]), strict=True)]


def empty_search() -> SearchPage:
    """A search box that posts to "Dossier zoeken", for a page that does not search itself."""
    return SearchPage(
        form=SearchForm(),
        address=reverse("dossiers:search"),
        leads_to="dossiers:dossier-detail",
    )


def search_page(
    request: UserRequest, *, leads_to: str = "dossiers:dossier-detail", employees_only: bool = False
) -> SearchPage:
    """The search that this request asks for; without one (GET) the empty box."""
    form = SearchForm(request.POST if request.method == "POST" else None)
    if employees_only:
        form.fields["text"].label = "Achternaam"
    if not form.is_valid():
        return SearchPage(form=form, address=request.path, leads_to=leads_to)
    text = form.cleaned_data["text"]
    try:
        result = search(
            user=request.user,
            text=text,
            include_former=form.cleaned_data["former"],
            shown=form.shown,
        )
    except TooManySearchesError as refused:
        return SearchPage(form=form, address=request.path, leads_to=leads_to, wait=refused.wait)
    if employees_only:
        result = replace(result, hits=tuple(hit for hit in result.hits if not hit.is_company))
    prefixes, surname = split_prefixes(text)
    return SearchPage(
        form=form,
        address=request.path,
        leads_to=leads_to,
        result=result,
        prefixes=prefixes,
        surname=surname,
    )


def render_search(
    request: UserRequest, template: str, page: SearchPage, **context: Any
) -> HttpResponse:
    """The whole page, or only the results when the script asks for them while typing."""
    is_live = bool(request.headers.get("HX-Request")) and (page.result is not None or page.wait)
    name = FRAGMENT if is_live else template
    response = render(request, name, {"search": page, **context})
    if page.wait:
        response.status_code, response.headers["Retry-After"] = 429, str(page.wait)
    return response
