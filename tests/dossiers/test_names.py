"""Normalising and keys. Source: rulebook 7.2; the examples of 8.8 are in test_search.py."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossiers.models import SearchKey
from dossiers.names import END, MAX_KEY, company_keys, covered_letters, name_keys, normalise

Match = SearchKey.Match


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("Özdemir", "ozdemir"),
        ("O\u0308zdemir", "ozdemir"),
        ("Łukaszewicz", "lukaszewicz"),
        ("YILDIZ", "yildiz"),
        ("Yıldız", "yildiz"),
        ("İnan", "inan"),
        ("Đorđević", "dordevic"),
        ("Ørsted", "orsted"),
        ("Weiß", "weiss"),
        ("IJsbrands", "ijsbrands"),
        ("ĳsbrands", "ijsbrands"),
        ("d’Hondt", "d'hondt"),
        ("Jansen-de  Boer", "jansen de boer"),
        ("Jansen – de Boer", "jansen de boer"),
        ("A.B.", "ab"),
        (" Jansen, A. ", "jansen a"),
        ("%_\\", "%_\\"),
        ("", ""),
    ],
)
def test_text_is_normalised(text: str, normal: str) -> None:
    assert normalise(text) == normal


def keys(surname: str, prefixes: str = "", initials: str = "AB", first_name: str = "Anna") -> dict:
    full = f"{prefixes} {surname}".strip()
    return name_keys(surname=surname, full_surname=full, initials=initials, first_name=first_name)


def test_a_plain_name_has_a_key_and_two_to_narrow_it() -> None:
    assert keys("Jansen") == {
        f"jansen{END}ab anna": Match.SURNAME,
        "jansen ab anna": Match.GIVEN,
        "jansen anna": Match.GIVEN,
    }


def named(found: dict, match: Match) -> set[str]:
    """The names in the keys of this match, without what stands behind them."""
    return {key.partition(END)[0] for key, value in found.items() if value == match}


def test_prefixes_are_matched_after_the_surname_with_and_without_spaces() -> None:
    found = keys("Berg", prefixes="van den")

    assert named(found, Match.SURNAME) == {"berg"}
    assert named(found, Match.PART) == {"van den berg", "vandenberg"}


def test_each_part_of_a_double_name_has_a_key() -> None:
    found = keys("Jansen-de Boer")

    assert named(found, Match.SURNAME) == {"jansen de boer", "jansendeboer"}
    assert named(found, Match.PART) == {"de boer", "deboer", "boer"}


@pytest.mark.parametrize("surname", ["'t Hart", "’t Hart"])
def test_an_apostrophe_may_be_left_out(surname: str) -> None:
    found = keys(surname)

    assert named(found, Match.SURNAME) == {"'t hart", "t hart", "thart"}
    assert named(found, Match.PART) == {"hart"}


def test_a_shorter_name_comes_before_a_longer_one() -> None:
    (jansen,) = (key for key, match in keys("Jansen").items() if match == Match.SURNAME)

    assert all(jansen < key for key in keys("Jansen-de Boer") if key.startswith("jansen"))


def test_a_name_that_grows_when_normalised_fits_its_column() -> None:
    found = keys("ß" * 200, prefixes="van den")

    assert max(map(len, found)) <= MAX_KEY


def test_a_company_is_found_by_the_word_dossier() -> None:
    assert list(company_keys("Dossier Uitzendbureau De Brug")) == [
        "dossier uitzendbureau de brug",
        "dossieruitzendbureaudebrug",
    ]


NAMES = st.text(alphabet="ab -'", min_size=1, max_size=12).filter(
    lambda name: bool(normalise(name))
)


@given(NAMES, st.sampled_from(["", "a", "a b", "van den"]), st.integers(0, 30), st.integers(1, 15))
def test_a_text_finds_each_dossier_by_its_best_key_alone(
    surname: str, prefixes: str, number: int, letters: int
) -> None:
    found = keys(surname, prefixes, first_name="Ab")
    text = sorted(found)[number % len(found)][:letters]
    begun = [key for key in found if key.startswith(text)]

    covered = covered_letters(found)

    assert covered.keys() == found.keys()
    assert [key for key in begun if covered[key] < len(text)] == [
        min(begun, key=lambda key: (found[key], key))
    ]
