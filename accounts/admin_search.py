"""Searching in the back office without the term in an address.

Names of people do not belong in addresses: those end up in access logs and browser histories. The
term comes by POST, is kept sealed in the session, and the address holds only its handle.
"""

import secrets
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib.admin.views import main
from django.core.paginator import Paginator as DjangoPaginator
from django.db import models
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.http import urlencode

from accounts.sealed import seal, unseal

if TYPE_CHECKING:
    from accounts.admin_base import AuditedModelAdmin

    Paginator = DjangoPaginator[Any]
else:
    Paginator = DjangoPaginator

SESSION_KEY = "back_office_searches"
PURPOSE = "session.back_office_search"
MOST_COUNTED = 10_000
KEPT = 10  # searches per session: enough for a few tabs and the back button


class SearchForm(forms.Form):
    q = forms.CharField(
        max_length=100,
        required=False,
        error_messages={"max_length": "Zoek met ten hoogste 100 tekens."},
    )


def keep_search(request: HttpRequest, model: type[models.Model], term: str) -> str:
    """Keeps the term in the session; returns the handle under which this list finds it."""
    handle = secrets.token_hex(4)
    entry = [handle, model._meta.label_lower, b64encode(seal(term, PURPOSE)).decode()]
    request.session[SESSION_KEY] = [*request.session.get(SESSION_KEY, []), entry][-KEPT:]
    return handle


def kept_search(request: HttpRequest, model: type[models.Model], handle: str) -> str:
    """The term behind a handle; empty when this session kept none for this list."""
    for kept_handle, label, sealed in request.session.get(SESSION_KEY, []):
        if kept_handle == handle and label == model._meta.label_lower:
            return unseal(b64decode(sealed), PURPOSE)
    return ""


class CappedPaginator(Paginator):
    """Counts no further than MOST_COUNTED rows: who needs more pages than that searches."""

    @cached_property
    def count(self) -> int:
        return cast(models.QuerySet[Any], self.object_list)[:MOST_COUNTED].count()


class AuditedChangeList(main.ChangeList):
    """Django's list, with the search term from the session and the sealed columns unread."""

    model_admin: "AuditedModelAdmin"
    most_counted = MOST_COUNTED

    @property
    def is_counted_in_full(self) -> bool:
        return self.result_count < MOST_COUNTED

    def get_queryset(
        self, request: HttpRequest, exclude_parameters: list[str | None] | None = None
    ) -> models.QuerySet[Any]:
        self.query = kept_search(request, self.model, request.GET.get(main.SEARCH_VAR, ""))
        queryset = super().get_queryset(request, exclude_parameters)
        return queryset.defer(*self.model_admin.unread_in_lists)

    @property
    def search_address(self) -> str:
        """Where a new search goes: this list with its filters, without page and old search."""
        kept = {key: value for key, value in self.filter_params.items() if key != main.SEARCH_VAR}
        return f"?{urlencode(sorted(kept.items()), doseq=True)}"
