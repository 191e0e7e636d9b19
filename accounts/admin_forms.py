"""What staff fill in about users."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet

from accounts.models import Membership, User

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[User]
    InlineFormSet = BaseInlineFormSet[Membership, User, Any]
else:
    ModelForm = forms.ModelForm
    InlineFormSet = BaseInlineFormSet


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
