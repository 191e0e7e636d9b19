"""InComfort asks an employer for documents, gives more time, and takes a question back."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from absence.actions.corrections import withdraw_report
from absence.models import Trajectory
from accounts.models import AuditEvent, User
from documents.models import Document, DocumentRequest, RequestItem, RequestPurpose
from documents.requests.actions import Wanted, ask_documents, move_due, withdraw_items
from tests.documents.requests.conftest import (
    CONTRACT,
    DUE,
    EARLIER_PAYSLIP,
    PAYSLIP,
    TODAY,
    ask,
    give,
)

State = RequestItem.State


def recovered(trajectory: Trajectory, on: date, by: User) -> None:
    Trajectory.objects.filter(pk=trajectory.pk).update(
        first_sick_day=on - timedelta(days=30),
        recovered_on=on,
        recovered_by=by,
        recovery_recorded_at="2026-11-01T10:00Z",
    )


def test_each_document_becomes_a_line_of_the_checklist(asked: DocumentRequest) -> None:
    words = [str(item) for item in asked.items.all()]

    assert words == ["Arbeidsovereenkomst", "Loonstrook september 2026", "Loonstrook oktober 2026"]
    assert {item.state for item in asked.items.all()} == {State.OPEN}
    assert asked.number == f"DV-{asked.pk:06d}"


def test_it_is_recorded_and_the_report_is_taken_up(
    asked: DocumentRequest, ilse: User, trajectory: Trajectory
) -> None:
    event = AuditEvent.objects.get(action="document_request.asked")
    trajectory.refresh_from_db()

    assert (event.actor, event.dossier_uuid) == (ilse, trajectory.dossier.uuid)
    assert event.detail == {"items": 3}
    assert trajectory.taken_up_at


def test_the_same_form_asks_once(ilse: User, trajectory: Trajectory) -> None:
    submission = uuid4()
    first = ask(ilse, trajectory, submission=submission)

    assert ask(ilse, trajectory, submission=submission) == first
    assert RequestItem.objects.count() == 1


@pytest.mark.parametrize("who", ["anna", "hugo"])
def test_only_incomfort_asks(
    who: str, trajectory: Trajectory, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(PermissionDenied):
        ask(request.getfixturevalue(who), trajectory)


def test_what_runs_is_not_asked_again_but_what_is_done_may_be(
    ilse: User, anna: User, trajectory: Trajectory
) -> None:
    first = ask(ilse, trajectory, PAYSLIP, CONTRACT)
    with pytest.raises(ValidationError, match="al om gevraagd: Loonstrook oktober 2026"):
        ask(ilse, trajectory, EARLIER_PAYSLIP, PAYSLIP)
    give(anna, first.items.get(month=PAYSLIP.month))
    with pytest.raises(ValidationError, match="al om gevraagd"):
        ask(ilse, trajectory, PAYSLIP)

    withdraw_items(by=ilse, request=first, items=list(first.items.all()))

    assert ask(ilse, trajectory, PAYSLIP).items.count() == 1


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ([], "wanted"),
        ([PAYSLIP, PAYSLIP], "wanted"),
        ([Wanted(Document.Folder.PAYSLIP)], "folder"),
        ([Wanted(Document.Folder.CONTRACT, date(2026, 10, 1))], "folder"),
        ([Wanted(Document.Folder.SUMMONS)], "folder"),
        ([Wanted("DIAGNOSE")], "folder"),
        ([Wanted(Document.Folder.PAYSLIP, date(2026, 12, 1))], "month"),
        ([Wanted(Document.Folder.PAYSLIP, date(2026, 10, 2))], "month"),
    ],
)
def test_only_what_the_list_has_is_asked(
    ilse: User, trajectory: Trajectory, purpose: RequestPurpose, wanted: Any, code: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        ask_documents(
            by=ilse,
            trajectory=trajectory,
            wanted=wanted,
            due_on=DUE,
            purpose=purpose,
            submission=uuid4(),
        )
    assert refused.value.code == code
    assert not DocumentRequest.objects.exists()


@pytest.mark.parametrize("due_on", [TODAY, TODAY - timedelta(days=1), TODAY + timedelta(days=91)])
def test_the_last_day_must_be_ahead(ilse: User, trajectory: Trajectory, due_on: date) -> None:
    with pytest.raises(ValidationError, match="na vandaag"):
        ask(ilse, trajectory, due_on=due_on)


def test_of_a_withdrawn_report_nothing_is_asked(
    ilse: User, anna: User, trajectory: Trajectory
) -> None:
    withdraw_report(by=anna, trajectory=trajectory)

    with pytest.raises(ValidationError, match="ingetrokken"):
        ask(ilse, trajectory)


def test_shortly_after_the_recovery_it_is_allowed(
    ilse: User, hugo: User, trajectory: Trajectory
) -> None:
    recovered(trajectory, date(2024, 11, 25), hugo)

    assert ask(ilse, trajectory).items.count() == 1


def test_long_after_the_recovery_it_is_refused(
    ilse: User, hugo: User, trajectory: Trajectory
) -> None:
    recovered(trajectory, date(2024, 11, 24), hugo)

    with pytest.raises(ValidationError, match=r"hersteld per 24-11-2024, langer dan twee jaar"):
        ask(ilse, trajectory)
    trajectory.refresh_from_db()
    assert trajectory.taken_up_at is None


def test_a_request_of_a_report_that_was_withdrawn_later_runs_no_more(
    asked: DocumentRequest, trajectory: Trajectory, anna: User
) -> None:
    Trajectory.objects.filter(pk=trajectory.pk).update(
        withdrawn_at="2026-11-24T11:00Z", withdrawn_by=anna
    )

    assert not DocumentRequest.objects.open().exists()


def test_more_time_is_recorded(asked: DocumentRequest, ilse: User) -> None:
    later = DUE + timedelta(days=7)

    assert move_due(by=ilse, request=asked, due_on=later).due_on == later
    event = AuditEvent.objects.get(action="document_request.due")
    assert event.detail == {"due_on": "2026-12-15"}


def test_no_more_time_for_what_is_done(asked: DocumentRequest, ilse: User) -> None:
    withdraw_items(by=ilse, request=asked, items=list(asked.items.all()))

    with pytest.raises(ValidationError, match="niets meer open"):
        move_due(by=ilse, request=asked, due_on=DUE + timedelta(days=7))


def test_withdrawing_ends_what_runs_and_keeps_what_was_given(
    asked: DocumentRequest, item: RequestItem, ilse: User, anna: User
) -> None:
    document = give(anna, item)

    withdraw_items(by=ilse, request=asked, items=list(asked.items.all()))

    assert {one.state for one in asked.items.all()} == {State.WITHDRAWN}
    assert Document.objects.get() == document
    assert asked.items.filter(settled_by=ilse).count() == 3
    assert not DocumentRequest.objects.open().exists()
    assert not DocumentRequest.objects.answered().exists()
    event = AuditEvent.objects.get(action="document_request.withdrawn")
    assert len(event.detail["items"]) == 3


def test_one_line_can_be_withdrawn(asked: DocumentRequest, item: RequestItem, ilse: User) -> None:
    withdraw_items(by=ilse, request=asked, items=[item])

    states = {str(one): one.state for one in asked.items.all()}
    assert states.pop("Loonstrook oktober 2026") == State.WITHDRAWN
    assert set(states.values()) == {State.OPEN}
    with pytest.raises(ValidationError, match="niets meer open"):
        withdraw_items(by=ilse, request=asked, items=[item])


def test_only_incomfort_withdraws_and_gives_more_time(
    asked: DocumentRequest, hugo: User, anna: User
) -> None:
    for user in (hugo, anna):
        with pytest.raises(PermissionDenied):
            withdraw_items(by=user, request=asked, items=list(asked.items.all()))
        with pytest.raises(PermissionDenied):
            move_due(by=user, request=asked, due_on=DUE + timedelta(days=7))
