"""Until when an employer may take back what it uploaded.

Source: issue "Documents", part 5: withdraw or replace an own upload within a period.
"""

from datetime import datetime, timedelta

from documents.models import Document

# From then on a mistake is for InComfort to mend: the document may be in use outside the portal.
PERIOD = timedelta(days=14)

WITHDRAWN = "Dit document is al ingetrokken."
REPLACED = "Dit document is al vervangen."
NOT_YOURS = "Alleen wat uw organisatie zelf heeft toegevoegd, kunt u intrekken of vervangen."
TAKEN_UP = (
    "InComfort is al met dit document aan het werk. Bel 024-374 16 60 als het niet klopt; met"
    " Documenten toevoegen kunt u een beter document aanleveren."
)
ASKED_FOR = (
    "Dit document hoort bij een verzoek van InComfort. Vervang het door het goede document, of bel"
    " 024-374 16 60."
)
ASKED_AGAIN = "InComfort vraagt dit document opnieuw. Voeg het toe bij de gevraagde documenten."
TOO_LATE = (
    f"Dit document staat er langer dan {PERIOD.days} dagen. Bel 024-374 16 60 als het niet klopt;"
    " met Documenten toevoegen kunt u een beter document aanleveren."
)


def why_not_replaced(document: Document, *, now: datetime) -> str:
    """Why the employer cannot put another file in its place at `now`, in Dutch; "" when it can.

    An own document is one of the employer's, whichever colleague uploaded it. It is taken up once
    InComfort opened it or decided on it. The period is counted in hours from the upload.
    """
    if document.source != Document.Source.EMPLOYER or document.trajectory_id is None:
        return NOT_YOURS
    if document.withdrawn_at is not None:
        return WITHDRAWN
    if document.replaced_by_id is not None:
        return REPLACED
    answer = getattr(document, "answer", None)
    if answer and answer.decided_at and answer.decided_by_id is None:
        return ASKED_AGAIN
    if document.taken_up_at is not None or (answer and answer.decided_at):
        return TAKEN_UP
    return TOO_LATE if now - document.added_at > PERIOD else ""


def why_not_withdrawn(document: Document, *, now: datetime) -> str:
    """The same for taking it back altogether: what InComfort asked for and waits for stays."""
    if reason := why_not_replaced(document, now=now):
        return reason
    return ASKED_FOR if getattr(document, "answer", None) else ""
