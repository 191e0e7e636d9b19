"""What a beheerder fills in about colleagues."""

from datetime import date, timedelta
from functools import partial
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils import timezone

from accounts import texts
from accounts.actions.invitations import Person
from accounts.fields import AddressField, DayField, TypedField
from accounts.models import AccessOffer, Employer, Membership, User

# Whoever stands in for longer works there, and gets a role of his own.
LONGEST_STAND_IN = timedelta(days=366)
ROLES = [
    (Membership.Role.GEBRUIKER.value, "Gebruiker: werkt met alle dossiers van het bedrijf"),
    (Membership.Role.BEHEERDER.value, "Beheerder: doet dat ook, en beheert de collega's"),
]


class RoleField(forms.ChoiceField):
    def __init__(self) -> None:
        super().__init__(
            label="Rol",
            choices=ROLES,
            widget=forms.RadioSelect,
            error_messages={
                "required": "Kies een rol.",
                "invalid_choice": "Kies een van de rollen.",
            },
        )


class ForEmployerForm(forms.Form):
    """About one of the employers that the user manages; who manages one is not asked which."""

    employer = forms.ModelChoiceField(
        Employer.objects.none(),
        label="Werkgever",
        to_field_name="uuid",
        empty_label="Kies een werkgever",
        error_messages={
            "required": "Kies een werkgever.",
            "invalid_choice": "Kies een van de werkgevers.",
        },
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        employers = Employer.objects.managed_by(user)
        self.employers = list(employers)
        if len(self.employers) == 1:
            del self.fields["employer"]
        else:
            field = cast("forms.ModelChoiceField[Employer]", self.fields["employer"])
            field.queryset = employers

    @property
    def chosen_employer(self) -> Employer:
        return self.cleaned_data.get("employer") or self.employers[0]


class InviteForm(ForEmployerForm):
    """Whom to invite. Whether somebody has this address already is not said here."""

    first_name = TypedField(
        partial(texts.name, max_length=150),
        label="Voornaam of voorletters",
        error_messages={"required": "Vul de voornaam of voorletters in."},
    )
    last_name = TypedField(
        partial(texts.name, max_length=150),
        label="Achternaam",
        help_text="Met tussenvoegsels.",
        error_messages={"required": "Vul de achternaam in."},
    )
    email = AddressField(
        label="E-mailadres",
        help_text="Het zakelijke adres van uw collega zelf; daarheen gaat de uitnodiging.",
        autocomplete="off",
        required_words="Vul het e-mailadres in.",
    )
    username = forms.CharField(
        label="Gebruikersnaam",
        help_text="Letters, cijfers en de tekens . + - _ ; geen spaties. Blijft altijd zo.",
        max_length=150,
        validators=[
            RegexValidator(
                r"\A[\w.+-]+\Z", "Gebruik alleen letters, cijfers en de tekens . + - _ ."
            )
        ],
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
        error_messages={
            "required": "Kies een gebruikersnaam.",
            "max_length": "Gebruik hooguit 150 tekens.",
        },
    )
    role = RoleField()

    field_order = ["employer"]

    def clean_username(self) -> str:
        """Free, also of the names that are typed in offers: a name that is free although it was
        just given out would say that its owner had an account.
        """
        name: str = self.cleaned_data["username"]
        users = User.objects.filter(username__iexact=name)
        if users.exists() or AccessOffer.objects.filter(username__iexact=name).exists():
            raise ValidationError("Deze gebruikersnaam is al in gebruik. Kies een andere.")
        return name

    @property
    def person(self) -> Person:
        names = ("username", "first_name", "last_name", "email")
        return Person(**{name: self.cleaned_data[name] for name in names})


class RoleForm(forms.Form):
    role = RoleField()


class StandInForm(ForEmployerForm):
    role = RoleField()
    starts_on = DayField(label="Eerste dag", error_messages={"required": "Vul de eerste dag in."})
    ends_on = DayField(
        label="Laatste dag",
        help_text="Die dag hoort er nog bij. Bijvoorbeeld 15-09-2026.",
        error_messages={"required": "Vul de laatste dag in."},
    )

    def clean_starts_on(self) -> date:
        day: date = self.cleaned_data["starts_on"]
        if day < timezone.localdate():
            raise ValidationError("Deze dag is al voorbij. Begin vandaag of later.")
        return day

    def clean(self) -> None:
        first, last = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if not first or not last:
            return
        if last < first:
            self.add_error("ends_on", "De laatste dag ligt vóór de eerste dag.")
        elif last - first > LONGEST_STAND_IN:
            self.add_error("ends_on", "Een vervanging duurt hooguit een jaar.")
