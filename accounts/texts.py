"""Words as people type them, to what is stored. Pure functions.

Each takes text that is not empty, returns the stored form and raises ValidationError with a Dutch
message for anything else. Numbers and codes of employees: dossiers/formats.py.
"""

import re
import unicodedata

from django.core.exceptions import ValidationError


def clean(text: str) -> str:
    """One line of composed characters: single spaces, no control, bidi or zero-width characters."""
    composed = unicodedata.normalize("NFC", " ".join(text.split()))
    visible = "".join(char for char in composed if unicodedata.category(char)[0] != "C")
    return " ".join(visible.split())


def name(text: str, *, max_length: int) -> str:
    """A name of a person. Digits are refused: they are a BSN or a note more often than a name."""
    words = _limited(clean(text), max_length)
    if any(char.isdigit() for char in words):
        raise ValidationError("Een naam heeft geen cijfers.")
    if not all(_belongs_in_a_name(char) for char in words):
        raise ValidationError(
            "Gebruik in een naam alleen letters, spaties, streepjes, punten en apostroffen; "
            "geen andere tekens."
        )
    return words


def line(text: str, *, max_length: int) -> str:
    """A street, a town, a job: any text with a letter."""
    return _limited(clean(text), max_length)


def policy_number(text: str) -> str:
    """A number as on a policy: letters, digits and what separates them, one digit at least."""
    number = clean(text).upper()
    if not re.fullmatch(r"[A-Z0-9][A-Z0-9 ./-]{1,29}", number) or not re.search(r"\d", number):
        raise ValidationError(
            "Dit is geen polisnummer. Het bestaat uit cijfers, soms met letters en streepjes. "
            "U vindt het op uw polis."
        )
    return number


def _limited(words: str, max_length: int) -> str:
    if len(words) > max_length:
        raise ValidationError(f"Gebruik hooguit {max_length} tekens; dit zijn er {len(words)}.")
    if not any(char.isalpha() for char in words):
        raise ValidationError("Vul minstens één letter in.")
    return words


def _belongs_in_a_name(char: str) -> bool:
    return char in " -‐‑–'.,/’‘ʼʻ´`" or unicodedata.category(char)[0] in "LM"
