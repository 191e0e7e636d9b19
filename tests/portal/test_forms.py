"""How a form draws itself: labels, help, errors, and what a screen reader hears."""

import pytest
from django import forms
from django.template.loader import render_to_string
from django.test import RequestFactory

from portal.context import shell


class ExampleForm(forms.Form):
    conditional_fields = {"percentage"}

    surname = forms.CharField(label="Achternaam", help_text="Zoals in het paspoort.")
    prefixes = forms.CharField(label="Tussenvoegsels", required=False)
    percentage = forms.IntegerField(label="AO-percentage", required=False)
    gender = forms.ChoiceField(
        label="Geslacht", choices=[("M", "Man"), ("V", "Vrouw")], widget=forms.RadioSelect
    )
    has_no_risk = forms.BooleanField(label="No-riskpolis", required=False)
    submission = forms.UUIDField(widget=forms.HiddenInput)


def drawn(name: str, data: dict[str, str] | None = None) -> str:
    return ExampleForm(data)[name].as_field_group()


def test_the_label_has_no_colon_and_belongs_to_the_control() -> None:
    assert '<label for="id_surname">Achternaam</label>' in drawn("surname")


@pytest.mark.parametrize(
    ("name", "said"),
    [("surname", False), ("prefixes", True), ("percentage", False), ("has_no_risk", False)],
)
def test_only_what_may_always_stay_empty_is_called_optional(name: str, said: bool) -> None:
    assert ("(niet verplicht)" in drawn(name)) is said


def test_help_and_error_stand_before_the_control_and_describe_it() -> None:
    html = drawn("surname", {})

    order = [html.index(part) for part in ("<label", "Zoals in", "Dit veld is verplicht", "<input")]
    assert order == sorted(order)
    assert 'aria-describedby="id_surname_helptext id_surname_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_surname_helptext"' in html
    assert 'id="id_surname_error"' in html


def test_choices_stand_in_a_fieldset_with_a_legend() -> None:
    html = drawn("gender")

    assert html.startswith("<fieldset")
    assert "<legend>Geslacht</legend>" in html
    assert '<label for="id_gender_1">Vrouw</label>' in html


def test_the_label_of_a_single_box_follows_it() -> None:
    html = drawn("has_no_risk")

    assert html.index("<input") < html.index("<label")


def test_text_from_outside_is_escaped() -> None:
    html = drawn("surname", {"surname": '"><script>alert(1)</script>'})

    assert "<script>" not in html


def test_the_summary_links_to_each_field_with_an_error() -> None:
    html = render_to_string("components/error_summary.html", {"form": ExampleForm({})})

    assert '<a href="#id_surname">Achternaam: Dit veld is verplicht.</a>' in html
    assert '<a href="#id_gender_0">Geslacht: Dit veld is verplicht.</a>' in html
    assert "submission" not in html
    assert 'role="alert"' in html


def test_without_errors_there_is_no_summary() -> None:
    assert render_to_string("components/error_summary.html", {"form": ExampleForm()}).strip() == ""


@pytest.mark.parametrize(("data", "title"), [(None, "<title> –"), ({}, "<title>Fout:  –")])
def test_the_title_of_a_page_with_errors_says_so(data: dict[str, str] | None, title: str) -> None:
    request = RequestFactory().get("/")
    context = {"form": ExampleForm(data), **shell(request)}

    assert title in render_to_string("base_public.html", context)
