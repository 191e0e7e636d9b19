"""The real chain of an sms: outbox, Kannel, operator, and the receipt back to our address."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from accounts.models import OutgoingMessage
from accounts.outbox import send_sms
from portal.setup.debian_postgres import free_port
from tests.jobs import run_jobs
from tests.systems.kannel import PASSWORD, PATIENCE, Kannel, Operator

pytestmark = [pytest.mark.kannel, pytest.mark.django_db(transaction=True)]
UCS_2 = 8  # data_coding (SMPP 3.4, 5.2.19)


@pytest.fixture
def operator() -> Iterator[Operator]:
    found = Operator(free_port())
    yield found
    found.stop()


@pytest.fixture
def kannel(operator: Operator, tmp_path: Path, settings: Any, live_server: Any) -> Iterator[Kannel]:
    found = Kannel(tmp_path, operator.port)
    settings.SMS_BACKEND = "accounts.sms.kannel.send"
    settings.SMS_HTTP_URL, settings.SMS_HTTP_KEY = found.url, PASSWORD
    settings.SMS_RECEIPT_URL = live_server.url
    try:
        found.wait()
        yield found
    finally:
        found.stop()


def until(kannel: Kannel, is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline, kannel.said()
        time.sleep(0.2)
        run_jobs()


def test_a_code_arrives_at_the_operator_and_its_receipt_comes_back(
    kannel: Kannel, operator: Operator
) -> None:
    message = send_sms(number="+31612345678", purpose="code", text="Uw code is 123456.")
    until(kannel, lambda: bool(operator.messages))
    (sent,) = operator.messages
    assert sent.destination_addr.lstrip("+") == "31612345678"
    assert sent.short_message == b"Uw code is 123456."

    def delivery() -> str:
        message.refresh_from_db()
        return message.delivery

    until(kannel, lambda: delivery() == OutgoingMessage.Delivery.DELIVERED)
    assert message.state == OutgoingMessage.State.SENT


def test_letters_outside_the_gsm_table_arrive_whole(kannel: Kannel, operator: Operator) -> None:
    send_sms(number="+48601234567", purpose="code", text="Łódź: 123456")
    until(kannel, lambda: bool(operator.messages))
    (sent,) = operator.messages

    assert sent.data_coding == UCS_2
    assert sent.short_message.decode("utf-16-be") == "Łódź: 123456"


def test_a_message_that_did_not_arrive_is_seen(kannel: Kannel, operator: Operator) -> None:
    operator.state = "UNDELIV"
    message = send_sms(number="+31612345678", purpose="code", text="Uw code is 123456.")

    def delivery() -> str:
        message.refresh_from_db()
        return message.delivery

    until(kannel, lambda: delivery() == OutgoingMessage.Delivery.FAILED)
