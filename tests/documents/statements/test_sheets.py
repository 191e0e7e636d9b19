"""The two sheets of a statement: what stands on them, on paper and for a screen reader.

Source: rulebook 6 (B10, B11), help page 7.
"""

import io
import re
from datetime import date
from decimal import Decimal

import pikepdf
import pytest

from absence.models import Trajectory
from accounts.models import Employer, Policy, User
from documents.models import PolicyCover, StatementSheet
from tests.documents.statements.conftest import published, row, text_of
from tests.factories import make_employee, make_trajectory

pytestmark = pytest.mark.django_db


def test_both_sheets_show_the_same_sum(ilse: User, policy: Policy, report: Trajectory) -> None:
    (statement,) = published(ilse, row(policy, report))

    sheet_1, sheet_2 = text_of(statement).rstrip("\f").split("\f")
    assert policy.number in sheet_1
    assert "Totaal van deze specificatie € 1.848,00" in sheet_1
    assert "uiterlijk op 10-04-2026" in sheet_1
    assert "Blad 1 van 2" in sheet_1
    assert "Wiśniewska" in sheet_2
    assert "Waarom dit bedrag?" in sheet_2
    assert "22 uitkeringsdagen" in sheet_2
    assert sheet_2.count("€ 1.848,00") == 2
    assert "Blad 2 van 2" in sheet_2


def test_the_pdf_is_accessible_and_long_ones_have_more_pages(
    ilse: User, policy: Policy, employer: Employer
) -> None:
    rows = []
    for number in range(40):
        employee = make_employee(employer, f"Jansen{number}", ended_on=date(2026, 2, 10))
        ill = make_trajectory(employee, first_sick_day=date(2026, 1, 5))
        rows.append(row(policy, ill, number + 2))
    (statement,) = published(ilse, *rows)

    with statement.document.file.open() as file, pikepdf.open(io.BytesIO(file.read())) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "nl"
        assert len(pdf.pages) == 3
        cells = [part for part in pdf.objects if isinstance(part, pikepdf.Dictionary)]
        heads = [cell for cell in cells if cell.get("/S") == "/TH"]
        plain = [cell for cell in cells if cell.get("/S") == "/TD"]
    sheet_1, *pages = text_of(statement).rstrip("\f").split("\f")
    assert "€ 73.920,00" in sheet_1
    assert all("Werknemer" in page and "Waarom dit bedrag?" in page for page in pages)
    assert sorted(re.findall(r"Jansen\d+", "".join(pages))) == sorted(
        f"Jansen{number}" for number in range(40)
    )
    # Of each table on each page: the columns, and the row of each fact, person and total.
    assert len(heads) == 12 + 2 * 6 + 40 + 1
    assert len(plain) == 12 + 40 * 5 + 1
    assert all("/Headers" in cell.A for cell in plain)


def test_the_percentage_is_that_of_the_policy(
    ilse: User, policy: Policy, report: Trajectory
) -> None:
    PolicyCover.objects.filter(policy=policy).update(percentage=80)

    (statement,) = published(ilse, row(policy, report))

    assert statement.sheet.total == Decimal("2112.00")


def test_sheet_1_stays_as_it_was(ilse: User, policy: Policy, report: Trajectory) -> None:
    (statement,) = published(ilse, row(policy, report))
    Employer.objects.update(name="Nieuwe naam")

    facts = dict(StatementSheet.objects.get(statement=statement).facts)

    assert facts["Verzekeringnemer"] == "Uitzendbureau De Brug"
    assert facts["Uitkeringspercentage"] == "70% van het dagloon"
    assert "IBAN waarop wordt uitgekeerd" not in facts


def test_sheet_1_names_the_account_by_its_end(
    ilse: User, policy: Policy, report: Trajectory
) -> None:
    """Source: rulebook B11. The words of sheet 1 are not sealed."""
    cover = PolicyCover.objects.get(policy=policy)
    cover.iban = "NL91ABNA0417164300"
    cover.save()

    (statement,) = published(ilse, row(policy, report))

    sheet = StatementSheet.objects.get(statement=statement)
    assert dict(sheet.facts)["IBAN waarop wordt uitgekeerd"] == "•••••4300"
    assert "•••••4300" in text_of(statement)
    assert "NL91" not in str(sheet.facts) + text_of(statement)
