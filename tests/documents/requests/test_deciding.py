"""What an employer gives for an item, and what InComfort or the virus scanner says of it."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import AuditEvent, User
from documents import quarantine
from documents.models import Document, DocumentRequest, RequestAnswer, RequestItem
from documents.requests.actions import ItemChangedError, accept_item, refuse_item, withdraw_items
from documents.requests.answering import answer_item
from tests.documents import files
from tests.documents.conftest import files_in
from tests.documents.requests.conftest import DUE, TODAY, give, seen

State = RequestItem.State
Refusal = RequestItem.Refusal


def refuse(by: User, item: RequestItem, **fields: Any) -> RequestItem:
    defaults = {"seen": seen(item), "refusal": Refusal.UNREADABLE, "due_on": DUE}
    return refuse_item(by=by, item=item, **(defaults | fields))


def test_a_file_ticks_the_item(item: RequestItem, anna: User) -> None:
    document = give(anna, item)
    item.refresh_from_db()

    assert item.state == State.ANSWERED
    assert item.answered_at
    assert (document.folder, document.trajectory) == (item.folder, item.trajectory)
    answer = item.answers.get()
    assert (answer.document, answer.given_by, answer.is_accepted) == (document, anna, None)
    event = AuditEvent.objects.get(action="document_request.answered")
    assert event.detail == {"item": item.pk, "documents": [document.pk]}
    assert AuditEvent.objects.filter(action="document.upload").count() == 1


def test_more_files_may_come_until_it_is_decided(item: RequestItem, anna: User, ilse: User) -> None:
    give(anna, item, "week 40")
    give(anna, item, "week 41")
    accept_item(by=ilse, item=item, seen=seen(item))

    assert item.answers.filter(is_accepted=True).count() == 2
    with pytest.raises(ValidationError, match="al goedgekeurd"):
        give(anna, item, "week 42")


def test_the_same_form_gives_once(item: RequestItem, anna: User) -> None:
    submission = uuid4()
    first = give(anna, item, submission=submission)

    assert give(anna, item, submission=submission) == first
    assert RequestAnswer.objects.count() == 1
    assert AuditEvent.objects.filter(action="document_request.answered").count() == 1


def test_another_employer_gives_nothing(item: RequestItem, bram: User, store: Path) -> None:
    with pytest.raises(PermissionDenied):
        answer_item(by=bram, item=item, files=[files.checked()], submission=uuid4())
    assert files_in(store) == []


def test_nothing_is_stored_for_an_item_that_was_withdrawn(
    asked: DocumentRequest, item: RequestItem, ilse: User, anna: User, store: Path
) -> None:
    withdraw_items(by=ilse, request=asked, items=[item])

    with pytest.raises(ValidationError, match="niet meer nodig"):
        give(anna, item)
    assert files_in(store) == []


def test_accepting_is_recorded_with_who_and_when(item: RequestItem, anna: User, ilse: User) -> None:
    give(anna, item)

    done = accept_item(by=ilse, item=item, seen=seen(item))

    assert (done.state, done.settled_by) == (State.ACCEPTED, ilse)
    answer = item.answers.get()
    assert (answer.is_accepted, answer.decided_by) == (True, ilse)
    assert AuditEvent.objects.get(action="document_request.accepted").detail == {"item": item.pk}


def test_a_refused_item_is_open_again_with_the_reason(
    item: RequestItem, anna: User, ilse: User
) -> None:
    give(anna, item)

    again = refuse(ilse, item)

    assert (again.state, again.answered_at) == (State.OPEN, None)
    assert again.get_refusal_display() == (
        "Het document is niet goed leesbaar. Maak een betere scan."
    )
    answer = item.answers.get()
    assert (answer.is_accepted, answer.refusal) == (False, Refusal.UNREADABLE)
    event = AuditEvent.objects.get(action="document_request.refused")
    assert event.detail == {"item": item.pk, "refusal": "UNREADABLE"}


def test_a_second_try_takes_the_reason_away_and_keeps_the_first_in_the_file(
    item: RequestItem, anna: User, ilse: User
) -> None:
    give(anna, item, "scheef")
    refuse(ilse, item)
    give(anna, item, "recht")
    item.refresh_from_db()
    assert (item.state, item.refusal) == (State.ANSWERED, "")

    accept_item(by=ilse, item=item, seen=seen(item))

    assert [answer.is_accepted for answer in item.answers.all()] == [False, True]


def test_refusing_can_give_more_time_and_must_when_the_day_has_passed(
    item: RequestItem, anna: User, ilse: User, clock: Any
) -> None:
    give(anna, item)
    clock.move_to("2026-12-20T12:00:00+01:00")

    with pytest.raises(ValidationError, match="na vandaag"):
        refuse(ilse, item)
    item.refresh_from_db()
    assert item.state == State.ANSWERED
    refuse(ilse, item, due_on=TODAY + timedelta(days=40))
    item.request.refresh_from_db()
    assert item.request.due_on == TODAY + timedelta(days=40)


@pytest.mark.parametrize("refusal", ["", "SCAN", "Het is griep"])
def test_only_a_reason_from_the_list(
    item: RequestItem, anna: User, ilse: User, refusal: str
) -> None:
    give(anna, item)

    with pytest.raises(ValidationError, match="Kies een reden"):
        refuse(ilse, item, refusal=refusal)


@pytest.mark.parametrize("who", ["anna", "hugo"])
def test_only_incomfort_decides(
    item: RequestItem, anna: User, who: str, request: pytest.FixtureRequest
) -> None:
    give(anna, item)
    user = request.getfixturevalue(who)

    with pytest.raises(PermissionDenied):
        accept_item(by=user, item=item, seen=seen(item))
    with pytest.raises(PermissionDenied):
        refuse(user, item)


def test_what_came_after_the_page_was_opened_is_not_decided_on(
    item: RequestItem, anna: User, ilse: User
) -> None:
    give(anna, item, "week 40")
    looked_at = seen(item)
    give(anna, item, "week 41")

    for decide in (accept_item, refuse):
        with pytest.raises(ItemChangedError):
            decide(by=ilse, item=item, seen=looked_at)
    assert not item.answers.exclude(is_accepted=None).exists()


def test_a_colleague_who_was_first_is_not_overruled(
    item: RequestItem, anna: User, ilse: User, ivo: User
) -> None:
    give(anna, item)
    looked_at = seen(item)
    refuse(ivo, item)

    with pytest.raises(ItemChangedError):
        accept_item(by=ilse, item=item, seen=looked_at)
    item.refresh_from_db()
    assert item.state == State.OPEN


def test_what_is_still_scanned_is_not_decided_on(item: RequestItem, anna: User, ilse: User) -> None:
    give(anna, item, is_safe=False)

    with pytest.raises(ValidationError, match="nog gecontroleerd"):
        accept_item(by=ilse, item=item, seen=seen(item))


class TestTheScanner:
    """A file that it refuses leaves nothing ticked."""

    @pytest.fixture(autouse=True)
    def _says_no(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(quarantine, "is_clean", lambda _: False)

    def test_it_opens_the_item_again(self, item: RequestItem, anna: User) -> None:
        document = give(anna, item, is_safe=False)

        quarantine.scan(document_id=document.pk)

        item.refresh_from_db()
        assert (item.state, item.refusal, item.answered_at) == (State.OPEN, Refusal.SCAN, None)
        answer = item.answers.get()
        assert (answer.is_accepted, answer.decided_by) == (False, None)
        event = AuditEvent.objects.get(action="document_request.refused")
        assert (event.actor, event.actor_role) == (None, "system")

    def test_what_else_was_given_still_counts(
        self, item: RequestItem, anna: User, ilse: User
    ) -> None:
        give(anna, item, "week 40")
        bad = give(anna, item, "week 41", is_safe=False)

        quarantine.scan(document_id=bad.pk)

        item.refresh_from_db()
        assert item.state == State.ANSWERED
        first = item.answers.waiting().get()
        accept_item(by=ilse, item=item, seen=first.pk)
        assert item.answers.filter(is_accepted=True).get() == first

    def test_a_withdrawn_item_stays_withdrawn(
        self, asked: DocumentRequest, item: RequestItem, anna: User, ilse: User
    ) -> None:
        document = give(anna, item, is_safe=False)
        withdraw_items(by=ilse, request=asked, items=[item])

        quarantine.scan(document_id=document.pk)

        item.refresh_from_db()
        assert item.state == State.WITHDRAWN
        assert Document.objects.get().state == Document.State.REFUSED
