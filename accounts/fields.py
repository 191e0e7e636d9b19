"""Form fields that understand names, identity data and days as people type them."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts.texts import clean

EARLIEST_YEAR = 1950  # nobody who works now started before; "0026" is a typing error
YEARS_AHEAD = 1
WRITTEN_DAY = re.compile(r"(\d\d-\d\d-\d{4})")


class TypedField(forms.CharField):
    """Text that `parse` (accounts/texts.py, dossiers/formats.py) puts into its stored form.

    Browsers are told not to fill it in: users type the data of somebody else.
    """

    def __init__(self, parse: Callable[[str], Any], *, width: str = "", **options: Any) -> None:
        attrs = {"autocomplete": "off", "class": width} | options.pop("attrs", {})
        super().__init__(widget=forms.TextInput(attrs=attrs), **options)
        self.parse = parse

    def to_python(self, value: Any) -> Any:
        text = clean(super().to_python(value) or "")
        return self.parse(text) if text else ""


class AddressField(forms.EmailField):
    """Somebody's e-mail address. `autocomplete` is "off" when it is somebody else's."""

    def __init__(self, *, autocomplete: str, required_words: str, **options: Any) -> None:
        attrs = {"autocomplete": autocomplete, "spellcheck": "false"}
        messages = {
            "required": required_words,
            "invalid": "Dit is geen e-mailadres. Een adres ziet eruit als naam@bedrijf.nl.",
            "max_length": "Gebruik hooguit 254 tekens.",
        }
        super().__init__(
            max_length=254,
            widget=forms.EmailInput(attrs=attrs),
            error_messages=messages,
            **options,
        )


def with_whole_days(text: str) -> SafeString:
    """The text as HTML, in which no line ends inside a day such as 01-09-2026."""
    parts = WRITTEN_DAY.split(text)  # at every second place a day
    parts[1::2] = [format_html('<span class="nowrap">{}</span>', day) for day in parts[1::2]]
    return format_html_join("", "{}", ((part,) for part in parts))


class DayField(forms.DateField):
    """A day as dd-mm-jjjj in one text field, not further away than a working life."""

    def __init__(self, **options: Any) -> None:
        attrs = {"class": "width-date", "inputmode": "numeric", "autocomplete": "off"}
        help_text = with_whole_days(options.pop("help_text", "Bijvoorbeeld 01-09-2026."))
        widget = forms.DateInput(attrs=attrs, format="%d-%m-%Y")
        super().__init__(widget=widget, help_text=help_text, **options)
        self.error_messages["invalid"] = "Vul een datum in als dag-maand-jaar, zoals 01-09-2026."

    def validate(self, value: date | None) -> None:
        super().validate(value)
        latest = timezone.localdate().year + YEARS_AHEAD
        if value and not EARLIEST_YEAR <= value.year <= latest:
            raise ValidationError(f"Controleer het jaar: {value:%d-%m-%Y} kan niet kloppen.")
