"""Untrusted input of a sick report."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from absence import reporting
from absence.case import facts_of
from absence.fields import ClassificationField, EmploymentField, PercentageField
from absence.models import Classification, classifications_for, spells_of
from absence.payer import Facts
from absence.reporting import Spell, Status
from accounts.fields import DayField
from accounts.forms import SubmissionForm
from accounts.models import Employer
from dossiers.models import Employment

STATUS_LABELS = {Status.FULL: "Volledig ziek", Status.PARTIAL: "Gedeeltelijk ziek"}


class ReportForm(SubmissionForm):
    """A sick report. Asks nothing about the illness beyond the classification (rulebook 1.1).

    `employments` are those that the report can be about; with one there is no choice to make.
    """

    employment = EmploymentField(
        label="Dienstverband",
        error_messages={
            "required": "Kies het dienstverband.",
            "invalid_choice": "Kies een van de dienstverbanden.",
        },
    )
    classification = ClassificationField(
        label="Verzuimclassificatie",
        help_text="Meer over de ziekte legt u niet vast: vraag niet naar de aard of oorzaak.",
        error_messages={
            "required": "Kies een verzuimclassificatie.",
            "invalid_choice": "Kies een van de verzuimclassificaties.",
        },
    )
    first_sick_day = DayField(
        label="Eerste ziektedag",
        help_text="De eerste werkdag waarop de werknemer door ziekte niet of niet de hele dag"
        " werkte. Bijvoorbeeld 01-09-2026.",
        error_messages={"required": "Vul de eerste ziektedag in."},
    )
    status = forms.TypedChoiceField(
        label="Verzuimstatus",
        choices=STATUS_LABELS,
        coerce=Status,
        initial=Status.FULL,
        widget=forms.RadioSelect,
        error_messages={"required": "Kies of de werknemer volledig of gedeeltelijk ziek is."},
    )
    percentage = PercentageField(
        label="AO-percentage",
        required=False,
        help_text="Alleen bij gedeeltelijk ziek: het deel van de afgesproken uren dat de werknemer"
        " niet werkt. Geen medisch oordeel. 60% arbeidsongeschikt = 40% aan het werk.",
    )
    conditional_fields = frozenset({"percentage"})

    def __init__(self, *args: Any, employments: Sequence[Employment], **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer_to(employments[0].employer)
        self.only_employment = employments[0] if len(employments) == 1 else None
        if self.only_employment:
            del self.fields["employment"]
        else:
            cast(EmploymentField, self.fields["employment"]).offer(employments)
            self.initial.setdefault("employment", employments[0].uuid)

    def offer_to(self, employer: Employer) -> None:
        """The classifications that this employer chooses from."""
        self.offer(classifications_for(employer))

    def offer(self, classifications: Iterable[Classification]) -> None:
        cast(ClassificationField, self.fields["classification"]).offer(classifications)

    def clean(self) -> dict[str, Any]:
        """Checks the answers against each other, so that all mistakes show at once."""
        data = super().clean() or {}
        if self.only_employment:
            data["employment"] = self.only_employment
        if {"employment", "first_sick_day"} <= data.keys():
            self._check_day(data["employment"], data["first_sick_day"])
        if {"status", "percentage"} <= data.keys():
            self._check_percentage(data["status"], data["percentage"])
        return data

    def report(self) -> dict[str, Any]:
        """What was reported, as the action takes it."""
        names = ["employment", "classification", "first_sick_day", "percentage", "submission"]
        return {name: self.cleaned_data[name] for name in names}

    def facts(self) -> Facts | None:
        """What the rules of absence need, once enough is filled in rightly; None before that."""
        self.is_valid()  # cleans once; what it found wrong is not in cleaned_data
        if not self.is_bound:
            return None
        names = ["employment", "classification", "first_sick_day"]
        if not set(names) <= self.cleaned_data.keys():
            return None
        return facts_of(*(self.cleaned_data[name] for name in names))

    def _check_day(self, employment: Employment, day: date) -> None:
        today = timezone.localdate()
        try:
            reporting.check_report(
                day,
                today=today,
                started_on=employment.started_on,
                ended_on=employment.ended_on,
                spells=self.known_spells(employment),
            )
            reporting.check_not_too_long_ago(day, today=today)
        except ValidationError as error:
            self.add_error("first_sick_day", error)

    def known_spells(self, employment: Employment) -> list[Spell]:
        """Beside which a report of this employment must fit."""
        return spells_of(employment)

    def _check_percentage(self, status: Status, percentage: int | None) -> None:
        try:
            reported = reporting.reported_percentage(status, percentage)
        except ValidationError as error:
            self.add_error("percentage", error)
        else:
            self.cleaned_data["percentage"] = reported
