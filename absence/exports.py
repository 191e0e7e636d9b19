"""A list of sick reports as a file that a spreadsheet opens.

What stands in a cell is never run: a name is text, also one that begins like a formula.
Source: ASVS 1.2.10, security.md E14.
"""

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO

import xlsxwriter

from absence.lists import Row

# A file is made in memory. Measured: so many rows are 0.7 MB as CSV and 0.3 MB as XLSX, and take
# some 85 MB of memory and three seconds of one processor while they are made.
MAX_ROWS = 10_000
# A spreadsheet takes a cell that begins so for a formula; an apostrophe before it makes it text.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
COLUMN_WIDTH = 22  # characters; enough for the heads and most names
HEADS = (
    "Naam",
    "Werkgever",
    "Eerste ziektedag",
    "Hersteld per",
    "AO-percentage",
    "Duur in dagen",
    "Ziekteweek",
    "Meldingsnummer",
)

type Cell = str | int | Decimal | date | None


def cells(row: Row) -> tuple[Cell, ...]:
    """One line of the file, below HEADS. The percentage and week are those of who is ill still."""
    report, is_open = row.report, row.report.is_open
    return (
        report.employee.list_name,
        report.employer.name,
        report.first_sick_day,
        report.recovered_on,
        row.percentage if is_open else None,
        row.duration.days,
        row.duration.week if is_open else None,
        report.number,
    )


def as_csv(lines: Iterable[Sequence[Cell]], heads: Sequence[str] = HEADS) -> bytes:
    """UTF-8 with a byte order mark and semicolons: what a Dutch Excel opens without a question."""
    text = StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(heads)
    writer.writerows([_csv_cell(cell) for cell in line] for line in lines)
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(
    lines: Iterable[Sequence[Cell]], heads: Sequence[str] = HEADS, sheet_name: str = "Verzuim"
) -> bytes:
    """A workbook of one sheet; every text is a cell of type text, dates and numbers are theirs."""
    data = BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        sheet = book.add_worksheet(sheet_name)
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd-mm-yyyy"})
        euros = book.add_format({"num_format": "#,##0.00"})
        sheet.set_column(0, len(heads) - 1, COLUMN_WIDTH)
        sheet.freeze_panes(1, 0)
        for column, head in enumerate(heads):
            sheet.write_string(0, column, head, bold)
        for number, line in enumerate(lines, start=1):
            for column, cell in enumerate(line):
                if isinstance(cell, str):
                    sheet.write_string(number, column, cell)
                elif isinstance(cell, date):
                    sheet.write_datetime(number, column, cell, day)
                elif isinstance(cell, Decimal):
                    sheet.write_number(number, column, cell, euros)
                elif cell is not None:
                    sheet.write_number(number, column, cell)
    return data.getvalue()


@dataclass(frozen=True)
class Kind:
    """A kind of file. `key` is what its button sends."""

    key: str
    content_type: str
    write: Callable[[Iterable[Sequence[Cell]]], bytes]


KINDS = {
    kind.key: kind
    for kind in (
        Kind("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
        Kind("csv", "text/csv; charset=utf-8", as_csv),
    )
}


def _csv_cell(cell: Cell) -> str | int | None:
    if isinstance(cell, date):
        return f"{cell:%d-%m-%Y}"
    if isinstance(cell, Decimal):  # a number, so a minus is no formula
        return f"{cell}".replace(".", ",")
    if isinstance(cell, str) and cell.startswith(FORMULA_STARTS):
        return f"'{cell}"
    return cell
