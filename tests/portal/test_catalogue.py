"""Dutch for what Django's own catalogue leaves in English."""

import gettext
import re
from pathlib import Path

from django import forms
from django.db import models

import portal

CATALOGUE = Path(portal.__file__).parent / "locale/nl/LC_MESSAGES"


def test_an_empty_choice_is_in_dutch() -> None:
    field = models.CharField(choices=[("a", "A")]).formfield()

    assert isinstance(field, forms.TypedChoiceField)
    assert str(next(iter(field.choices))[1]) == "Maak een keuze"


def test_the_compiled_catalogue_is_that_of_the_text() -> None:
    text = (CATALOGUE / "django.po").read_text()
    written = dict(re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', text, re.MULTILINE))
    with (CATALOGUE / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)

    assert written
    assert {english: compiled.gettext(english) for english in written} == written
