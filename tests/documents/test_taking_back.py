"""An employer withdraws or replaces what it uploaded: who may, until when, what stays."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from absence.actions.corrections import withdraw_report
from absence.models import Trajectory
from accounts.models import AuditEvent, User
from documents.actions import add_documents
from documents.casefile.content import documents_of
from documents.checks import CheckedFile
from documents.files import rules
from documents.files.actions import replace_document, take_up_document, withdraw_document
from documents.models import Document
from documents.requests.actions import accept_item, take_back_answer
from tests.documents import files
from tests.documents.conftest import content_of, files_in
from tests.documents.requests.conftest import ask, give, seen
from tests.documents.upload_steps import add_payslip
from tests.factories import make_document, make_member
from tests.threads import at_once


@pytest.fixture
def document(trajectory: Trajectory, anna: User) -> Document:
    return add_payslip(trajectory, anna)


def another(text: str = "november") -> CheckedFile:
    return files.checked(files.pdf(text=text), f"{text}.pdf")


def now(document: Document) -> Document:
    return Document.objects.get(pk=document.pk)


def events(action: str) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(action=action))


class TestWithdrawing:
    def test_row_and_file_stay(self, anna: User, document: Document, store: Path) -> None:
        withdraw_document(by=anna, document=document)

        found = now(document)
        assert not found.is_current
        assert found.withdrawn_by == anna
        assert list(Document.objects.current()) == []
        assert documents_of(document.trajectory) == []
        assert files_in(store) == [document.file.name]
        [event] = events("document.withdrawn")
        assert (event.actor, event.dossier_uuid) == (anna, document.dossier.uuid)
        assert event.object_id == str(document.uuid)

    def test_a_second_click_changes_nothing(self, anna: User, document: Document) -> None:
        first = withdraw_document(by=anna, document=document)
        second = withdraw_document(by=anna, document=document)

        assert first.withdrawn_at == second.withdrawn_at
        assert len(events("document.withdrawn")) == 1

    def test_a_colleague_may(self, document: Document) -> None:
        colleague = make_member(document.employer, "piet")

        withdraw_document(by=colleague, document=document)

        assert now(document).withdrawn_by == colleague

    @pytest.mark.parametrize("person", ["bram", "ilse", "hugo"])
    def test_nobody_else_may(
        self, document: Document, person: str, request: pytest.FixtureRequest
    ) -> None:
        user = request.getfixturevalue(person)
        with pytest.raises(PermissionDenied):
            withdraw_document(by=user, document=document)
        with pytest.raises(PermissionDenied):
            replace_document(by=user, document=document, file=another(), submission=uuid4())

        assert now(document).is_current

    def test_until_fourteen_days_after_the_upload(self, anna: User, document: Document) -> None:
        with time_machine.travel(document.added_at + rules.PERIOD, tick=False):
            assert rules.why_not_withdrawn(document, now=timezone.now()) == ""
        with (
            time_machine.travel(document.added_at + rules.PERIOD + timedelta(seconds=1)),
            pytest.raises(ValidationError, match="langer dan 14 dagen"),
        ):
            withdraw_document(by=anna, document=document)

        assert now(document).is_current

    def test_not_once_incomfort_opened_it(self, anna: User, ilse: User, document: Document) -> None:
        take_up_document(by=ilse, document=document)

        with pytest.raises(ValidationError, match="InComfort is al met dit document"):
            withdraw_document(by=anna, document=document)
        with pytest.raises(ValidationError, match="InComfort is al met dit document"):
            replace_document(by=anna, document=document, file=another(), submission=uuid4())

        assert now(document).is_current
        assert Document.objects.count() == 1

    @pytest.mark.parametrize(
        ("source", "folder"), [("HCS", "OPROEPBRIEF"), ("INCOMFORT", "UITKERINGSSPECIFICATIE")]
    )
    def test_not_what_another_placed(
        self, anna: User, trajectory: Trajectory, source: str, folder: str
    ) -> None:
        document = make_document(
            trajectory.dossier, trajectory=trajectory, source=source, folder=folder
        )

        with pytest.raises(ValidationError, match="Alleen wat uw organisatie zelf"):
            withdraw_document(by=anna, document=document)


class TestReplacing:
    def test_the_new_file_takes_its_place(
        self, anna: User, document: Document, store: Path
    ) -> None:
        new = replace_document(by=anna, document=document, file=another(), submission=uuid4())

        found = now(document)
        assert found.replaced_by == new
        assert list(Document.objects.current()) == [new]
        assert (new.trajectory, new.folder) == (document.trajectory, document.folder)
        assert new.state == Document.State.WAITING
        assert content_of(found) == files.pdf()
        assert len(files_in(store)) == 2
        [event] = events("document.replaced")
        assert event.object_id == str(document.uuid)
        assert event.detail["replacement"] == str(new.uuid)

    def test_sent_twice_it_is_done_once(self, anna: User, document: Document) -> None:
        given = {"by": anna, "document": document, "submission": uuid4()}
        first = replace_document(file=another(), **given)

        assert replace_document(file=another(), **given) == first
        assert Document.objects.count() == 2
        assert len(events("document.replaced")) == 1

    def test_the_replacement_can_be_replaced(self, anna: User, document: Document) -> None:
        second = replace_document(by=anna, document=document, file=another(), submission=uuid4())
        third = replace_document(
            by=anna, document=second, file=another("december"), submission=uuid4()
        )

        assert list(Document.objects.current()) == [third]

    def test_what_was_taken_back_is_not_replaced(
        self, anna: User, document: Document, store: Path
    ) -> None:
        withdraw_document(by=anna, document=document)

        with pytest.raises(ValidationError, match="al ingetrokken"):
            replace_document(by=anna, document=document, file=another(), submission=uuid4())

        assert len(files_in(store)) == Document.objects.count() == 1

    def test_a_second_replacement_is_refused(
        self, anna: User, document: Document, store: Path
    ) -> None:
        replace_document(by=anna, document=document, file=another(), submission=uuid4())

        with pytest.raises(ValidationError, match="al vervangen"):
            replace_document(by=anna, document=document, file=another("x"), submission=uuid4())
        with pytest.raises(ValidationError, match="al vervangen"):
            withdraw_document(by=anna, document=document)

        assert len(files_in(store)) == Document.objects.count() == 2

    def test_not_by_the_same_file(self, anna: User, document: Document, store: Path) -> None:
        with pytest.raises(ValidationError, match="hetzelfde bestand"):
            replace_document(by=anna, document=document, file=files.checked(), submission=uuid4())

        assert files_in(store) == [document.file.name]

    def test_one_file_does_not_replace_two(self, anna: User, document: Document) -> None:
        submission = uuid4()
        replace_document(by=anna, document=document, file=another(), submission=submission)
        [other] = add_documents(
            by=anna,
            dossier=document.dossier,
            trajectory=document.trajectory,
            folder=document.folder,
            files=[another("andere")],
            submission=uuid4(),
        )

        with pytest.raises(ValidationError, match="hetzelfde bestand"):
            replace_document(by=anna, document=other, file=another(), submission=submission)

    def test_not_for_a_report_that_was_a_mistake(self, anna: User, document: Document) -> None:
        withdraw_report(by=anna, trajectory=document.trajectory)

        with pytest.raises(ValidationError, match="melding is ingetrokken"):
            replace_document(by=anna, document=document, file=another(), submission=uuid4())


class TestTakingUp:
    def test_the_first_time_is_recorded(self, ilse: User, document: Document) -> None:
        first = take_up_document(by=ilse, document=document)
        second = take_up_document(by=ilse, document=document)

        assert first.taken_up_at == second.taken_up_at
        assert len(events("document.taken_up")) == 1

    @pytest.mark.parametrize("person", ["anna", "hugo"])
    def test_by_incomfort_only(
        self, document: Document, person: str, request: pytest.FixtureRequest
    ) -> None:
        with pytest.raises(PermissionDenied):
            take_up_document(by=request.getfixturevalue(person), document=document)

    def test_what_was_taken_back_stays_so(self, anna: User, ilse: User, document: Document) -> None:
        withdraw_document(by=anna, document=document)

        assert take_up_document(by=ilse, document=document).taken_up_at is None


class TestGivenForARequest:
    """What InComfort asked for and waits for is replaced, never just gone."""

    @pytest.fixture
    def given(self, anna: User, ilse: User, trajectory: Trajectory) -> Document:
        due_on = timezone.localdate() + timedelta(days=14)
        [item] = ask(ilse, trajectory, due_on=due_on).items.all()
        return give(anna, item)

    def test_the_new_one_is_what_was_given(self, anna: User, given: Document) -> None:
        item = given.answer.item
        before = seen(item)

        new = replace_document(by=anna, document=given, file=another(), submission=uuid4())

        assert [answer.document for answer in item.answers.all()] == [new]
        assert seen(item) > before

    def test_it_is_not_withdrawn(self, anna: User, given: Document) -> None:
        with pytest.raises(ValidationError, match="hoort bij een verzoek"):
            withdraw_document(by=anna, document=given)

    def test_what_was_decided_on_stays(self, anna: User, ilse: User, given: Document) -> None:
        accept_item(by=ilse, item=given.answer.item, seen=seen(given.answer.item))

        with pytest.raises(ValidationError, match="InComfort is al met dit document"):
            replace_document(by=anna, document=given, file=another(), submission=uuid4())

    def test_what_the_scanner_refused_is_asked_again(self, anna: User, given: Document) -> None:
        take_back_answer(document=given)

        with pytest.raises(ValidationError, match="vraagt dit document opnieuw"):
            replace_document(by=anna, document=given, file=another(), submission=uuid4())


@pytest.mark.parametrize(
    "fields",
    [
        {"withdrawn_at": timezone.now()},
        {"source": "HCS", "folder": "OPROEPBRIEF", "replaced_by": "self"},
        {"taken_up_at": timezone.now(), "replaced_by": "self"},
    ],
    ids=["without who", "of HCS", "in use"],
)
def test_the_database_refuses_the_rest(document: Document, fields: dict[str, object]) -> None:
    fields = {name: document.pk if value == "self" else value for name, value in fields.items()}
    if "replaced_by" in fields:
        fields["replaced_by_id"] = fields.pop("replaced_by")
    with pytest.raises(IntegrityError, match="document_"), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(**fields)


@pytest.mark.django_db(transaction=True)
class TestAtTheSameMoment:
    """Four clicks from four connections."""

    def test_withdrawn_once(self, anna: User, document: Document) -> None:
        done = at_once([lambda: withdraw_document(by=anna, document=document)] * 4)

        assert {found.withdrawn_at for found in done} == {now(document).withdrawn_at}
        assert len(events("document.withdrawn")) == 1

    def test_of_four_replacements_one_counts(
        self, anna: User, document: Document, store: Path
    ) -> None:
        def replace(text: str) -> Document:
            return replace_document(
                by=anna, document=document, file=another(text), submission=uuid4()
            )

        done = at_once([lambda text=text: replace(text) for text in ("a", "b", "c", "d")])

        [new] = [found for found in done if isinstance(found, Document)]
        refused = [found for found in done if isinstance(found, ValidationError)]
        assert [error.messages for error in refused] == [[rules.REPLACED]] * 3
        assert now(document).replaced_by == new
        assert len(files_in(store)) == Document.objects.count() == 2

    def test_one_replacement_sent_four_times_counts_once(
        self, anna: User, document: Document, store: Path
    ) -> None:
        submission = uuid4()

        def replace() -> Document:
            return replace_document(
                by=anna, document=document, file=another(), submission=submission
            )

        done = at_once([replace] * 4)

        assert {found.pk for found in done} == {now(document).replaced_by_id}
        assert len(files_in(store)) == Document.objects.count() == 2

    @pytest.mark.parametrize("act", ["replace", "withdraw"])
    def test_either_the_employer_or_incomfort_has_it(
        self, anna: User, ilse: User, document: Document, store: Path, act: str
    ) -> None:
        def take_back() -> Document:
            if act == "withdraw":
                return withdraw_document(by=anna, document=document)
            return replace_document(by=anna, document=document, file=another(), submission=uuid4())

        back, taken = at_once([take_back, lambda: take_up_document(by=ilse, document=document)])

        found = now(document)
        assert isinstance(taken, Document)
        if isinstance(back, Document):
            assert not found.is_current
            assert found.taken_up_at is None
            assert not events("document.taken_up")
        else:
            assert back.messages == [rules.TAKEN_UP]
            assert found.is_current
            assert found.taken_up_at
            assert len(files_in(store)) == 1
