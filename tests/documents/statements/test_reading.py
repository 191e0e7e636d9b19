"""The ledger, its file and one statement as a page."""

import csv
import io
from datetime import date

import openpyxl
import pytest
from django.test import Client

from absence.models import Trajectory
from accounts.models import AuditEvent, Policy, User
from documents.models import BenefitStatement
from tests.documents.statements.conftest import published, row
from tests.login import login

pytestmark = pytest.mark.django_db

LEDGER = "/uitkeringsspecificaties/"


@pytest.fixture
def statement(ilse: User, policy: Policy, report: Trajectory) -> BenefitStatement:
    return published(ilse, row(policy, report))[0]


def test_the_ledger_shows_amount_pay_date_and_the_sum_of_the_year(
    client: Client, anna: User, statement: BenefitStatement
) -> None:
    login(client, anna)

    page = client.get(LEDGER).text

    assert "€&nbsp;1.848,00" in page
    assert "10-04-2026" in page
    assert "Totaal van de maanden in 2026" in page
    assert statement.get_absolute_url() in page
    assert statement.document.get_absolute_url() in page


def test_the_page_shows_what_the_pdf_shows(
    client: Client, anna: User, statement: BenefitStatement
) -> None:
    login(client, anna)

    page = client.get(statement.get_absolute_url()).text

    for shown in ("Wiśniewska", "Waarom dit bedrag?", "22 uitkeringsdagen", "uiterlijk op"):
        assert shown in page
    assert page.count("€&nbsp;1.848,00") == 4  # in the sentence on the pay date too
    assert AuditEvent.objects.filter(action="statement.view", actor=anna).count() == 1


def test_bram_does_not_open_it(client: Client, bram: User, statement: BenefitStatement) -> None:
    login(client, bram)

    assert client.get(statement.get_absolute_url()).status_code == 404
    assert "1848" not in client.get(f"{LEDGER}lijst.csv").text


def test_the_file_runs_no_formula_and_holds_no_name(
    client: Client, anna: User, statement: BenefitStatement
) -> None:
    statement.employer.name = "=HYPERLINK(1)"
    statement.employer.save()
    login(client, anna)

    text = client.get(f"{LEDGER}lijst.csv").content.decode("utf-8-sig")
    _, line = csv.reader(io.StringIO(text), delimiter=";")
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(f"{LEDGER}lijst.xlsx").content)).active

    number = statement.policy.number
    reference = f"US-{statement.sheet.pk:06d}"
    days = ["10-04-2026", "02-04-2026"]
    assert line == ["'=HYPERLINK(1)", number, "2026-03", reference, "1848,00", *days]
    assert (sheet["A2"].data_type, sheet["A2"].value) == ("s", "=HYPERLINK(1)")
    assert (sheet["E2"].value, sheet["F2"].value.date()) == (1848, date(2026, 4, 10))
    assert "Wiśniewska" not in text


def test_another_kind_of_file_is_not_there(client: Client, anna: User) -> None:
    login(client, anna)

    assert client.get(f"{LEDGER}lijst.exe").status_code == 404


def test_the_company_dossier_shows_the_amount(
    client: Client, anna: User, statement: BenefitStatement
) -> None:
    login(client, anna)

    dossier = statement.document.dossier
    assert "1.848,00" in client.get(f"/dossiers/{dossier.uuid}/trajectendossier/").text
