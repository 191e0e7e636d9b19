"""/inloggen/passkey/: wrong answers are counted, and one answer lets one request in.

Source: security.md C13, C16, B8.
"""

import threading

import pytest
import time_machine
from django.db import connections
from django.test import Client

from accounts.models import AuditEvent, OutgoingMessage, PasskeyDevice, User
from tests.accounts.authenticator import (
    LOGIN_PASSKEY,
    PRESENT,
    answer_with,
    options_on,
    send,
    with_passkey,
)
from tests.accounts.steps import CHOICE, START, add_app, give_code, give_password, is_inside
from tests.login import totp_code

pytestmark = pytest.mark.urls("tests.accounts.pages")


def text(response) -> str:
    return response.content.decode()


def test_failures_with_a_passkey_do_not_stop_the_app(client: Client, anna: User) -> None:
    key, app = with_passkey(anna), add_app(anna)
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        give_password(client, anna)
        client.post(CHOICE, {"device": PasskeyDevice.objects.get().persistent_id})
        for _ in range(5):
            answer_with(client, key.but(flags=PRESENT))
            clock.shift(20)
        client.post(CHOICE, {"device": app.persistent_id})

        assert give_code(client, totp_code(app)).url == START


def test_after_ten_failures_in_an_hour_even_the_right_passkey_waits(anna: User, key) -> None:
    """Unknown passkeys count as well."""
    for number in range(10):
        client = Client()
        give_password(client, anna)
        lie = {"credential_id": b"x" * 9} if number % 2 else {"flags": PRESENT}
        answer_with(client, key.but(**lie))
        PasskeyDevice.objects.update(throttling_failure_timestamp=None)

    assert "Wacht 6 minuten" in text(answer_with(client, key))


def test_a_hundred_failures_in_a_row_stop_it(client: Client, anna: User, key) -> None:
    PasskeyDevice.objects.update(throttling_failure_count=99)
    give_password(client, anna)
    answer_with(client, key.but(flags=PRESENT))
    PasskeyDevice.objects.update(throttling_failure_timestamp=None)

    assert "alleen nog inloggen met uw back-up code" in text(answer_with(client, key))
    assert OutgoingMessage.objects.filter(subject="Inloggen met een code is geblokkeerd").exists()


@pytest.mark.django_db(transaction=True)
def test_one_answer_lets_one_of_twelve_requests_in(anna: User, tireless) -> None:
    """The same session twelve times, with a passkey that does not count."""
    key = with_passkey(anna, counts=False)
    clients = [Client(raise_request_exception=False) for _ in range(12)]
    give_password(clients[0], anna)
    answer = key.sign(options_on(clients[0], LOGIN_PASSKEY))
    for client in clients:
        client.cookies = clients[0].cookies.copy()
    together = threading.Barrier(len(clients))

    def run(client: Client) -> None:
        try:
            together.wait()
            send(client, LOGIN_PASSKEY, answer)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(is_inside(client) for client in clients) == 1
    assert AuditEvent.objects.filter(action="login").count() == 1
