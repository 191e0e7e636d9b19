"""A sheet that somebody pastes or uploads, to rows of text. Nothing in it is run or followed.

Each reader takes what came in and gives all rows, empty ones too, so that a row keeps its number.
Each raises ValidationError with a Dutch message for anything that is no such sheet.
"""

import csv
import re
import warnings
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from django.core.exceptions import ValidationError
from openpyxl import load_workbook

MAX_ROWS = 500  # sick reports in one go; more is a payroll file, not a paste
MAX_SHEET_ROWS = 2 * MAX_ROWS + 1  # with the heads, and room for empty lines
MAX_COLUMNS = 50
MAX_CELL = 500  # characters; the longest answer of the forms is an e-mail address of 254
MAX_CHARACTERS = 400_000  # 500 full rows are some 120,000
MAX_BYTES = 2 * 1024**2
# A workbook of 500 rows unpacks to half a megabyte.
MAX_UNPACKED = 10 * 1024**2
MAX_PARTS = 200
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
ZIP = b"PK\x03\x04"

NOT_A_SHEET = "Dit bestand kunnen wij niet lezen. Sla het op als Excel-werkmap (.xlsx) of als CSV."
OLD = (
    "Dit is een oud Excel-bestand (.xls), of er zit een wachtwoord op. Open het in Excel en sla het"
    " op als Excel-werkmap (.xlsx) zonder wachtwoord, of als CSV."
)
TOO_LARGE = "Dit bestand is te groot. Neem hooguit 500 regels op, en geen plaatjes of opmaak."
TOO_MANY = "Dit zijn meer dan 500 regels. Verdeel ze over meer keren."
TOO_WIDE = f"Een regel heeft hooguit {MAX_COLUMNS} kolommen."
QUOTES = (
    "In de regels staat een dubbel aanhalingsteken dat niet klopt. Haal de dubbele aanhalingstekens"
    " weg en controleer opnieuw."
)

type Rows = list[list[str]]


def from_text(text: str) -> Rows:
    """Text as Excel puts it on the clipboard, or a CSV: the separator is what the heads have most
    of. Raises ValidationError."""
    if "\0" in text:
        raise ValidationError(NOT_A_SHEET)
    head = next((line for line in text.splitlines() if line.strip()), "")
    separator = max("\t;,", key=head.count)
    lines = StringIO(text.replace("\r\n", "\n").replace("\r", "\n"), newline="")
    try:
        rows = [
            [_one_line(cell) for cell in row]
            for row in csv.reader(lines, delimiter=separator, strict=True)
        ]
    except csv.Error:
        raise ValidationError(QUOTES) from None
    return _within_limits(rows)


def from_file(data: bytes) -> Rows:
    """A workbook (XLSX) or a CSV in UTF-8, UTF-16 or Windows-1252, by its content: a file name
    proves nothing. Raises ValidationError."""
    if len(data) > MAX_BYTES:
        raise ValidationError(TOO_LARGE)
    if data.startswith(OLD_EXCEL):
        raise ValidationError(OLD)
    return _from_workbook(data) if data.startswith(ZIP) else from_text(_decoded(data))


def as_text(rows: Rows) -> str:
    """As on the clipboard: `from_text` gives the same rows back, without empty ones at the end."""
    text = StringIO()
    csv.writer(text, delimiter="\t", lineterminator="\n").writerows(rows)
    return text.getvalue().rstrip("\n")


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        # Text has no control characters; what Windows-1252 makes of a picture has many.
        if not re.search(r"[\x00-\x08\x0e-\x1f]", text):
            return text
    raise ValidationError(NOT_A_SHEET)


def _from_workbook(data: bytes) -> Rows:
    """The first sheet. Formulas give the value that was saved with them, or nothing."""
    _check_unpacked(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles that openpyxl leaves out
            rows = _cells(data)
    except Exception:  # a hostile file makes the parser raise anything at all
        raise ValidationError(NOT_A_SHEET) from None
    return _within_limits(rows)


def _check_unpacked(data: bytes) -> None:
    """The sizes that the archive states: no more than that is ever unpacked of a part."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
    except (BadZipFile, ValueError, OSError, NotImplementedError):
        raise ValidationError(NOT_A_SHEET) from None
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise ValidationError(TOO_LARGE)


def _cells(data: bytes) -> Rows:
    book = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        rows: Rows = []
        for row in sheet.iter_rows(max_col=MAX_COLUMNS + 1):
            # Formatting alone makes rows too: those without text, far below, are not kept.
            if len(rows) < MAX_SHEET_ROWS or any(cell.value is not None for cell in row):
                rows.append([_one_line(_text_of(cell)) for cell in row])
            if len(rows) > MAX_SHEET_ROWS:
                break
        return rows
    finally:
        book.close()


def _text_of(cell: Any) -> str:
    """As the cell looks in a Dutch Excel: 01-09-2026, 50,5, 50%."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, datetime | date):
        return f"{value.day:02}-{value.month:02}-{value.year:04}"
    if isinstance(value, int | float):
        is_percentage = "%" in (cell.number_format or "")
        number = round(value * 100, 6) if is_percentage else value
        return f"{number:.15g}".replace(".", ",") + ("%" if is_percentage else "")
    return str(value)


def _one_line(text: str) -> str:
    return " ".join(text.split())[: MAX_CELL + 1]


def _within_limits(rows: Rows) -> Rows:
    """Without empty cells at the end of a row, and empty rows at the end."""
    for row in rows:
        while row and not row[-1]:
            row.pop()
    while rows and not rows[-1]:
        rows.pop()
    check_size(rows)
    return rows


def check_size(rows: Rows) -> None:
    """Raises ValidationError for more than 500 rows below the heads, or very wide ones."""
    filled = [row for row in rows if row]
    if len(rows) > MAX_SHEET_ROWS or len(filled) > MAX_ROWS + 1:
        raise ValidationError(TOO_MANY)
    if any(len(row) > MAX_COLUMNS for row in filled):
        raise ValidationError(TOO_WIDE)
