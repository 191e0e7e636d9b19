"""The list of statements as a file: what was paid when, without a name of a person."""

from collections.abc import Iterable

from django.utils.timezone import localdate

from absence.exports import Cell
from documents.models import BenefitStatement

HEADS = (
    "Werkgever",
    "Polisnummer",
    "Maand",
    "Specificatienummer",
    "Bedrag",
    "Uiterlijk betaald op",
    "Geplaatst op",
)
SHEET = "Uitkeringen"


def lines(statements: Iterable[BenefitStatement]) -> Iterable[tuple[Cell, ...]]:
    """A statement that was uploaded as a PDF has no amount here."""
    for statement in statements:
        sheet = getattr(statement, "sheet", None)
        yield (
            statement.employer.name,
            statement.policy.number,
            f"{statement.month:%Y-%m}",
            sheet.number if sheet else None,
            sheet.total if sheet else None,
            sheet.pay_by if sheet else None,
            localdate(statement.published_at),
        )
