"""What staff may get wrong in a file: each mistake has its words, and nothing is kept."""

import io
import time
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from absence.models import Trajectory
from accounts.models import Policy, User
from documents.models import StatementRun
from documents.statements import cells
from documents.statements.actions import import_month
from documents.statements.reading import Row, read
from tests.documents.statements.conftest import MONTH, row

HEADS = b"Polisnummer;Meldingsnummer;Dagloon\n"


@pytest.mark.parametrize("text", ["1.234,56", "1234.56", "1234,56", "\N{EURO SIGN} 1.234,56"])
def test_both_ways_to_write_an_amount_are_the_same(text: str) -> None:
    assert str(cells.amount(text)) == "1234.56"


@pytest.mark.parametrize("text", ["1.234", "1,234", "=A1+1", "abc", "1234,567", "NaN", "1e30"])
def test_an_amount_is_never_guessed(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        cells.amount(text)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.csv", b"Polisnummer;Dagloon\nP1;1", "Deze kolom ontbreekt: Meldingsnummer"),
        ("x.csv", HEADS.replace(b"Dagloon", b"Daglon") + b"P1;ZM-1;1", "Onbekende kolom: Daglon"),
        ("x.csv", HEADS, "geen regels"),
        ("x.csv", HEADS + b"P1;ZM-1;\x00", "geen tekst"),
        ("x.csv", (HEADS + b"P1;ZM-1;1").decode().encode("utf-16"), "geen tekst"),
        ("x.csv", (HEADS + b"P1;ZM-1;1").decode().encode("utf-16-be"), "geen tekst"),
        ("x.csv", HEADS + b"P1;ZM-1;1\x81", "geen tekst"),  # no letter of cp1252
        ("x.csv", HEADS + b'P1;"ZM-1;1', "geen tekst"),
        ("x.csv", HEADS.replace(b"Dagloon", b"Polisnummer") + b"P1;ZM-1;P1", "twee keer voor"),
        ("x.csv", b"", "kolom ontbreekt: Polisnummer, Meldingsnummer"),
        ("x.csv", HEADS + b"P1;ZM-1;1\n" * 10_001, "ten hoogste 10.000 regels"),
        ("x.csv", HEADS + b"P1;ZM-1;1\n" * 100_000, "ten hoogste 10.000 regels"),
        ("x.csv", HEADS + b"P1;ZM-1;1\n" * 600_000, "groter dan 5 MB"),
        ("x.xlsx", b"PK\x03\x04 geen zip", "geen Excel-bestand"),
        ("x.pdf", b"%PDF-", "Kies een Excel-bestand"),
    ],
)
def test_a_file_that_is_wrong_as_a_whole(name: str, content: bytes, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        read(SimpleUploadedFile(name, content))


def xlsx(*rows: Sequence[Any]) -> SimpleUploadedFile:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for cells_of_row in rows:
        sheet.append(cells_of_row)
    file = io.BytesIO()
    book.save(file)
    return SimpleUploadedFile("maand.xlsx", file.getvalue())


def test_a_workbook_of_100_000_rows_is_refused_before_it_is_read() -> None:
    rows = [["P1", "ZM-1", 1]] * 100_000
    file = xlsx(["Polisnummer", "Meldingsnummer", "Dagloon"], *rows)

    started = time.process_time()
    with pytest.raises(ValidationError, match=r"ten hoogste 10\.000 regels"):
        read(file)

    assert time.process_time() - started < 10  # a tenth of it is read


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_csv_of_any_excel_is_read(encoding: str) -> None:
    text = "Polisnummer;Meldingsnummer;Dagloon;Naam\r\nP1;ZM-1;€ 1.234,56;Zoë\r\n"

    [found] = read(SimpleUploadedFile("x.csv", text.encode(encoding)))

    assert cells.amount(found.cells["daily_wage"]) == Decimal("1234.56")
    assert found.cells["name"] == "Zoë"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("head", "message"),
    [
        ("Dagloon", "Dagloon is een formule; plak de waarde"),
        ("Van", "Van is geen datum"),
        ("Polisnummer", "Polisnummer =A1.* is niet bekend"),
        ("Meldingsnummer", "Meldingsnummer: schrijf bijvoorbeeld"),
    ],
)
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_formula_is_text_that_is_refused_where_it_stands(
    ilse: User, policy: Policy, report: Trajectory, head: str, message: str, kind: str
) -> None:
    good = {
        "Polisnummer": policy.number,
        "Meldingsnummer": report.number,
        "Van": "01-03-2026",
        "Tot en met": "31-03-2026",
        "Dagloon": "120,00",
    }
    wrong = list((good | {head: '=A1&HYPERLINK("http://x.test")'}).values())
    if kind == "xlsx":
        file = xlsx(list(good), list(good.values()), wrong)
    else:
        lines = [";".join(line) for line in (list(good), list(good.values()))]
        quoted = ";".join('"' + cell.replace('"', '""') + '"' for cell in wrong)
        file = SimpleUploadedFile("x.csv", "\n".join([*lines, quoted]).encode())

    with pytest.raises(ValidationError, match=f"Regel 3: {message}"):
        import_month(by=ilse, month=MONTH, rows=read(file))

    assert not StatementRun.objects.exists()


@pytest.mark.django_db
def test_a_formula_in_a_column_for_people_is_not_read(
    ilse: User, policy: Policy, report: Trajectory
) -> None:
    good = row(policy, report, name='=HYPERLINK("http://x.test")', remark="=1+1")

    assert import_month(by=ilse, month=MONTH, rows=[good]).row_count == 1


@pytest.mark.django_db
def test_of_a_hundred_wrong_rows_each_is_named_and_the_rest_is_counted(
    ilse: User, policy: Policy, report: Trajectory
) -> None:
    good = row(policy, report).cells
    rows = [Row(number, good | {"policy": f"P{number}"}) for number in range(2, 152)]

    with pytest.raises(ValidationError) as refused:
        import_month(by=ilse, month=MONTH, rows=rows)

    assert refused.value.messages[0] == "Regel 2: Polisnummer P2 is niet bekend."
    assert refused.value.messages[-1] == "En nog 50 regels met een fout."
    assert len(refused.value.messages) == 101


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"policy": "onbekend"}, "Polisnummer onbekend is niet bekend"),
        ({"report": "ZM-999999"}, "is er niet bij"),
        ({"last_day": "01-04-2026"}, "liggen niet"),
        ({"daily_wage": None}, "Dagloon ontbreekt"),
        ({"percentage": "101"}, "ligt boven 100"),
        ({"total": "1,00"}, "het portaal komt op"),
    ],
)
def test_a_row_that_is_wrong_is_named_and_nothing_is_kept(
    ilse: User, policy: Policy, report: Trajectory, changes: dict[str, Any], message: str
) -> None:
    good = row(policy, report)
    wrong = {key: cell for key, cell in (good.cells | changes).items() if cell is not None}

    with pytest.raises(ValidationError, match=f"Regel 2: .*{message}"):
        import_month(by=ilse, month=MONTH, rows=[Row(2, wrong)])

    assert not StatementRun.objects.exists()


@pytest.mark.django_db
def test_a_double_row_is_refused(ilse: User, policy: Policy, report: Trajectory) -> None:
    rows = [row(policy, report), row(policy, report, 3)]
    with pytest.raises(ValidationError, match="Regel 3: Dubbel: regel 2"):
        import_month(by=ilse, month=MONTH, rows=rows)
