"""Identity data as people type it, to what is stored. Pure functions.

Each takes text that is not empty, returns the stored form and raises ValidationError with a Dutch
message for anything else. Source of every rule: rulebook 7.
"""

import re

import phonenumbers
from django.core.exceptions import ValidationError
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType
from stdnum import iban as iban_numbers
from stdnum.exceptions import ValidationError as NumberError
from stdnum.nl import bsn as bsn_numbers

from accounts.texts import clean as clean
from accounts.texts import line as line
from accounts.texts import name as name

MAX_HOUSE_NUMBER = 99_999  # UWV n..5
MAX_ADDITION = 10
MAX_INITIALS = 6  # UWV
MAX_PREFIXES = 10  # UWV an10
# Not given out by the post: the letters recall the war.
REFUSED_POSTCODE_LETTERS = {"SA", "SD", "SS"}
# Numbers of some countries (US, Canada) do not show whether they are mobile.
MOBILE_TYPES = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
APOSTROPHES = str.maketrans("’‘ʼʻ´`", "''''''")


def bsn(text: str) -> str:
    """Nine digits. Eight are padded; fewer or more are refused, which python-stdnum does not do."""
    digits = re.sub(r"[\s.\-]", "", text)
    if not re.fullmatch(r"[0-9]{8,9}", digits):
        raise ValidationError("Een burgerservicenummer heeft negen cijfers.")
    try:
        return str(bsn_numbers.validate(digits))
    except NumberError:
        raise ValidationError(
            "Dit is geen geldig burgerservicenummer. Controleer de cijfers."
        ) from None


def iban(text: str) -> str:
    """Upper case without spaces, of any country: refusing a foreign one is not allowed.

    The national account checks of python-stdnum stay off: they refuse valid Belgian numbers.
    Source: Regulation 260/2012 art. 9.
    """
    compact = re.sub(r"[\s.\-]", "", text).upper()
    try:
        if compact.isascii():
            return str(iban_numbers.validate(compact, check_country=False))
    except NumberError:
        pass
    raise ValidationError("Dit is geen geldig IBAN. Controleer de letters en cijfers.")


def grouped(compact: str) -> str:
    """An IBAN as it is read: in groups of four."""
    return " ".join(re.findall(".{1,4}", compact))


def postcode(text: str) -> str:
    """ "1234 AB"; a leading "NL" is understood."""
    compact = re.sub(r"[\s.\-]", "", text).upper().removeprefix("NL")
    found = re.fullmatch(r"([1-9][0-9]{3})([A-Z]{2})", compact)
    if not found or found[2] in REFUSED_POSTCODE_LETTERS:
        raise ValidationError("Vul een Nederlandse postcode in, zoals 1234 AB.")
    return f"{found[1]} {found[2]}"


def mobile(text: str, region: str = "NL") -> str:
    """A mobile number in E.164. `region` is the country of a number without a country code."""
    example = "bijvoorbeeld 06 12345678 of +48 512 345 678"
    try:
        number = phonenumbers.parse(text, region)
    except NumberParseException:
        raise ValidationError(f"Vul een geldig mobiel nummer in, {example}.") from None
    if not phonenumbers.is_valid_number(number):
        raise ValidationError(f"Vul een geldig mobiel nummer in, {example}.")
    kind = phonenumbers.number_type(number)
    if kind == PhoneNumberType.FIXED_LINE:
        raise ValidationError(f"Dit is een vast nummer. Vul een mobiel nummer in, {example}.")
    if kind not in MOBILE_TYPES:
        raise ValidationError(f"Dit is geen mobiel nummer. Vul een mobiel nummer in, {example}.")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def shown_phone(number: str) -> str:
    """An E.164 number as it is dialled from the Netherlands: "06 12345678", "+48 512 345 678"."""
    parsed = phonenumbers.parse(number)
    is_dutch = parsed.country_code == phonenumbers.country_code_for_region("NL")
    form = PhoneNumberFormat.NATIONAL if is_dutch else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, form)


def initials(text: str) -> str:
    """Capitals without dots, at most six."""
    letters = re.sub(r"[\s.,\-]", "", clean(text)).upper()
    if not letters.isalpha():
        raise ValidationError("Vul bij voorletters alleen letters in, zoals A.B.")
    if len(letters) > MAX_INITIALS:
        raise ValidationError("Vul hooguit zes voorletters in.")
    return letters


def list_name(surname: str, initials: str, prefixes: str) -> str:
    """ "Berg, A.B. van den", for lists that sort on the surname. Source: rulebook 7.1."""
    return f"{surname}, {dotted(initials)} {prefixes}".rstrip()


def dotted(initials: str) -> str:
    """ "A.B." for "AB"."""
    return "".join(f"{letter}." for letter in initials)


def prefixes(text: str) -> str:
    """Lower case, at most ten characters; free text, since foreign names have their own."""
    words = clean(text).translate(APOSTROPHES).lower()
    if len(words) > MAX_PREFIXES:
        raise ValidationError("Tussenvoegsels hebben samen hooguit tien tekens.")
    if not re.sub(r"[ ']", "", words).isalpha():
        raise ValidationError("Vul bij tussenvoegsels alleen letters in, zoals van den.")
    return words


def house_number(text: str) -> tuple[int, str]:
    """The number 1-99999 and what was typed behind it: "12 bis" is (12, "bis")."""
    found = re.fullmatch(r"([1-9][0-9]{0,4})(?![0-9])[\s\-/]*(.*)", clean(text))
    if not found or not found[1].isascii() or len(found[2]) > MAX_ADDITION:
        raise ValidationError(
            f"Vul een huisnummer in van 1 tot en met {MAX_HOUSE_NUMBER}, "
            "met de toevoeging in het vak ernaast."
        )
    return int(found[1]), found[2]


def addition(text: str) -> str:
    """What stands behind a house number: a letter, "bis", "2"."""
    words = clean(text)
    if len(words) > MAX_ADDITION:
        raise ValidationError(f"Een toevoeging heeft hooguit {MAX_ADDITION} tekens.")
    return words
