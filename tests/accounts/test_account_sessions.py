"""/account/: where somebody is logged in, and what happened to the account, in plain Dutch."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts import audit
from accounts.audit import Action, Outcome
from accounts.models import AuditEvent, Session, TotpDevice, User
from tests.accounts.steps import CHECK, add_app, give_code, give_password
from tests.factories import PASSWORD
from tests.jobs import run_jobs
from tests.login import login, totp_code

ACCOUNT, EVENTS = "/account/", "/account/gebeurtenissen/"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/142.0 Safari/537.36 Edg/142.0"


@pytest.fixture
def device(client: Client, anna: User) -> TotpDevice:
    return login(client, anna)


@pytest.fixture
def elsewhere(anna: User, device: TotpDevice) -> Client:
    other = Client()
    login(other, anna)
    return other


def text_of(client: Client, path: str = ACCOUNT) -> str:
    return client.get(path).content.decode()


def ref_of(client: Client) -> str:
    return audit.session_ref(client.session.session_key)


def test_a_session_is_named_by_browser_and_part_of_its_address(client: Client, anna: User) -> None:
    device = add_app(anna)
    visitor = Client(REMOTE_ADDR="192.0.2.77", headers={"user-agent": EDGE})
    give_password(visitor, anna)
    give_code(visitor, totp_code(device))
    page = text_of(visitor)

    assert "Edge op Windows" in page
    assert "netwerk 192.0.2.x" in page
    assert "192.0.2.77" not in page
    assert "Deze sessie" in page
    row = Session.objects.get(user=anna)
    assert (row.browser, row.network) == ("Edge op Windows", "192.0.2.x")


def test_the_other_one_can_be_ended_and_this_one_not(client: Client, elsewhere: Client) -> None:
    page = text_of(client)

    assert f"/account/sessies/{ref_of(elsewhere)}/" in page
    assert f"/account/sessies/{ref_of(client)}/" not in page
    assert elsewhere.session.session_key not in page
    assert client.post(f"/account/sessies/{ref_of(client)}/").status_code == 404


def test_an_ended_session_is_told_recorded_and_opens_nothing(client, anna, elsewhere) -> None:
    client.post(f"/account/sessies/{ref_of(elsewhere)}/")
    run_jobs()

    assert elsewhere.get(ACCOUNT).url.startswith("/inloggen/")
    assert AuditEvent.objects.get(action="account.session_ended").actor == anna
    [email] = mail.outbox
    assert (email.to, email.subject) == ([anna.email], "Er is een sessie van uw account beëindigd")


@pytest.mark.parametrize("end", ["epoch", "idle", "absolute", "factor"])
def test_a_session_that_would_not_open_any_more_is_not_shown(
    client: Client, anna: User, end: str
) -> None:
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        other = add_app(anna)
        elsewhere = Client()
        login(elsewhere, anna)
        if end == "epoch":
            User.objects.filter(pk=anna.pk).update(security_epoch=9)
        elif end == "factor":
            other.delete()
        elif end == "idle":
            clock.shift(timedelta(minutes=31))
        else:
            for _ in range(24):
                clock.shift(timedelta(minutes=29))
                elsewhere.get(ACCOUNT)
            clock.shift(timedelta(minutes=25))  # twelve hours and a minute in all
        anna.refresh_from_db()
        login(client, anna)
        page = text_of(client)

    assert Session.objects.filter(user=anna).count() == 2
    assert "Deze sessie" in page
    assert "Overal elders uitloggen" not in page


def test_after_all_others_were_ended_none_is_shown(client: Client, elsewhere: Client) -> None:
    assert "Overal elders uitloggen" in text_of(client)
    client.post("/account/sessies/")

    assert "Overal elders uitloggen" not in text_of(client)


def test_a_confirmation_is_no_new_login(client: Client, anna: User) -> None:
    """The session gets another row then; the page still says when the login was."""
    with time_machine.travel("2026-11-20 09:00:00+01:00", tick=False) as clock:
        device = login(client, anna)
        clock.shift(timedelta(minutes=20))
        client.post("/account/bevestigen/", {"password": PASSWORD})
        client.post(CHECK, {"code": totp_code(device)})
        page = text_of(client)

    assert "Ingelogd op 20-11-2026, 09.00 uur" in page
    assert "laatst actief 20-11-2026, 09.20 uur" in page


SHOWN = [
    (Action.LOGIN, Outcome.OK, {"factor": "totpdevice"}, "Ingelogd met authenticatie-app"),
    (Action.LOGIN, Outcome.OK, {"factor": "smsdevice"}, "Ingelogd met sms-nummer"),
    (Action.LOGIN, Outcome.OK, {"factor": "weg"}, "Ingelogd met 2-stappen controle"),
    (Action.LOGIN_PASSWORD, Outcome.FAILED, {}, "Verkeerd wachtwoord ingevuld"),
    (Action.LOGIN_PASSWORD, Outcome.DENIED, {}, "Wachtwoord niet meer geprobeerd"),
    (Action.LOGIN_BACKUP, Outcome.OK, {}, "Back-up code gebruikt"),
    (Action.SMS_SENT, Outcome.DENIED, {}, "Sms-code niet verstuurd: te vaak gevraagd"),
    (Action.PASSWORD_SET, Outcome.OK, {}, "Wachtwoord gewijzigd"),
    (Action.FACTOR_REMOVED, Outcome.OK, {"factor": "smsdevice"}, "verwijderd: sms-nummer"),
    (Action.EMAIL_CHANGED, Outcome.OK, {}, "E-mailadres gewijzigd"),
    (Action.SESSIONS_ENDED, Outcome.OK, {}, "Sessies beëindigd"),
    (Action.LOGOUT, Outcome.FAILED, {}, "Uitgelogd: mislukt"),
]


@pytest.mark.parametrize(("action", "outcome", "detail", "words"), SHOWN)
def test_each_event_is_in_plain_dutch(client, anna, device, action, outcome, detail, words) -> None:
    audit.record(action, by=anna, outcome=outcome, detail=detail)

    assert words in text_of(client)


@pytest.mark.parametrize("action", [Action.LOGIN_PASSWORD, Action.LOGIN_CODE, Action.SMS_SENT])
def test_a_step_of_a_login_that_went_well_is_not_listed(client, anna, device, action) -> None:
    audit.record(action, by=anna)

    assert "netwerk" not in text_of(client, EVENTS)
    assert "<li>" not in text_of(client, EVENTS).split("<main")[1].split("</main")[0]


def test_what_staff_did_is_called_theirs_without_a_name(client, anna, device, ilse, hugo) -> None:
    audit.record(Action.SESSIONS_ENDED, by=ilse, obj=anna)
    audit.record(Action.USER_INVITE, by=hugo, obj=anna)
    page = text_of(client)

    assert "Sessies beëindigd door InComfort" in page
    assert "Uitnodiging verstuurd door HCS" in page
    assert ilse.username not in page


def test_what_somebody_did_to_others_is_not_his_own(client: Client, anna: User, ilse: User) -> None:
    login(client, ilse)
    audit.record(Action.SESSIONS_ENDED, by=ilse, obj=anna)

    assert "Sessies beëindigd" not in text_of(client)


@pytest.mark.parametrize(
    ("ip", "shown"), [("192.0.2.77", "192.0.2.x"), ("2001:db8:1:2::7", "2001:db8:1::x")]
)
def test_an_event_shows_part_of_the_address(client, anna, device, ip, shown) -> None:
    AuditEvent.objects.create(action="login", actor=anna, actor_role="user", ip=ip)
    page = text_of(client, EVENTS)

    assert f"netwerk {shown}" in page
    assert ip not in page


def test_older_events_are_a_page_further(client: Client, anna: User, device: TotpDevice) -> None:
    for number in range(60):
        audit.record(Action.LOGOUT, by=anna, obj=anna if number % 2 else None)
    first = text_of(client, EVENTS)
    assert first.count("Uitgelogd<") + first.count("Uitgelogd\n") == 50
    address = first.split('class="paging"')[1].split('href="')[1].split('"')[0]
    second = text_of(client, f"{EVENTS}{address}")

    assert second.count("Uitgelogd<") + second.count("Uitgelogd\n") == 10
    assert "Oudere tonen" not in second


def test_events_of_the_last_90_days_only(client: Client, anna: User, device: TotpDevice) -> None:
    audit.record(Action.PASSWORD_SET, by=anna)
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        login(client, anna)
        assert "Wachtwoord gewijzigd" not in text_of(client, EVENTS)
