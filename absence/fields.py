"""Form fields of a sick report."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms.models import ModelChoiceIteratorValue


class ClassificationChoices(forms.RadioSelect):
    """Choices with their explanation below them."""

    option_template_name = "absence/_classification_option.html"

    def create_option(self, name: str, value: Any, *args: Any, **options: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **options)
        option["hint"] = value.instance.help_text
        if option["hint"]:
            option["attrs"]["aria-describedby"] = f"{option['attrs']['id']}_hint"
        return option


class RowField(forms.ChoiceField):
    """One of the rows that the form was given to choose from; none until then.

    In the form a row is called by its `key`. Asks the database nothing.
    """

    def __init__(self, *, key: str, **options: Any) -> None:
        super().__init__(**options)
        self.key = key
        self.rows: dict[str, Any] = {}

    def offer(self, rows: Iterable[Model]) -> None:
        self.rows = {str(getattr(row, self.key)): row for row in rows}
        self.choices = [
            (ModelChoiceIteratorValue(key, row), str(row)) for key, row in self.rows.items()
        ]

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        if str(value) not in self.rows:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return self.rows[str(value)]

    def validate(self, value: Any) -> None:
        forms.Field.validate(self, value)


class ClassificationField(RowField):
    def __init__(self, **options: Any) -> None:
        super().__init__(key="code", widget=ClassificationChoices, **options)


class EmploymentField(RowField):
    def __init__(self, **options: Any) -> None:
        super().__init__(key="uuid", widget=forms.RadioSelect, **options)


class PercentageField(forms.CharField):
    """A whole number such as "50" or "50 %". "50,5", "5_0" and "+50" are refused."""

    def __init__(self, **options: Any) -> None:
        attrs = {"class": "width-percentage", "inputmode": "numeric", "autocomplete": "off"}
        super().__init__(widget=forms.TextInput(attrs=attrs), **options)

    def to_python(self, value: Any) -> Any:
        text = (super().to_python(value) or "").removesuffix("%").strip()
        if not text:
            return None
        if not re.fullmatch(r"[0-9]{1,3}", text):
            raise ValidationError(
                "Vul een heel getal in van 1 tot en met 99, zonder komma.", code="invalid"
            )
        return int(text)
