"""How names are compared in a search, and every beginning by which one is found. Pure functions.

Source: rulebook 7.2.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import PurePath

from anyascii import anyascii

from dossiers.formats import APOSTROPHES
from dossiers.models import SearchKey

Match = SearchKey.Match

MAX_KEY = 250  # SearchKey.key
MAX_PARTS = 6  # a longer double name is found by its first parts
MAX_WORDS = 20  # of a file name; whose the file is, stands before that
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


def covered_letters(keys: Mapping[str, int]) -> dict[str, int]:
    """Of each key how many letters also begin a better one of these: of a better match, or listed
    before it. A text of no more letters than that, if it finds the key, finds the better one too.
    """
    listed = sorted(keys, key=lambda key: (keys[key], key))
    return {
        key: max((_letters_alike(key, better) for better in listed[:place]), default=0)
        for place, key in enumerate(listed)
    }


def _letters_alike(one: str, other: str) -> int:
    """How many letters both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


def surname_forms(surname: str) -> frozenset[str]:
    """All that an equal surname may look like, normalised: as in its SURNAME keys."""
    return frozenset(_forms(normalise(surname)))


def words_of_file(file_name: str) -> list[str]:
    """The words of a file name without its extension, normalised: "Loon_J.Jansen-2.pdf" has
    "loon", "j" and "jansen".
    """
    stem = unicodedata.normalize("NFKC", PurePath(file_name[:MAX_KEY]).stem)
    return re.findall(r"[a-z']+", normalise(re.sub(r"[._]", " ", stem)))[:MAX_WORDS]


def names_in(words: list[str]) -> frozenset[str]:
    """Every run of words that may be a surname, with or without prefixes."""
    runs = (
        " ".join(words[start:end])
        for start in range(len(words))
        for end in range(start + 1, min(start + MAX_PARTS, len(words)) + 1)
    )
    return frozenset(name for name in runs if len(name) > 1)


def meant_by(words: list[str], known: Mapping[str, set[int]]) -> set[int]:
    """Who is named, when `known` says who has which name: a longer name hides those within it.

    "jansen de boer" is nobody who is called "Jansen" or "De Boer" when somebody has all of it.
    """
    return {
        person for start, end in _named(words, known) for person in known[_run(words, start, end)]
    }


def with_first_names(words: list[str], known: Mapping[str, set[int]]) -> frozenset[str]:
    """Each name that is known, with every run of words right beside it that may be a first name.

    As the GIVEN keys have it: "piet jansen" and "jansen piet" both give "jansen piet".
    """
    return frozenset(
        f"{_run(words, start, end)} {given}"
        for start, end in _named(words, known)
        for size in range(1, MAX_PARTS + 1)
        for given in (_run(words, max(start - size, 0), start), _run(words, end, end + size))
        if given
    )


def company_keys(title: str) -> dict[str, int]:
    """ "Dossier <bedrijfsnaam>", so that the word "Dossier" finds it."""
    return dict.fromkeys(_forms(normalise(title)), Match.SURNAME)


def _named(words: list[str], known: Mapping[str, set[int]]) -> Iterator[tuple[int, int]]:
    """Where a known name begins and ends: of two at one place the longest."""
    start = 0
    while start < len(words):
        ends = range(min(start + MAX_PARTS, len(words)), start, -1)
        end = next((end for end in ends if known.get(_run(words, start, end))), None)
        if end:
            yield start, end
        start = end or start + 1


def _run(words: list[str], start: int, end: int) -> str:
    return " ".join(words[start:end])


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
