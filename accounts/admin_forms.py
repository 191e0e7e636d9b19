"""What staff fill in about users."""

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet

from accounts import phones
from accounts.models import AccountRecovery, Membership, User

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[User]
    InlineFormSet = BaseInlineFormSet[Membership, User, Any]
    UserChoiceField = forms.ModelChoiceField[User]
else:
    ModelForm = forms.ModelForm
    InlineFormSet = BaseInlineFormSet
    UserChoiceField = forms.ModelChoiceField


class UserForm(ModelForm):
    """Name and address of a user. No password: the user sets it through the link."""

    class Meta:
        model = User
        fields = ["username", "first_name", "last_name", "email", "is_active"]
        labels = {"first_name": "Voornaam of voorletters", "is_active": "Mag inloggen"}
        help_texts = {
            "username": "Letters, cijfers en de tekens . + - _ ; geen @.",
            "is_active": "Zet dit uit voor wie niet meer mag inloggen. Dat werkt direct.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.fields.keys() & {"first_name", "last_name"}:
            self.fields[name].required = True

    def clean_username(self) -> str:
        """At the field, and in any case: the database's own refusal would stand above the form."""
        username: str = self.cleaned_data["username"]
        if self._others().filter(username__iexact=username).exists():
            raise ValidationError("Deze gebruikersnaam bestaat al.")
        return username

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].strip()
        if self._others().filter(email__iexact=email).exists():
            raise ValidationError("Er is al een gebruiker met dit e-mailadres.")
        return email

    def clean_is_active(self) -> bool:
        is_active: bool = self.cleaned_data["is_active"]
        employer = self.instance.contact_for.first() if self.instance.pk else None
        if employer and not is_active:
            raise ValidationError(
                f"{self.instance} is de contactpersoon van {employer}. Kies daar eerst een ander."
            )
        return is_active

    def _others(self) -> Any:
        return User.objects.exclude(pk=self.instance.pk)


class EvidenceForm(forms.Form):
    """What was verified before anything is asked. A secret is nowhere asked for."""

    called_number = forms.CharField(
        label="Teruggebeld op nummer",
        help_text=(
            "Het nummer op de polis; van een collega het nummer in de personeelsadministratie."
            " Nooit een nummer dat de beller zelf noemt."
        ),
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        error_messages={"required": "Vul het nummer in waarop u hebt teruggebeld."},
    )
    evidence = forms.CharField(
        label="Wat hebt u nagegaan, en hoe?",
        help_text=(
            "Waaraan u zag dat dit de gebruiker zelf is, zodat een collega het kan beoordelen."
            " Geen wachtwoord, code of BSN."
        ),
        min_length=AccountRecovery.LEAST_EVIDENCE,
        max_length=AccountRecovery.MOST_TEXT,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={
            "required": "Vul in wat u hebt nagegaan.",
            "min_length": (
                f"Leg uit wat u hebt nagegaan en hoe, in minstens {AccountRecovery.LEAST_EVIDENCE}"
                " tekens."
            ),
        },
    )
    has_called = forms.BooleanField(
        label="Ik heb dit nummer zelf opgezocht en de gebruiker daarop teruggebeld",
        error_messages={"required": "Bel eerst terug op het nummer van de polis."},
    )

    def clean_called_number(self) -> str:
        """As E.164."""
        try:
            return phones.any_number(self.cleaned_data["called_number"])
        except phones.NoNumberError:
            raise ValidationError(
                "Dit is geen telefoonnummer. Vul het met netnummer in, of met + en landcode."
            ) from None


class ColleagueField(UserChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj} ({obj.username})"


class ColleagueForm(EvidenceForm):
    """Of whom as well: staff have no page of their own."""

    colleague = ColleagueField(
        label="Collega",
        queryset=User.objects.none(),
        empty_label="Kies…",
        error_messages={"required": "Kies wiens account wordt hersteld."},
    )
    field_order = ["colleague"]

    def __init__(self, *args: Any, by: User) -> None:
        super().__init__(*args)
        colleagues = User.objects.filter(is_staff=True, is_superuser=False, is_active=True)
        colleagues = colleagues.exclude(pk=by.pk).exclude(state=User.State.INVITED)
        cast(Any, self.fields["colleague"]).queryset = colleagues.order_by("username")


class ApprovalForm(forms.Form):
    has_checked = forms.BooleanField(
        label="Ik heb het nummer zelf nagekeken en het is het nummer op de polis of in de"
        " personeelsadministratie",
        error_messages={"required": "Kijk eerst zelf na of het nummer klopt."},
    )


class RefusalForm(forms.Form):
    reason = forms.CharField(
        label="Waarom weigert u?",
        help_text="Voor de collega die het aanvroeg. De gebruiker leest dit niet.",
        min_length=AccountRecovery.LEAST_REASON,
        max_length=AccountRecovery.MOST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Vul in waarom u weigert."},
    )
