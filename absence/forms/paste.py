"""Untrusted input of a sheet with sick reports: the sheet itself, and each of its lines."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict

from absence import sheets
from absence.forms.reports import ReportForm
from absence.paste_columns import SEALED, SheetLine, lines_of
from absence.reporting import FULLY_ILL, Spell, Status
from accounts.fields import DayField
from accounts.forms import SubmissionForm
from accounts.models import Employer
from dossiers.forms import EmploymentForm, PersonForm
from dossiers.models import Employee, Employment

if TYPE_CHECKING:
    from accounts.models import User

NOTHING_GIVEN = "Plak uw regels in het vak, of kies een bestand."
BOTH_GIVEN = "Plak uw regels óf kies een bestand, niet allebei."
YES_NO = {"ja": True, "j": True, "x": True, "nee": False, "n": False}
GENDERS = {"man": "M", "vrouw": "V", "onbekend": "O", "x": "O"} | {
    str(letter).casefold(): str(letter) for letter in Employee.Gender.values
}
PERCENTAGE = "Vul 100 in bij volledig ziek, anders een heel getal van 1 tot en met 99."


class PasteForm(SubmissionForm):
    """The sheet, pasted or as a file, and of which employer its people are.

    Valid, `lines` holds its rows by field. `typed` is the sheet as text: a file goes on as what
    could have been pasted, so that a mistake in it can be corrected on the page.
    """

    employer = forms.ModelChoiceField(
        Employer.objects.none(),
        to_field_name="uuid",
        label="Werkgever",
        empty_label="Kies een werkgever",
        error_messages={"required": "Kies de werkgever van deze werknemers."},
    )
    text = forms.CharField(
        label="Uw regels",
        required=False,
        strip=False,  # an empty first cell or line counts
        max_length=sheets.MAX_CHARACTERS,
        widget=forms.Textarea(
            attrs={"rows": 10, "class": "width-full", "spellcheck": "false", "autocomplete": "off"}
        ),
        help_text="Kopieer de regels in Excel, met de kolomkoppen erboven, en plak ze hier.",
        error_messages={"max_length": "Dit is te veel tekst. Neem hooguit 500 regels op."},
    )
    file = forms.FileField(
        label="Of kies een bestand",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv", "data-max-bytes": sheets.MAX_BYTES}),
        help_text="Een Excel-werkmap (.xlsx) of CSV-bestand van hooguit 2 MB. Wij lezen het eerste"
        " blad.",
        error_messages={"empty": "Dit bestand is leeg. Kies een ander bestand."},
    )
    conditional_fields = frozenset({"text", "file"})

    def __init__(
        self, data: QueryDict | None = None, files: Any = None, *, user: "User", wait: int = 0
    ) -> None:
        super().__init__(data, files)
        self.lines: list[SheetLine] = []
        self.wait = wait
        employers = Employer.objects.visible_to(user)
        self.employers = list(employers[:2])
        if len(self.employers) == 1:
            del self.fields["employer"]
        else:
            cast("forms.ModelChoiceField[Employer]", self.fields["employer"]).queryset = employers

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        text, file = data.get("text", ""), data.get("file")
        if self.errors or self.wait:
            return data
        if not text.strip() and not file:
            raise ValidationError({"text": NOTHING_GIVEN})
        if text.strip() and file:
            raise ValidationError({"text": BOTH_GIVEN})
        self._read(text, file)
        return data

    @property
    def chosen_employer(self) -> Employer:
        """Whose people these are, once the form is valid."""
        if len(self.employers) == 1:
            return self.employers[0]
        return cast(Employer, self.cleaned_data["employer"])

    def _read(self, text: str, file: "UploadedFile[Any] | None") -> None:
        try:
            rows = sheets.from_file(_bytes_of(file)) if file else sheets.from_text(text)
            if file:
                self._go_on_as_text(sheets.as_text(rows))
            self.lines = lines_of(rows, is_zw_erd=self.chosen_employer.is_zw_erd())
        except ValidationError as error:
            self.add_error("file" if file and not self.data.get("text") else "text", error)

    def _go_on_as_text(self, text: str) -> None:
        values = cast(QueryDict, self.data).copy()
        values["text"] = text
        self.data = values


def _bytes_of(file: "UploadedFile[Any]") -> bytes:
    """Never more than is judged: a larger file was cut off on arrival, and is refused by size."""
    if (file.size or 0) > sheets.MAX_BYTES:
        raise ValidationError(sheets.TOO_LARGE)
    return bytes(file.read())


class WordField(forms.Field):
    """One of a few words, in any case: gives what it stands for; `empty` when nothing stands there.

    `words` may be set per form, as those that staff keep in a list.
    """

    def __init__(self, words: Mapping[str, Any], *, empty: Any = None, **options: Any) -> None:
        super().__init__(**options)
        self.words, self.empty = words, empty

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip().casefold()
        if not text:
            return self.empty
        if text not in self.words:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return self.words[text]


class PersonLine(PersonForm, EmploymentForm):
    """The part of a line about the person and the contract; the rules are those of the forms."""

    gender = WordField(  # type: ignore[assignment]  # a form may replace a field
        GENDERS, error_messages={"invalid": "Vul M, V of O in."}, label="Geslacht"
    )
    type = WordField({}, label="Type dienstverband")  # type: ignore[assignment]
    has_no_risk = WordField(  # type: ignore[assignment]
        YES_NO,
        empty=False,
        required=False,
        label="No-riskpolis",
        error_messages={"invalid": "Vul ja of nee in."},
    )
    started_on = DayField(label="Startdatum")

    def __init__(
        self, values: Mapping[str, str], *, types: Mapping[str, Any], is_zw_erd: bool
    ) -> None:
        super().__init__(values)
        _offer(self.fields["type"], types)
        if not is_zw_erd:
            for name in SEALED:
                del self.fields[name]


class ReportLine(ReportForm):
    """The part of a line about the illness. One column says how much: 100 is fully ill."""

    classification = WordField({}, label="Verzuimclassificatie")  # type: ignore[assignment]

    def __init__(
        self,
        values: Mapping[str, str],
        *,
        submission: UUID,
        classifications: Mapping[str, Any],
        employment: Employment,
        spells: list[Spell],
    ) -> None:
        typed = values.get("percentage", "")
        is_full = typed.removesuffix("%").strip() == str(FULLY_ILL)
        status = Status.FULL if is_full else Status.PARTIAL
        answers = dict(values) | {"submission": str(submission), "status": status}
        super().__init__(answers, employments=[employment])
        self.spells = spells
        self.fields["percentage"].required = True
        self.fields["percentage"].error_messages["required"] = PERCENTAGE
        _offer(self.fields["classification"], classifications)

    def offer_to(self, employer: Employer) -> None:
        """Nothing: the whole sheet is offered the same words, which are read once."""

    def known_spells(self, employment: Employment) -> list[Spell]:
        return self.spells


def _offer(field: forms.Field, words: Mapping[str, Any]) -> None:
    labels = ", ".join(dict.fromkeys(str(one) for one in words.values()))
    cast(WordField, field).words = words
    field.error_messages["invalid"] = f"Kies uit: {labels}."
