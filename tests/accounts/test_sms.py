"""Sms for real: the provider's own words, receipts that are believed when signed, and the stop."""

import hashlib
import hmac
import json
import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.utils import timezone

from accounts import throttle
from accounts.actions import sms_stop
from accounts.actions.codes import send_code
from accounts.actions.receipts import UnknownMessageError, note_receipt
from accounts.models import AuditEvent, OutgoingMessage, SmsDevice, SmsStop, User
from accounts.sms import RefusedError, http_json, kannel
from accounts.sms.receipts import kannel_token
from portal.environment import env_pairs, sms_backend
from tests.accounts.steps import CHECK, add_sms, give_code, give_password, sms_code
from tests.jobs import run_jobs
from tests.login import login

NUMBER = "+31612345678"
Delivery = OutgoingMessage.Delivery


# --- Backends --------------------------------------------------------------------------------


class Server:
    """A provider on this machine: keeps what it got, and answers what the test says."""

    def __init__(self) -> None:
        self.requests: list[tuple[dict[str, str], bytes]] = []
        self.status, self.answer = 200, b"{}"
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.requests.append((dict(self.headers), body))
                self.send_response(outer.status)
                self.end_headers()
                self.wfile.write(outer.answer)

            def log_message(self, *args: object) -> None:
                """Quiet."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)


@pytest.fixture
def provider(settings):
    found = Server()
    settings.SMS_HTTP_URL = f"http://127.0.0.1:{found.server.server_port}/sms"
    settings.SMS_HTTP_KEY = "geheim"
    thread = threading.Thread(target=found.server.serve_forever, daemon=True)
    thread.start()
    yield found
    found.server.shutdown()
    found.server.server_close()
    thread.join()


def test_a_provider_has_its_own_names_for_things(provider: Server, settings) -> None:
    names = "sender=originator,number=recipient,text=body,reference="
    settings.SMS_HTTP_FIELDS = env_pairs("GEEN", names)
    settings.SMS_HTTP_AUTHORIZATION = "X-Api-Key: {key}"
    settings.SMS_HTTP_ID = "data.messages.0.uid"
    provider.answer = b'{"data": {"messages": [{"uid": 42}]}}'
    assert http_json.send(NUMBER, "hallo") == "42"

    headers, body = provider.requests[0]
    assert headers["X-Api-Key"] == "geheim"
    assert json.loads(body) == {"originator": "InComfort", "recipient": NUMBER, "body": "hallo"}


def test_a_provider_may_name_the_message_as_we_did(provider: Server, settings) -> None:
    settings.SMS_HTTP_FIELDS = {**settings.SMS_HTTP_FIELDS, "reference": "clientref"}
    settings.SMS_HTTP_ID = ""
    provider.answer = b"ok"
    message_id = http_json.send(NUMBER, "hallo")

    assert len(message_id) == 32
    assert json.loads(provider.requests[0][1])["clientref"] == message_id


@pytest.mark.parametrize("path", ["a.b", "a.9", "a", "a.0.x", ""])
def test_an_answer_without_the_id_is_a_sent_message_without_an_id(path: str) -> None:
    assert http_json.found_at(path, {"a": [{"b": None}]}) == ""


def test_kannel_gets_the_text_in_the_body_and_where_to_report(provider: Server, settings) -> None:
    provider.answer = b"0: Accepted for delivery"
    settings.SMS_RECEIPT_URL = "http://127.0.0.1:9999"
    message_id = kannel.send(NUMBER, "Uw code is 123456")

    headers, body = provider.requests[0]
    assert body == b"Uw code is 123456"
    assert headers["X-Kannel-Coding"] == "0"
    assert headers["X-Kannel-Dlr-Mask"] == "19"
    report = headers["X-Kannel-Dlr-Url"]
    assert report.startswith(f"http://127.0.0.1:9999/sms/ontvangst/{message_id}/")
    assert report.endswith("?status=%d")


def test_letters_outside_the_gsm_table_go_as_ucs_2(provider: Server) -> None:
    provider.answer = b"3: Queued for later delivery"
    kannel.send(NUMBER, "Łódź")

    assert provider.requests[0][0]["X-Kannel-Coding"] == "2"


def test_what_kannel_refuses_is_refused_for_good(provider: Server) -> None:
    provider.answer = b"4: Rejected"
    with pytest.raises(RefusedError):
        kannel.send(NUMBER, "x")


@pytest.mark.parametrize(
    "url", ["http://sms.example.nl/x", "ftp://127.0.0.1/", "", "http://127.0.0.1.example.nl:80/"]
)
def test_a_code_never_travels_readable(settings, url: str) -> None:
    settings.SMS_HTTP_URL = url
    with pytest.raises(ImproperlyConfigured, match="https"):
        kannel.send(NUMBER, "x")


def test_the_backend_is_a_word_of_the_environment(monkeypatch) -> None:
    assert sms_backend("kannel") == "accounts.sms.kannel.send"
    monkeypatch.setenv("DEVELOPMENT", "no")
    for word in ("mailbox", "os.system"):
        with pytest.raises(ImproperlyConfigured, match="SMS_BACKEND"):
            sms_backend(word)


def test_a_field_that_a_message_has_not_is_named(monkeypatch) -> None:
    monkeypatch.setenv("SMS_HTTP_FIELDS", "sender=a,colour=b")
    with pytest.raises(ImproperlyConfigured, match="colour"):
        env_pairs("SMS_HTTP_FIELDS", "sender=from,number=to,text=text")


# --- Receipts --------------------------------------------------------------------------------


@pytest.fixture
def message(db: None) -> OutgoingMessage:
    return OutgoingMessage.objects.create(
        channel="SMS", purpose="code", recipient=NUMBER, provider_id="abc123", state="SENT"
    )


def post(body: bytes, *, secret: str = "gedeeld", ago: int = 0, **headers: str):
    """As the provider does, signed with our shared secret."""
    stamp = headers.get("stamp", str(int(time.time()) - ago))
    digest = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return Client(enforce_csrf_checks=True).post(
        "/sms/ontvangst/",
        body,
        content_type="application/json",
        headers={"x-timestamp": stamp, "x-signature": headers.get("signature", digest)},
    )


@pytest.fixture
def _shared(settings) -> None:
    settings.SMS_RECEIPT_SECRET = "gedeeld"


def receipt(status: str, message_id: str = "abc123") -> bytes:
    return json.dumps({"id": message_id, "status": status}).encode()


@pytest.mark.usefixtures("_shared")
@pytest.mark.parametrize(
    ("status", "delivery"),
    [("delivered", "DELIVERED"), ("Delivered", "DELIVERED"), ("expired", "FAILED"), ("sent", "")],
)
def test_a_signed_receipt_says_what_became_of_the_message(message, status, delivery) -> None:
    assert post(receipt(status)).status_code == 204
    run_jobs()
    message.refresh_from_db()

    assert message.delivery == delivery


@pytest.mark.usefixtures("_shared")
@pytest.mark.parametrize(
    "fake",
    [
        {"secret": "geraden"},
        {"signature": ""},
        {"signature": "é"},
        {"ago": 301},
        {"ago": -400},
        {"stamp": ""},
        {"stamp": "9" * 40},
        {"stamp": "٣"},
    ],
)
def test_what_is_not_signed_now_is_not_believed(message, fake) -> None:
    assert post(receipt("delivered"), **fake).status_code == 403
    run_jobs()
    message.refresh_from_db()
    assert message.delivery == ""


def test_without_a_secret_nothing_is_believed(message) -> None:
    assert post(receipt("delivered"), secret="").status_code == 403


@pytest.mark.usefixtures("_shared")
@pytest.mark.parametrize("body", [b"", b"x", b"[]", b'{"id": {}}', b"\xff"])
def test_nonsense_with_a_signature_does_no_harm(message, body) -> None:
    assert post(body).status_code in {204, 400}


@pytest.mark.usefixtures("_shared")
def test_the_answer_does_not_tell_which_messages_exist(message) -> None:
    known, unknown = post(receipt("delivered")), post(receipt("delivered", "bestaat-niet"))

    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)


def test_kannel_reports_with_the_token_of_that_message(message, client: Client) -> None:
    address = f"/sms/ontvangst/abc123/{kannel_token('abc123')}/"
    assert client.get(f"/sms/ontvangst/abc123/{kannel_token('ander')}/?status=1").status_code == 403
    assert client.get(address, {"status": "8"}).status_code == 204  # at the operator
    run_jobs()
    message.refresh_from_db()
    assert message.delivery == ""

    client.get(address, {"status": "1"})
    client.get(address, {"status": "2"})
    run_jobs()
    message.refresh_from_db()
    assert message.delivery == Delivery.DELIVERED


def test_a_receipt_before_its_message_is_tried_again(db: None) -> None:
    with pytest.raises(UnknownMessageError):
        note_receipt(provider_id="later", delivery=Delivery.DELIVERED)


# --- Limits and the stop -----------------------------------------------------------------------


@pytest.fixture
def _production(settings) -> None:
    settings.SMS_ALLOWANCE = 1


def ask(user: User, ip: str = "198.51.100.7"):
    """One code in a login of its own."""
    device = SmsDevice.objects.get(user=user)
    return send_code(by=user, device=device, challenge=SmsDevice.new_challenge(), ip=ip)


@pytest.mark.usefixtures("_production")
def test_one_number_gets_ten_codes_a_day_whoever_asks(db: None) -> None:
    waits = [
        throttle.sms_to_user(user_id=user, ip=f"198.51.100.{user}", number=NUMBER)
        for user in range(1, 12)
    ]

    assert waits[:10] == [0] * 10
    assert waits[10] == 8640


@pytest.mark.usefixtures("_production")
def test_an_employer_gets_fifty_codes_a_day(db: None) -> None:
    waits = [
        throttle.sms_to_user(user_id=user, ip=f"203.0.113.{user}", employer_ids=[1])
        for user in range(1, 52)
    ]

    assert waits[:50] == [0] * 50
    assert waits[50] > 0
    assert throttle.sms_to_user(user_id=99, ip=None, employer_ids=[2]) == 0


def codes(count: int, *, used: int) -> None:
    """Codes of an hour ago, of which so many were typed."""
    then = timezone.now() - timedelta(hours=1)
    OutgoingMessage.objects.bulk_create(
        OutgoingMessage(
            channel="SMS",
            purpose="code",
            recipient=NUMBER,
            created_at=then,
            code_used_at=then if number < used else None,
        )
        for number in range(count)
    )


@pytest.mark.usefixtures("_production")
@pytest.mark.parametrize(
    ("count", "used", "stops"), [(50, 14, True), (50, 15, False), (49, 0, False)]
)
def test_codes_that_hardly_anybody_types_stop_the_sending(anna, count, used, stops) -> None:
    add_sms(anna)
    codes(count, used=used)

    assert ask(anna).is_stopped == stops
    assert SmsStop.objects.active().exists() == stops
    assert OutgoingMessage.objects.filter(purpose="code").count() == count + (not stops)


@pytest.mark.usefixtures("_production")
def test_fresh_codes_do_not_count_as_unused(anna) -> None:
    add_sms(anna)
    codes(60, used=0)
    OutgoingMessage.objects.update(created_at=timezone.now())

    assert ask(anna).is_sent


@pytest.mark.usefixtures("_production")
def test_the_stop_is_told_recorded_and_holds_for_everybody(anna, bram, settings, client) -> None:
    settings.OPERATOR_EMAIL = "beheer@voorbeeld.test"
    add_sms(bram)
    sms_stop.stop(SmsStop.Reason.CONVERSION)
    assert sms_stop.stop(SmsStop.Reason.VOLUME) is None
    run_jobs()
    assert [email.to for email in mail.outbox] == [["beheer@voorbeeld.test"]]
    assert AuditEvent.objects.filter(action="sms.stopped").count() == 1

    page = give_password(client, bram, path="/inloggen/")
    assert "Wij kunnen op dit moment geen sms versturen" in client.get(page.url).content.decode()


@pytest.mark.usefixtures("_production")
def test_more_codes_in_an_hour_than_there_are_users_stop_the_sending(anna, monkeypatch) -> None:
    add_sms(anna)
    monkeypatch.setattr(throttle, "SMS_IN_ALL", throttle.Limit("sms.all.test", 1, 3600))
    assert ask(anna).is_sent

    assert ask(anna).is_stopped
    assert SmsStop.objects.get().reason == SmsStop.Reason.VOLUME


@pytest.mark.usefixtures("_production")
def test_staff_send_codes_again_and_the_old_ones_count_no_more(anna, ilse, client) -> None:
    add_sms(anna)
    codes(50, used=0)
    ask(anna)
    stopped = SmsStop.objects.get()
    login(client, ilse)
    page = client.get(f"/beheer/accounts/smsstop/{stopped.pk}/change/").content.decode()
    assert "Sms-codes hervatten" in page
    client.post(f"/beheer/accounts/smsstop/{stopped.pk}/hervatten/")

    stopped.refresh_from_db()
    assert stopped.reopened_by == ilse
    assert ask(anna).is_sent


def test_a_typed_code_counts_as_used(client: Client, anna: User) -> None:
    add_sms(anna)
    give_password(client, anna, path="/inloggen/")
    assert client.get(CHECK).status_code == 200
    assert OutgoingMessage.objects.get(purpose="code").code_used_at is None
    give_code(client, sms_code())

    assert OutgoingMessage.objects.get(purpose="code").code_used_at


def test_a_stop_is_ended_with_who_and_when(ilse) -> None:
    with time_machine.travel("2026-11-27T09:00:00+01:00", tick=False):
        stopped = sms_stop.stop(SmsStop.Reason.VOLUME)
        assert stopped
        found = sms_stop.reopen(by=ilse, stopped=stopped)
        again = sms_stop.reopen(by=ilse, stopped=stopped)

    assert found.reopened_at == again.reopened_at
    assert AuditEvent.objects.filter(action="sms.reopened").count() == 1
