"""Sheets with sick reports, for tests: as text, and as a workbook."""

from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook

NEW = {
    "Achternaam": "Kowalski",
    "Tussenvoegsels": "",
    "Roepnaam": "Piotr",
    "Voorletters": "P.",
    "Geslacht": "M",
    "Burgerservicenummer": "111222333",
    "Postcode": "6511 PP",
    "Straat": "Stationsplein",
    "Huisnummer": "12",
    "Toevoeging": "",
    "Plaats": "Nijmegen",
    "Privé mobiel nummer": "06 22334455",
    "Privé e-mailadres": "piotr@voorbeeld.test",
    "IBAN": "NL91ABNA0417164300",
    "Startdatum": "05-01-2026",
    "Functie": "Orderpicker",
    "Type dienstverband": "Fase A zonder uitzendbeding",
    "No-riskpolis": "nee",
    "Verzuimclassificatie": "Ziekte",
    "Eerste ziektedag": "23-11-2026",
    "AO-percentage": "100",
}
LETTERS = "abcdefghij"
# A BSN is valid when this sum can be divided by eleven (elfproef).
WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2)


def bsn(number: int) -> str:
    """A valid BSN for each number; no two the same."""
    while True:
        digits = f"{10_000_000 + number:08d}"
        last = sum(w * int(d) for w, d in zip(WEIGHTS, digits, strict=True)) % 11
        if last < 10:
            return f"{digits}{last}"
        number += 1_000_000


def new_row(number: int = 0, **changes: str) -> dict[str, str]:
    """A line of somebody new; another person for each number. "_" in a name is a space or dash."""
    surname = "Kowalski" + "".join(LETTERS[int(digit)] for digit in str(number))
    own = {
        "Achternaam": surname,
        "Burgerservicenummer": bsn(number),
        "Privé mobiel nummer": f"06 2{number:07d}",
    }
    return NEW | own | changes


def text_of(*rows: dict[str, str], separator: str = "\t") -> str:
    heads = list(rows[0])
    lines = [heads, *([row.get(head, "") for head in heads] for row in rows)]
    return "\n".join(separator.join(line) for line in lines)


def workbook(rows: list[list[Any]]) -> bytes:
    book, data = Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(data)
    return data.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """The same workbook with one part of the archive replaced or added."""
    found, made = ZipFile(BytesIO(data)), BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        for part in found.namelist():
            if part != name:
                archive.writestr(part, found.read(part))
        archive.writestr(name, content)
    return made.getvalue()
