"""Untrusted input of correcting and withdrawing a sick report."""

from typing import Any

from django import forms

from absence.actions.corrections import Correction
from absence.forms.reports import ReportForm
from absence.models import Classification, Trajectory
from absence.reporting import FULLY_ILL, Spell, Status
from accounts.forms import SubmissionForm
from dossiers.models import Employment

EXPLANATION_LENGTH = 300


class ExplanationField(forms.CharField):
    """Why staff should change a report that they took up."""

    def __init__(self) -> None:
        super().__init__(
            label="Toelichting",
            max_length=EXPLANATION_LENGTH,
            help_text="Waarom klopt de melding niet? Schrijf niets over de aard of oorzaak van de"
            " ziekte.",
            widget=forms.Textarea(attrs={"rows": 3}),
            error_messages={"required": "Leg uit waarom de melding niet klopt."},
        )


class CorrectionForm(ReportForm):
    """What the report should say instead, filled in with what it says now."""

    def __init__(self, *args: Any, report: Trajectory, **options: Any) -> None:
        first = report.steps()[0]
        initial = {
            "classification": report.classification.code,
            "first_sick_day": report.first_sick_day,
            "status": Status.FULL if first.percentage == FULLY_ILL else Status.PARTIAL,
            "percentage": "" if first.percentage == FULLY_ILL else first.percentage,
        }
        super().__init__(*args, employments=[report.employment], initial=initial, **options)
        self.correcting = report
        self.offer(Classification.objects.offered_for(report))
        if report.taken_up_at:
            self.fields["explanation"] = ExplanationField()

    def known_spells(self, employment: Employment) -> list[Spell]:
        return self.correcting.spells_beside()

    def correction(self) -> Correction:
        data = self.cleaned_data
        return Correction(data["classification"], data["first_sick_day"], data["percentage"])


class WithdrawForm(forms.Form):
    """Nothing to fill in, but for a request once the report was taken up."""

    def __init__(self, *args: Any, report: Trajectory, **options: Any) -> None:
        super().__init__(*args, **options)
        if report.taken_up_at:
            self.fields |= SubmissionForm().fields | {"explanation": ExplanationField()}
