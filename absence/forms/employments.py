"""Untrusted input about the end of an employment."""

from django import forms

from accounts.fields import DayField


class EndForm(forms.Form):
    ended_on = DayField(
        label="Laatste dag",
        help_text="De laatste dag van de arbeidsovereenkomst, bijvoorbeeld 31-10-2026.",
        error_messages={"required": "Vul de laatste dag in."},
    )
