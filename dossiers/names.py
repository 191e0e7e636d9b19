"""How names are compared in a search, and every beginning by which one is found. Pure functions.

Source: rulebook 7.2.
"""

import re
import unicodedata
from collections.abc import Iterator

from anyascii import anyascii

from dossiers.formats import APOSTROPHES
from dossiers.models import SearchKey

Match = SearchKey.Match

MAX_KEY = 250  # SearchKey.key
MAX_PARTS = 6  # a longer double name is found by its first parts
LETTERS = 3  # from here on the beginning of a name is enough
# Ends a name in a key. Below the space, so that "jansen" is listed before "jansen de boer".
END = "\t"


def normalise(text: str) -> str:
    """Lower-case ASCII with straight apostrophes and single spaces; hyphens count as spaces.

    anyascii takes letters that Unicode cannot take apart too: l with stroke, dotless i, d with
    stroke. "IJ" and the one-letter digraph become the same two letters.
    """
    plain = anyascii(unicodedata.normalize("NFKC", text).translate(APOSTROPHES)).casefold()
    spaced = re.sub(r"[\s\-,/]+", " ", plain.replace(".", ""))
    return spaced.strip()[:MAX_KEY]


def name_keys(*, surname: str, full_surname: str, initials: str, first_name: str) -> dict[str, int]:
    """The keys of an employee with their match, the better match when two keys coincide.

    Behind END stand initials and first name, so that equal surnames are listed in order. The
    GIVEN keys have them behind a space, as people type them: "jansen a", "jansen anna".
    """
    keys: dict[str, int] = {}
    given, first = normalise(initials), normalise(first_name)
    names = list(_names(normalise(surname), normalise(full_surname)))
    for name, match in names:
        for form in _forms(name):
            keys.setdefault(f"{form}{END}{given} {first}"[:MAX_KEY], match)
    for name, _ in names:
        for form in _forms(name):
            keys.setdefault(f"{form} {given} {first}"[:MAX_KEY], Match.GIVEN)
            keys.setdefault(f"{form} {first}"[:MAX_KEY], Match.GIVEN)
    return keys


def surname_forms(surname: str) -> frozenset[str]:
    """All that an equal surname may look like, normalised: as in its SURNAME keys."""
    return frozenset(_forms(normalise(surname)))


def company_keys(title: str) -> dict[str, int]:
    """ "Dossier <bedrijfsnaam>", so that the word "Dossier" finds it."""
    return dict.fromkeys(_forms(normalise(title)), Match.SURNAME)


def _names(surname: str, full_surname: str) -> Iterator[tuple[str, int]]:
    """The surname, with its prefixes, and each part of a double name to its end.

    "jansen de boer" has the parts "de boer" and "boer"; "d'hondt" has "hondt".
    """
    yield surname, Match.SURNAME
    yield full_surname, Match.PART
    starts = [found.start() for found in re.finditer(r"[^ ']+", surname)]
    for start in starts[1:MAX_PARTS]:
        yield surname[start:], Match.PART


def _forms(name: str) -> Iterator[str]:
    """As it is, without apostrophes, and with nothing between the letters."""
    yield name
    yield name.replace("'", "").strip()
    yield re.sub(r"[ ']", "", name)
