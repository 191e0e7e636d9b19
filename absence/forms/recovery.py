"""Untrusted input of "Herstel doorgeven aan HCS"."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from absence.actions.recovery import check
from absence.fields import PercentageField
from absence.models import Trajectory
from accounts.fields import DayField
from accounts.forms import SubmissionForm

FULL, PARTIAL = "volledig", "gedeeltelijk"


class RecoveryMessageForm(SubmissionForm):
    """From which day somebody works again; asks nothing about the illness."""

    how = forms.ChoiceField(
        label="Hersteld",
        choices=[(FULL, "Volledig hersteld"), (PARTIAL, "Gedeeltelijk hersteld")],
        widget=forms.RadioSelect,
        error_messages={"required": "Kies of de werknemer volledig of gedeeltelijk is hersteld."},
    )
    fit_from = DayField(
        label="Vanaf welke dag",
        help_text="De eerste dag waarop de werknemer weer (meer) werkt of kon werken."
        " Bijvoorbeeld 01-09-2026.",
        error_messages={"required": "Vul de dag in."},
    )
    percentage = PercentageField(
        label="AO-percentage daarna",
        required=False,
        help_text="Alleen bij gedeeltelijk hersteld: het deel van de uren dat de werknemer nog niet"
        " werkt. 40% arbeidsongeschikt = 60% aan het werk.",
    )
    conditional_fields = frozenset({"percentage"})

    def __init__(self, *args: Any, trajectory: Trajectory, **options: Any) -> None:
        super().__init__(*args, **options)
        self.trajectory = trajectory

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("how") == FULL:
            data["percentage"] = None
        elif data.get("how") == PARTIAL and "percentage" in data and data["percentage"] is None:
            self.add_error("percentage", "Vul het AO-percentage in.")
        if {"how", "fit_from", "percentage"} <= self.cleaned_data.keys():
            self._check(data)
        return data

    def _check(self, data: dict[str, Any]) -> None:
        fields = {"future": "fit_from", "not_after_first": "fit_from"}
        fields |= dict.fromkeys(["full", "out_of_range", "not_lower"], "percentage")
        try:
            check(self.trajectory, data["fit_from"], data["percentage"])
        except ValidationError as error:
            self.add_error(fields.get(error.code or ""), error)

    def message(self) -> dict[str, Any]:
        """What is told, as the action takes it."""
        return {name: self.cleaned_data[name] for name in ("fit_from", "percentage", "submission")}
