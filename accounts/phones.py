"""Telephone numbers as people type them, to E.164: mobile ones for sms codes, any to call back."""

import phonenumbers
from django.conf import settings
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

# The countries that SMS_REGIONS may name; the Netherlands first, then by their Dutch names.
COUNTRIES = {
    "NL": "Nederland",
    "BE": "België",
    "BG": "Bulgarije",
    "DE": "Duitsland",
    "HU": "Hongarije",
    "LV": "Letland",
    "LT": "Litouwen",
    "PL": "Polen",
    "PT": "Portugal",
    "RO": "Roemenië",
    "SK": "Slowakije",
    "ES": "Spanje",
}


class NoMobileNumberError(ValueError):
    """No valid mobile number, or of a country that gets no sms."""


class NoNumberError(ValueError):
    """No telephone number that exists."""


def country_choices() -> list[tuple[str, str]]:
    """The countries that may get sms, each with its dialling code: "Nederland (+31)"."""
    return [
        (region, f"{name} (+{phonenumbers.country_code_for_region(region)})")
        for region, name in COUNTRIES.items()
        if region in settings.SMS_REGIONS
    ]


def mobile_number(text: str, region: str) -> str:
    """A number typed with or without 0, +31 or 0031, as E.164 (`+31612345678`).

    The country chosen gives way to one typed with + or 00, if that country may get sms. Only
    mobile numbers: a landline gets no sms, and a premium number costs whoever sends it.
    """
    try:
        number = phonenumbers.parse(text, region)
    except NumberParseException:
        raise NoMobileNumberError from None
    is_allowed = phonenumbers.region_code_for_number(number) in settings.SMS_REGIONS
    is_mobile = phonenumbers.number_type(number) == PhoneNumberType.MOBILE
    if not (is_allowed and is_mobile and phonenumbers.is_valid_number(number)):
        raise NoMobileNumberError
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def may_get_sms(number: str) -> bool:
    """Whether an E.164 number is one that `mobile_number` would give today."""
    try:
        return mobile_number(number, "NL") == number
    except NoMobileNumberError:
        return False


def any_number(text: str) -> str:
    """A number to call, fixed or mobile, as E.164; Dutch unless typed with + or 00."""
    try:
        number = phonenumbers.parse(text, "NL")
    except NumberParseException:
        raise NoNumberError from None
    if not phonenumbers.is_valid_number(number):
        raise NoNumberError
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def spelled(number: str) -> str:
    """An E.164 number as it is read: +31 24 374 1660."""
    parsed = phonenumbers.parse(number)
    return phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL)
