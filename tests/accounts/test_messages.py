"""The outbox: sent once, tried again, and visibly failed; by a real mail server and over HTTP."""

import json
import smtplib
import threading
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.db import connections, transaction
from django.utils import timezone

from accounts import sms
from accounts.actions import messages as actions
from accounts.actions.messages import MAX_ATTEMPTS, deliver_message
from accounts.models import OutgoingMessage
from accounts.outbox import send_email, send_sms
from accounts.sms import http_json
from portal.setup.debian_postgres import free_port
from tests.jobs import run_jobs

State = OutgoingMessage.State


def an_sms(**fields: Any) -> OutgoingMessage:
    return send_sms(number="+31612345678", purpose="code", text="Uw code is 123456", **fields)


def an_email() -> OutgoingMessage:
    context = {"address": "https://portaal.test/activeren/x/"}
    return send_email(
        to="noor@voorbeeld.test",
        purpose="activatie",
        subject="Activeer uw account",
        template="activation",
        context=context,
    )


# --- Once ------------------------------------------------------------------------------------


def test_a_sent_message_is_marked_and_its_text_wiped(db: None) -> None:
    an_email()
    run_jobs()
    message = OutgoingMessage.objects.get()

    assert (message.state, message.attempts, message.text) == (State.SENT, 1, "")
    assert message.sent_at
    assert "https://portaal.test/activeren/x/" in mail.outbox[0].body


def test_a_message_of_a_rolled_back_act_does_not_exist(db: None) -> None:
    with transaction.atomic():
        an_email()
        transaction.set_rollback(True)
    run_jobs()

    assert mail.outbox == []


def test_delivering_again_sends_nothing(db: None) -> None:
    message = an_email()
    deliver_message(message_id=message.pk)
    assert deliver_message(message_id=message.pk) is None

    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_eight_workers_at_once_send_one_message(monkeypatch) -> None:
    sent = []
    monkeypatch.setattr(actions, "import_string", lambda _: lambda *sms: sent.append(sms) or "1")
    message = an_sms()
    together = threading.Barrier(8)

    def work() -> None:
        try:
            together.wait()
            deliver_message(message_id=message.pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(sent) == 1


# --- Again, and no more ------------------------------------------------------------------------


def failing_with(monkeypatch, error: Exception) -> None:
    def send(number: str, text: str) -> str:
        raise error

    monkeypatch.setattr(actions, "import_string", lambda _: send)


def test_a_failure_is_stored_and_raised_for_the_worker(db: None, monkeypatch) -> None:
    failing_with(monkeypatch, TimeoutError("+31612345678"))
    message = an_sms()
    with pytest.raises(TimeoutError):
        deliver_message(message_id=message.pk)
    message.refresh_from_db()

    assert (message.state, message.attempts) == (State.QUEUED, 1)
    assert message.error == "TimeoutError"
    assert message.text


def test_the_last_failure_leaves_it_failed_and_quiet(db: None, monkeypatch) -> None:
    failing_with(monkeypatch, TimeoutError())
    message = an_sms()
    for _ in range(MAX_ATTEMPTS - 1):
        with pytest.raises(TimeoutError):
            deliver_message(message_id=message.pk)
    deliver_message(message_id=message.pk)
    message.refresh_from_db()

    assert (message.state, message.attempts, message.text) == (State.FAILED, MAX_ATTEMPTS, "")
    assert deliver_message(message_id=message.pk) is None


def test_what_is_refused_for_good_is_not_tried_again(db: None, monkeypatch) -> None:
    failing_with(monkeypatch, sms.RefusedError())
    message = an_sms()
    deliver_message(message_id=message.pk)
    message.refresh_from_db()

    assert (message.state, message.attempts, message.text) == (State.FAILED, 1, "")


def test_a_code_that_is_no_longer_valid_is_not_sent(db: None) -> None:
    message = an_sms(expires_at=timezone.now() + timedelta(minutes=5))
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        deliver_message(message_id=message.pk)
    message.refresh_from_db()

    assert (message.state, message.error, message.text) == (State.FAILED, "te laat", "")


def test_it_recovers_after_a_failure(db: None, monkeypatch) -> None:
    with monkeypatch.context() as patch:
        failing_with(patch, TimeoutError())
        message = an_sms()
        with pytest.raises(TimeoutError):
            deliver_message(message_id=message.pk)
    deliver_message(message_id=message.pk)
    message.refresh_from_db()

    assert (message.state, message.attempts, message.error) == (State.SENT, 2, "")


def test_plain_text_is_not_escaped_as_html(db: None) -> None:
    send_email(
        to="a@b.test",
        purpose="x",
        subject="x",
        template="activation",
        context={"address": "https://portaal.test/?a=1&b='2'"},
    )
    run_jobs()

    assert "?a=1&b='2'" in mail.outbox[0].body


# --- A real mail server ------------------------------------------------------------------------


class Postbox:
    """Keeps what it gets; refuses whom it does not know."""

    def __init__(self) -> None:
        self.emails: list[EmailMessage] = []

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:
        if address.startswith("onbekend"):
            return "550 no such user"
        if address.startswith("vol"):
            return "452 mailbox full, try later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:
        self.emails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture
def postbox(settings) -> Iterator[Postbox]:
    handler, port = Postbox(), free_port()
    server = Controller(handler, hostname="127.0.0.1", port=port)
    server.start()
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": port, "timeout": 5},
        }
    }
    yield handler
    server.stop()


def test_an_email_arrives_at_a_mail_server(db: None, postbox: Postbox, settings) -> None:
    an_email()
    run_jobs()
    email = postbox.emails[0]

    assert email["To"] == "noor@voorbeeld.test"
    assert email["From"] == settings.DEFAULT_FROM_EMAIL
    assert email["Subject"] == "Activeer uw account"
    assert "https://portaal.test/activeren/x/" in email.get_content()
    assert OutgoingMessage.objects.get().state == State.SENT


def test_an_address_that_does_not_exist_fails_at_once(db: None, postbox: Postbox) -> None:
    message = send_email(
        to="onbekend@voorbeeld.test",
        purpose="x",
        subject="x",
        template="factor_changed",
        context={},
    )
    run_jobs()
    message.refresh_from_db()

    assert (message.state, message.error) == (State.FAILED, "SMTPRecipientsRefused")


def test_a_full_mailbox_is_tried_again(db: None, postbox: Postbox) -> None:
    message = send_email(
        to="vol@voorbeeld.test", purpose="x", subject="x", template="factor_changed", context={}
    )
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        run_jobs()
    message.refresh_from_db()

    assert message.state == State.QUEUED


# --- A real HTTP provider ----------------------------------------------------------------------


class Provider:
    """An sms provider on this machine that notes what is posted and answers what it is told."""

    def __init__(self) -> None:
        self.requests: list[tuple[dict[str, str], Any]] = []
        self.status, self.answer, self.headers = 200, b'{"id": "abc-1"}', {}
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                provider.requests.append((dict(self.headers), json.loads(body)))
                self.send_response(provider.status)
                for name, value in provider.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(provider.answer)

            def log_message(self, *args: Any) -> None:
                """Quiet."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/sms"


@pytest.fixture
def provider(settings) -> Iterator[Provider]:
    found = Provider()
    settings.SMS_BACKEND = "accounts.sms.http_json.send"
    settings.SMS_HTTP_URL, settings.SMS_HTTP_KEY = found.url, "geheim"
    thread = threading.Thread(target=found.server.serve_forever, daemon=True)
    thread.start()
    yield found
    found.server.shutdown()
    found.server.server_close()
    thread.join()


def test_an_sms_is_posted_to_the_provider(db: None, provider: Provider) -> None:
    an_sms()
    run_jobs()
    headers, body = provider.requests[0]
    message = OutgoingMessage.objects.get()

    assert body == {"from": "InComfort", "to": "+31612345678", "text": "Uw code is 123456"}
    assert headers["Authorization"] == "Bearer geheim"
    assert (message.state, message.provider_id) == (State.SENT, "abc-1")


@pytest.mark.parametrize("status", [400, 401, 404, 302])
def test_a_refusal_of_the_provider_is_final(db: None, provider: Provider, status: int) -> None:
    provider.status = status
    provider.headers = {"Location": provider.url}
    an_sms()
    run_jobs()

    assert len(provider.requests) == 1
    assert OutgoingMessage.objects.get().state == State.FAILED


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_trouble_at_the_provider_is_tried_again(db: None, provider: Provider, status: int) -> None:
    provider.status = status
    an_sms()
    with pytest.raises(OSError, match=str(status)):
        run_jobs()

    assert OutgoingMessage.objects.get().state == State.QUEUED


def test_an_answer_that_is_no_json_is_tried_again(db: None, provider: Provider) -> None:
    provider.answer = b"<html>"
    an_sms()
    with pytest.raises(ValueError, match="Expecting value"):
        run_jobs()


def test_a_provider_that_is_away_is_tried_again(db: None, settings) -> None:
    settings.SMS_BACKEND = "accounts.sms.http_json.send"
    settings.SMS_HTTP_URL = "http://127.0.0.1:9/"
    an_sms()
    with pytest.raises(OSError, match="refused"):
        run_jobs()


@pytest.mark.parametrize("url", ["", "file:///etc/passwd", "ftp://x/", "http://provider.test/"])
def test_in_production_only_https_will_do(settings, url: str) -> None:
    settings.DEVELOPMENT = False
    settings.SMS_HTTP_URL = url

    with pytest.raises(ImproperlyConfigured, match="SMS_HTTP_URL"):
        http_json.send("+31612345678", "x")
