"""What a password may be. Source: security.md 2.2 and B9 (ASVS 5.0, 6.2)."""

import unicodedata

import pytest
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.test import Client

from accounts.forms import LoginForm, NewPasswordForm
from accounts.models import Policy, User
from accounts.passwords import MIN_CHARACTERS, hint_words
from tests.accounts.steps import CHECK, add_app, give_password
from tests.factories import make_employer, make_member, make_policy

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    employer = make_employer("Uitzendbureau De Brug")
    make_policy(employer, product=Policy.Product.ZW_ERD, number="ZW-2024-0117")
    return make_member(
        employer, "avries", first_name="Annelotte", email="annelotte.de.vries@voorbeeld.test"
    )


def errors(password: str, user: User, again: str | None = None) -> list[str]:
    """What the form says, at the field where the password is typed."""
    form = NewPasswordForm(
        {"password": password, "again": password if again is None else again}, user=user
    )
    return form.errors.get("password", [])


@pytest.mark.parametrize("length", [12, 64, 128])
def test_from_12_to_128_characters(user: User, length: int) -> None:
    assert errors(("fiets 42 regen! " * 8)[: length - 1] + "q", user) == []


@pytest.mark.parametrize(
    ("password", "message"),
    [
        ("", "Kies een wachtwoord."),
        ("q" * 11, "Gebruik minstens 12 tekens."),
        ("q" * 129, "Gebruik niet meer dan 128 tekens."),
    ],
)
def test_no_less_and_no_more(user: User, password: str, message: str) -> None:
    assert errors(password, user) == [message]


@pytest.mark.parametrize(
    "password",
    [
        "alleen kleine letters",
        "ALLEEN HOOFDLETTERS",
        "731605882943",
        "!?#%&*()[]{}<>",
        "zonder\tspaties-of zo",
        "пароль без латиницы",
        "長い合言葉は強い合言葉です",
        "🐘🚲🌧🧀🦆🎻🧱🪁🥕🛶🎪🧭",
    ],
    ids=["small", "capitals", "digits", "signs", "tab", "Cyrillic", "Japanese", "emoji"],
)
def test_any_kind_of_character_will_do(user: User, password: str) -> None:
    assert errors(password, user) == []


def test_an_emoji_is_one_character(user: User) -> None:
    assert errors("🐘🚲🌧🧀🦆🎻🧱🪁🥕🛶🎪", user) == ["Gebruik minstens 12 tekens."]


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_the_same_letters_are_the_same_password(client: Client, user: User, form: str) -> None:
    typed = "één ﬁets in café"
    chosen = NewPasswordForm({"password": typed, "again": typed}, user=user)
    assert chosen.is_valid(), chosen.errors
    user.set_password(chosen.cleaned_data["password"])
    user.save()
    add_app(user)

    assert give_password(client, user, unicodedata.normalize(form, typed)).url == CHECK


def test_spaces_are_kept(user: User) -> None:
    password = "  twee ervoor, twee erna  "
    form = NewPasswordForm({"password": password, "again": password}, user=user)
    assert form.is_valid()

    assert form.cleaned_data["password"] == password
    login = LoginForm({"username": "a", "password": password})
    assert login.is_valid()
    assert login.cleaned_data["password"] == password


def test_every_common_password_that_is_long_enough_is_refused(user: User) -> None:
    known = CommonPasswordValidator().passwords
    common = [word for word in known if len(word) >= MIN_CHARACTERS]

    assert len(common) > 50
    accepted = [word for word in common if not errors(word, user)]
    assert accepted == []
    assert errors(common[0].upper(), user)


CONTEXT = [
    ("InComfort2026!", "the insurer"),
    ("in-comfort.2026", "the insurer, with a hyphen"),
    ("werkgeversportaal", "the portal"),
    ("Verzuim-2026", "what it is about"),
    ("ziekmelding123", "what it is about"),
    ("Welkom2026!!", "how every newcomer is greeted"),
    ("Zomer2026!!!!", "season and year"),
    ("herfst 2025 nr1", "season and year, apart"),
    ("uitzendbureau12", "the company's trade"),
    ("debrug-123456", "the company"),
    ("UitzendbureauDeBrug", "the company"),
    ("zw-2024-0117-ok", "the policy"),
    ("ZW20240117!!!!", "the policy, without hyphens"),
    ("avries-avries", "the username"),
    ("annelotte2026", "the first name"),
    ("AnnelotteDeVries", "the e-mail address"),
]


@pytest.mark.parametrize(("password", "about"), CONTEXT, ids=[about for _, about in CONTEXT])
def test_what_belongs_to_the_user_or_the_portal_is_refused(
    user: User, password: str, about: str
) -> None:
    assert errors(password, user), about


@pytest.mark.parametrize(
    "password", ["verzuim maakt mij niet bang", "op de brug over de Waal", "zomer, winter en lente"]
)
def test_such_a_word_in_a_longer_sentence_is_fine(user: User, password: str) -> None:
    assert errors(password, user) == []


def test_the_words_of_somebody_else_are_no_problem(user: User) -> None:
    stranger = make_member(make_employer("Flexwerk Zuid"), "bram")

    assert errors("zw-2024-0117-ok", stranger) == []


def test_both_fields_hold_the_same(user: User) -> None:
    form = NewPasswordForm(
        {"password": "vier losse woorden", "again": "vier losse woordem"}, user=user
    )

    assert form.errors == {"again": ["Dit is niet hetzelfde wachtwoord als hierboven."]}


def test_what_is_pasted_is_not_cut_off_by_the_browser(user: User) -> None:
    for form in (NewPasswordForm(user=user), LoginForm()):
        assert "maxlength" not in str(form["password"])


def test_the_hint_knows_the_words_but_no_policy(user: User) -> None:
    words = hint_words(user)

    assert {"incomfort", "debrug", "uitzendbureaudebrug", "avries", "annelottedevries"} <= {*words}
    assert not any("0117" in word for word in words)
    assert f'data-words="{" ".join(words)}"' in str(NewPasswordForm(user=user)["password"])


@pytest.mark.parametrize("path", ["/inloggen/", "/wachtwoord-vergeten/"])
def test_a_page_with_a_password_brings_its_script(client: Client, path: str) -> None:
    page = client.get(path).content.decode()

    assert ("js/password.js" in page) is ('type="password"' in page)
