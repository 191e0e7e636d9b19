"""E-mails about document requests: one per step, to the contact, with nothing about anybody."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError
from django.urls import reverse

from absence.models import Trajectory
from accounts.models import AuditEvent, Employer, OutgoingMessage, User
from accounts.targets import Target
from documents import quarantine
from documents.models import DocumentRequest, RequestEmail, RequestItem
from documents.requests.actions import accept_item, move_due, refuse_item, withdraw_items
from documents.requests.jobs import send_reminders
from tests.documents.requests.conftest import (
    CONTRACT,
    DUE,
    EARLIER_PAYSLIP,
    PAYSLIP,
    ask,
    give,
    seen,
)
from tests.jobs import run_jobs


@pytest.fixture(autouse=True)
def contact(employer: Employer, anna: User) -> User:
    """Anna gets the e-mails."""
    employer.contact = anna
    employer.save()
    return anna


def an_hour_of_the_worker() -> None:
    send_reminders.defer(timestamp=0)
    run_jobs()


def subjects() -> list[str]:
    run_jobs()
    return [message.subject for message in mail.outbox]


ASKED = "InComfort vraagt documenten van u"
SOON = "De termijn voor documenten is bijna voorbij"
OVERDUE = "De termijn voor documenten is voorbij"
REFUSED = "Een document moet opnieuw"


def test_the_contact_hears_that_documents_are_asked(
    asked: DocumentRequest, contact: User, trajectory: Trajectory
) -> None:
    assert subjects() == [ASKED]
    [message] = mail.outbox
    assert message.to == [contact.email]
    path = reverse("documents:dossier-files", args=[trajectory.dossier.uuid])
    assert path in message.body


def test_its_link_survives_the_login(asked: DocumentRequest, trajectory: Trajectory) -> None:
    path = reverse("documents:dossier-files", args=[trajectory.dossier.uuid])
    found = Target.from_path(path)

    assert found
    assert found.address == path


@pytest.mark.parametrize("day", ["2026-12-05", "2026-12-09"])
def test_no_e_mail_says_anything_of_anybody(
    asked: DocumentRequest, trajectory: Trajectory, clock: Any, day: str
) -> None:
    clock.move_to(f"{day}T09:00:00+01:00")
    an_hour_of_the_worker()

    told = [trajectory.employee.surname, asked.employer.name, "oonstro", "2026", "ziek", "DV-"]
    for message in mail.outbox:
        text = message.subject + message.body
        assert [words for words in told if words in text] == []


def test_each_step_is_one_e_mail_however_often_the_worker_looks(
    asked: DocumentRequest, clock: Any
) -> None:
    for day in range(24):
        clock.move_to("2026-11-24T12:00:00+01:00")
        clock.shift(timedelta(days=day))
        for _ in range(3):
            an_hour_of_the_worker()
            clock.shift(timedelta(hours=1))

    assert subjects() == [ASKED, SOON, OVERDUE]
    assert [email.step for email in RequestEmail.objects.all()] == ["ASKED", "SOON", "OVERDUE"]


def test_not_before_seven(asked: DocumentRequest, clock: Any) -> None:
    clock.move_to("2026-12-05T06:59:00+01:00")
    an_hour_of_the_worker()
    assert subjects() == [ASKED]

    clock.move_to("2026-12-05T07:00:00+01:00")
    an_hour_of_the_worker()
    assert subjects() == [ASKED, SOON]


def test_who_gave_all_is_not_reminded(
    ilse: User, anna: User, trajectory: Trajectory, clock: Any
) -> None:
    request = ask(ilse, trajectory, PAYSLIP)
    give(anna, request.items.get())
    clock.move_to("2026-12-09T09:00:00+01:00")

    an_hour_of_the_worker()

    assert subjects() == [ASKED]


def test_who_is_not_asked_any_more_is_not_reminded(
    asked: DocumentRequest, ilse: User, clock: Any
) -> None:
    withdraw_items(by=ilse, request=asked, items=list(asked.items.all()))
    clock.move_to("2026-12-09T09:00:00+01:00")

    an_hour_of_the_worker()

    assert subjects() == [ASKED]


def test_between_the_look_and_the_job_all_may_be_given(
    asked: DocumentRequest, ilse: User, clock: Any
) -> None:
    clock.move_to("2026-12-09T09:00:00+01:00")
    send_reminders.func(timestamp=0)  # the job of the request waits now
    withdraw_items(by=ilse, request=asked, items=list(asked.items.all()))

    assert subjects() == [ASKED]


def test_with_more_time_the_reminders_start_anew(
    asked: DocumentRequest, ilse: User, clock: Any
) -> None:
    clock.move_to("2026-12-09T09:00:00+01:00")
    an_hour_of_the_worker()
    move_due(by=ilse, request=asked, due_on=DUE + timedelta(days=10))
    an_hour_of_the_worker()
    assert subjects() == [ASKED, OVERDUE]

    clock.move_to("2026-12-16T09:00:00+01:00")
    an_hour_of_the_worker()
    assert subjects() == [ASKED, OVERDUE, SOON]


def test_refusing_tells_once_a_day_however_many_are_refused(
    asked: DocumentRequest, anna: User, ilse: User
) -> None:
    for item in asked.items.all():
        give(anna, item, str(item))
        refuse_item(
            by=ilse, item=item, seen=seen(item), refusal=RequestItem.Refusal.UNREADABLE, due_on=DUE
        )

    assert subjects() == [ASKED, REFUSED]


def test_accepting_tells_nothing(item: RequestItem, anna: User, ilse: User) -> None:
    give(anna, item)
    accept_item(by=ilse, item=item, seen=seen(item))

    assert subjects() == [ASKED]


def test_a_file_that_the_scanner_refuses_is_told(
    item: RequestItem, anna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quarantine, "is_clean", lambda _: False)
    document = give(anna, item, is_safe=False)
    quarantine.scan(document_id=document.pk)

    assert subjects() == [ASKED, REFUSED]


def test_without_a_contact_there_is_nobody_to_tell(
    ilse: User, employer: Employer, trajectory: Trajectory
) -> None:
    Employer.objects.filter(pk=employer.pk).update(contact=None)
    ask(ilse, Trajectory.objects.get(pk=trajectory.pk), CONTRACT, EARLIER_PAYSLIP)

    assert subjects() == []
    assert RequestEmail.objects.get().is_sent is False
    assert not OutgoingMessage.objects.exists()


def test_the_database_holds_a_step_once(asked: DocumentRequest) -> None:
    fields = {"employer": asked.employer, "step": "ASKED", "day": DUE, "is_sent": True}
    with pytest.raises(IntegrityError, match="request_email_once_per_step"):
        asked.emails.create(**fields)


def test_a_reminder_is_nobody_s_act(asked: DocumentRequest, clock: Any) -> None:
    before = AuditEvent.objects.count()
    clock.move_to("2026-12-09T09:00:00+01:00")
    an_hour_of_the_worker()

    assert AuditEvent.objects.count() == before
