"""Forms of the accounts app, and what other apps' forms build on."""

import json
import unicodedata
from functools import partial
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

from accounts import texts
from accounts.fields import AddressField, TypedField
from accounts.models import AccessRequest, BackupCodeDevice, User
from accounts.passwords import MIN_CHARACTERS, hint_words
from accounts.phones import NoMobileNumberError, country_choices, mobile_number

PASSWORD_LENGTH = 128


class SubmissionForm(forms.Form):
    """A form whose submission is known by a uuid: sent twice, it is stored once.

    The view stores `cleaned_data["submission"]` on the row that it makes (a unique column), and
    when it is there already redirects to the first result.
    """

    submission = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class PasswordInput(forms.PasswordInput):
    """With the script that shows what is typed, and how strong it is."""

    class Media:
        js = [forms.Script("js/password.js", type="module")]


class PasswordField(forms.CharField):
    """A password as typed; the same letters in another Unicode form are the same password."""

    def __init__(self, *, autocomplete: str, **kwargs: Any) -> None:
        attrs = {"autocomplete": autocomplete}
        kwargs.setdefault("max_length", PASSWORD_LENGTH)
        super().__init__(strip=False, widget=PasswordInput(attrs=attrs), **kwargs)

    def to_python(self, value: Any) -> str:
        return unicodedata.normalize("NFKC", super().to_python(value) or "")

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No `maxlength`: a browser would cut off what is pasted, without a word about it."""
        return {}


class LoginForm(forms.Form):
    username = forms.CharField(
        label="Gebruikersnaam",
        help_text="Of uw e-mailadres.",
        max_length=254,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
        error_messages={"required": "Vul uw gebruikersnaam in."},
    )
    password = PasswordField(
        label="Wachtwoord",
        autocomplete="current-password",
        error_messages={"required": "Vul uw wachtwoord in."},
    )


class ForgottenForm(forms.Form):
    username = forms.CharField(
        label="Gebruikersnaam of e-mailadres",
        max_length=254,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
        error_messages={"required": "Vul uw gebruikersnaam of e-mailadres in."},
    )


class CodeField(forms.CharField):
    """Six digits; spaces between them do no harm."""

    default_validators = [RegexValidator(r"\A[0-9]{6}\Z", "Een code bestaat uit zes cijfers.")]

    def to_python(self, value: Any) -> str:
        return "".join((super().to_python(value) or "").split(" "))


class CodeForm(forms.Form):
    code = CodeField(
        max_length=20,
        widget=forms.TextInput(
            attrs={"class": "code-input", "inputmode": "numeric", "autocomplete": "one-time-code"}
        ),
        error_messages={"required": "Vul de code in.", "max_length": "De code heeft zes cijfers."},
    )

    def __init__(self, *args: Any, label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = label


class BackupCodeForm(forms.Form):
    code = forms.CharField(
        label="Back-up code",
        help_text="25 letters en cijfers. Hoofdletters en streepjes maken niet uit.",
        max_length=BackupCodeDevice.LENGTH * 2,
        widget=forms.TextInput(
            attrs={
                "class": "code-input code-input-long",
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
            }
        ),
        error_messages={"required": "Vul uw back-up code in."},
    )


class NewPasswordForm(forms.Form):
    """A new password, twice: a browser without script cannot show what was typed.

    The page gets words that guessers try, for a hint while typing; `validate_password` decides.
    """

    password = PasswordField(
        label="Nieuw wachtwoord",
        help_text="Minstens 12 tekens. Een paar losse woorden na elkaar is sterk.",
        autocomplete="new-password",
        error_messages={
            "required": "Kies een wachtwoord.",
            "max_length": "Gebruik niet meer dan 128 tekens.",
        },
    )
    again = PasswordField(
        label="Herhaal het nieuwe wachtwoord",
        autocomplete="new-password",
        error_messages={"required": "Vul het wachtwoord nog een keer in."},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["password"].widget.attrs |= {
            "data-min": MIN_CHARACTERS,
            "data-words": " ".join(hint_words(user)),
        }

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, self.user)
        return password

    def clean(self) -> None:
        first, second = self.cleaned_data.get("password"), self.cleaned_data.get("again")
        if first and second and first != second:
            self.add_error("again", "Dit is niet hetzelfde wachtwoord als hierboven.")


class AddressForm(forms.Form):
    """Another e-mail address. Whether somebody else has it already is not said here."""

    email = forms.EmailField(
        label="Nieuw e-mailadres",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "class": "width-full"}),
        error_messages={
            "required": "Vul uw nieuwe e-mailadres in.",
            "invalid": "Dit is geen e-mailadres. Controleer het op typefouten.",
            "max_length": "Een e-mailadres heeft niet meer dan 254 tekens.",
        },
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_email(self) -> str:
        address: str = self.cleaned_data["email"]
        if address.lower() == self.user.email.lower():
            raise ValidationError("Dit adres heeft uw account al.")
        return address


class CurrentPasswordForm(forms.Form):
    password = PasswordField(
        label="Wachtwoord",
        autocomplete="current-password",
        error_messages={"required": "Vul uw wachtwoord in."},
    )


class MobileForm(forms.Form):
    country = forms.ChoiceField(
        label="Land",
        choices=country_choices,
        initial="NL",
        error_messages={"required": "Kies een land."},
    )
    number = forms.CharField(
        label="Mobiel nummer",
        help_text="Met of zonder de eerste 0. Bijvoorbeeld 06 12345678.",
        max_length=30,
        widget=forms.TextInput(
            attrs={"class": "width-phone", "inputmode": "tel", "autocomplete": "tel", "type": "tel"}
        ),
        error_messages={"required": "Vul uw mobiele nummer in."},
    )

    def clean_number(self) -> str:
        """As E.164, for the country that was chosen."""
        try:
            region = self.cleaned_data.get("country", "NL")
            return mobile_number(self.cleaned_data["number"], region)
        except NoMobileNumberError:
            raise ValidationError(
                "Dit is geen mobiel nummer uit een van deze landen. Controleer land en nummer."
            ) from None


class HasAppForm(forms.Form):
    has_app = forms.ChoiceField(
        label="Staat er al een authenticatie-app op uw telefoon?",
        choices=[("ja", "Ja, ik heb al een app"), ("nee", "Nee, nog niet")],
        widget=forms.RadioSelect(attrs={"class": "choices-cards"}),
        error_messages={"required": "Kies of u al een app hebt."},
    )


class PasskeyField(forms.CharField):
    """What the browser answered, as JSON, put here by static/js/passkey.js."""

    # An answer with the largest keys in use is half of this.
    MAX_CHARACTERS = 16_000
    NO_ANSWER = "Er kwam geen antwoord van een passkey. Probeer het opnieuw."

    def __init__(self) -> None:
        super().__init__(
            max_length=self.MAX_CHARACTERS,
            widget=forms.HiddenInput(attrs={"autocomplete": "off"}),
            error_messages={"required": self.NO_ANSWER, "max_length": self.NO_ANSWER},
        )

    def clean(self, value: Any) -> dict[str, Any]:
        text = super().clean(value)
        try:
            answer = json.loads(text)
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict):
            raise ValidationError(self.NO_ANSWER)
        return answer


class PasskeyForm(forms.Form):
    answer = PasskeyField()


class NewPasskeyForm(PasskeyForm):
    field_order = ["name", "answer"]

    name = forms.CharField(
        label="Naam",
        help_text="Waaraan u deze passkey herkent. Bijvoorbeeld Laptop kantoor.",
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Geef de passkey een naam.",
            "max_length": "Een naam heeft niet meer dan 64 tekens.",
        },
    )

    def clean(self) -> None:
        if "name" in self.errors:  # then no passkey was made yet: one thing at a time
            self.errors.pop("answer", None)


class BackupNotedForm(forms.Form):
    is_noted = forms.BooleanField(
        label="Ik heb mijn back-up code bewaard",
        error_messages={
            "required": "Bewaar eerst uw back-up code en zet daarna het vinkje. Zonder deze code "
            "kunt u niet inloggen als u uw telefoon kwijt bent."
        },
    )


def own_mobile(text: str) -> str:
    """As E.164: Dutch, or of another country that may get sms when it begins with + or 00."""
    try:
        return mobile_number(text, "NL")
    except NoMobileNumberError:
        raise ValidationError(
            "Dit is geen mobiel nummer. Begin bij een buitenlands nummer met + en de landcode."
        ) from None


class AccessRequestForm(SubmissionForm):
    """Geen e-mail ontvangen: the seven data of help page 9. Checks their form, and nothing else."""

    TRAP = "onderwerp"  # a field that people do not see; whoever fills it in is a program

    company_name = TypedField(
        partial(texts.line, max_length=200),
        label="Bedrijfsnaam",
        attrs={"autocomplete": "organization"},
        error_messages={"required": "Vul de naam van uw bedrijf in."},
    )
    policy_number = TypedField(
        texts.policy_number,
        label="Polisnummer",
        help_text="Het staat op uw polis.",
        error_messages={"required": "Vul het polisnummer in."},
    )
    salutation = forms.ChoiceField(
        label="Aanhef",
        choices=AccessRequest.Salutation.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Kies hoe wij u aanspreken.",
            "invalid_choice": "Kies een van de mogelijkheden.",
        },
    )
    initials = TypedField(
        partial(texts.name, max_length=20),
        label="Voorletter(s)",
        width="width-prefix",
        error_messages={"required": "Vul uw voorletter(s) in."},
    )
    surname = TypedField(
        partial(texts.name, max_length=150),
        label="Achternaam",
        help_text="Met tussenvoegsels.",
        attrs={"autocomplete": "family-name"},
        error_messages={"required": "Vul uw achternaam in."},
    )
    email = AddressField(
        label="E-mailadres",
        help_text="Waarop u de e-mail van ons verwacht.",
        autocomplete="email",
        required_words="Vul uw e-mailadres in.",
    )
    mobile = TypedField(
        own_mobile,
        label="Mobiele telefoonnummer",
        help_text="Bijvoorbeeld 06 12345678.",
        width="width-phone",
        attrs={"autocomplete": "tel", "inputmode": "tel"},
        error_messages={"required": "Vul uw mobiele telefoonnummer in."},
    )

    @property
    def is_from_a_program(self) -> bool:
        return bool(self.data.get(self.TRAP))
