"""Untrusted input of the dossier pages."""

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from accounts.fields import DayField, TypedField
from accounts.forms import SubmissionForm
from accounts.models import Employer
from dossiers import formats
from dossiers.actions import Person
from dossiers.models import Employee, EmploymentType
from dossiers.no_risk import no_risk_help
from dossiers.search import LENGTHS

if TYPE_CHECKING:
    from accounts.models import User


def name_field(label: str, *, longest: int, **options: Any) -> TypedField:
    return TypedField(partial(formats.name, max_length=longest), label=label, **options)


def line_field(label: str, *, longest: int, **options: Any) -> TypedField:
    return TypedField(partial(formats.line, max_length=longest), label=label, **options)


SEALED = {"bsn", "iban"}
NURSING_NEEDED = (
    "nursing_postcode",
    "nursing_street",
    "nursing_house_number",
    "nursing_city",
    "nursing_from",
)
NURSING_OPTIONAL = ("nursing_house_number_addition", "nursing_until")
NURSING_IN_PART = "Vul dit ook in, of maak alle vakken van het verpleegadres leeg."


class SearchForm(forms.Form):
    """What the search box holds. The text never leaves the body of a POST."""

    text = TypedField(
        formats.clean,
        label="Achternaam, of het woord Dossier",
        required=False,
        attrs={
            "aria-labelledby": "search-title search-label",
            "aria-describedby": "search-help",
            "spellcheck": "false",
        },
    )
    former = forms.BooleanField(
        label="Ook op uit dienst getreden werknemers zoeken", required=False
    )

    @property
    def shown(self) -> int:
        """How long the list is to be: "Meer tonen" names a length. Any other text is the first."""
        return next((n for n in LENGTHS if str(n) == self.data.get("shown")), LENGTHS[0])


class PersonForm(forms.Form):
    """What is known of a person. Source: help page 3, rulebook 7."""

    surname = name_field("Achternaam", longest=200, help_text="Zonder tussenvoegsels.")
    prefixes = TypedField(
        formats.prefixes,
        label="Tussenvoegsels",
        required=False,
        width="width-prefix",
        attrs={"list": "prefixes"},
        help_text="Bijvoorbeeld van den.",
    )
    first_name = name_field("Roepnaam", longest=100)
    initials = TypedField(formats.initials, label="Voorletters", width="width-prefix")
    gender = forms.ChoiceField(
        label="Geslacht", choices=Employee.Gender.choices, widget=forms.RadioSelect
    )
    bsn = TypedField(
        formats.bsn,
        label="Burgerservicenummer",
        width="width-bsn",
        attrs={"inputmode": "numeric"},
        help_text="Nodig voor de Ziektewetverzekering Eigenrisicodrager (ZW-ERD).",
    )
    postcode = TypedField(formats.postcode, label="Postcode", width="width-postcode")
    street = line_field("Straat", longest=80)
    house_number = TypedField(formats.house_number, label="Huisnummer", width="width-number")
    house_number_addition = TypedField(
        formats.addition, label="Toevoeging", required=False, width="width-prefix"
    )
    city = line_field("Plaats", longest=80)
    mobile = TypedField(
        formats.mobile,
        label="Privé mobiel nummer",
        width="width-phone",
        attrs={"type": "tel"},
        help_text="Een buitenlands nummer begint met de landcode, zoals +48.",
    )
    email = forms.EmailField(label="Privé e-mailadres", max_length=254)
    iban = TypedField(
        formats.iban,
        label="IBAN",
        width="width-iban",
        help_text="Nodig voor de uitkering onder ZW-ERD. Een buitenlands IBAN mag ook.",
    )
    has_no_risk = forms.BooleanField(
        label="No-riskpolis",
        required=False,
        help_text=no_risk_help(),
    )

    def say_when_to_ask(self, started_on: date | None) -> None:
        """Beside the box: from when one may ask for a no-riskpolis."""
        words = no_risk_help(started_on, today=timezone.localdate())
        self.fields["has_no_risk"].help_text = words

    def clean(self) -> dict[str, Any] | None:
        super().clean()
        self._split("house_number", "house_number_addition")
        return self.cleaned_data

    def _split(self, name: str, addition: str) -> None:
        """Moves what was typed behind the house number to its own field."""
        number, behind = self.cleaned_data.pop(name, None) or (None, "")
        if number:
            self.cleaned_data[name] = number
        if behind:
            typed = self.cleaned_data.get(addition)
            if typed and typed != behind:
                self.add_error(addition, "Vul de toevoeging op één plaats in.")
            else:
                self.cleaned_data[addition] = behind

    @property
    def person(self) -> Person:
        """What was filled in, in stored form."""
        answers = self.cleaned_data
        return cast(Person, {key: answers[key] for key in Person.__annotations__ if key in answers})


class EmploymentForm(forms.Form):
    """What is known of an employment."""

    started_on = DayField(label="Startdatum van de arbeidsovereenkomst")
    job_title = line_field("Functie", longest=100)
    type = forms.ModelChoiceField(
        EmploymentType.objects.active(),
        label="Type dienstverband",
        empty_label="Kies een type dienstverband",
    )


class EmployeeForm(SubmissionForm, PersonForm, EmploymentForm):
    """All that is asked of a new employee. Source: help page 3, rulebook 7.

    The fields follow the employer: BSN and IBAN exist only with a ZW-ERD policy. `kept` are
    values to start with, such as those typed before another employer was chosen.
    """

    employer = forms.ModelChoiceField(
        Employer.objects.none(),
        to_field_name="uuid",
        label="Werkgever",
        empty_label="Kies een werkgever",
    )
    is_other = forms.BooleanField(label="Dit is iemand anders", required=False)
    field_order = (  # as on the page
        "submission",
        "employer",
        "is_other",
        *("surname", "prefixes", "first_name", "initials", "gender", "bsn"),
        *("postcode", "street", "house_number", "house_number_addition", "city"),
        *("mobile", "email", "started_on", "iban", "job_title", "type", "has_no_risk"),
    )

    def __init__(
        self, data: QueryDict | None = None, *, user: "User", kept: QueryDict | None = None
    ) -> None:
        super().__init__(data, initial=kept.dict() if kept else None)
        employers = Employer.objects.visible_to(user)
        self.employers = list(employers)
        self.chosen_employer = self._chosen_employer(data or kept or QueryDict())
        if len(self.employers) == 1:
            del self.fields["employer"]
        else:
            self._offer(employers)
        if not (self.chosen_employer and self.chosen_employer.is_zw_erd()):
            del self.fields["bsn"], self.fields["iban"]
        self.say_when_to_ask(self._typed_start())
        self._follow("started_on", "#id_has_no_risk_helptext")

    def _typed_start(self) -> date | None:
        """None too when it is no day; the form says so itself."""
        try:
            return cast(date, self.fields["started_on"].clean(self["started_on"].value()))
        except ValidationError:
            return None

    def _follow(self, name: str, part: str) -> None:
        """With script, `part` of the page is drawn anew once this field was filled in."""
        self.fields[name].widget.attrs |= {
            "hx-post": reverse("dossiers:employee-fields"),
            "hx-target": part,
            "hx-select": part,
            "hx-swap": "outerHTML",
        }

    def _offer(self, employers: QuerySet[Employer]) -> None:
        """Lets the user choose; with script the other fields follow the choice at once."""
        field = cast("forms.ModelChoiceField[Employer]", self.fields["employer"])
        field.queryset = employers
        self._follow("employer", "#employee-form")

    def _chosen_employer(self, values: QueryDict) -> Employer | None:
        if len(self.employers) == 1:
            return self.employers[0]
        try:
            chosen = UUID(values.get("employer", ""))
        except ValueError:
            return None
        return next((employer for employer in self.employers if employer.uuid == chosen), None)

    @property
    def answers(self) -> dict[str, Any]:
        """What actions.add_employee takes."""
        answers = self.cleaned_data
        others = {key: answers[key] for key in ("started_on", "job_title", "type", "submission")}
        return {"employer": self.chosen_employer, "person": self.person, **others}


class EmployeeChangeForm(PersonForm):
    """What is known of an employee, to be changed. BSN and IBAN are not shown: empty keeps them.

    `version` says which state of the data the user saw.
    """

    conditional_fields = set(NURSING_NEEDED)  # all of them or none
    groups = dict.fromkeys((*NURSING_NEEDED, *NURSING_OPTIONAL), "Verpleegadres")
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    nursing_postcode = TypedField(
        formats.postcode,
        label="Postcode",
        width="width-postcode",
        required=False,
    )
    nursing_street = line_field("Straat", longest=80, required=False)
    nursing_house_number = TypedField(
        formats.house_number,
        label="Huisnummer",
        width="width-number",
        required=False,
    )
    nursing_house_number_addition = TypedField(
        formats.addition,
        label="Toevoeging",
        width="width-prefix",
        required=False,
    )
    nursing_city = line_field("Plaats", longest=80, required=False)
    nursing_from = DayField(label="Vanaf", required=False)
    nursing_until = DayField(
        label="Tot en met",
        required=False,
        help_text="Laat dit leeg als de laatste dag nog niet bekend is.",
    )

    def __init__(self, data: QueryDict | None = None, *, employee: Employee) -> None:
        version = employee.last_change()
        employee.refresh_from_db()  # not older than the version
        known = {name: getattr(employee, name) for name in Person.__annotations__}
        shown = {"mobile": employee.shown_mobile, "initials": employee.dotted_initials}
        super().__init__(data, initial=known | shown | {"version": version, "bsn": "", "iban": ""})
        if employee.employer.is_zw_erd():
            self._keep_when_empty("bsn", employee.bsn_end)
            self._keep_when_empty("iban", employee.iban_end)
        else:
            del self.fields["bsn"], self.fields["iban"]
        employments = employee.employments.all()
        running = employments.on(timezone.localdate()).first() or employments.first()
        self.say_when_to_ask(running.started_on if running else None)

    def clean(self) -> dict[str, Any] | None:
        """A nursing address is whole or not there, and does not end before it begins."""
        super().clean()
        self._split("nursing_house_number", "nursing_house_number_addition")
        answers = self.cleaned_data
        is_given = any(answers.get(name) for name in (*NURSING_NEEDED, *NURSING_OPTIONAL))
        for name in NURSING_NEEDED:
            if is_given and not answers.get(name) and name not in self.errors:
                self.add_error(name, NURSING_IN_PART)
        answers.setdefault("nursing_house_number", None)
        starts_on, ends_on = answers.get("nursing_from"), answers.get("nursing_until")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("nursing_until", "De laatste dag ligt vóór de eerste dag.")
        return answers

    def _keep_when_empty(self, name: str, end: str) -> None:
        field = self.fields[name]
        field.required = False
        field.help_text = (
            f"Nu •••••{end}. Laat dit leeg als het zo blijft."
            if end
            else "Nog niet bekend. Nodig voor de Ziektewetverzekering Eigenrisicodrager (ZW-ERD)."
        )

    def see_version(self, version: int) -> None:
        """What was typed stays; sent again, it is about this later state of the data."""
        values = cast(QueryDict, self.data).copy()
        values["version"] = str(version)
        self.data = values

    @property
    def person(self) -> Person:
        person = super().person
        return cast(
            Person,
            {key: value for key, value in person.items() if value or key not in SEALED},
        )

    @property
    def change(self) -> dict[str, Any]:
        """What change_actions.change_employee takes."""
        return {"person": self.person, "version": self.cleaned_data["version"]}
