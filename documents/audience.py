"""Who may open a document, beside the employer it belongs to.

Source: rulebook 1.3 (P5): an insurer may not have a spreekuurverslag, not even with consent.
"""

from typing import TYPE_CHECKING

from django.utils.text import capfirst

from documents.models import Document

if TYPE_CHECKING:
    from accounts.models import User


def staff_may_open(user: "User", document: Document) -> bool:
    """HCS opens what HCS placed; InComfort opens all the rest, which it asked for or made itself.

    That a document exists, both may see; see `kind_of`.
    """
    if document.source == Document.Source.HCS:
        return user.is_hcs
    return user.is_incomfort


def kind_of(document: Document, *, is_for_hcs: bool) -> str:
    """What staff see of a document's folder, with a capital. Of what HCS placed InComfort sees only
    that it is there: a spreekuurverslag says that somebody saw the bedrijfsarts, and when.
    """
    if document.source == Document.Source.HCS and not is_for_hcs:
        return "Document van HCS"
    return capfirst(document.get_folder_display())
