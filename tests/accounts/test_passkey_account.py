"""/account/passkey-toevoegen/ and passkeys on the account page. Source: security.md C16-C18."""

import json
from datetime import timedelta

import cbor2
import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.actions.account import (
    LastFactorError,
    TooManyPasskeysError,
    add_passkey,
    remove_factor,
)
from accounts.models import AuditEvent, BackupCodeDevice, PasskeyDevice, TotpDevice, User
from accounts.passkeys import RefusedAnswerError, store_new
from tests.accounts.authenticator import (
    ADD,
    PRESENT,
    Authenticator,
    options_on,
    send,
    to_bytes,
    to_text,
    with_passkey,
)
from tests.accounts.steps import BACKUP, add_sms, give_password, sms_code
from tests.factories import PASSWORD
from tests.jobs import run_jobs
from tests.login import login

ACCOUNT, CONFIRM = "/account/", "/account/bevestigen/"
NAME = "Laptop kantoor"
REFUSED = "Deze passkey is niet geaccepteerd."


@pytest.fixture
def device(client: Client, anna: User) -> TotpDevice:
    return login(client, anna)


def make(client: Client, name: str = NAME, authenticator: Authenticator | None = None):
    answer = (authenticator or Authenticator()).make(options_on(client, ADD))
    return send(client, ADD, answer, name=name)


def removal_of(passkey: PasskeyDevice) -> str:
    return f"/account/passkeys/{passkey.pk}/verwijderen/"


def text(response) -> str:
    return response.content.decode()


def is_in(client: Client) -> bool:
    return client.get("/start/").status_code == 200


@pytest.mark.parametrize("person", ["anna", "ilse", "hugo"])
def test_a_passkey_is_made_under_a_name(client: Client, anna, request, person) -> None:
    user = request.getfixturevalue(person)
    login(client, user)
    assert ">Passkey maken</button>" in text(client.get(ADD))
    authenticator = Authenticator(count=3)

    assert make(client, authenticator=authenticator).url == ACCOUNT
    passkey = PasskeyDevice.objects.get(user=user)
    assert (passkey.name, passkey.sign_count) == (NAME, 3)
    assert bytes(passkey.credential_id) == authenticator.credential_id
    page = text(client.get(ACCOUNT))
    assert "Uw passkey is toegevoegd." in page
    assert NAME in page
    assert f"Gemaakt op {timezone.localdate():%d-%m-%Y} · nog niet gebruikt" in page


def test_what_is_asked_of_the_browser(client: Client, anna: User, device) -> None:
    known = with_passkey(anna)
    options = options_on(client, ADD)

    assert options["rp"] == {"id": "localhost", "name": "InComfort werkgeversportaal"}
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["attestation"] == "none"
    assert [one["id"] for one in options["excludeCredentials"]] == [to_text(known.credential_id)]
    assert options["user"]["name"] == "anna"
    assert to_bytes(options["user"]["id"]) not in {b"anna", str(anna.pk).encode()}
    assert options["user"]["id"] == options_on(client, ADD)["user"]["id"]


def test_other_sessions_end_and_it_is_told(client: Client, anna: User, device) -> None:
    elsewhere = Client()
    login(elsewhere, anna)
    make(client)
    run_jobs()

    assert is_in(client)
    assert not is_in(elsewhere)
    assert [email.subject for email in mail.outbox] == ["Uw 2-stappen controle is gewijzigd"]
    event = AuditEvent.objects.get(action="account.factor_added")
    assert (event.outcome, event.object_type) == ("OK", "accounts.passkeydevice")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "Geef de passkey een naam."),
        ("   ", "Geef de passkey een naam."),
        ("x" * 65, "Een naam heeft niet meer dan 64 tekens."),
        ("a\x00b", "Naam: "),
    ],
)
def test_a_name_that_may_not_be_is_explained(client, anna, device, name, said) -> None:
    page = text(make(client, name))

    assert said in page
    assert "Er kwam geen antwoord" not in page
    assert not PasskeyDevice.objects.exists()


def test_a_missing_answer_keeps_the_name(client: Client, anna: User, device) -> None:
    page = text(send(client, ADD, "", name=NAME))

    assert "Er kwam geen antwoord van een passkey." in page
    assert f'value="{NAME}"' in page


@pytest.mark.parametrize(
    "lie",
    [
        {"flags": PRESENT},
        {"flags": 0x04},
        {"domain": "voorbeeld.test"},
        {"origin": "https://voorbeeld.test"},
        {"origin": "http://localhost:8001"},
        {"credential_id": b""},
    ],
    ids=["user not verified", "user not present", "domain", "origin", "port", "no id"],
)
def test_what_is_not_ours_is_not_stored(client: Client, anna: User, device, lie) -> None:
    response = make(client, authenticator=Authenticator(**lie))

    assert REFUSED in text(response)
    assert not PasskeyDevice.objects.exists()
    assert AuditEvent.objects.get(action="account.factor_added").outcome == "FAILED"


def test_an_answer_is_stored_once(client: Client, anna: User, device) -> None:
    answer = Authenticator().make(options_on(client, ADD))
    send(client, ADD, answer, name=NAME)

    assert "Het duurde te lang" in text(send(client, ADD, answer, name="Nog een"))
    options_on(client, ADD)
    assert REFUSED in text(send(client, ADD, answer, name="Nog een"))
    assert PasskeyDevice.objects.count() == 1


def test_a_challenge_is_answered_once_even_when_the_session_still_has_it(client, anna, device):
    challenge = to_text(b"x" * 64)
    for _ in range(2):
        answer = Authenticator().make({"challenge": challenge})
        add_passkey(by=anna, name=NAME, challenge=challenge, answer=answer)

    assert PasskeyDevice.objects.count() == 1


def test_a_passkey_of_somebody_else_is_not_stored_as_ones_own(client, anna, bram, device) -> None:
    theirs = with_passkey(bram)

    assert REFUSED in text(make(client, authenticator=theirs))
    assert PasskeyDevice.objects.get().user == bram


def test_a_login_is_no_new_passkey(client: Client, anna: User, device) -> None:
    answer = Authenticator().sign(options_on(client, ADD))

    assert REFUSED in text(send(client, ADD, answer, name=NAME))


SHAPES = ["none", "packed", "tpm", "android-key", "android-safetynet", "fido-u2f", "apple", 5]
STATEMENTS = [{"x5c": [b"x"], "sig": b"", "alg": -7}, {"ver": 5}, {"certInfo": 5}, [], None, 5]


@pytest.mark.parametrize("shape", SHAPES)
def test_an_attestation_of_any_shape_is_refused_or_nothing_more(anna: User, shape) -> None:
    """Nobody asked for one; who sends one all the same must not break anything."""
    options = {"challenge": to_text(b"x" * 64)}
    for statement in STATEMENTS:
        answer = Authenticator().make(options)
        data = cbor2.loads(to_bytes(answer["response"]["attestationObject"]))["authData"]
        sent = cbor2.dumps({"fmt": shape, "attStmt": statement, "authData": data[:-40]})
        answer["response"]["attestationObject"] = to_text(sent)
        with pytest.raises(RefusedAnswerError):
            store_new(anna, NAME, options["challenge"], answer)


def test_wrong_answers_are_counted_with_wrong_codes(client: Client, anna: User, device) -> None:
    for _ in range(10):
        make(client, authenticator=Authenticator(flags=PRESENT))

    assert "Wacht 6 minuten" in text(make(client))
    assert not PasskeyDevice.objects.exists()


def test_ten_is_the_most(client: Client, anna: User, device) -> None:
    for number in range(10):
        with_passkey(anna, name=f"Apparaat {number}")
    page = text(client.get(ADD, follow=True))

    assert "U hebt al 10 passkeys. Verwijder er eerst een." in page
    assert "Passkey toevoegen" not in page
    with pytest.raises(TooManyPasskeysError):
        add_passkey(by=anna, name=NAME, challenge="x", answer={})


@pytest.mark.parametrize("method", ["get", "post"])
def test_sixteen_minutes_after_the_login_both_steps_are_asked(client, anna, device, method) -> None:
    passkey = _stored(anna)
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        for page in (ADD, removal_of(passkey)):
            assert getattr(client, method)(page).url == CONFIRM

    assert PasskeyDevice.objects.count() == 1


def test_a_passkey_confirms_a_change(client: Client, anna: User) -> None:
    login(client, anna)
    key = with_passkey(anna)
    TotpDevice.objects.filter(user=anna).update(confirmed=False)
    session = client.session
    session["otp_device_id"] = PasskeyDevice.objects.get().persistent_id
    session.save()
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        client.get(ADD)
        assert client.post(CONFIRM, {"password": PASSWORD}).url == "/inloggen/passkey/"
        options = options_on(client, "/inloggen/passkey/")
        assert send(client, "/inloggen/passkey/", key.sign(options)).url == ADD
        assert client.get(ADD).status_code == 200


def _stored(user: User, **kwargs) -> PasskeyDevice:
    with_passkey(user, **kwargs)
    return PasskeyDevice.objects.filter(user=user).latest("pk")


def test_a_passkey_is_removed_by_name(client: Client, anna: User, device) -> None:
    kept, gone = _stored(anna), _stored(anna, name="Oude telefoon")
    page = text(client.get(removal_of(gone)))
    assert "Passkey verwijderen" in page
    assert "Oude telefoon" in page
    elsewhere = Client()
    login(elsewhere, anna)

    assert client.post(removal_of(gone)).url == ACCOUNT
    assert PasskeyDevice.objects.get() == kept
    assert is_in(client)
    assert not is_in(elsewhere)
    assert AuditEvent.objects.get(action="account.factor_removed").detail == {
        "factor": "passkeydevice"
    }


def test_the_session_of_a_removed_passkey_goes_on_with_another_factor(client, anna, device) -> None:
    passkey = _stored(anna)
    session = client.session
    session["otp_device_id"] = passkey.persistent_id
    session.save()
    client.post(removal_of(passkey))

    assert is_in(client)


def test_the_last_passkey_stays_when_there_is_nothing_else(client, anna, device) -> None:
    passkey = _stored(anna)
    session = client.session
    session["otp_device_id"] = passkey.persistent_id
    session.save()
    client.post("/account/app-verwijderen/")
    assert not TotpDevice.objects.exists()

    assert "Dit is uw enige inlogoptie" in text(client.get(removal_of(passkey)))
    assert client.post(removal_of(passkey)).status_code == 409
    assert "Verwijderen" not in text(client.get(ACCOUNT))
    with pytest.raises(LastFactorError):
        remove_factor(by=anna, device=passkey)
    assert PasskeyDevice.objects.exists()


def test_somebody_elses_passkey_is_not_there(client: Client, anna, bram, device) -> None:
    passkey = _stored(bram, name="Van Bram")

    assert "Van Bram" not in text(client.get(ACCOUNT))
    for address in (removal_of(passkey), "/account/passkeys/99999999999999999999/verwijderen/"):
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404
    assert PasskeyDevice.objects.exists()


def test_after_a_lost_phone_the_first_new_factor_replaces_every_passkey(client, anna) -> None:
    code = BackupCodeDevice.new_code()
    BackupCodeDevice.objects.create(user=anna, code_hash=BackupCodeDevice.hash_of(anna.pk, code))
    add_sms(anna, "+31687654321")
    with_passkey(anna)
    with_passkey(anna, name="Telefoon")
    give_password(client, anna)
    client.post(BACKUP, {"code": code})
    assert PasskeyDevice.objects.count() == 2
    client.post("/activeren/sms/", {"country": "NL", "number": "0612345678"})
    client.post("/activeren/sms/controle/", {"code": sms_code()})

    assert not PasskeyDevice.objects.exists()


def test_who_is_setting_up_again_can_make_no_passkey(client: Client, anna: User) -> None:
    code = BackupCodeDevice.new_code()
    BackupCodeDevice.objects.create(user=anna, code_hash=BackupCodeDevice.hash_of(anna.pk, code))
    with_passkey(anna)
    give_password(client, anna)
    client.post(BACKUP, {"code": code})

    assert client.get(ADD).url.startswith("/inloggen/")
    assert client.post(ADD, {"name": NAME, "answer": json.dumps({})}).url.startswith("/inloggen/")


def test_a_removed_passkey_ends_the_sessions_that_it_opened(client, anna, device) -> None:
    passkey = _stored(anna)
    session = client.session
    session["otp_device_id"] = passkey.persistent_id
    session.save()
    assert is_in(client)
    passkey.delete()

    assert not is_in(client)
