"""/activeren/...: from the link to an active account; no step can be skipped, none done twice."""

import re
import threading
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actions.users import AlreadyActiveError, invite
from accounts.models import (
    AuditEvent,
    BackupCodeDevice,
    OneTimeLink,
    OutgoingMessage,
    SmsDevice,
    TotpDevice,
    User,
)
from tests.accounts.steps import LOGIN, START, give_code, give_password, sms_code, sms_count
from tests.factories import make_user
from tests.jobs import run_jobs
from tests.login import totp_code

pytestmark = pytest.mark.urls("tests.accounts.pages")

NEW_PASSWORD = "vier losse woorden samen"
BASE = "/activeren/"
WELCOME, PASSWORD, RESUME = BASE + "gebruikersnaam/", BASE + "wachtwoord/", BASE + "verder/"
CHOOSE, SMS, SMS_CHECK = BASE + "keuze/", BASE + "sms/", BASE + "sms/controle/"
SMS_RESEND, APP, APP_CHECK = BASE + "sms/opnieuw/", BASE + "app/", BASE + "app/controle/"
NO_EXTRA, BACKUP, DONE = BASE + "geen-extra/", BASE + "back-up-code/", BASE + "klaar/"
INVALID = BASE + "ongeldig/"
STEPS = [WELCOME, PASSWORD, RESUME, CHOOSE, SMS, SMS_CHECK, APP, APP_CHECK, NO_EXTRA, BACKUP]


@pytest.fixture
def noor(db: None) -> User:
    """Invited, nothing done yet."""
    user = make_user("noor", state=User.State.INVITED)
    user.set_unusable_password()
    user.save()
    return user


def link_for(user: User, by: User) -> str:
    """The path in the e-mail that the invitation sends."""
    invite(by=by, user=user)
    run_jobs()
    text = str(mail.outbox[-1].body)
    found = re.search(r"http://localhost:8000(/activeren/[^/\s]+/)", text)
    assert found
    return found.group(1)


@pytest.fixture
def link(noor: User, ilse: User) -> str:
    return link_for(noor, ilse)


def set_password(client: Client, link: str):
    client.get(link)
    return client.post(PASSWORD, {"password": NEW_PASSWORD, "again": NEW_PASSWORD})


def register_sms(client: Client):
    client.post(SMS, {"country": "NL", "number": "06 12345678"})
    return client.post(SMS_CHECK, {"code": sms_code()})


def register_app(client: Client):
    client.post(APP, {"has_app": "ja"})
    device = TotpDevice.objects.get(confirmed=False)
    return client.post(APP_CHECK, {"code": totp_code(device)})


def shown_backup_code(client: Client) -> str:
    found = re.search(r'id="backup-code">([^<]+)<', client.get(BACKUP).content.decode())
    assert found
    return found.group(1)


def state(user: User) -> str:
    return User.objects.get(pk=user.pk).state


# --- The steps of help page 1 ---------------------------------------------------------------


def test_the_steps_of_the_help_page_with_sms_only(client: Client, noor: User, link: str) -> None:
    assert client.get(link).url == WELCOME
    page = client.get(WELCOME).content.decode()
    assert ">noor</code>" in page
    assert ">Verder</a>" in page

    assert ">Wachtwoord wijziging opslaan</button>" in client.get(PASSWORD).content.decode()
    assert set_password(client, link).url == CHOOSE
    page = client.get(CHOOSE).content.decode()
    assert ">sms</a>" in page
    assert ">authenticatie-app</a>" in page
    assert "Geen extra" not in page

    assert ">Bevestigings-sms versturen</button>" in client.get(SMS).content.decode()
    assert client.post(SMS, {"country": "NL", "number": "612345678"}).url == SMS_CHECK
    page = client.get(SMS_CHECK).content.decode()
    assert "2-stappen controle" in page
    assert ">Sms bevestiging registreren</button>" in page
    assert client.post(SMS_CHECK, {"code": sms_code()}).url == CHOOSE
    assert (
        "Geen extra authenticatie optie toevoegen</button>" in client.get(CHOOSE).content.decode()
    )

    assert client.post(NO_EXTRA).url == BACKUP
    page = client.get(BACKUP).content.decode()
    assert "Ik heb mijn back-up code bewaard" in page
    assert ">Verder</button>" in page
    assert client.post(BACKUP, {"is_noted": "on"}).url == DONE
    assert "Uw account is actief" in client.get(DONE).content.decode()

    assert state(noor) == User.State.ACTIVE
    assert give_password(client, noor, NEW_PASSWORD).url == "/inloggen/controle/"


def test_the_steps_of_the_help_page_with_app_only(client: Client, noor: User, link: str) -> None:
    set_password(client, link)
    page = client.get(APP).content.decode()
    assert "Staat er al een authenticatie-app op uw telefoon?" in page
    assert ">Verder</button>" in page
    page = client.post(APP, {"has_app": "nee"}).content.decode()
    assert "Installeer eerst een app" in page
    assert not TotpDevice.objects.exists()

    assert client.post(APP, {"has_app": "ja"}).url == APP_CHECK
    page = client.get(APP_CHECK).content.decode()
    assert "<svg" in page
    assert ">Authenticatie-app registreren</button>" in page
    device = TotpDevice.objects.get()
    assert client.post(APP_CHECK, {"code": totp_code(device)}).url == CHOOSE
    client.post(NO_EXTRA)
    client.post(BACKUP, {"is_noted": "on"})

    give_password(client, noor, NEW_PASSWORD)
    assert give_code(client, totp_code(device, steps=1)).url == START


def test_with_both_there_is_nothing_more_to_add(client: Client, noor: User, link: str) -> None:
    set_password(client, link)

    assert register_sms(client).url == CHOOSE
    assert register_app(client).url == BACKUP
    assert client.post(BACKUP, {"is_noted": "on"}).url == DONE
    assert give_password(client, noor, NEW_PASSWORD).url == "/inloggen/keuze/"


def test_staff_activate_with_the_app_only(client: Client, noor: User, ilse: User) -> None:
    noor.is_staff = True
    noor.save()
    set_password(client, link_for(noor, ilse))
    assert ">sms</a>" not in client.get(CHOOSE).content.decode()
    assert client.get(SMS).url == CHOOSE
    assert client.post(SMS, {"country": "NL", "number": "0612345678"}).url == CHOOSE
    assert not SmsDevice.objects.exists()

    assert register_app(client).url == BACKUP


def test_the_back_up_code_that_is_shown_is_the_one_that_works(client, noor, link) -> None:
    set_password(client, link)
    register_sms(client)
    client.post(NO_EXTRA)
    code = shown_backup_code(client)
    assert shown_backup_code(client) == code
    client.post(BACKUP, {"is_noted": "on"})

    device = BackupCodeDevice.objects.get(user=noor, confirmed=True)
    assert device.code_hash == BackupCodeDevice.hash_of(noor.pk, code)
    assert client.get(BACKUP).url == INVALID


# --- The link -------------------------------------------------------------------------------


def test_the_link_holds_256_bits_and_only_a_hash_is_stored(noor: User, link: str) -> None:
    token = link.split("/")[2]
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM accounts_onetimelink t")
        stored = str(cursor.fetchall())
        cursor.execute("SELECT t::text FROM accounts_outgoingmessage t")
        stored += str(cursor.fetchall())

    assert len(token) >= 43
    assert token not in stored
    assert token.encode().hex() not in stored


def test_the_link_is_made_from_our_own_setting(client, noor: User, ilse: User, settings) -> None:
    settings.PUBLIC_URL = "https://portaal.voorbeeld.test"
    invite(by=ilse, user=noor)
    run_jobs()

    assert "https://portaal.voorbeeld.test/activeren/" in str(mail.outbox[0].body)


def test_a_request_in_the_name_of_another_host_is_refused(noor: User, link: str) -> None:
    response = Client(raise_request_exception=False).get(link, headers={"host": "evil.example"})

    assert response.status_code == 400
    assert "evil.example" not in response.text


def test_opening_it_uses_nothing_up(noor: User, link: str) -> None:
    """Mail scanners open every link, some twice."""
    for _ in range(20):
        assert Client().get(link).url == WELCOME
    Client().head(link)
    client = Client()
    set_password(client, link)

    assert state(noor) == User.State.PASSWORD_SET
    assert OneTimeLink.objects.get().opened_at


def test_the_token_leaves_the_address_bar_and_is_not_referred_to(client, link) -> None:
    response = client.get(link)

    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert link.split("/")[2] not in response.url


def neutral(client: Client, path: str) -> tuple[int, str, dict[str, str]]:
    response = client.get(path)
    headers = {name: value for name, value in response.headers.items() if name != "Set-Cookie"}
    return response.status_code, response.content.decode(), headers


def test_unknown_expired_used_and_revoked_links_get_the_same_answer(noor, ilse) -> None:
    unknown = neutral(Client(), f"{BASE}{OneTimeLink.new_token()}/")
    first = link_for(noor, ilse)
    second = link_for(noor, ilse)
    revoked = neutral(Client(), first)
    with time_machine.travel(timezone.now() + timedelta(hours=72, seconds=1)):
        expired = neutral(Client(), second)
    client = Client()
    set_password(client, second)
    register_app(client)
    client.post(NO_EXTRA)
    client.post(BACKUP, {"is_noted": "on"})
    used = neutral(Client(), second)

    assert unknown[0] == 404
    assert "Deze link werkt niet (meer)" in unknown[1]
    assert revoked == expired == used == unknown


def test_an_unknown_link_costs_as_many_queries_as_a_used_or_revoked_one(noor, ilse) -> None:
    """What the answer costs tells no more than the answer."""
    revoked = link_for(noor, ilse)
    live = link_for(noor, ilse)
    OneTimeLink.objects.filter(revoked_at=None).update(used_at=timezone.now())

    costs = []
    for path in (f"{BASE}{OneTimeLink.new_token()}/", revoked, live):
        with CaptureQueriesContext(connection) as queries:
            assert Client().get(path).status_code == 404
        costs.append(len(queries))
    assert costs == [costs[0]] * 3


@pytest.mark.parametrize("token", ["x", "%00", "a" * 300, "..", "%F0%9F%98%80", "'--"])
def test_nonsense_instead_of_a_token_is_answered_neutrally(client, db, token) -> None:
    assert client.get(f"{BASE}{token}/").status_code == 404


def test_it_works_for_72_hours(noor: User, link: str) -> None:
    with time_machine.travel(timezone.now() + timedelta(hours=71, minutes=59)):
        assert Client().get(link).url == WELCOME


def test_a_new_invitation_ends_what_the_old_link_had_begun(client, noor, ilse, link) -> None:
    client.get(link)
    newer = link_for(noor, ilse)

    assert client.get(WELCOME).url == INVALID
    assert Client().get(newer).url == WELCOME


def test_it_dies_with_the_address_that_it_was_sent_to(client, noor: User, link: str) -> None:
    noor.email = "anders@voorbeeld.test"
    noor.save()

    assert client.get(link).status_code == 404


def test_it_dies_with_a_blocked_account(client, noor: User, link: str) -> None:
    noor.is_active = False
    noor.save()

    assert client.get(link).status_code == 404


def test_opened_again_it_asks_for_the_password_and_goes_on_where_it_stopped(noor, link) -> None:
    first = Client()
    set_password(first, link)
    register_sms(first)
    again = Client()
    assert again.get(link).url == RESUME
    assert again.get(CHOOSE).url == RESUME

    assert "Dit wachtwoord klopt niet" in again.post(RESUME, {"password": "x"}).content.decode()
    assert again.get(CHOOSE).url == RESUME
    assert again.post(RESUME, {"password": NEW_PASSWORD}).url == CHOOSE
    assert "Geen extra authenticatie" in again.get(CHOOSE).content.decode()


def test_guessing_that_password_is_throttled(noor: User, link: str) -> None:
    set_password(Client(), link)
    client = Client()
    client.get(link)
    pages = [client.post(RESUME, {"password": "x"}).content.decode() for _ in range(11)]

    assert "Dit wachtwoord klopt niet" in pages[9]
    assert "Er is te vaak geprobeerd" in pages[10]


def test_after_half_an_hour_of_nothing_the_link_must_be_opened_again(client, noor, link) -> None:
    client.get(link)
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        assert client.get(WELCOME).url == INVALID
        assert client.get(link).url == WELCOME


def test_opening_it_logs_out_whoever_was_inside(client, anna: User, noor: User, link: str) -> None:
    from tests.login import login

    login(client, anna)
    client.get(link)

    assert client.get("/proef/pagina/").status_code == 302


# --- No step can be skipped -----------------------------------------------------------------


def at_welcome(client: Client, link: str) -> set[str]:
    client.get(link)
    return {WELCOME, PASSWORD}


def at_factors(client: Client, link: str) -> set[str]:
    set_password(client, link)
    return {CHOOSE, SMS, SMS_CHECK, APP, APP_CHECK, NO_EXTRA}


def at_extra(client: Client, link: str) -> set[str]:
    at_factors(client, link)
    register_app(client)
    return {CHOOSE, SMS, SMS_CHECK, APP, APP_CHECK, NO_EXTRA}


def at_backup(client: Client, link: str) -> set[str]:
    at_extra(client, link)
    client.post(NO_EXTRA)
    return {BACKUP}


def at_resume(client: Client, link: str) -> set[str]:
    set_password(Client(), link)
    client.get(link)
    return {RESUME}


def nowhere(client: Client, link: str) -> set[str]:
    return set()


def done(client: Client, link: str) -> set[str]:
    at_backup(client, link)
    client.post(BACKUP, {"is_noted": "on"})
    return set()


EVERYTHING = {
    "password": "een heel ander wachtwoord",
    "again": "een heel ander wachtwoord",
    "country": "NL",
    "number": "0687654321",
    "code": "123456",
    "has_app": "ja",
    "is_noted": "on",
}


@pytest.mark.parametrize(
    "stop", [nowhere, at_welcome, at_resume, at_factors, at_extra, at_backup, done]
)
@pytest.mark.parametrize("path", STEPS)
def test_another_step_leads_to_the_current_one_and_changes_nothing(noor, link, stop, path) -> None:
    client = Client()
    allowed = stop(client, link)
    if path in allowed:
        return
    before = snapshot()
    for response in (client.get(path), client.post(path, EVERYTHING)):
        assert response.status_code == 302
        assert response.url in (allowed or {INVALID})

    assert snapshot() == before


def snapshot() -> list[object]:
    models = [User, SmsDevice, TotpDevice, BackupCodeDevice, OneTimeLink, AuditEvent]
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_without_a_factor_there_is_no_going_on(client: Client, noor: User, link: str) -> None:
    set_password(client, link)

    assert client.post(NO_EXTRA).url == CHOOSE
    assert state(noor) == User.State.PASSWORD_SET


def test_without_the_tick_the_account_is_not_active(client: Client, noor: User, link: str) -> None:
    at_backup(client, link)
    page = client.post(BACKUP, {"csrfmiddlewaretoken": "x"}).content.decode()

    assert "Bewaar eerst uw back-up code" in page
    assert state(noor) == User.State.BACKUP_SHOWN
    assert client.get(LOGIN).status_code == 200
    assert "horen niet bij elkaar" in give_password(client, noor, NEW_PASSWORD).content.decode()


def test_a_factor_that_is_gone_again_does_not_activate(client, noor: User, link: str) -> None:
    at_backup(client, link)
    TotpDevice.objects.all().delete()

    assert client.post(BACKUP, {"is_noted": "on"}).status_code == 302
    assert state(noor) == User.State.BACKUP_SHOWN
    assert OneTimeLink.objects.get().used_at is None


def test_nobody_is_logged_in_along_the_way(client: Client, noor: User, link: str) -> None:
    at_backup(client, link)
    assert "_auth_user_id" not in client.session
    client.post(BACKUP, {"is_noted": "on"})

    assert "_auth_user_id" not in client.session
    assert client.get("/proef/pagina/").status_code == 302


@pytest.mark.django_db(transaction=True)
def test_twelve_last_steps_at_once_activate_once(noor: User, link: str) -> None:
    first = Client(raise_request_exception=False)
    at_backup(first, link)
    code_before = BackupCodeDevice.objects.get().code_hash
    clients = [Client(raise_request_exception=False) for _ in range(12)]
    for client in clients:
        client.cookies = first.cookies.copy()
    answers: list[str] = []
    together = threading.Barrier(12)

    def finish(client: Client) -> None:
        try:
            together.wait()
            response = client.post(BACKUP, {"is_noted": "on"})
            answers.append(response.headers.get("Location", str(response.status_code)))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=finish, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers.count(DONE) == 1
    assert "500" not in answers
    assert AuditEvent.objects.filter(action="account.activation").count() == 1
    assert BackupCodeDevice.objects.get().code_hash == code_before
    assert OneTimeLink.objects.get().used_at


# --- The invitation ---------------------------------------------------------------------------


def test_an_invitation_is_an_event_and_says_nothing_personal(noor: User, ilse: User) -> None:
    link = invite(by=ilse, user=noor)
    run_jobs()
    event = AuditEvent.objects.get(action="user.invite")
    text = str(mail.outbox[0].body)

    assert (event.actor, event.object_id) == (ilse, str(noor.pk))
    assert link.message == OutgoingMessage.objects.get()
    assert mail.outbox[0].to == [noor.email]
    assert "noor" not in text.lower()


def test_an_active_account_is_not_invited(anna: User, ilse: User) -> None:
    with pytest.raises(AlreadyActiveError):
        invite(by=ilse, user=anna)

    assert not OneTimeLink.objects.exists()


def test_each_step_is_an_event_without_secrets(client: Client, noor: User, link: str) -> None:
    done(client, link)
    actions = list(AuditEvent.objects.order_by("id").values_list("action", flat=True))

    assert actions == [
        "user.invite",
        "account.password",
        "account.factor_added",
        "account.backup",
        "account.activation",
    ]


# --- Bad input ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("password", "complaint"),
    [
        ("kort", "Gebruik minstens 12 tekens."),
        ("elf tekens.", "Gebruik minstens 12 tekens."),
        ("a" * 129, "128 tekens"),
        ("", "Kies een wachtwoord."),
        ("\x00" * 12, "Null"),
        ("qwerty123456", "te algemeen"),
        ("noor@voorbeeld.test", "lijkt"),
        ("Verzuim2026!", "te makkelijk te raden"),
        ("incomfort123", "te makkelijk te raden"),
        ("Zomer 2026!!", "te makkelijk te raden"),
    ],
)
def test_weak_and_wrong_passwords_are_refused(client, noor, link, password, complaint) -> None:
    client.get(link)
    data = {"password": password, "again": password, "csrfmiddlewaretoken": "x"}
    page = client.post(PASSWORD, data).content.decode()

    assert "<title>Fout: " in page
    assert complaint in page
    assert state(noor) == User.State.INVITED


@pytest.mark.parametrize(
    "password", ["x" * 128, "correct paard batterij", "🔐🔐🔐🔐🔐🔐🔐🔐🔐🔐🔐🔐", "  met spaties  "]
)
def test_long_plain_and_unusual_passwords_are_fine(client, noor, link, password) -> None:
    client.get(link)
    assert client.post(PASSWORD, {"password": password, "again": password}).url == CHOOSE

    noor.refresh_from_db()
    assert noor.check_password(password)


def test_two_different_passwords_are_refused(client, noor: User, link: str) -> None:
    client.get(link)
    page = client.post(PASSWORD, {"password": NEW_PASSWORD, "again": "anders"}).content.decode()

    assert "niet hetzelfde wachtwoord" in page


NUMBERS = [
    "0612345678",
    "612345678",
    "06 1234 5678",
    "06-12345678",
    "+31612345678",
    "+31 (0)6 12345678",
    "0031612345678",
]


@pytest.mark.parametrize("number", NUMBERS)
def test_a_mobile_number_may_be_typed_in_many_ways(client, noor, link, number) -> None:
    set_password(client, link)
    assert client.post(SMS, {"country": "NL", "number": number}).url == SMS_CHECK

    assert SmsDevice.objects.get().number == "+31612345678"


def test_a_number_of_another_country_that_is_allowed(client, noor: User, link: str) -> None:
    set_password(client, link)
    client.post(SMS, {"country": "PL", "number": "512 345 678"})

    assert SmsDevice.objects.get().number == "+48512345678"


@pytest.mark.parametrize(
    ("country", "number"),
    [
        ("NL", "024 374 1660"),
        ("NL", "0900 8844"),
        ("NL", "+44 7400 123456"),
        ("GB", "07400 123456"),
        ("NL", "06123"),
        ("NL", "x" * 300),
        ("NL", "\x00"),
        ("NL", ""),
        ("", "0612345678"),
        ("XX", "0612345678"),
    ],
)
def test_other_numbers_get_no_sms(client, noor, link, country, number) -> None:
    set_password(client, link)
    page = client.post(SMS, {"country": country, "number": number}).content.decode()

    assert "<title>Fout: " in page
    assert not SmsDevice.objects.exists()
    assert sms_count() == 0


def test_a_number_that_was_corrected_gets_the_next_code(client, noor: User, link: str) -> None:
    set_password(client, link)
    client.post(SMS, {"country": "NL", "number": "0687654321"})
    client.post(SMS, {"country": "NL", "number": "0612345678"})

    assert client.post(SMS_CHECK, {"code": sms_code()}).url == CHOOSE
    assert SmsDevice.objects.get().number == "+31612345678"


@pytest.mark.parametrize("path", [SMS_CHECK, APP_CHECK])
@pytest.mark.parametrize("code", ["", "000", "abcdef", "1" * 300, "\x00"])
def test_bad_codes_are_refused(client, noor, link, path, code) -> None:
    set_password(client, link)
    client.post(SMS, {"country": "NL", "number": "0612345678"})
    client.post(APP, {"has_app": "ja"})
    response = client.post(path, {"code": code, "csrfmiddlewaretoken": "x"})

    assert response.status_code == 200
    assert "<title>Fout: " in response.content.decode()
    assert state(noor) == User.State.PASSWORD_SET


def test_sending_again_while_setting_up_has_the_same_pause(client, noor, link) -> None:
    set_password(client, link)
    client.post(SMS, {"country": "NL", "number": "0612345678"})
    page = client.post(SMS_RESEND, follow=True).content.decode()

    assert "U kunt pas over" in page
    assert sms_count() == 1


def test_the_key_of_the_app_is_not_shown_again(client, noor: User, link: str) -> None:
    at_extra(client, link)

    assert client.get(APP_CHECK).url == APP
    assert client.get(APP).url == CHOOSE
