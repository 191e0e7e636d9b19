"""Both lists as a file: what stands in it, that nothing in it runs, who gets it, and the log."""

import csv
from datetime import date
from io import BytesIO, StringIO
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from absence import exports
from absence.models import Classification
from accounts.models import AuditEvent
from accounts.sessions import CONFIRMED_AT
from tests.absence.pages import words
from tests.factories import make_employee, make_incapacity, make_trajectory
from tests.login import login

pytestmark = pytest.mark.usefixtures("on_24_november")

ILL = "/verzuim/overzicht/downloaden/"
ALL = "/verzuim/overzicht/alle/downloaden/"
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
# Source: security.md E14.
FORMULAS = ['=HYPERLINK("http://x.test";"klik")', "+1", "-1", "@x", "\t=1+1", "\r=1+1", "\n=1+1"]


@pytest.fixture
def employer(anna):
    return anna.memberships.get().employer


@pytest.fixture
def inside(client, anna):
    login(client, anna)
    return client


def ill(employer, surname="Berg", first_sick_day=date(2026, 11, 2), percentage=100, **fields):
    prefixes = fields.pop("prefixes", "")
    employee = make_employee(employer, surname, prefixes=prefixes)
    return make_trajectory(employee, percentage, first_sick_day=first_sick_day, **fields)


def csv_rows(response):
    text = response.content.decode("utf-8-sig")
    return list(csv.reader(StringIO(text, newline=""), delimiter=";"))


def xlsx_cells(content):
    """Of each cell its type and what stands in it; a shared string is looked up."""
    book = ZipFile(BytesIO(content))
    strings = []
    if "xl/sharedStrings.xml" in book.namelist():
        tree = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))  # noqa: S314 - our own
        strings = ["".join(each.itertext()) for each in tree.iter(f"{SHEET}si")]
    sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))  # noqa: S314 - our own
    found = []
    for cell in sheet.iter(f"{SHEET}c"):
        kind, value = cell.get("t", "n"), cell.findtext(f"{SHEET}v")
        assert cell.find(f"{SHEET}f") is None, "a formula"
        found.append((kind, strings[int(value)] if kind == "s" else value))
    return found


class TestContents:
    def test_csv_is_what_a_dutch_spreadsheet_opens(self, inside, employer):
        report = ill(employer, "Özer", prefixes="van den")
        make_incapacity(report, effective_on=date(2026, 11, 16), percentage=40)

        response = inside.post(ILL, {"bestand": "csv"})

        assert response["Content-Type"] == "text/csv; charset=utf-8"
        assert response["Content-Disposition"] == 'attachment; filename="nu-ziek_2026-11-24.csv"'
        assert response["Cache-Control"] == "no-store"
        assert response.content.startswith(b"\xef\xbb\xbfNaam;Werkgever;Eerste ziektedag;")
        day, week = "02-11-2026", "4"
        row = ["Özer, A.B. van den", employer.name, day, "", "40", "23", week, report.number]
        assert csv_rows(response) == [list(exports.HEADS), row]

    def test_xlsx_holds_text_days_and_numbers(self, inside, employer):
        report = ill(employer, recovered_on=date(2026, 11, 9))

        response = inside.post(ALL, {"bestand": "xlsx"})
        cells = xlsx_cells(response.content)

        assert [text for _, text in cells[:8]] == list(exports.HEADS)
        assert cells[8:] == [
            ("s", "Berg, A.B."),
            ("s", employer.name),
            ("n", "46328"),  # 2 November 2026, in days as a spreadsheet counts them
            ("n", "46335"),
            ("n", "7"),
            ("s", report.number),
        ]

    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_order_and_filter_hold_in_the_file(self, inside, employer, kind):
        ill(employer, "Oud", date(2025, 12, 31))
        for surname in ["Bakker", "Aalders"]:
            ill(employer, surname)

        asked = {"bestand": kind, "jaar": "2026", "volgorde": "naam"}
        content = inside.post(ALL, asked)

        if kind == "csv":
            names = [row[0] for row in csv_rows(content)[1:]]
        else:
            names = [
                text for _, text in xlsx_cells(content.content) if (text or "").endswith("A.B.")
            ]
        assert names == ["Aalders, A.B.", "Bakker, A.B."]

    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_there_is_no_classification_and_no_bsn_in_it(self, inside, employer, kind):
        vangnet = Classification.objects.get(code="vangnet")
        report = ill(employer, classification=vangnet)
        report.employee.bsn = "111222333"
        report.employee.save()

        response = inside.post(ILL, {"bestand": kind})
        text = str(csv_rows(response) if kind == "csv" else xlsx_cells(response.content))

        assert "Berg" in text
        assert "angnet" not in text
        assert "111222333" not in text


class TestFormulas:
    @pytest.mark.parametrize("name", FORMULAS)
    def test_in_csv_an_apostrophe_makes_it_text(self, inside, employer, name):
        employer.name = name
        employer.save()
        ill(employer, name)

        [_, row] = csv_rows(inside.post(ILL, {"bestand": "csv"}))

        assert row[0] == f"'{name}, A.B."
        assert row[1] == f"'{name}"

    @pytest.mark.parametrize("name", FORMULAS)
    def test_in_xlsx_it_is_a_cell_of_type_text(self, inside, employer, name):
        ill(employer, name)

        cells = xlsx_cells(inside.post(ILL, {"bestand": "xlsx"}).content)

        kind, text = cells[len(exports.HEADS)]
        assert kind == "s"
        assert text.replace("_x000D_", "\r") == f"{name}, A.B."

    def test_a_name_cannot_begin_another_cell_or_line(self, inside, employer):
        ill(employer, 'Berg";=1+1\r\n=2+2')

        rows = csv_rows(inside.post(ILL, {"bestand": "csv"}))

        assert [len(row) for row in rows] == [8, 8]
        assert rows[1][0] == 'Berg";=1+1\r\n=2+2, A.B.'

    def test_an_ordinary_name_stays_as_it_is(self, inside, employer):
        ill(employer, "Visser-van der Meer")

        assert csv_rows(inside.post(ILL, {"bestand": "csv"}))[1][0] == "Visser-van der Meer, A.B."


class TestTheWayThere:
    @pytest.mark.parametrize("address", [ILL, ALL])
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_it_asks_for_both_steps_first(self, inside, employer, address, method):
        ill(employer)
        session = inside.session
        session[CONFIRMED_AT] = 0
        session.save()

        response = getattr(inside, method)(address, {"bestand": "csv"})

        assert response.status_code == 302
        assert response.url == "/account/bevestigen/"
        assert inside.session["confirmation_target"]["name"].endswith("-export")
        assert not AuditEvent.objects.filter(action="report.export").exists()

    def test_the_list_leads_there_with_its_choice(self, inside, employer):
        ill(employer)

        page = inside.get("/verzuim/overzicht/?volgorde=naam&ziek=volledig").content.decode()

        assert f'href="{ILL}?volgorde=naam&amp;ziek=volledig">Lijst downloaden' in page
        form = inside.get(f"{ILL}?volgorde=naam&ziek=volledig").content.decode()
        assert '<option value="naam" selected>' in form
        assert '<option value="volledig" selected>' in form

    def test_the_page_says_how_many_rows(self, inside, employer):
        for _ in range(3):
            ill(employer)

        assert "staan er 3 regels in het bestand" in words(inside.get(ILL))
        assert not AuditEvent.objects.filter(action="report.export").exists()

    @pytest.mark.parametrize(
        ("asked", "said"),
        [
            ({}, "Kies een Excel-bestand of een CSV-bestand."),
            ({"bestand": "exe"}, "Kies een Excel-bestand of een CSV-bestand."),
            ({"bestand": "csv", "ziek": "x"}, "Kies volledig of gedeeltelijk."),
            ({"bestand": "csv", "volgorde": "bsn"}, "Kies een van de volgordes."),
        ],
    )
    def test_a_choice_that_cannot_be_makes_no_file(self, inside, employer, asked, said):
        ill(employer)

        response = inside.post(ILL, asked)

        assert said in words(response)
        assert not AuditEvent.objects.filter(action="report.export").exists()

    def test_what_is_too_long_for_a_file_is_said(self, inside, employer, monkeypatch):
        monkeypatch.setattr(exports, "MAX_ROWS", 2)
        for _ in range(2):
            ill(employer)
        assert inside.post(ILL, {"bestand": "csv"})["Content-Type"].startswith("text/csv")

        ill(employer)

        assert "ten hoogste 10.000 regels" in words(inside.post(ILL, {"bestand": "csv"}))


class TestWhoGetsIt:
    @pytest.mark.parametrize("address", [ILL, ALL])
    def test_bram_gets_an_empty_file(self, client, bram, employer, address):
        ill(employer)
        login(client, bram)

        assert csv_rows(client.post(address, {"bestand": "csv"})) == [list(exports.HEADS)]

    @pytest.mark.parametrize("address", [ILL, ALL])
    def test_staff_have_no_such_page(self, client, hugo, employer, address):
        login(client, hugo)

        assert client.get(address).status_code == 404
        assert client.post(address, {"bestand": "csv"}).status_code == 404

    @pytest.mark.parametrize(("address", "which"), [(ILL, "ill_list"), (ALL, "report_list")])
    def test_the_log_says_how_many_rows_and_of_whom(self, inside, anna, employer, address, which):
        reports = [ill(employer), ill(employer)]

        inside.post(address, {"bestand": "csv"})

        event = AuditEvent.objects.get(action="report.export")
        assert event.actor == anna
        assert event.detail == {
            "list": which,
            "kind": "csv",
            "rows": 2,
            "dossiers": sorted(report.dossier_id for report in reports),
        }

    def test_the_query_count_does_not_grow(self, inside, employer):
        counts = []
        for number in (10, 90):
            for _ in range(number):
                ill(employer)
            with CaptureQueriesContext(connection) as queries:
                inside.post(ILL, {"bestand": "xlsx", "volgorde": "naam"})
            counts.append(len(queries))

        assert counts[0] == counts[1] <= 12
