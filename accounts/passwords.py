"""What a password may not be. No rules about kinds of characters. Source: security.md 2.2."""

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from django.core.exceptions import ValidationError

from accounts.models import Employer, Policy, User

MIN_CHARACTERS = 12

# What people who guess at this portal try first.
PORTAL_WORDS = (
    "incomfort",
    "werkgeversportaal",
    "verzuim",
    "ziekmelding",
    "ziekteverzuim",
    "uitzendbureau",
    "welkom",
)
SEASONS = ("lente", "voorjaar", "zomer", "herfst", "najaar", "winter")
SEASON_AND_YEAR = re.compile(rf"({'|'.join(SEASONS)})\W*(19|20)\d\d")
# "De Brug", "de-brug" and "de.brug" are one word to who guesses.
SEPARATORS = re.compile(r"[\s._-]+")
SHORTEST_WORD = 4
# What must be left of a password that holds such a word.
REST_CHARACTERS = 8


class LengthValidator:
    """Length is what makes a password strong. Django's text for this is not in Dutch yet."""

    def validate(self, password: str, user: Any = None) -> None:
        if len(password) < MIN_CHARACTERS:
            raise ValidationError(
                f"Gebruik minstens {MIN_CHARACTERS} tekens.", code="password_too_short"
            )

    def get_help_text(self) -> str:
        return f"Minstens {MIN_CHARACTERS} tekens."


class ContextWordValidator:
    """Refuses a password that is little more than a word that belongs to this portal or user."""

    def validate(self, password: str, user: Any = None) -> None:
        text = squeezed(password)
        rest = SEASON_AND_YEAR.sub("", text)
        for word in (*PORTAL_WORDS, *_words_of(user)):
            rest = rest.replace(word, "")
        if rest != text and len(rest) < REST_CHARACTERS:
            raise ValidationError(
                "Dit wachtwoord is te makkelijk te raden: het lijkt op uw naam, uw bedrijf, dit "
                "portaal of een jaargetijde. Kies iets anders, of maak het langer.",
                code="password_context",
            )

    def get_help_text(self) -> str:
        return "Gebruik niet de naam van uw bedrijf of van dit portaal."


def squeezed(text: str) -> str:
    """As it is compared: lower case, without what people put between words."""
    return SEPARATORS.sub("", text.lower())


def hint_words(user: User) -> list[str]:
    """The words for the hint while typing (static/js/password.js), longest first.

    Without the policy numbers: the page may be open to who has no more than the user's mailbox.
    """
    return _longest_first([*PORTAL_WORDS, *_own_names(user), *_company_names(user)])


def _words_of(user: Any) -> list[str]:
    """The user's own words, longest first: names, address, company names, policy numbers."""
    if not isinstance(user, User):
        return []
    policies = Policy.objects.filter(employer__memberships__user=user)
    numbers = policies.values_list("number", flat=True)
    return _longest_first([*_own_names(user), *_company_names(user), *numbers])


def _own_names(user: User) -> list[str]:
    return [user.username, user.first_name, user.last_name, user.email.split("@")[0]]


def _company_names(user: User) -> list[str]:
    """Of "Uitzendbureau De Brug" the whole name, each word, and each two words in a row."""
    names = []
    employers = Employer.objects.filter(memberships__user=user)
    for name in employers.values_list("name", flat=True):
        words = name.split()
        pairs = [f"{first} {second}" for first, second in pairwise(words)]
        names += [name, *words, *pairs]
    return names


def _longest_first(names: Iterable[str]) -> list[str]:
    words = {squeezed(name) for name in names}
    return sorted((word for word in words if len(word) >= SHORTEST_WORD), key=len, reverse=True)
