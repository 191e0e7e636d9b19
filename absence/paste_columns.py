"""The columns of a sheet with sick reports: their heads, and what belongs in them.

Every column is a field of the forms for one employee and one report, so the rules are theirs.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from absence.sheets import Rows
from accounts.texts import clean

SHOWN = 40  # characters of a head that we do not know
SEALED = ("bsn", "iban")


@dataclass(frozen=True, slots=True)
class Column:
    """`field` of the forms; `heads` by which it is known, the first is ours."""

    field: str
    heads: tuple[str, ...]
    example: str
    help: str
    is_new_only: bool = True

    @property
    def head(self) -> str:
        return self.heads[0]


ALWAYS = {"is_new_only": False}
COLUMNS = (
    Column("surname", ("Achternaam",), "Berg", "Zonder tussenvoegsels. Altijd invullen.", **ALWAYS),
    Column("prefixes", ("Tussenvoegsels", "Tussenvoegsel"), "van den", "Mag leeg zijn."),
    Column("first_name", ("Roepnaam", "Voornaam"), "Anna", ""),
    Column("initials", ("Voorletters", "Initialen"), "A.B.", ""),
    Column("gender", ("Geslacht",), "V", "M, V of O (onbekend of X)."),
    Column(
        "bsn",
        ("Burgerservicenummer", "BSN"),
        "",
        "Alleen bij een Ziektewetverzekering Eigenrisicodrager (ZW-ERD).",
    ),
    Column("postcode", ("Postcode",), "6511 PP", ""),
    Column("street", ("Straat", "Straatnaam"), "Stationsplein", ""),
    Column("house_number", ("Huisnummer", "Huisnr"), "12", ""),
    Column("house_number_addition", ("Toevoeging",), "bis", "Mag leeg zijn."),
    Column("city", ("Plaats", "Woonplaats"), "Nijmegen", ""),
    Column(
        "mobile",
        ("Privé mobiel nummer", "Mobiel", "Mobiel nummer", "Telefoonnummer"),
        "06 12345678",
        "Een buitenlands nummer begint met de landcode, zoals +48.",
    ),
    Column("email", ("Privé e-mailadres", "E-mailadres", "E-mail"), "anna@voorbeeld.nl", ""),
    Column("iban", ("IBAN",), "", "Alleen bij ZW-ERD."),
    Column(
        "started_on",
        ("Startdatum", "Startdatum van de arbeidsovereenkomst", "In dienst"),
        "05-01-2026",
        "Eerste dag van de arbeidsovereenkomst, als dag-maand-jaar.",
    ),
    Column("job_title", ("Functie",), "Orderpicker", ""),
    Column("type", ("Type dienstverband",), "", ""),
    Column("has_no_risk", ("No-riskpolis",), "nee", "Ja of nee; leeg is nee."),
    Column("classification", ("Verzuimclassificatie",), "Ziekte", "", **ALWAYS),
    Column(
        "first_sick_day",
        ("Eerste ziektedag",),
        "23-11-2026",
        "Als dag-maand-jaar. Altijd invullen.",
        **ALWAYS,
    ),
    Column(
        "percentage",
        ("AO-percentage", "AO"),
        "100",
        "100 bij volledig ziek, anders een heel getal van 1 tot en met 99. Altijd invullen.",
        **ALWAYS,
    ),
)
NO_HEADS = (
    "De eerste regel moet de kolomkoppen bevatten, zoals in het invulbestand: Achternaam, Eerste"
    " ziektedag en de andere. De volgorde is vrij."
)
MISSING = "Deze kolommen ontbreken: {}."
TWICE = "Deze kolommen staan er meer dan één keer in: {}."
UNKNOWN = (
    "Deze kolommen kennen wij niet: {}. Haal ze weg: wij bewaren er niets van, en over de ziekte"
    " zelf hoort niets in het portaal."
)
NOTHING = "Onder de kolomkoppen staan geen regels."
TOO_LONG = "Regel {} heeft meer cellen dan er kolomkoppen zijn. Controleer of er niets verschoof."


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One filled row: its number in the sheet (the first row is 1) and its cells by field."""

    number: int
    values: dict[str, str]


def columns_for(*, is_zw_erd: bool) -> tuple[Column, ...]:
    """BSN and IBAN exist only with a ZW-ERD policy. Source: rulebook 1.4 P8."""
    return tuple(one for one in COLUMNS if is_zw_erd or one.field not in SEALED)


def lines_of(rows: Rows, *, is_zw_erd: bool) -> list[SheetLine]:
    """The rows below the heads, by field. Raises ValidationError when the heads are not clear."""
    numbered = [(number, row) for number, row in enumerate(rows, start=1) if any(row)]
    if not numbered:
        raise ValidationError(NOTHING)
    fields = _fields(numbered[0][1], columns_for(is_zw_erd=is_zw_erd))
    for number, row in numbered[1:]:
        if len(row) > len(fields):
            raise ValidationError(TOO_LONG.format(number))
    lines = [
        SheetLine(number, {field: cell for field, cell in zip(fields, row, strict=False) if field})
        for number, row in numbered[1:]
    ]
    if not lines:
        raise ValidationError(NOTHING)
    return lines


def _fields(heads: list[str], columns: Iterable[Column]) -> list[str]:
    """The field of each column; "" for one without a head, in which nothing may stand."""
    known = {_fold(head): column.field for column in columns for head in column.heads}
    fields = [known.get(_fold(head), "") for head in heads]
    if not any(fields):
        raise ValidationError(NO_HEADS)
    unknown = [head[:SHOWN] for head, field in zip(heads, fields, strict=True) if not field]
    if unknown:
        raise ValidationError(UNKNOWN.format(", ".join(head or "(leeg)" for head in unknown)))
    heads_of = {column.field: column.head for column in COLUMNS}
    if twice := [heads_of[field] for field, times in Counter(fields).items() if times > 1]:
        raise ValidationError(TWICE.format(", ".join(twice)))
    always = [column for column in COLUMNS if not column.is_new_only]
    if missing := [column.head for column in always if column.field not in fields]:
        raise ValidationError(MISSING.format(", ".join(missing)))
    return fields


def _fold(head: str) -> str:
    """Heads are compared without case, accents of typing and punctuation: "BSN*" is "bsn"."""
    return "".join(char for char in clean(head).casefold() if char.isalnum())
