"""/inloggen/passkey/: the second step with a passkey, and every way in which it must not work.

Source: security.md C11, C13, C16.
"""

import json
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEvent, OutgoingMessage, PasskeyDevice, User
from tests.accounts.authenticator import (
    ADD,
    LOGIN_PASSKEY,
    PRESENT,
    Authenticator,
    answer_with,
    options_on,
    send,
    with_passkey,
)
from tests.accounts.steps import (
    BACKUP,
    CHECK,
    CHOICE,
    LOGIN,
    START,
    add_app,
    give_password,
    is_inside,
)
from tests.login import login

pytestmark = pytest.mark.urls("tests.accounts.pages")
REFUSED = "Deze passkey is niet geaccepteerd."


def text(response) -> str:
    return response.content.decode()


def test_the_passkey_logs_in(client: Client, anna: User, key: Authenticator) -> None:
    assert give_password(client, anna).url == LOGIN_PASSKEY
    page = text(client.get(LOGIN_PASSKEY))
    assert ">Passkey gebruiken</button>" in page
    assert "Een passkey werkt alleen met JavaScript." in page

    assert answer_with(client, key).url == START
    assert is_inside(client)
    device = PasskeyDevice.objects.get()
    assert device.sign_count == 1
    assert device.last_used_at is not None


def test_staff_log_in_with_a_passkey_too(client: Client, hugo: User) -> None:
    key = with_passkey(hugo)
    add_app(hugo)
    assert give_password(client, hugo).url == CHOICE
    client.post(CHOICE, {"device": PasskeyDevice.objects.get().persistent_id})

    assert answer_with(client, key).url == "/beheer/"


def test_with_an_app_too_there_is_a_choice_by_name(client: Client, anna: User) -> None:
    key = with_passkey(anna)
    with_passkey(anna, name="Telefoon")
    add_app(anna)
    assert give_password(client, anna).url == CHOICE
    page = text(client.get(CHOICE))
    assert ">authenticatie-app</button>" in page
    assert page.count(">passkey</button>") == 1
    (device, *_) = PasskeyDevice.objects.all()

    assert client.post(CHOICE, {"device": device.persistent_id}).url == LOGIN_PASSKEY
    assert len(options_on(client, LOGIN_PASSKEY)["allowCredentials"]) == 2
    assert "Kies een andere inlogoptie" in text(client.get(LOGIN_PASSKEY))
    assert answer_with(client, key).url == START


def test_the_page_asks_for_a_verified_user_at_our_own_domain(client, anna: User, key) -> None:
    give_password(client, anna)
    options = options_on(client, LOGIN_PASSKEY)

    assert options["userVerification"] == "required"
    assert options["rpId"] == "localhost"
    assert options["challenge"] != options_on(client, LOGIN_PASSKEY)["challenge"]


def test_a_passkey_that_counts_nothing_works_again_and_again(anna: User) -> None:
    key = with_passkey(anna, counts=False)
    for _ in range(3):
        client = Client()
        give_password(client, anna)

        assert answer_with(client, key).url == START


@pytest.mark.parametrize(
    "lie",
    [
        {"flags": PRESENT},
        {"flags": 0x04},
        {"domain": "voorbeeld.test"},
        {"domain": "sub.localhost"},
        {"origin": "https://voorbeeld.test"},
        {"origin": "http://localhost:8000.voorbeeld.test"},
        {"origin": "http://localhost:8001"},
        {"key": Authenticator().key},
        {"credential_id": b"x" * 32},
        {"credential_id": b""},
    ],
    ids=[
        "user not verified",
        "user not present",
        "another domain",
        "a domain below ours",
        "another origin",
        "an origin that begins as ours",
        "another port",
        "another key",
        "an unknown passkey",
        "no passkey",
    ],
)
def test_what_is_not_ours_is_refused(client: Client, anna: User, key, lie) -> None:
    give_password(client, anna)
    response = answer_with(client, key.but(**lie))

    assert REFUSED in text(response)
    assert "<title>Fout: " in text(response)
    assert not is_inside(client)
    assert AuditEvent.objects.filter(action="login.passkey", outcome="FAILED").count() == 1


def test_somebody_elses_passkey_is_refused(client: Client, anna: User, bram: User, key) -> None:
    theirs = with_passkey(bram)
    give_password(client, anna)

    assert REFUSED in text(answer_with(client, theirs))
    assert not is_inside(client)
    assert PasskeyDevice.objects.get(user=bram).throttling_failure_count == 0


def test_an_answer_for_a_new_passkey_is_no_login(client: Client, anna: User, key) -> None:
    give_password(client, anna)
    options = options_on(client, LOGIN_PASSKEY)

    assert REFUSED in text(send(client, LOGIN_PASSKEY, key.make(options)))


def test_an_answer_counts_once(client: Client, anna: User) -> None:
    key = with_passkey(anna, counts=False)
    give_password(client, anna)
    answer = key.sign(options_on(client, LOGIN_PASSKEY))
    assert send(client, LOGIN_PASSKEY, answer).url == START
    other = Client()
    give_password(other, anna)
    options_on(other, LOGIN_PASSKEY)

    assert REFUSED in text(send(other, LOGIN_PASSKEY, answer))
    assert not is_inside(other)


def test_a_challenge_is_answered_once_even_when_the_session_still_has_it(client, anna) -> None:
    key = with_passkey(anna, counts=False)
    give_password(client, anna)
    answer = key.sign(options_on(client, LOGIN_PASSKEY))
    kept = dict(client.session)
    assert send(client, LOGIN_PASSKEY, answer).url == START
    stolen = Client()
    session = stolen.session
    session.update(kept)
    session.save()
    stolen.cookies["sid"] = session.session_key

    assert REFUSED in text(send(stolen, LOGIN_PASSKEY, answer))


def test_without_a_challenge_nothing_is_tried(client: Client, anna: User, key) -> None:
    give_password(client, anna)
    answer = key.sign(options_on(client, LOGIN_PASSKEY))
    session = client.session
    del session["passkey"]
    session.save()

    assert "Het duurde te lang" in text(send(client, LOGIN_PASSKEY, answer))
    assert PasskeyDevice.objects.get().throttling_failure_count == 0


def test_a_challenge_belongs_to_one_ceremony(client: Client, anna: User) -> None:
    """That of the account page does not log in, in the same session."""
    key = with_passkey(anna)
    login(client, anna)
    answer = key.sign(options_on(client, ADD))
    kept = client.session["passkey"]
    client.post("/uitloggen/")
    give_password(client, anna)
    client.post(CHOICE, {"device": PasskeyDevice.objects.get().persistent_id})
    session = client.session
    session["passkey"] = kept
    session.save()

    assert "Het duurde te lang" in text(send(client, LOGIN_PASSKEY, answer))


def test_after_five_minutes_the_password_is_asked_again(client: Client, anna: User, key) -> None:
    give_password(client, anna)
    answer = key.sign(options_on(client, LOGIN_PASSKEY))
    with time_machine.travel(timezone.now() + timedelta(seconds=301)):
        assert send(client, LOGIN_PASSKEY, answer).url == LOGIN


def test_a_counter_that_went_back_is_refused_and_told(client: Client, anna: User, key) -> None:
    copy = key.but()
    give_password(client, anna)
    assert answer_with(client, key).url == START
    thief = Client()
    give_password(thief, anna)
    response = answer_with(thief, copy)

    assert "misschien heeft iemand er een kopie van" in text(response)
    assert not is_inside(thief)
    assert AuditEvent.objects.get(action="account.passkey_copied").outcome == "DENIED"
    mail = OutgoingMessage.objects.order_by("-pk").first()
    assert mail.recipient == anna.email
    assert mail.subject == "Een passkey van uw account is mogelijk gekopieerd"
    assert "Mogelijk gekopieerd" in text(client.get("/account/"))
    assert "Passkey mogelijk gekopieerd" in text(client.get("/account/gebeurtenissen/"))


def test_without_the_key_nobody_makes_us_suspect_a_copy(client: Client, anna: User, key) -> None:
    PasskeyDevice.objects.update(sign_count=5)
    give_password(client, anna)
    answer_with(client, key.but(key=Authenticator().key))

    assert PasskeyDevice.objects.get().copied_at is None
    assert not AuditEvent.objects.filter(action="account.passkey_copied").exists()


def test_the_highest_count_there_is_fits(client: Client, anna: User, key) -> None:
    key.count = 2**32 - 2
    give_password(client, anna)

    assert answer_with(client, key).url == START


HOSTILE = [
    "",
    "x",
    "[]",
    "null",
    "{}",
    "\x00",
    "9" * 5_000,
    "[" * 15_000,
    '{"rawId": 5}',
    '{"rawId": "é"}',
    '{"rawId": null, "response": []}',
    "x" * 20_000,
]


def test_what_no_browser_sends_is_refused(client: Client, anna: User, key, tireless) -> None:
    give_password(client, anna)
    for answer in HOSTILE:
        client.get(LOGIN_PASSKEY)
        response = send(client, LOGIN_PASSKEY, answer)
        assert response.status_code == 200, answer[:20]
        assert "<title>Fout: " in text(response), answer[:20]

    assert not is_inside(client)


@pytest.mark.parametrize("part", ["clientDataJSON", "authenticatorData", "signature"])
def test_an_answer_with_a_hostile_part_is_refused(client, anna, key, tireless, part) -> None:
    give_password(client, anna)
    for value in (None, 5, [], {}, "", "é", "A", "AAAA", "x" * 3_000):
        answer = key.sign(options_on(client, LOGIN_PASSKEY))
        answer["response"][part] = value
        assert REFUSED in text(send(client, LOGIN_PASSKEY, answer)), value


def test_the_account_is_checked_once_more_after_the_answer(client, anna, key, monkeypatch) -> None:
    give_password(client, anna)
    answer = key.sign(options_on(client, LOGIN_PASSKEY))
    real = PasskeyDevice._accepts

    def accept_and_block(self, token):
        User.objects.filter(pk=anna.pk).update(is_active=False)
        return real(self, token)

    monkeypatch.setattr(PasskeyDevice, "_accepts", accept_and_block)
    send(client, LOGIN_PASSKEY, answer)

    assert "_auth_user_id" not in client.session


def test_without_the_password_there_is_no_challenge(client: Client, anna: User, key) -> None:
    for response in (client.get(LOGIN_PASSKEY), send(client, LOGIN_PASSKEY, "{}")):
        assert response.url == LOGIN
    assert "passkey" not in client.session


def test_who_has_no_passkey_is_led_back(client: Client, anna: User) -> None:
    add_app(anna)
    give_password(client, anna)

    assert client.get(LOGIN_PASSKEY).url == CHECK


def test_the_page_of_codes_leads_on_to_the_passkey(client: Client, anna: User, key) -> None:
    give_password(client, anna)

    assert client.get(CHECK).url == LOGIN_PASSKEY
    assert client.get(BACKUP).status_code == 200


def test_the_half_authenticated_can_make_no_passkey(client: Client, anna: User, key) -> None:
    """Only the password was given: GHSA-8r76-c459-ww98."""
    give_password(client, anna)
    options = options_on(client, LOGIN_PASSKEY)
    answer = Authenticator().make(options)
    for response in (client.get(ADD), send(client, ADD, answer, name="Van een dief")):
        assert response.url.startswith(LOGIN)

    assert PasskeyDevice.objects.count() == 1


def test_the_endpoints_of_the_package_are_not_there(client: Client, anna: User, key) -> None:
    give_password(client, anna)
    for path in ("registration", "authentication"):
        for step in ("begin", "complete"):
            assert client.post(f"/otp_webauthn/{path}/{step}/").status_code == 404
            assert client.post(f"/webauthn/{path}/{step}/").status_code == 404


def test_events_name_the_passkey_as_factor_and_no_signature(client, anna: User, key) -> None:
    give_password(client, anna)
    answer = key.sign(options_on(client, LOGIN_PASSKEY))
    send(client, LOGIN_PASSKEY, answer)
    events = AuditEvent.objects.order_by("-id")[:2]

    assert [(event.action, event.outcome) for event in events] == [
        ("login", "OK"),
        ("login.passkey", "OK"),
    ]
    assert events[0].detail == {"factor": "passkeydevice"}
    assert answer["response"]["signature"] not in json.dumps(list(events.values("detail")))
