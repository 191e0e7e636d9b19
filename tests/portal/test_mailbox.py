"""The development mailbox: what the backends write and the page shows."""

import json

import pytest
from django.core.mail import EmailMessage
from django.urls import Resolver404, resolve
from django.utils.module_loading import import_string

from portal import mailbox
from tests.processes import run_python

PAGE = "/ontwikkel/postvak/"


@pytest.fixture
def postvak(client):
    def text_of(query=""):
        response = client.get(PAGE + query)
        assert response.status_code == 200
        return response.content.decode()

    return text_of


def send_email(to="anna@brug.example", subject="Nieuwe specificatie", body="Er is iets nieuws."):
    mailbox.EmailBackend().send_messages([EmailMessage(subject, body, to=[to])])


def test_settings_name_both_backends(settings):
    assert import_string(settings.SMS_BACKEND) is mailbox.send_sms
    from portal import settings as portal_settings

    assert import_string(portal_settings.MAILERS["default"]["BACKEND"]) is mailbox.EmailBackend


def test_it_says_when_there_is_nothing(postvak):
    assert "Geen berichten" in postvak()


def test_it_shows_the_newest_first_in_a_pre(postvak):
    send_email(body="De eerste <b>regel</b>\nen de tweede.")
    mailbox.send_sms("+31612345678", "Uw code is 123456")
    text = postvak()
    assert "<pre>Uw code is 123456</pre>" in text
    assert "<pre>De eerste &lt;b&gt;regel&lt;/b&gt;\nen de tweede.</pre>" in text
    assert text.index("123456") < text.index("De eerste")


@pytest.mark.parametrize(
    "typed",
    [
        "0612345678",
        "06-12 34 56 78",
        "%2B31612345678",
        "+31612345678",
        "0031612345678",
        "612345678",
    ],
)
def test_it_filters_on_a_number_however_it_is_typed(postvak, typed):
    mailbox.send_sms("+31612345678", "voor mij")
    mailbox.send_sms("+31687654321", "voor een ander")
    send_email(body="voor een adres")
    text = postvak(f"?naar={typed}")
    assert "voor mij" in text
    assert "voor een ander" not in text
    assert "voor een adres" not in text


def test_it_filters_on_an_address_in_any_case(postvak):
    send_email(to="Anna@Brug.example", body="voor anna")
    send_email(to="bram@zuid.example", body="voor bram")
    text = postvak("?naar=anna@brug.EXAMPLE")
    assert "voor anna" in text
    assert "voor bram" not in text


def test_links_can_be_clicked_and_the_text_stays_whole(postvak):
    send_email(body="Open http://127.0.0.1:8000/activeren/abc/\nbinnen 72 uur.")
    text = postvak()
    assert '<a href="http://127.0.0.1:8000/activeren/abc/">' in text
    assert "<pre>Open http://127.0.0.1:8000/activeren/abc/\nbinnen 72 uur.</pre>" in text


def test_it_escapes_the_filter(postvak):
    assert "<script>" not in postvak("?naar=<script>alert(1)</script>")


def test_a_reader_never_meets_half_a_message(postvak, settings):
    settings.MAILBOX_DIR.mkdir()
    (settings.MAILBOX_DIR / "1-aa.part").write_text('{"kind": "sms", "te')
    assert "Geen berichten" in postvak()


def test_another_process_fills_the_same_mailbox(settings):
    run_python(
        "import django; django.setup()\n"
        "from django.conf import settings; from pathlib import Path\n"
        f"settings.MAILBOX_DIR = Path({str(settings.MAILBOX_DIR)!r})\n"
        "from portal.mailbox import send_sms; send_sms('+31612345678', 'uit de worker')"
    )
    assert [message.text for message in mailbox.messages()] == ["uit de worker"]


def test_it_does_not_exist_outside_development():
    """A fresh process with production's settings: the address is not registered at all."""
    found = run_python(
        "import django, json; django.setup()\n"
        "from django.urls import resolve, Resolver404\n"
        "try: resolve('/ontwikkel/postvak/'); print(json.dumps(True))\n"
        "except Resolver404: print(json.dumps(False))",
        production=True,
    )
    assert json.loads(found) is False
    assert resolve(PAGE)
    with pytest.raises(Resolver404):
        resolve("/ontwikkel/")
