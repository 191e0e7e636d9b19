"""The checklists in a Trajectendossier."""

from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING, Any

from documents.models import DocumentRequest, RequestItem
from dossiers.models import Dossier

if TYPE_CHECKING:
    from accounts.models import User


def checklists(
    user: "User", dossier: Dossier, *, beside: Iterable[Any]
) -> Iterable[DocumentRequest]:
    """What InComfort asked about the employee of this dossier; none for a company. One query.

    `beside` are the documents on the same page, from `with_words`: each knows whether anything was
    asked, so that where nothing was, the page asks no more of the database for it.
    """
    if dossier.is_company or not all(document.is_asked for document in beside):
        return []
    shown = DocumentRequest.objects.visible_to(user).shown_in(dossier)
    rows = RequestItem.objects.filter(request__in=shown.values("pk")).with_request()
    items = rows.order_by("-request", "folder", "month", "pk")
    requests = [
        _checklist(list(group)) for _, group in groupby(items, key=lambda item: item.request_id)
    ]
    return sorted(requests, key=lambda request: request.is_done)


def _checklist(items: list[RequestItem]) -> DocumentRequest:
    """The request of these, which are all of it, as `prefetch_related("items")` would give it."""
    request: Any = items[0].request
    there = request.items.all()
    there._result_cache = items
    request._prefetched_objects_cache = {"items": there}
    found: DocumentRequest = request
    return found
