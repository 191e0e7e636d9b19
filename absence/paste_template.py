"""The sheet to fill in: the columns that are understood, an example, and what belongs in each."""

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from io import BytesIO, StringIO
from typing import TYPE_CHECKING

import xlsxwriter

from absence.models import Classification
from absence.paste_columns import Column, columns_for
from accounts.models import Employer, has_zw_erd
from dossiers.models import EmploymentType

if TYPE_CHECKING:
    from accounts.models import User

COLUMN_WIDTH = 22  # characters


def explained_columns(user: "User") -> list[Column]:
    """The columns for this user, with the words of the lists that staff keep.

    With several employers those of any of them; the check says what holds for the chosen one.
    """
    employers = list(Employer.objects.visible_to(user)[:2])
    kinds = Classification.objects
    offered = kinds.offered_to(employers[0]) if len(employers) == 1 else kinds.active()
    is_zw_erd = has_zw_erd(user)
    choices = {
        "classification": [str(one.label) for one in offered],
        "type": [str(one.label) for one in EmploymentType.objects.active()],
    }
    return [
        replace(column, example=words[0], help=f"Kies uit: {', '.join(words)}.")
        if (words := choices.get(column.field))
        else column
        for column in columns_for(is_zw_erd=is_zw_erd)
    ]


def _as_csv(columns: Iterable[Column]) -> bytes:
    """The heads only: an example would be reported sick."""
    text = StringIO()
    csv.writer(text, delimiter=";").writerow([column.head for column in columns])
    return text.getvalue().encode("utf-8-sig")


def _as_xlsx(columns: Iterable[Column]) -> bytes:
    """A first sheet with the heads, of text cells so that 06 keeps its 0; the second explains."""
    data, columns = BytesIO(), list(columns)
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
        sheet, words = book.add_worksheet("Ziekmeldingen"), book.add_worksheet("Uitleg")
        sheet.set_column(0, len(columns) - 1, COLUMN_WIDTH, text)
        sheet.freeze_panes(1, 0)
        words.set_column(0, 2, 2 * COLUMN_WIDTH)
        for at, head in enumerate(("Kolom", "Voorbeeld", "Uitleg")):
            words.write_string(0, at, head, bold)
        for number, column in enumerate(columns):
            sheet.write_string(0, number, column.head, bold)
            for at, cell in enumerate((column.head, column.example, column.help)):
                words.write_string(number + 1, at, cell)
    return data.getvalue()


@dataclass(frozen=True)
class Kind:
    """A kind of file, by the end of its name."""

    content_type: str
    write: Callable[[Iterable[Column]], bytes]


KINDS = {
    "xlsx": Kind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _as_xlsx),
    "csv": Kind("text/csv; charset=utf-8", _as_csv),
}
