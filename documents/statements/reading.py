"""Reads the file with a month of benefits, CSV or XLSX, into rows of cells. Judges no content.

A file comes from our own staff, and is still read with limits: size, rows, columns, and for XLSX
the size of what is packed in it. Formulas are text here, never run.
"""

import csv
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO
from typing import IO, Any

import openpyxl
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from documents.statements.cells import Cell, from_sheet

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED = 100 * 1024 * 1024  # 10,000 rows of twelve columns unpack to some 6 MB
MAX_ROWS = 10_000
SHOWN_MAX_ROWS = f"{MAX_ROWS:,}".replace(",", ".")
MAX_COLUMNS = 40
TOO_LARGE = "Dit bestand is groter dan 5 MB. Neem alleen de regels van deze maand op."
TOO_MANY_ROWS = (
    f"Een bestand heeft ten hoogste {SHOWN_MAX_ROWS} regels. Verdeel het en lees de delen in."
)
NOT_XLSX = "Dit is geen Excel-bestand (XLSX) dat wij kunnen lezen. Sla het opnieuw op."
NOT_TEXT = "Dit CSV-bestand is geen tekst. Sla het in Excel op als CSV UTF-8."
WRONG_KIND = "Kies een Excel-bestand (XLSX) of een CSV-bestand."


@dataclass(frozen=True, slots=True)
class Column:
    """A column by the words above it. Those that are only for people are not read."""

    key: str
    head: str
    help_text: str
    is_required: bool = False


COLUMNS = (
    Column("policy", "Polisnummer", "zoals bij Polissen", True),
    Column("report", "Meldingsnummer", "ZM-000123, zoals bij de verzuimmelding", True),
    Column("first_day", "Van", "eerste dag, in de maand"),
    Column("last_day", "Tot en met", "laatste dag, in de maand"),
    Column("daily_wage", "Dagloon", "voor het maximum"),
    Column("percentage", "Percentage", "leeg: dat van de dekking van de polis"),
    Column("income", "Inkomen per dag", "SV-loon naast de uitkering; leeg: geen"),
    Column("supplement", "Aanvulling", "bedrag over de periode; leeg: geen"),
    Column("charges", "Werkgeverslasten", "bedrag over de periode; leeg: geen"),
    Column("corrected_month", "Correctie van", "mm-jjjj: deze regel corrigeert die maand"),
    Column("correction", "Correctiebedrag", "mag negatief zijn; alleen bij Correctie van"),
    Column("total", "Totaal", "leeg mag; gegeven moet het kloppen met wat het portaal berekent"),
    Column("name", "Naam", "voor uzelf; wordt niet ingelezen"),
    Column("remark", "Opmerking", "voor uzelf; wordt niet ingelezen"),
)
BY_HEAD = {column.head.lower(): column for column in COLUMNS}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file; `number` as the spreadsheet counts."""

    number: int
    cells: dict[str, Cell]


def read(file: "UploadedFile[Any]") -> list[Row]:
    """The rows below the heads, empty ones left out. Raises ValidationError for the whole file."""
    if (file.size or 0) > MAX_BYTES:
        raise ValidationError(TOO_LARGE)
    name = (file.name or "").lower()
    if name.endswith(".xlsx"):
        lines = _xlsx(file)
    elif name.endswith(".csv"):
        lines = _csv(file)
    else:
        raise ValidationError(WRONG_KIND)
    return _rows(lines)


def _rows(lines: Iterable[list[Cell]]) -> list[Row]:
    numbered = enumerate(lines, start=1)
    keys = _keys(next(numbered, (1, []))[1])
    rows = []
    for number, line in numbered:
        if number > MAX_ROWS + 1:
            raise ValidationError(TOO_MANY_ROWS)
        cells: dict[str, Cell] = {
            key: cell for key, cell in zip(keys, line, strict=False) if cell is not None
        }
        if cells:
            rows.append(Row(number, cells))
    if not rows:
        raise ValidationError("Er staan geen regels in dit bestand, alleen koppen.")
    return rows


def _keys(heads: list[Cell]) -> list[str]:
    """Which column stands where. What we do not know could be a mistyped amount: refused."""
    while heads and heads[-1] is None:
        heads = heads[:-1]
    words = [str(head or "").replace("_", " ") for head in heads]
    if unknown := [word for word in words if word.lower() not in BY_HEAD]:
        raise ValidationError(
            f"Onbekende kolom: {unknown[0][:40] or '(lege kop)'}. Gebruik de koppen hieronder."
        )
    keys = [BY_HEAD[word.lower()].key for word in words]
    missing = [each.head for each in COLUMNS if each.is_required and each.key not in keys]
    if missing:
        raise ValidationError(f"Deze kolom ontbreekt: {', '.join(missing)}.")
    if len(set(keys)) < len(keys):
        raise ValidationError("Een kolom komt twee keer voor.")
    return keys


def _csv(file: "UploadedFile[Any]") -> Iterator[list[Cell]]:
    """UTF-8, or as a Dutch Excel writes it; semicolons, or commas when the heads have no other."""
    content = file.read()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    if "\0" in text or "\ufffd" in text:
        raise ValidationError(NOT_TEXT)
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    try:
        for line in csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True):
            yield [from_sheet(cell) for cell in line[:MAX_COLUMNS]]
    except csv.Error:
        raise ValidationError(NOT_TEXT) from None


def _xlsx(file: "UploadedFile[Any]") -> Iterator[list[Cell]]:
    """The first sheet."""
    try:
        with zipfile.ZipFile(_opened(file)) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
    except zipfile.BadZipFile:
        raise ValidationError(NOT_XLSX) from None
    if unpacked > MAX_UNPACKED:
        raise ValidationError(TOO_LARGE)
    try:
        with warnings.catch_warnings(action="ignore"):  # about styles that openpyxl leaves out
            book = openpyxl.load_workbook(_opened(file), read_only=True)
            for line in book.worksheets[0].iter_rows(max_col=MAX_COLUMNS, values_only=True):
                yield [from_sheet(cell) for cell in line]
    except ValidationError:
        raise
    except Exception as error:  # a broken part of a workbook raises whatever met it first
        raise ValidationError(NOT_XLSX) from error


def _opened(file: "UploadedFile[Any]") -> IO[bytes]:
    file.seek(0)
    assert file.file is not None
    return file.file
