"""Who may open a document, beside the employer it belongs to.

Source: rulebook 1.3 (P5): an insurer may not have a spreekuurverslag, not even with consent.
"""

from typing import TYPE_CHECKING

from documents.models import Document

if TYPE_CHECKING:
    from accounts.models import User


def staff_may_open(user: "User", document: Document) -> bool:
    """HCS opens what HCS placed; InComfort opens all the rest, which it asked for or made itself.

    That a document exists, both may see.
    """
    if document.source == Document.Source.HCS:
        return user.is_hcs
    return user.is_incomfort
