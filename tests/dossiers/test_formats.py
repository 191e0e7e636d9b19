"""Identity data as people type it. Source: rulebook 7 and 8.7; example ids are in the test ids."""

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Employer
from dossiers import formats


def refusal(parse, *args, **options) -> str:
    """The Dutch message with which a value is refused."""
    with pytest.raises(ValidationError) as refused:
        parse(*args, **options)
    return refused.value.messages[0]


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        pytest.param("111222333", "111222333", id="E56-plain"),
        pytest.param("123456782", "123456782", id="E56-another"),
        pytest.param("999990019", "999990019", id="E56-test-range"),
        pytest.param("010464554", "010464554", id="E56-leading-zero"),
        pytest.param("1112.22.333", "111222333", id="E56-dots"),
        pytest.param("12345611", "012345611", id="E56-eight-digits-padded"),
        pytest.param(" 111-222 333 ", "111222333", id="spaces-and-hyphens"),
    ],
)
def test_a_bsn_is_understood(typed: str, stored: str) -> None:
    assert formats.bsn(typed) == stored


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        pytest.param("111222334", "geen geldig", id="E57-wrong-check-digit"),
        pytest.param("000000000", "geen geldig", id="E57-all-zeros"),
        pytest.param("1112223", "negen cijfers", id="E57-seven-digits"),
        pytest.param("1112223330", "negen cijfers", id="E57-ten-digits"),
        pytest.param("00000013", "geen geldig", id="eight-digits-failing-the-test"),
        pytest.param("11122233A", "negen cijfers", id="letter"),
        pytest.param("١١١٢٢٢٣٣٣", "negen cijfers", id="arabic-digits"),
    ],
)
def test_a_wrong_bsn_is_refused(typed: str, message: str) -> None:
    assert message in refusal(formats.bsn, typed)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        pytest.param("NL91ABNA0417164300", "NL91ABNA0417164300", id="E58-nl"),
        pytest.param("nl91 abna 0417 1643 00", "NL91ABNA0417164300", id="E58-lower-case-spaces"),
        pytest.param("NL20INGB0001234567", "NL20INGB0001234567", id="E58-ing"),
        pytest.param("NL44RABO0123456789", "NL44RABO0123456789", id="E58-rabo"),
        pytest.param("NL02ABNA0123456789", "NL02ABNA0123456789", id="E58-abn"),
        pytest.param("DE89370400440532013000", "DE89370400440532013000", id="E58-de"),
        pytest.param("PL61109010140000071219812874", "PL61109010140000071219812874", id="E58-pl"),
        pytest.param("RO49AAAA1B31007593840000", "RO49AAAA1B31007593840000", id="E58-ro"),
        pytest.param("BE68539007547034", "BE68539007547034", id="E58-be"),
    ],
)
def test_an_iban_of_any_sepa_country_is_understood(typed: str, stored: str) -> None:
    assert formats.iban(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("NL91ABNA0417164301", id="E59-wrong-check-digits"),
        pytest.param("NL91ABNA041716430", id="E59-too-short"),
        pytest.param("XX91ABNA0417164300", id="E59-unknown-country"),
        pytest.param("0417164300", id="E59-account-number-only"),
        pytest.param("N", id="one-letter"),
        pytest.param("NL91ABNÄ0417164300", id="not-ascii"),
    ],
)
def test_a_wrong_iban_is_refused(typed: str) -> None:
    assert "geldig IBAN" in refusal(formats.iban, typed)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        pytest.param("6511 PP", "6511 PP", id="E60-as-stored"),
        pytest.param("6511pp", "6511 PP", id="E60-lower-case"),
        pytest.param("NL-6511 PP", "6511 PP", id="E60-country"),
        pytest.param("1234 FI", "1234 FI", id="E60-rare-letters"),
        pytest.param(" 6511-PP ", "6511 PP", id="hyphen"),
    ],
)
def test_a_postcode_is_understood(typed: str, stored: str) -> None:
    assert formats.postcode(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("0511 PP", id="E61-starts-with-zero"),
        pytest.param("6511 SS", id="E61-SS"),
        pytest.param("6511 SA", id="E61-SA"),
        pytest.param("6511 SD", id="E61-SD"),
        pytest.param("6511", id="E61-no-letters"),
        pytest.param("BE-1000", id="E61-belgian"),
        pytest.param("6511 PPP", id="three-letters"),
    ],
)
def test_a_wrong_postcode_is_refused(typed: str) -> None:
    assert "1234 AB" in refusal(formats.postcode, typed)


@pytest.mark.parametrize(
    ("typed", "region", "stored"),
    [
        pytest.param("0612345678", "NL", "+31612345678", id="E62-06"),
        pytest.param("612345678", "NL", "+31612345678", id="E62-6"),
        pytest.param("06-12 34 56 78", "NL", "+31612345678", id="E62-hyphen-spaces"),
        pytest.param("+31 (0)6 12345678", "NL", "+31612345678", id="E62-plus31-0"),
        pytest.param("0031612345678", "NL", "+31612345678", id="E62-0031"),
        pytest.param("+48512345678", "NL", "+48512345678", id="E64-polish"),
        pytest.param("512345678", "PL", "+48512345678", id="E64-country-and-number"),
        pytest.param("0048 512 345 678", "NL", "+48512345678", id="E64-0048"),
    ],
)
def test_a_mobile_number_is_understood(typed: str, region: str, stored: str) -> None:
    assert formats.mobile(typed, region) == stored


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        pytest.param("024-3741660", "vast", id="E63-landline"),
        pytest.param("0662345678", "mobiel", id="E63-pager"),
        pytest.param("+31671234567", "geldig", id="E63-not-given-out"),
        pytest.param("06 1234567", "geldig", id="E63-too-short"),
        pytest.param("bel mij", "geldig", id="words"),
        pytest.param("06123456789012345678901234567890", "geldig", id="far-too-long"),
    ],
)
def test_a_wrong_mobile_number_is_refused(typed: str, message: str) -> None:
    assert message in refusal(formats.mobile, typed)


@pytest.mark.parametrize("valid", [pytest.param("12345678", id="E66-eight-digits")])
def test_a_kvk_number_is_accepted(valid: str) -> None:
    Employer._meta.get_field("kvk_number").run_validators(valid)


@pytest.mark.parametrize("wrong", [pytest.param("1234567", id="E66-seven-digits")])
def test_a_wrong_kvk_number_is_refused(wrong: str) -> None:
    message = refusal(Employer._meta.get_field("kvk_number").run_validators, wrong)
    assert "acht cijfers" in message


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("A.B.", "AB"),
        ("a b", "AB"),
        ("J.-P.", "JP"),
        ("Ö.É.", "ÖÉ"),
        ("A.B.C.D.E.F.", "ABCDEF"),
        ("A\u200b.B", "AB"),
    ],
)
def test_initials_are_letters_without_dots(typed: str, stored: str) -> None:
    assert formats.initials(typed) == stored


@pytest.mark.parametrize(
    ("typed", "message"),
    [("A1", "alleen letters"), ("...", "alleen letters"), ("ABCDEFG", "zes"), ("😀", "alleen")],
)
def test_wrong_initials_are_refused(typed: str, message: str) -> None:
    assert message in refusal(formats.initials, typed)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("van den", "van den"), ("  Van  Den ", "van den"), ("’t", "'t"), ("van de l'", "van de l'")],
)
def test_prefixes_are_lower_case(typed: str, stored: str) -> None:
    assert formats.prefixes(typed) == stored


@pytest.mark.parametrize(
    ("typed", "message"), [("van de van der", "tien tekens"), ("v4n", "letters"), ("-", "letters")]
)
def test_wrong_prefixes_are_refused(typed: str, message: str) -> None:
    assert message in refusal(formats.prefixes, typed)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Özdemir", "Özdemir"),
        ("Jansen-de Boer", "Jansen-de Boer"),
        ("O’Brien", "O’Brien"),
        ("  van   der\tVaart ", "van der Vaart"),
        ("Jan\x00sen", "Jansen"),
        ("\u202eJansen\u202c", "Jansen"),
        ("O\u0308zdemir", "Özdemir"),
        ("Ng", "Ng"),
        ("Müller jr.", "Müller jr."),
        ("李", "李"),
    ],
)
def test_a_name_keeps_its_letters_and_loses_what_cannot_be_seen(typed: str, stored: str) -> None:
    assert formats.name(typed, max_length=200) == stored


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("-", "minstens één letter"),
        ("'", "minstens één letter"),
        ("Jansen 111222333", "cijfers"),
        ("Jansen 😀", "tekens"),
        ("<script>", "tekens"),
        ("a" * 201, "hooguit 200 tekens"),
    ],
)
def test_what_is_no_name_is_refused(typed: str, message: str) -> None:
    assert message in refusal(formats.name, typed, max_length=200)


@pytest.mark.parametrize(
    "typed", ["1e Oosterparkstraat", "Plein 1944", "Kraanwagenchauffeur / lasser"]
)
def test_a_line_of_text_may_hold_digits(typed: str) -> None:
    assert formats.line(typed, max_length=80) == typed


@pytest.mark.parametrize(
    ("typed", "message"), [("12", "minstens één letter"), ("a" * 81, "hooguit 80 tekens")]
)
def test_a_line_of_text_has_limits(typed: str, message: str) -> None:
    assert message in refusal(formats.line, typed, max_length=80)


@pytest.mark.parametrize(
    ("typed", "number", "addition"),
    [
        ("1", 1, ""),
        ("99999", 99999, ""),
        (" 12 ", 12, ""),
        ("12a", 12, "a"),
        ("12 - 2", 12, "2"),
        ("12 bis", 12, "bis"),
    ],
)
def test_a_house_number_is_taken_apart(typed: str, number: int, addition: str) -> None:
    assert formats.house_number(typed) == (number, addition)


@pytest.mark.parametrize("typed", ["0", "100000", "a12", "-12", "१२", "12" + "a" * 20])
def test_a_wrong_house_number_is_refused(typed: str) -> None:
    assert "huisnummer" in refusal(formats.house_number, typed)


def test_a_long_addition_is_refused() -> None:
    assert formats.addition(" bis ") == "bis"
    assert "hooguit 10 tekens" in refusal(formats.addition, "eerste etage links")


def test_an_iban_is_shown_in_groups_of_four() -> None:
    assert formats.grouped("NL91ABNA0417164300") == "NL91 ABNA 0417 1643 00"


@pytest.mark.parametrize(
    ("stored", "shown"), [("+31612345678", "06 12345678"), ("+48512345678", "+48 512 345 678")]
)
def test_a_mobile_number_is_shown_as_it_is_dialled_here(stored: str, shown: str) -> None:
    assert formats.shown_phone(stored) == shown
