"""Two people at once, over two connections: one of them wins, and the rows say who."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.core.exceptions import ValidationError

from absence.models import Trajectory
from accounts.models import AuditEvent, OutgoingMessage, User
from documents import quarantine
from documents.files.actions import withdraw_document
from documents.models import Document, DocumentRequest, RequestAnswer, RequestEmail, RequestItem
from documents.requests.actions import ItemChangedError, accept_item, refuse_item, withdraw_items
from documents.requests.answering import answer_item, give_document
from documents.requests.reminders import remind
from tests.documents import files
from tests.documents.conftest import files_in
from tests.documents.requests.conftest import CONTRACT, DUE, PAYSLIP, ask, give, seen
from tests.factories import make_document
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)

State = RequestItem.State


def of_type(outcomes: list[Any], kind: type) -> int:
    return sum(isinstance(outcome, kind) for outcome in outcomes)


def test_twelve_decisions_of_two_people_are_one(
    item: RequestItem, anna: User, ilse: User, ivo: User
) -> None:
    give(anna, item)
    looked_at = seen(item)

    def accept() -> Any:
        return accept_item(by=ilse, item=item, seen=looked_at)

    def refuse() -> Any:
        return refuse_item(
            by=ivo, item=item, seen=looked_at, refusal=RequestItem.Refusal.UNREADABLE, due_on=DUE
        )

    outcomes = at_once([accept, refuse] * 6)

    assert of_type(outcomes, RequestItem) == 1
    assert of_type(outcomes, ItemChangedError) == 11
    item.refresh_from_db()
    answer = item.answers.get()
    assert (item.state == State.ACCEPTED) is answer.is_accepted
    assert answer.decided_by == (ilse if answer.is_accepted else ivo)
    decided = ["document_request.accepted", "document_request.refused"]
    assert AuditEvent.objects.filter(action__in=decided).count() == 1


def test_an_upload_and_a_withdrawal_leave_no_file_without_an_answer(
    asked: DocumentRequest, anna: User, ilse: User, store: Path
) -> None:
    """Whoever is first: an item that was withdrawn takes no file after that."""
    for item in asked.items.all():

        def upload(item: RequestItem = item) -> Any:
            file = files.checked(files.pdf(text=str(item)))
            return answer_item(by=anna, item=item, files=[file], submission=uuid4())

        def withdraw(item: RequestItem = item) -> Any:
            return withdraw_items(by=ilse, request=asked, items=[item])

        uploaded, withdrawn = at_once([upload, withdraw])
        item.refresh_from_db()
        assert item.state == State.WITHDRAWN
        assert isinstance(withdrawn, DocumentRequest)
        if isinstance(uploaded, ValidationError):
            assert not item.answers.exists()
        else:
            assert item.answers.get().document == uploaded[0]
    assert Document.objects.count() == len(files_in(store)) == RequestAnswer.objects.count()


def test_an_upload_and_a_decision_leave_nothing_undecided_unseen(
    asked: DocumentRequest, anna: User, ilse: User
) -> None:
    """A file that came just before is not accepted unseen; one that comes just after is refused."""
    for item in asked.items.all():
        give(anna, item, f"eerste {item}")
        looked_at = seen(item)

        def upload(item: RequestItem = item) -> Any:
            file = files.checked(files.pdf(text=f"tweede {item}"))
            return answer_item(by=anna, item=item, files=[file], submission=uuid4())

        def accept(item: RequestItem = item, looked_at: int = looked_at) -> Any:
            return accept_item(by=ilse, item=item, seen=looked_at)

        uploaded, accepted = at_once([upload, accept])
        item.refresh_from_db()
        if isinstance(accepted, RequestItem):
            assert item.state == State.ACCEPTED
            assert isinstance(uploaded, ValidationError)
            assert item.answers.count() == 1
        else:
            assert isinstance(accepted, ItemChangedError)
            assert item.state == State.ANSWERED
            assert item.answers.waiting().count() == 2


def test_the_same_question_of_two_people_is_asked_once(
    ilse: User, ivo: User, trajectory: Trajectory
) -> None:
    outcomes = at_once(
        [
            lambda: ask(ilse, trajectory, PAYSLIP),
            lambda: ask(ivo, trajectory, PAYSLIP),
        ]
    )

    assert of_type(outcomes, DocumentRequest) == of_type(outcomes, ValidationError) == 1
    assert RequestItem.objects.count() == 1


def test_one_form_sent_four_times_gives_one_file(
    item: RequestItem, anna: User, store: Path
) -> None:
    submission = uuid4()

    def upload() -> Any:
        return answer_item(by=anna, item=item, files=[files.checked()], submission=submission)

    outcomes = at_once([upload] * 4)

    assert len({outcome[0].pk for outcome in outcomes}) == 1
    assert RequestAnswer.objects.count() == len(files_in(store)) == 1


def test_a_reminder_is_one_for_twelve_workers(
    asked: DocumentRequest, anna: User, clock: Any
) -> None:
    asked.employer.contact = anna
    asked.employer.save()
    clock.move_to("2026-12-09T09:00:00+01:00")

    outcomes = at_once([lambda: remind(request_id=asked.pk)] * 12)

    assert outcomes == [None] * 12
    assert RequestEmail.objects.filter(step="OVERDUE").count() == 1
    assert OutgoingMessage.objects.count() == 1
    assert mail.outbox == []


def test_the_scanner_and_a_withdrawal_do_not_wait_for_each_other(
    asked: DocumentRequest, anna: User, ilse: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both end, and the item is withdrawn whoever came first."""
    monkeypatch.setattr(quarantine, "is_clean", lambda _: False)
    for item in asked.items.all():
        document = give(anna, item, str(item), is_safe=False)
        outcomes = at_once(
            [
                lambda document=document: quarantine.scan(document_id=document.pk),
                lambda item=item: withdraw_items(by=ilse, request=asked, items=[item]),
            ]
        )

        assert of_type(outcomes, Exception) == 0
        item.refresh_from_db()
        assert item.state == State.WITHDRAWN
        assert item.answers.get().refusal == RequestItem.Refusal.SCAN


def test_one_document_of_the_dossier_is_given_for_one_of_two_requests(
    ilse: User, anna: User, trajectory: Trajectory
) -> None:
    items = [ask(ilse, trajectory, kind).items.get() for kind in (PAYSLIP, CONTRACT)]
    document = make_document(trajectory.dossier, trajectory=trajectory, added_by=anna, state="SAFE")

    found = at_once(
        [
            lambda item=item: give_document(by=anna, item=item, document=document)
            for item in items * 3
        ]
    )

    assert {type(each) for each in found} == {Document, ValidationError}
    assert RequestAnswer.objects.count() == 1


def test_a_document_that_is_given_and_withdrawn_at_once_is_one_of_both(
    ilse: User, anna: User, trajectory: Trajectory
) -> None:
    item = ask(ilse, trajectory, PAYSLIP).items.get()
    document = make_document(trajectory.dossier, trajectory=trajectory, added_by=anna, state="SAFE")

    at_once(
        [
            lambda: give_document(by=anna, item=item, document=document),
            lambda: withdraw_document(by=anna, document=document),
        ]
    )

    document.refresh_from_db()
    assert item.answers.exists() == document.is_current
