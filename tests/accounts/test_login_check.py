"""/inloggen/controle/: the code, by app or sms; once, also when many try at once."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connections
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEvent, OutgoingMessage, SmsDevice, TotpDevice, User
from tests.accounts.steps import (
    CHECK,
    CHOICE,
    RESEND,
    START,
    add_app,
    add_sms,
    give_code,
    give_password,
    is_inside,
    last_sms,
    other_code,
    sms_code,
    sms_count,
)
from tests.login import totp_code

pytestmark = pytest.mark.urls("tests.accounts.pages")


def test_the_code_of_the_app_logs_in(client: Client, anna: User) -> None:
    device = add_app(anna)
    give_password(client, anna)
    page = client.get(CHECK).content.decode()
    assert "2-stappen controle" in page
    assert ">Inloggen</button>" in page
    assert "Opnieuw sms versturen" not in page

    assert give_code(client, totp_code(device)).url == START
    assert is_inside(client)


def test_spaces_in_the_code_do_no_harm(client: Client, anna: User) -> None:
    device = add_app(anna)
    give_password(client, anna)
    code = totp_code(device)

    assert give_code(client, f" {code[:3]} {code[3:]} ").url == START


def test_staff_land_in_the_back_office(client: Client, hugo: User) -> None:
    device = add_app(hugo)
    give_password(client, hugo)

    assert give_code(client, totp_code(device)).url == "/beheer/"


def test_the_code_of_the_sms_logs_in(client: Client, anna: User) -> None:
    add_sms(anna)
    assert give_password(client, anna).url == CHECK
    page = client.get(CHECK).content.decode()
    assert "eindigt op 78" in page
    assert ">Opnieuw sms versturen</button>" in page

    assert give_code(client, sms_code()).url == START
    assert is_inside(client)


def test_the_sms_ends_with_the_line_that_browsers_fill_in_from(client, anna, settings) -> None:
    settings.PUBLIC_URL = "https://portaal.voorbeeld.test"
    add_sms(anna)
    give_password(client, anna)
    lines = last_sms().splitlines()

    assert lines[-1] == f"@portaal.voorbeeld.test #{sms_code()}"
    assert "http" not in lines[0]


def test_no_page_view_sends_an_sms(client: Client, anna: User) -> None:
    add_sms(anna)
    add_app(anna)
    give_password(client, anna)
    client.get(CHOICE)
    assert sms_count() == 0

    client.post(CHOICE, {"device": SmsDevice.objects.get().persistent_id})
    client.get(CHECK)
    client.get(CHECK)
    assert sms_count() == 1


def test_a_wrong_code_says_so_and_leaves_the_user_outside(client: Client, anna: User) -> None:
    device = add_app(anna)
    give_password(client, anna)
    response = give_code(client, other_code(totp_code(device)))

    assert "Deze code klopt niet of is verlopen." in response.content.decode()
    assert "<title>Fout: 2-stappen controle" in response.content.decode()
    assert not is_inside(client)


def test_a_code_that_comes_too_soon_after_a_failure_is_told_to_wait(client, anna) -> None:
    device = add_app(anna)
    give_password(client, anna)
    code = totp_code(device)
    give_code(client, other_code(code))
    response = give_code(client, code)

    assert "Wacht 1 seconde" in response.content.decode()
    assert not is_inside(client)


def test_codes_that_come_too_soon_do_not_count_as_wrong(client, anna) -> None:
    device = add_app(anna)
    give_password(client, anna)
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        give_code(client, other_code(totp_code(device)))
        for _ in range(12):
            give_code(client, totp_code(device))
    with time_machine.travel(now + timedelta(seconds=2)):
        assert give_code(client, totp_code(device)).url == START


@pytest.mark.parametrize(
    "code",
    [
        "",
        "12345",
        "1234567",
        "abcdef",
        "+12345",
        "12_345",
        "１２３４５６",
        "١٢٣٤٥٦",
        "1\x002",
        "9" * 300,
    ],
)
def test_what_is_no_code_is_refused_without_being_tried(client, anna, code) -> None:
    add_app(anna)
    give_password(client, anna)
    response = give_code(client, code)

    assert response.status_code == 200
    assert "<title>Fout: " in response.content.decode()
    assert TotpDevice.objects.get().throttling_failure_count == 0
    assert not AuditEvent.objects.filter(action="login.code").exists()


def test_a_code_asked_for_in_another_session_is_wrong(client: Client, anna: User) -> None:
    add_sms(anna)
    give_password(client, anna)
    code = sms_code()
    thief = Client()
    session = thief.session
    session.update({**client.session, "pending_login": {**client.session["pending_login"]}})
    session["pending_login"]["challenge"] = SmsDevice.new_challenge()
    session.save()
    thief.cookies["sid"] = session.session_key
    assert thief.get(CHECK).status_code == 200

    assert "klopt niet" in give_code(thief, code).content.decode()


def test_sending_again_voids_the_first_code(client: Client, anna: User) -> None:
    add_sms(anna)
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        give_password(client, anna)
        first = sms_code()
        clock.shift(61)
        page = client.post(RESEND, follow=True).content.decode()
        assert "Wij hebben een nieuwe sms gestuurd." in page
        second = sms_code()

        if first != second:
            assert "klopt niet" in give_code(client, first).content.decode()
        clock.shift(5)
        assert give_code(client, second).url == START


def test_sending_again_within_a_minute_says_how_long_to_wait(client, anna) -> None:
    add_sms(anna)
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        give_password(client, anna)
        clock.shift(15)
        page = client.post(RESEND, follow=True).content.decode()

    assert "U kunt pas over 45 seconden een nieuwe sms krijgen." in page
    assert sms_count() == 1


def test_sending_again_gives_no_new_tries(client: Client, anna: User) -> None:
    add_sms(anna)
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        give_password(client, anna)
        wrong = other_code(sms_code())
        for _ in range(4):
            give_code(client, wrong)
            clock.shift(20)
        client.post(RESEND)
        code = sms_code()
        give_code(client, other_code(code))
        clock.shift(40)

        assert "klopt niet" in give_code(client, code).content.decode()


def test_asking_for_a_sixth_sms_within_the_hour_is_refused(anna: User, settings) -> None:
    settings.SMS_ALLOWANCE = 1
    add_sms(anna)
    for _ in range(7):
        client = Client()
        give_password(client, anna)

    assert sms_count() == 5
    assert "U kunt pas over 12 minuten" in client.get(CHECK).content.decode()


def test_without_the_password_nothing_sends_an_sms(client: Client, anna: User) -> None:
    add_sms(anna)
    for path in (CHOICE, CHECK, RESEND):
        client.post(path, {"device": SmsDevice.objects.get().persistent_id})
    give_password(client, anna, "fout")

    assert sms_count() == 0


def test_resending_is_a_post(client: Client, anna: User) -> None:
    add_sms(anna)
    give_password(client, anna)

    assert client.get(RESEND).status_code == 405


def test_failures_with_sms_do_not_stop_the_app(client: Client, anna: User) -> None:
    sms, app = add_sms(anna), add_app(anna)
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        give_password(client, anna)
        client.post(CHOICE, {"device": sms.persistent_id})
        for _ in range(5):
            give_code(client, "000000")
            clock.shift(20)
        client.post(CHOICE, {"device": app.persistent_id})

        assert give_code(client, totp_code(app)).url == START


def test_after_ten_failures_in_an_hour_even_a_right_code_waits(anna: User) -> None:
    app = add_app(anna)
    for _ in range(10):
        client = Client()
        give_password(client, anna)
        give_code(client, other_code(totp_code(app)))
        TotpDevice.objects.update(throttling_failure_timestamp=None)

    assert "Wacht 6 minuten" in give_code(client, totp_code(app)).content.decode()


def test_a_hundred_failures_in_a_row_stop_all_codes_and_are_told(client, anna) -> None:
    app = add_app(anna, throttling_failure_count=99)
    give_password(client, anna)
    give_code(client, other_code(totp_code(app)))
    TotpDevice.objects.update(throttling_failure_timestamp=None)

    assert (
        "alleen nog inloggen met uw back-up code"
        in give_code(client, totp_code(app)).content.decode()
    )
    assert not is_inside(client)
    assert OutgoingMessage.objects.get().recipient == anna.email
    assert AuditEvent.objects.filter(action="login.code", outcome="DENIED").exists()


def test_the_account_is_checked_once_more_after_the_code(client, anna, monkeypatch) -> None:
    """Blocked while the code was being checked: not logged in."""
    device = add_app(anna)
    give_password(client, anna)
    real = TotpDevice._accepts

    def accept_and_block(self, token):
        User.objects.filter(pk=anna.pk).update(is_active=False)
        return real(self, token)

    monkeypatch.setattr(TotpDevice, "_accepts", accept_and_block)
    give_code(client, totp_code(device))

    assert "_auth_user_id" not in client.session


def test_events_name_the_factor_and_never_the_code(client: Client, anna: User) -> None:
    device = add_app(anna)
    give_password(client, anna)
    code = totp_code(device)
    give_code(client, code)

    events = AuditEvent.objects.exclude(action="login.password").order_by("id")
    assert [(event.action, event.outcome) for event in events] == [
        ("login.code", "OK"),
        ("login", "OK"),
    ]
    assert events[1].detail == {"factor": "totpdevice"}
    assert events[0].session_ref != events[1].session_ref
    assert code not in str(list(events.values("detail", "object_id")))


def logged_in_with(clients: list[Client], code: str) -> int:
    """How many of these half-logged-in browsers get in with one and the same code at once."""
    together = threading.Barrier(len(clients))

    def run(client: Client) -> None:
        try:
            together.wait()
            give_code(client, code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(is_inside(client) for client in clients)


def half_logged_in(user: User, count: int) -> list[Client]:
    clients = [Client(raise_request_exception=False) for _ in range(count)]
    for client in clients:
        give_password(client, user)
    return clients


@pytest.mark.django_db(transaction=True)
def test_one_app_code_lets_one_of_twelve_browsers_in(anna: User, monkeypatch) -> None:
    monkeypatch.setattr("accounts.throttle.code_attempt", lambda **_: 0)  # all twelve may try
    device = add_app(anna)
    clients = half_logged_in(anna, 12)

    assert logged_in_with(clients, totp_code(device)) == 1


@pytest.mark.django_db(transaction=True)
def test_one_sms_code_lets_one_of_twelve_requests_in(anna: User, monkeypatch) -> None:
    """The same session twelve times: only there is the code right."""
    monkeypatch.setattr("accounts.throttle.code_attempt", lambda **_: 0)
    add_sms(anna)
    clients = [Client(raise_request_exception=False) for _ in range(12)]
    give_password(clients[0], anna)
    for client in clients:
        client.cookies = clients[0].cookies.copy()

    assert logged_in_with(clients, sms_code()) == 1
    assert AuditEvent.objects.filter(action="login").count() == 1
