"""E-mails that were given up, sent after all by staff; what to do about a code or link."""

import smtplib
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from accounts.actions.links import send_link
from accounts.actions.notices import tell
from accounts.actions.resending import resend_messages
from accounts.actions.upkeep import tidy
from accounts.audit import Action
from accounts.message_words import INSTEAD, NOT_KEPT
from accounts.models import AuditEvent, OneTimeLink, OutgoingMessage, User
from accounts.outbox import send_sms
from tests.jobs import run_jobs

pytestmark = pytest.mark.django_db

WAITS = "/beheer/accounts/failedjob/"
ALL = "/beheer/accounts/outgoingmessage/alle-opnieuw/"
State = OutgoingMessage.State


def page_of(message: OutgoingMessage, act: str = "change") -> str:
    return f"/beheer/accounts/outgoingmessage/{message.pk}/{act}/"


@pytest.fixture
def given_up(anna: User, monkeypatch: pytest.MonkeyPatch) -> OutgoingMessage:
    """An e-mail without a secret that the mail server refused for good."""
    tell(anna, "Uw wachtwoord is gewijzigd", "password_changed")
    refuse(monkeypatch)
    return OutgoingMessage.objects.get()


def refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mail server refuses whatever is in the outbox now."""

    def send(self: EmailMessage) -> int:
        raise smtplib.SMTPDataError(554, b"no")

    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", send)
        run_jobs()


def test_its_text_is_kept_and_it_goes_to_the_same_address_once(
    as_ilse: Client, ilse: User, anna: User, given_up: OutgoingMessage
) -> None:
    assert given_up.state == State.FAILED
    assert page_of(given_up, "opnieuw") in as_ilse.get(page_of(given_up)).text

    for _ in range(2):
        as_ilse.post(page_of(given_up, "opnieuw"))
    run_jobs()

    [sent] = mail.outbox
    assert (sent.to, sent.subject) == ([anna.email], "Uw wachtwoord is gewijzigd")
    given_up.refresh_from_db()
    assert (given_up.state, given_up.text, given_up.attempts) == (State.SENT, "", 1)
    event = AuditEvent.objects.get(action=Action.MESSAGES_RESENT)
    assert (event.actor, event.detail) == (ilse, {"messages": [given_up.pk]})
    assert page_of(given_up, "opnieuw") not in as_ilse.get(page_of(given_up)).text


def test_all_at_once_from_the_screen_of_what_waits(
    as_ilse: Client, anna: User, given_up: OutgoingMessage, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(anna, "Uw wachtwoord is gewijzigd", "password_changed")
    refuse(monkeypatch)
    assert ALL in as_ilse.get(WAITS).text
    assert "E-mails die opnieuw kunnen: 2." in as_ilse.get(ALL).text

    assert "2 e-mails staan weer" in as_ilse.post(ALL, follow=True).text

    run_jobs()
    assert len(mail.outbox) == 2
    assert ALL not in as_ilse.get(WAITS).text


def test_nobody_reads_to_whom_or_what(as_ilse: Client, anna: User, given_up: Any) -> None:
    for address in (page_of(given_up), page_of(given_up, "opnieuw"), ALL):
        text = as_ilse.get(address).text
        assert anna.email not in text
        assert given_up.text.splitlines()[0] not in text


def a_link(anna: User) -> None:
    send_link(
        anna,
        OneTimeLink.Purpose.PASSWORD_RESET,
        by=None,
        page="accounts:password-link",
        subject="Nieuw wachtwoord",
        template="password_link",
    )


def a_code(_: User) -> None:
    now = timezone.now()
    send_sms(number="+31612345678", purpose="code", text="Uw code is 123456", expires_at=now)


@pytest.mark.parametrize(("make", "purpose"), [(a_link, "nieuw wachtwoord"), (a_code, "code")])
def test_a_code_or_a_link_is_gone_and_the_page_says_what_to_do(
    as_ilse: Client, anna: User, make: Any, purpose: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(anna)
    refuse(monkeypatch)
    message = OutgoingMessage.objects.get()
    assert (message.state, message.text) == (State.FAILED, "")

    text = as_ilse.get(page_of(message)).text

    assert INSTEAD[purpose] in text
    assert page_of(message, "opnieuw") not in text
    assert "Hier is niets opnieuw te versturen" in as_ilse.post(page_of(message, "opnieuw")).text
    assert not AuditEvent.objects.filter(action=Action.MESSAGES_RESENT).exists()


def test_an_sms_that_did_not_arrive_says_it_too(as_ilse: Client) -> None:
    message = OutgoingMessage.objects.create(
        channel="SMS", purpose="code", recipient="+31612345678", state="SENT", delivery="FAILED"
    )

    assert INSTEAD["code"] in as_ilse.get(page_of(message)).text


def test_of_what_was_given_up_before_the_text_is_gone(as_ilse: Client) -> None:
    message = OutgoingMessage.objects.create(
        channel="EMAIL", purpose="uitkeringsspecificatie", recipient="a@b.test", state="FAILED"
    )

    assert NOT_KEPT in as_ilse.get(page_of(message)).text


def test_after_a_month_the_text_is_wiped(ilse: User, given_up: OutgoingMessage) -> None:
    tidy()
    given_up.refresh_from_db()
    assert given_up.text

    OutgoingMessage.objects.update(created_at=timezone.now() - timedelta(days=31))
    tidy()

    given_up.refresh_from_db()
    assert (given_up.text, given_up.is_repeatable) == ("", False)
    with pytest.raises(ValidationError):
        resend_messages(by=ilse, messages=[given_up.pk])


def test_who_may_not_try_again_may_not_send_again(as_hugo: Client, given_up: Any) -> None:
    for address in (page_of(given_up, "opnieuw"), ALL):
        assert as_hugo.post(address).status_code == 403
    given_up.refresh_from_db()
    assert given_up.state == State.FAILED
