"""The checklists in a Trajectendossier."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from documents.models import DocumentRequest
from dossiers.models import Dossier

if TYPE_CHECKING:
    from accounts.models import User


def checklists(
    user: "User", dossier: Dossier, *, beside: Iterable[Any]
) -> Iterable[DocumentRequest]:
    """What InComfort asked about the employee of this dossier; none for a company.

    `beside` are the documents on the same page, from `with_words`: each knows whether anything was
    asked, so that where nothing was, the page asks no more of the database for it.
    """
    if dossier.is_company or not all(document.is_asked for document in beside):
        return []
    return DocumentRequest.objects.visible_to(user).shown_in(dossier)
