"""Reading a sheet: pasted, CSV and XLSX; hostile ones too."""

import contextlib
import time
from datetime import date, datetime

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from absence.sheets import (
    MAX_BYTES,
    MAX_UNPACKED,
    NOT_A_SHEET,
    OLD,
    TOO_LARGE,
    TOO_MANY,
    TOO_WIDE,
    as_text,
    from_file,
    from_text,
)
from tests.absence.sheet_rows import with_part, workbook

SHEET = "xl/worksheets/sheet1.xml"
CELLS = st.lists(st.lists(st.text(max_size=20), min_size=2, max_size=6), min_size=1, max_size=8)


def refused(data: bytes) -> str:
    with pytest.raises(ValidationError) as raised:
        from_file(data)
    return raised.value.messages[0]


@given(st.binary(max_size=400))
def test_any_bytes_are_rows_or_refused(data):
    with contextlib.suppress(ValidationError):
        assert all(isinstance(cell, str) for row in from_file(data) for cell in row)


@given(CELLS)
def test_what_goes_on_as_text_comes_back_the_same(cells):
    try:
        rows = from_text("Achternaam\tPlaats\tStraat\n" + as_text(cells))
    except ValidationError:
        return

    assert from_text(as_text(rows)) == rows


@pytest.mark.parametrize("separator", ["\t", ";", ","])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_separator_and_line_ends_are_seen(separator, end):
    text = end.join([separator.join(["a", "b"]), "", separator.join(['"c d"', " e  f "])])

    assert from_text(text) == [["a", "b"], [], ["c d", "e f"]]


def test_a_cell_of_two_lines_is_one_line():
    assert from_text('a\tb\n"een\ntwee"\tx') == [["a", "b"], ["een twee", "x"]]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (date(2024, 2, 29), "29-02-2024"),
        (datetime(2026, 11, 23, 13, 5), "23-11-2026"),  # noqa: DTZ001 - as in a workbook
        (50, "50"),
        (50.0, "50"),
        (50.5, "50,5"),
        (612345678, "612345678"),
        (123456789012.0, "123456789012"),
        (True, "ja"),
        (None, ""),
        ("=1+1", ""),
        ("@SUM(A1)", "@SUM(A1)"),
    ],
)
def test_cells_of_a_workbook_read_as_in_excel(cell, text):
    assert from_file(workbook([["x", "y"], [cell, "z"]]))[1] == [text, "z"]


def test_a_percentage_of_excel_is_a_percentage():
    from io import BytesIO

    from openpyxl import Workbook

    book, data = Workbook(), BytesIO()
    book.active["A1"], book.active["A1"].number_format = 0.5, "0%"
    book.save(data)

    assert from_file(data.getvalue()) == [["50%"]]


def test_500_rows_fit_and_501_do_not():
    rows = [["kop"], *[["x"]] * 500]

    assert len(from_file(workbook(rows))) == 501
    assert refused(workbook([*rows, ["x"]])) == TOO_MANY
    assert refused("\n".join("x" * 502).encode()) == TOO_MANY


def test_a_row_far_below_is_not_lost():
    assert refused(workbook([["kop"], ["x"], *[[]] * 1_200, ["y"]])) == TOO_MANY


def test_a_wide_row_is_refused():
    assert refused(workbook([["x"] * 51])) == TOO_WIDE


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, OLD),
        (b"PK\x03\x04" + b"rommel" * 100, NOT_A_SHEET),
        (b"\x89PNG\r\n\x1a\n\x00\x00", NOT_A_SHEET),
        (b"x" * (MAX_BYTES + 1), TOO_LARGE),
        (with_part(workbook([["x"]]), SHEET, b"<worksheet>"), NOT_A_SHEET),
        (with_part(workbook([["x"]]), "xl/workbook.xml", b"geen xml"), NOT_A_SHEET),
    ],
    ids=["xls", "broken-zip", "png", "large", "cut-off", "no-xml"],
)
def test_what_is_no_sheet_is_refused_with_what_to_do(data, message):
    assert refused(data) == message


def test_a_zip_bomb_is_never_unpacked():
    bomb = with_part(workbook([["x"]]), "xl/media/bom.bin", b"\0" * (MAX_UNPACKED + 1))
    assert len(bomb) < MAX_BYTES
    began = time.process_time()

    assert refused(bomb) == TOO_LARGE
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml"])
@pytest.mark.parametrize(
    "entity",
    ['<!ENTITY x SYSTEM "file:///etc/hostname">', '<!ENTITY x "aaaaaaaaaa">'],
    ids=["external", "internal"],
)
def test_entities_are_never_followed(part, entity):
    whole = b'<?xml version="1.0"?><!DOCTYPE r [' + entity.encode() + b"]>"
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>&x;</t></is></c></row></sheetData></worksheet>'
    )

    assert refused(with_part(workbook([["x"]]), part, whole + sheet)) == NOT_A_SHEET
