"""What staff typed in one cell of a sheet, as a day or an amount. Never guesses.

Raises ValueError with what to do, in Dutch, to be shown behind the name of the column.
"""

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

type Cell = str | Decimal | date | None

DUTCH = re.compile(r"-?\d{1,3}(\.\d{3})*,\d{1,2}\Z")  # 1.234,56
PLAIN = re.compile(r"-?\d+([.,]\d{1,2})?\Z")  # 1234.56 or 1234,56
LARGEST = Decimal(999_999)
NOT_AN_AMOUNT = "is geen bedrag; schrijf bijvoorbeeld 1234,56"


def from_sheet(value: object) -> Cell:
    """What a spreadsheet says a cell holds; numbers become exact, text loses its outer blanks."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, bool):
        return "waar" if value else "onwaar"
    if isinstance(value, int | float):
        return Decimal(str(value))
    if value is None or isinstance(value, date):
        return value
    return " ".join(str(value).split()) or None


def day(cell: Cell) -> date:
    """dd-mm-jjjj, or a date of the spreadsheet itself."""
    if isinstance(cell, date):
        return cell
    if isinstance(cell, str):
        for form in ("%d-%m-%Y", "%d/%m/%Y", "%Y-%m-%d"):
            try:
                return datetime.strptime(cell, form).date()  # noqa: DTZ007 - a day has no zone
            except ValueError:
                continue
    raise ValueError("is geen datum; schrijf dd-mm-jjjj")


def month(cell: Cell) -> date:
    """mm-jjjj, or any day of the month. Returns its first day."""
    if isinstance(cell, str) and re.fullmatch(r"\d{1,2}-\d{4}", cell):
        cell = f"01-{cell.zfill(7)}"
    try:
        return day(cell).replace(day=1)
    except ValueError:
        raise ValueError("is geen maand; schrijf mm-jjjj") from None


def amount(cell: Cell) -> Decimal:
    """Euros in at most two decimals: 1.234,56 and 1234.56 are the same.

    "1.234" could be either a thousand or a fraction, so it is refused.
    """
    if isinstance(cell, str):
        cell = _typed_amount(cell)
    if not isinstance(cell, Decimal) or not cell.is_finite():
        raise ValueError(NOT_AN_AMOUNT)
    if abs(cell) > LARGEST:
        raise ValueError("is te groot")
    if cell != cell.quantize(Decimal("0.01")):
        raise ValueError("heeft meer dan twee decimalen")
    return cell.quantize(Decimal("0.01"))


def positive(cell: Cell) -> Decimal:
    """An amount of zero or more."""
    found = amount(cell)
    if found < 0:
        raise ValueError("mag niet onder nul liggen")
    return found


def percentage(cell: Cell) -> Decimal:
    """0 to 100, with or without the sign."""
    found = positive(cell.removesuffix("%").rstrip() if isinstance(cell, str) else cell)
    if found > 100:
        raise ValueError("ligt boven 100")
    return found


def _typed_amount(text: str) -> Decimal:
    text = text.removeprefix("€").strip()
    if text.startswith("="):
        raise ValueError("is een formule; plak de waarde")
    if re.fullmatch(r"-?\d{1,3}(\.\d{3})+", text):
        raise ValueError(f"{text} is dubbelzinnig; schrijf {text.replace('.', '')},00")
    if DUTCH.match(text):
        text = text.replace(".", "").replace(",", ".")
    elif PLAIN.match(text):
        text = text.replace(",", ".")
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueError(NOT_AN_AMOUNT) from None
