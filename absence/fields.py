"""Form fields of a sick report."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from absence.models import Classification
from dossiers.models import Employment


class ClassificationChoices(forms.RadioSelect):
    """Choices with their explanation below them."""

    option_template_name = "absence/_classification_option.html"

    def create_option(self, name: str, value: Any, *args: Any, **options: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **options)
        option["hint"] = value.instance.help_text
        if option["hint"]:
            option["attrs"]["aria-describedby"] = f"{option['attrs']['id']}_hint"
        return option


class ClassificationField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """One of the classifications that the form offers; none until it says which."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            Classification.objects.none(),
            to_field_name="code",
            empty_label=None,
            widget=ClassificationChoices,
            **options,
        )


class EmploymentField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """One of the employments that the form is given."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            Employment.objects.none(),
            to_field_name="uuid",
            empty_label=None,
            widget=forms.RadioSelect,
            **options,
        )


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
