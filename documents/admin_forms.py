"""What staff fill in to add documents, notes and statements."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format

from accounts.admin_base import CHOOSE
from accounts.forms import SubmissionForm
from accounts.models import Policy
from documents.forms import CheckedFileField
from documents.models import CaseNote, Document, PolicyCover
from dossiers import formats

MONTHS_BACK = 24


class HcsDocumentForm(SubmissionForm):
    folder = forms.ChoiceField(
        label="Soort document",
        choices=[(folder.value, folder.label.capitalize()) for folder in Document.HCS_FOLDERS],
        widget=forms.RadioSelect,
    )
    file = CheckedFileField(label="Bestand", help_text="PDF, JPEG of PNG, ten hoogste 15 MB.")


class CaseNoteForm(SubmissionForm):
    kind = forms.ChoiceField(label="Soort", choices=CaseNote.Kind.choices)
    text = forms.CharField(
        label="Notitie", max_length=10_000, widget=forms.Textarea(attrs={"rows": 8})
    )


if TYPE_CHECKING:
    ModelChoiceField = forms.ModelChoiceField[Policy]
else:
    ModelChoiceField = forms.ModelChoiceField


class PolicyField(ModelChoiceField):
    """The employer stands first: that is where a mistake would show."""

    def label_from_instance(self, obj: Policy) -> str:
        return f"{obj.employer.name}, {obj}"


def months() -> list[tuple[str, str]]:
    """This month and the two years before it, newest first."""
    day = timezone.localdate().replace(day=1)
    choices = []
    for _ in range(MONTHS_BACK):
        choices.append((day.isoformat(), date_format(day, "F Y")))
        day = (day - timedelta(days=1)).replace(day=1)
    return choices


def last_month() -> str:
    return months()[1][0]


class StatementForm(forms.Form):
    policy = PolicyField(
        label="Polis",
        empty_label=CHOOSE,
        queryset=Policy.objects.select_related("employer").order_by("employer__name", "number"),
    )
    month = forms.TypedChoiceField(
        label="Maand", choices=months, initial=last_month, coerce=date.fromisoformat
    )
    file = CheckedFileField(label="Bestand", help_text="Een PDF, ten hoogste 15 MB.")

    def clean(self) -> dict[str, Any]:
        """A month before the policy began is a wrong policy or a wrong month."""
        data: dict[str, Any] = super().clean() or {}
        policy, month = data.get("policy"), data.get("month")
        if policy and month and policy.starts_on.replace(day=1) > month:
            day = f"{policy.starts_on:%d-%m-%Y}"
            raise ValidationError({"month": f"Deze polis ging pas in op {day}."})
        return data


if TYPE_CHECKING:
    CoverModelForm = forms.ModelForm[PolicyCover]
else:
    CoverModelForm = forms.ModelForm


class PolicyCoverForm(CoverModelForm):
    """The IBAN is typed, never shown again as a whole; left empty it stays as it is."""

    new_iban = forms.CharField(
        label="Nieuw IBAN",
        max_length=50,
        required=False,
        help_text="Leeg: het blijft zoals het is. Op blad 1 van een uitkeringsspecificatie staan"
        " de laatste vier tekens; voor de betaling zelf verandert er niets.",
    )

    class Meta:
        model = PolicyCover
        fields = ("policy", "percentage", "waiting_days")

    def clean_new_iban(self) -> str:
        typed: str = self.cleaned_data["new_iban"]
        return formats.iban(typed) if typed else ""

    def save(self, commit: bool = True) -> PolicyCover:
        if new := self.cleaned_data["new_iban"]:
            self.instance.iban = new
        return super().save(commit)
