"""/inloggen/: the password, and that it alone opens nothing."""

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth import hashers
from django.test import Client

from accounts.models import AuditEvent, OutgoingMessage, Session, User
from tests.accounts.steps import (
    CHECK,
    CHOICE,
    LOGIN,
    START,
    add_app,
    add_sms,
    give_code,
    give_password,
    is_inside,
)
from tests.factories import PASSWORD, make_user
from tests.login import login, totp_code

pytestmark = pytest.mark.urls("tests.accounts.pages")
NEUTRAL = "Deze gebruikersnaam en dit wachtwoord horen niet bij elkaar."


def test_the_page_asks_for_username_and_password(client: Client, db: None) -> None:
    page = client.get(LOGIN).content.decode()

    assert "Gebruikersnaam" in page
    assert "Wachtwoord" in page
    assert ">Inloggen</button>" in page


@pytest.mark.parametrize(
    "name", ["anna", "ANNA", " anna ", "anna@voorbeeld.test", "Anna@Voorbeeld.test"]
)
def test_username_and_email_address_are_accepted_in_any_case(client, anna, name) -> None:
    add_app(anna)

    assert client.post(LOGIN, {"username": name, "password": PASSWORD}).url == CHECK


def test_the_same_password_in_another_unicode_form_is_right(client: Client, db: None) -> None:
    user = make_user("zoe")
    user.set_password("caf\u00e9 zonder einde")  # as set-up stores it: NFKC
    user.save()
    add_app(user)

    assert give_password(client, user, "cafe\u0301 zonder einde").url == CHECK


def test_the_password_alone_opens_nothing(client: Client, anna: User) -> None:
    add_app(anna)
    give_password(client, anna)

    assert not is_inside(client)
    assert "_auth_user_id" not in client.session
    assert not Session.objects.filter(user=anna).exists()


def test_the_session_gets_a_new_id_at_each_step(client: Client, anna: User) -> None:
    device = add_app(anna)
    client.get(LOGIN)
    ids = []
    for step in (lambda: give_password(client, anna), lambda: give_code(client, totp_code(device))):
        step()
        ids.append(client.cookies[settings.SESSION_COOKIE_NAME].value)

    assert len(set(ids)) == 2
    old = Client()
    old.cookies[settings.SESSION_COOKIE_NAME] = ids[0]
    assert not is_inside(old)
    assert old.get(CHECK).url == LOGIN


def test_a_session_id_set_by_somebody_else_is_of_no_use_to_him(client: Client, anna: User) -> None:
    device = add_app(anna)
    attacker = Client()
    attacker.post(LOGIN, {"username": "x", "password": "x"})
    session = attacker.session
    session["planted"] = "1"
    session.save()
    planted = session.session_key
    attacker.cookies[settings.SESSION_COOKIE_NAME] = planted
    client.cookies[settings.SESSION_COOKIE_NAME] = planted

    give_password(client, anna)
    assert attacker.get(CHECK).url == LOGIN
    give_code(client, totp_code(device))

    assert is_inside(client)
    assert not is_inside(attacker)


def outcome(client: Client, name: str, password: str = "fout wachtwoord") -> tuple[int, str]:
    response = client.post(LOGIN, {"username": name, "password": password})
    page = response.content.decode().replace(name, "NAAM")
    return response.status_code, page[page.index("<h1>") :].split("csrfmiddlewaretoken")[0]


def test_unknown_inactive_and_never_activated_look_like_a_wrong_password(anna: User) -> None:
    make_user("geblokkeerd", is_active=False)
    make_user("uitgenodigd", state=User.State.INVITED)
    never = make_user("nooit", state=User.State.INVITED)
    never.set_unusable_password()
    never.save()

    wrong = outcome(Client(), "anna")
    assert NEUTRAL in Client().post(LOGIN, {"username": "anna", "password": "x"}).content.decode()
    assert outcome(Client(), "bestaatniet") == wrong
    assert outcome(Client(), "geblokkeerd", PASSWORD) == wrong
    assert outcome(Client(), "uitgenodigd", PASSWORD) == wrong
    assert outcome(Client(), "nooit", PASSWORD) == wrong


def test_a_password_is_hashed_also_for_an_unknown_name(client, db, monkeypatch) -> None:
    hashed = count_hashes(monkeypatch)
    client.post(LOGIN, {"username": "bestaatniet", "password": "x"})

    assert len(hashed) == 1


def count_hashes(monkeypatch) -> list[str]:
    hashed: list[str] = []
    real = hashers.MD5PasswordHasher.encode

    def encode(self, password, salt):
        hashed.append(password)
        return real(self, password, salt)

    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", encode)
    return hashed


@pytest.mark.parametrize("name", ["anna", "bestaatniet"])
def test_after_ten_failures_nothing_is_hashed_any_more(client, anna, name, monkeypatch) -> None:
    for _ in range(10):
        outcome(client, name)
    hashed = count_hashes(monkeypatch)
    response = client.post(LOGIN, {"username": name, "password": PASSWORD})

    assert response.status_code == 429
    assert response.headers["Retry-After"] == "90"
    assert "Wacht 2 minuten" in response.content.decode()
    assert hashed == []


def test_username_and_address_of_one_account_share_their_tries(client, anna) -> None:
    for number in range(10):
        outcome(client, "anna" if number % 2 else anna.email)

    assert outcome(client, "anna")[0] == outcome(client, anna.email)[0] == 429


def test_the_owner_logs_in_from_a_known_browser_while_strangers_guess(client, anna) -> None:
    device = add_app(anna)
    give_password(client, anna)
    give_code(client, totp_code(device))
    client.post("/uitloggen/")
    for _ in range(15):
        outcome(Client(), "anna")

    assert give_password(Client(), anna).status_code == 429
    assert give_password(client, anna).url == CHECK


def test_a_forged_forwarded_address_does_not_help_to_guess_on(client, anna, settings) -> None:
    settings.TRUSTED_PROXIES = 1
    statuses = []
    for number in range(30):
        forwarded = f"198.51.100.{number}, 203.0.113.9"
        name = f"gebruiker{number}"
        response = client.post(
            LOGIN, {"username": name, "password": "x"}, headers={"x-forwarded-for": forwarded}
        )
        statuses.append(response.status_code)

    assert statuses == [200] * 20 + [429] * 10


@pytest.mark.parametrize(
    "data",
    [
        {"csrfmiddlewaretoken": "x"},
        {"username": "anna"},
        {"password": "x"},
        {"username": "anna\x00", "password": "x\x00"},
        {"username": "a" * 300, "password": "b" * 300},
        {"username": ["anna", "bram"], "password": ["x", "y"]},
        {"username": "\U0001f600 \u202e", "password": "\u0660"},
    ],
)
def test_bad_input_gets_the_page_again_with_an_error(client, anna, data) -> None:
    response = client.post(LOGIN, data)

    assert response.status_code == 200
    assert "<title>Fout: Inloggen" in response.content.decode()


def test_who_is_inside_goes_on_to_the_start_page(client: Client, anna: User) -> None:
    login(client, anna)

    assert client.get(LOGIN).url == START


def test_with_both_factors_the_user_chooses(client: Client, anna: User) -> None:
    sms, app = add_sms(anna), add_app(anna)

    assert give_password(client, anna).url == CHOICE
    page = client.get(CHOICE).content.decode()
    assert f'value="{sms.persistent_id}">sms</button>' in page
    assert f'value="{app.persistent_id}">authenticatie-app</button>' in page
    assert "+31612345678" not in page
    assert not OutgoingMessage.objects.exists()


@pytest.mark.parametrize("value", ["", "x", "accounts.user/1", "x" * 300, "\x00"])
def test_a_made_up_choice_shows_the_choice_again(client, anna, value) -> None:
    add_sms(anna)
    add_app(anna)
    give_password(client, anna)

    assert client.post(CHOICE, {"device": value}).status_code == 200


def test_the_factor_of_somebody_else_cannot_be_chosen(client, anna, bram) -> None:
    add_sms(anna)
    add_app(anna)
    strange = add_app(bram)
    give_password(client, anna)

    assert client.post(CHOICE, {"device": strange.persistent_id}).status_code == 200
    assert client.get(CHECK).url == CHOICE


def test_an_unconfirmed_factor_is_no_factor(client: Client, anna: User) -> None:
    add_app(anna)
    add_sms(anna, confirmed=False)

    assert give_password(client, anna).url == CHECK


def test_without_any_factor_the_password_leads_to_who_can_help(client: Client, hugo: User) -> None:
    add_sms(hugo)  # staff do not log in with sms
    assert give_password(client, hugo).url == CHOICE

    assert "Bel InComfort" in client.get(CHOICE).content.decode()
    assert client.get(CHECK).url == CHOICE


def test_staff_never_get_an_sms(client: Client, hugo: User) -> None:
    add_sms(hugo)
    add_app(hugo)

    assert give_password(client, hugo).url == CHECK
    assert "Authenticatiecode" in client.get(CHECK).content.decode()
    assert not OutgoingMessage.objects.exists()


def test_the_pending_login_ends_after_five_minutes(client: Client, anna: User) -> None:
    device = add_app(anna)
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        give_password(client, anna)
        clock.shift(299)
        assert client.get(CHECK).status_code == 200
        clock.shift(2)
        assert give_code(client, totp_code(device)).url == LOGIN
    assert not is_inside(client)


@pytest.mark.parametrize("change", ["password", "email", "epoch", "blocked", "state"])
def test_the_pending_login_ends_with_a_change_of_the_account(client, anna, change) -> None:
    device = add_app(anna)
    give_password(client, anna)
    if change == "password":
        anna.set_password("een heel ander wachtwoord")
    elif change == "email":
        anna.email = "anders@voorbeeld.test"
    elif change == "epoch":
        anna.security_epoch += 1
    elif change == "blocked":
        anna.is_active = False
    else:
        anna.state = User.State.INVITED
    anna.save()

    assert give_code(client, totp_code(device)).url == LOGIN
    assert not is_inside(client)


@pytest.mark.parametrize("path", [CHOICE, CHECK])
def test_without_a_password_the_next_steps_lead_back(client: Client, db: None, path: str) -> None:
    assert client.get(path).url == LOGIN
    assert client.post(path, {"code": "123456"}).url == LOGIN


def test_each_outcome_is_one_event(client: Client, anna: User) -> None:
    add_app(anna)
    outcome(client, "bestaatniet")
    outcome(client, "anna")
    give_password(client, anna)

    events = AuditEvent.objects.filter(action="login.password").order_by("id")
    assert [(e.outcome, e.actor, e.object_id) for e in events] == [
        ("FAILED", None, ""),
        ("FAILED", None, str(anna.pk)),
        ("OK", anna, str(anna.pk)),
    ]
    assert "bestaatniet" not in str(list(events.values()))
