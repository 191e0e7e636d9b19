"""What staff may get wrong in a file: each mistake has its words, and nothing is kept."""

from typing import Any

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
        ("x.csv", HEADS + b"P1;ZM-1;1\n" * 10_001, "ten hoogste 10.000 regels"),
        ("x.xlsx", b"PK\x03\x04 geen zip", "geen Excel-bestand"),
        ("x.pdf", b"%PDF-", "Kies een Excel-bestand"),
    ],
)
def test_a_file_that_is_wrong_as_a_whole(name: str, content: bytes, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        read(SimpleUploadedFile(name, content))


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
