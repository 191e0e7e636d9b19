"""What staff fill in to ask for documents and to decide on what came."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.text import capfirst

from accounts.admin_base import CHOOSE, DayField
from accounts.forms import SubmissionForm
from accounts.months import months_after
from documents.admin_forms import months
from documents.models import RequestItem, RequestPurpose
from documents.requests.actions import Wanted
from documents.requests.models import KINDS, MONTHLY

ACCEPT, REFUSE = "ja", "nee"
NO_MONTH = "Kies van welke maand u loonstroken vraagt."
WRONG_ORDER = "De laatste maand ligt voor de eerste."

if TYPE_CHECKING:
    PurposeChoiceField = forms.ModelChoiceField[RequestPurpose]
else:
    PurposeChoiceField = forms.ModelChoiceField


def month_choices() -> list[tuple[str, str]]:
    return [("", CHOOSE), *months()]


class MonthField(forms.TypedChoiceField):
    """One of the latest months, as its first day; None for no choice."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            choices=month_choices,
            coerce=date.fromisoformat,
            required=False,
            empty_value=None,
            **options,
        )


class AskForm(SubmissionForm):
    folders = forms.MultipleChoiceField(
        label="Wat vraagt u?",
        choices=[(value, capfirst(label)) for value, label in KINDS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Kies wat u vraagt."},
    )
    first_month = MonthField(
        label="Loonstroken van", help_text="Alleen als u loonstroken vraagt: een per maand."
    )
    last_month = MonthField(label="Loonstroken tot en met", help_text="Leeg: een maand.")
    purpose = PurposeChoiceField(
        RequestPurpose.objects.active(), label="Waarvoor", empty_label=CHOOSE
    )
    due_on = DayField(label="Uiterlijk", help_text="De laatste dag die op tijd is.")

    def clean(self) -> None:
        data = self.cleaned_data
        if not set(data.get("folders", [])) & set(MONTHLY):
            return
        first, last = data.get("first_month"), data.get("last_month")
        if not first and "first_month" not in self.errors:
            self.add_error("first_month", NO_MONTH)
        elif first and last and last < first:
            self.add_error("last_month", WRONG_ORDER)

    def asked(self, data: dict[str, Any]) -> dict[str, Any]:
        """As `ask_documents` takes it: an item per kind, of payslips one per month."""
        first, last = data["first_month"], data["last_month"] or data["first_month"]
        wanted: list[Wanted] = []
        for folder in data["folders"]:
            if folder not in MONTHLY:
                wanted.append(Wanted(folder))
                continue
            count = (last.year - first.year) * 12 + last.month - first.month + 1
            wanted += [Wanted(folder, months_after(first, number)) for number in range(count)]
        return {
            "wanted": wanted,
            "due_on": data["due_on"],
            "purpose": data["purpose"],
            "submission": data["submission"],
        }


class DueForm(forms.Form):
    due_on = DayField(label="Uiterlijk")


class DecisionForm(forms.Form):
    """`seen`: the newest answer that was there when the page was opened."""

    decision = forms.ChoiceField(
        label="Besluit",
        choices=[(ACCEPT, "Goedkeuren"), (REFUSE, "Afkeuren: de werkgever levert opnieuw aan")],
        widget=forms.RadioSelect,
        error_messages={"required": "Kies een besluit."},
    )
    refusal = forms.ChoiceField(
        label="Reden van afkeuren",
        required=False,
        choices=[
            ("", CHOOSE),
            *[one for one in RequestItem.Refusal.choices if one[0] != RequestItem.Refusal.SCAN],
        ],
        help_text="De werkgever leest deze zin.",
    )
    due_on = DayField(
        label="Opnieuw aanleveren uiterlijk",
        required=False,
        help_text="Alleen bij afkeuren. Geldt voor het hele verzoek.",
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> None:
        if self.cleaned_data.get("decision") != REFUSE:
            return
        for name, words in (("refusal", "Kies een reden."), ("due_on", "Kies een dag.")):
            if not self.cleaned_data.get(name) and name not in self.errors:
                self.add_error(name, words)
