"""What people do with documents: who may, what is stored, what is recorded."""

from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage
from django.db import IntegrityError, transaction

from absence.models import Trajectory
from accounts.models import AuditEvent, Employer, OutgoingMessage, Policy, User
from documents import actions
from documents.case_notes.actions import add_case_note
from documents.models import BenefitStatement, CaseNote, Document
from documents.storage import StorageError, atomic_with_files
from dossiers.models import Dossier
from portal.environment import file_storage
from tests.documents import files
from tests.documents.conftest import content_of, files_in
from tests.factories import make_employee, make_policy, make_trajectory

Folder = Document.Folder


@pytest.fixture
def policy(employer: Employer) -> Policy:
    return employer.policies.get()


def add(by: User, trajectory: Trajectory, *contents: bytes, **fields: Any) -> list[Document]:
    given = {
        "by": by,
        "dossier": trajectory.dossier,
        "trajectory": trajectory,
        "folder": Folder.PAYSLIP,
        "files": [files.checked(content) for content in contents or (files.pdf(),)],
        "submission": uuid4(),
    }
    return actions.add_documents(**(given | fields))


def events(action: str) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(action=action))


def test_files_are_stored_as_they_came(anna: User, trajectory: Trajectory, store: Path) -> None:
    first, second = add(anna, trajectory, files.pdf(text="een"), files.pdf(text="twee"))

    assert content_of(first) == files.pdf(text="een")
    assert content_of(second) == files.pdf(text="twee")
    assert first.employer == trajectory.employer
    assert (first.source, first.folder) == (Document.Source.EMPLOYER, Folder.PAYSLIP)
    assert (first.type, first.size) == (Document.Type.PDF, len(files.pdf(text="een")))
    assert (first.added_by, first.trajectory) == (anna, trajectory)
    assert len(files_in(store)) == 2


def test_the_place_in_the_store_tells_nothing(anna: User, trajectory: Trajectory) -> None:
    document = add(anna, trajectory, files=[files.checked(name="BSN 123456782.pdf")])[0]

    assert document.file.name.startswith(f"{trajectory.employer.uuid}/")
    assert "BSN" not in document.file.name
    assert "." not in document.file.name


def test_another_user_of_the_machine_cannot_read_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DOCUMENTS_S3_BUCKET", raising=False)
    settings = file_storage(tmp_path)
    storage = FileSystemStorage(**settings["OPTIONS"])
    name = storage.save("map/bestand", ContentFile(b"inhoud"))

    assert Path(storage.path(name)).stat().st_mode & 0o777 == 0o600
    assert Path(storage.path(name)).parent.stat().st_mode & 0o777 == 0o700


def test_each_file_is_an_event_without_its_name(anna: User, trajectory: Trajectory) -> None:
    document = add(anna, trajectory, files=[files.checked(name="Łukaszewicz.pdf")])[0]

    (event,) = events("document.upload")
    assert (event.actor, event.employer) == (anna, trajectory.employer)
    assert (event.dossier_uuid, event.object_id) == (trajectory.dossier.uuid, str(document.uuid))
    assert event.detail == {"folder": "LOONSTROOK", "size": document.size}


def test_the_same_submission_stores_once(anna: User, trajectory: Trajectory, store: Path) -> None:
    submission = uuid4()
    first = add(anna, trajectory, submission=submission)
    second = add(anna, trajectory, submission=submission)

    assert first == second
    assert len(files_in(store)) == 1
    assert len(events("document.upload")) == 1


def test_the_same_file_may_come_again_later_or_elsewhere(
    anna: User, trajectory: Trajectory
) -> None:
    colleague = make_trajectory(make_employee(trajectory.employer, created_by=anna))
    submission = uuid4()
    add(anna, trajectory, submission=submission)
    add(anna, trajectory)
    add(anna, colleague, submission=submission)
    add(anna, trajectory, submission=submission, folder=Folder.CONTRACT)

    assert Document.objects.count() == 4


def test_a_stranger_adds_nothing(bram: User, trajectory: Trajectory, store: Path) -> None:
    with pytest.raises(PermissionDenied):
        add(bram, trajectory)

    assert not Document.objects.exists()
    assert not files_in(store)


@pytest.mark.parametrize("staff", ["ilse", "hugo"])
def test_staff_do_not_add_for_an_employer(
    staff: str, trajectory: Trajectory, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(PermissionDenied):
        add(request.getfixturevalue(staff), trajectory)


def test_the_report_must_be_of_the_same_dossier(
    anna: User, trajectory: Trajectory, foreign_trajectory: Trajectory, store: Path
) -> None:
    colleague = make_trajectory(make_employee(trajectory.employer, created_by=anna))
    for other in (foreign_trajectory, colleague):
        with pytest.raises(ValidationError, match="Kies een traject van deze werknemer"):
            add(anna, other, dossier=trajectory.dossier)

    assert not files_in(store)


@pytest.mark.parametrize("folder", [*Document.HCS_FOLDERS, Folder.STATEMENT, "ANDERS", ""])
def test_an_employer_fills_three_folders_only(
    anna: User, trajectory: Trajectory, folder: str
) -> None:
    with pytest.raises(ValidationError, match="Kies een submap uit de lijst"):
        add(anna, trajectory, folder=folder)


def test_when_a_row_fails_no_file_stays(
    anna: User, trajectory: Trajectory, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second row fails: the first, already stored, goes too."""
    saves = []

    def fail_second(document: Document, **options: Any) -> None:
        saves.append(document)
        if len(saves) == 2:
            raise IntegrityError
        super(Document, document).save(**options)

    monkeypatch.setattr(Document, "save", fail_second)
    with pytest.raises(IntegrityError):
        add(anna, trajectory, files.pdf(text="een"), files.pdf(text="twee"))

    assert len(saves) == 2
    assert not Document.objects.exists()
    assert not files_in(store)
    assert not events("document.upload")


def test_when_the_store_fails_no_row_stays(
    anna: User, trajectory: Trajectory, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real_save = Storage.save
    names = []

    def fail_second(storage: Storage, name: str, content: Any) -> str:
        names.append(name)
        real_save(storage, name, content)
        if len(names) == 2:
            raise OSError("No space left on device")
        return name

    monkeypatch.setattr(Storage, "save", fail_second)
    with pytest.raises(StorageError):
        add(anna, trajectory, files.pdf(text="een"), files.pdf(text="twee"))

    assert not Document.objects.exists()
    assert not files_in(store)


def add_and_fail(by: User, trajectory: Trajectory, store: Path) -> None:
    """A caller whose own transaction fails after ours succeeded."""
    with atomic_with_files():
        document = add(by, trajectory)[0]
        assert document.file.name in files_in(store)
        raise RuntimeError


def test_a_caller_that_fails_afterwards_leaves_no_file(
    anna: User, trajectory: Trajectory, store: Path
) -> None:
    with pytest.raises(RuntimeError):
        add_and_fail(anna, trajectory, store)

    assert not Document.objects.exists()
    assert not files_in(store)


def test_a_failure_that_the_caller_survives_removes_only_its_own_files(
    anna: User, trajectory: Trajectory, store: Path
) -> None:
    with atomic_with_files():
        kept = add(anna, trajectory)[0]
        with pytest.raises(RuntimeError):
            add_and_fail(anna, trajectory, store)

    assert list(Document.objects.all()) == [kept]
    assert files_in(store) == [kept.file.name]


def test_the_database_refuses_a_folder_that_is_not_the_senders(
    anna: User, trajectory: Trajectory
) -> None:
    document = add(anna, trajectory)[0]
    with pytest.raises(IntegrityError, match="document_folder_fits_source"), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(folder=Folder.CONSULTATION_REPORT)


@pytest.mark.parametrize("folder", Document.HCS_FOLDERS)
def test_hcs_adds_its_documents(hugo: User, trajectory: Trajectory, folder: str) -> None:
    document = actions.add_hcs_document(
        by=hugo, trajectory=trajectory, folder=folder, file=files.checked()
    )

    assert (document.source, document.folder, document.added_by) == ("HCS", folder, hugo)
    assert document.dossier == trajectory.dossier
    (event,) = events("document.upload")
    assert (event.actor_role, event.dossier_uuid) == ("hcs", trajectory.dossier.uuid)


def test_hcs_sends_once_per_submission(hugo: User, trajectory: Trajectory) -> None:
    given = {"by": hugo, "trajectory": trajectory, "folder": Folder.SUMMONS, "submission": uuid4()}
    first = actions.add_hcs_document(file=files.checked(), **given)

    assert actions.add_hcs_document(file=files.checked(), **given) == first


@pytest.mark.parametrize("person", ["anna", "bram", "ilse"])
def test_only_hcs_adds_what_hcs_writes(
    person: str, trajectory: Trajectory, request: pytest.FixtureRequest, store: Path
) -> None:
    user = request.getfixturevalue(person)
    with pytest.raises(PermissionDenied):
        actions.add_hcs_document(
            by=user, trajectory=trajectory, folder=Folder.SUMMONS, file=files.checked()
        )
    with pytest.raises(PermissionDenied):
        add_case_note(by=user, trajectory=trajectory, kind="CONTACT", text="Gebeld")

    assert not files_in(store)
    assert not CaseNote.objects.exists()


@pytest.mark.parametrize("folder", [*Document.EMPLOYER_FOLDERS, Folder.STATEMENT])
def test_hcs_fills_its_own_folders_only(hugo: User, trajectory: Trajectory, folder: str) -> None:
    with pytest.raises(ValidationError, match="spreekuurverslag of oproepbrief"):
        actions.add_hcs_document(
            by=hugo, trajectory=trajectory, folder=folder, file=files.checked()
        )


def test_a_note_is_kept_sealed_and_recorded(hugo: User, trajectory: Trajectory) -> None:
    note = add_case_note(
        by=hugo, trajectory=trajectory, kind="ADVICE", text="  Vier uur per dag. \n"
    )

    note.refresh_from_db()
    assert (note.text, note.written_by, note.dossier) == (
        "Vier uur per dag.",
        hugo,
        trajectory.dossier,
    )
    (event,) = events("case_note.add")
    assert event.detail == {"kind": "ADVICE"}


def test_a_note_that_is_sent_twice_is_kept_once(hugo: User, trajectory: Trajectory) -> None:
    note = {"by": hugo, "trajectory": trajectory, "kind": "ADVICE", "submission": uuid4()}

    first = add_case_note(**note, text="Vier uur per dag.")

    assert add_case_note(**note, text="Vier uur per dag.") == first
    assert CaseNote.objects.count() == 1
    assert len(events("case_note.add")) == 1


@pytest.mark.parametrize("text", ["", "  \n", "x" * 10_001])
def test_a_note_says_something_and_ends(hugo: User, trajectory: Trajectory, text: str) -> None:
    with pytest.raises(ValidationError, match="van 1 tot 10000 tekens"):
        add_case_note(by=hugo, trajectory=trajectory, kind="CONTACT", text=text)


def publish(by: User, policy: Policy, **fields: Any) -> BenefitStatement:
    given = {"month": date(2026, 10, 1), "file": files.checked()}
    return actions.publish_statement(by=by, policy=policy, **(given | fields))


def test_a_statement_lands_in_the_company_dossier(
    ilse: User, policy: Policy, company_dossier: Dossier
) -> None:
    statement = publish(ilse, policy, month=date(2026, 10, 17))

    assert statement.month == date(2026, 10, 1)
    assert statement.document.dossier == company_dossier
    assert statement.document.name == "Uitkeringsspecificatie oktober 2026.pdf"
    assert content_of(statement.document) == files.pdf()
    (event,) = events("statement.publish")
    assert event.detail == {"month": "2026-10", "policy": policy.pk, "mailed": False}
    assert (event.actor_role, event.dossier_uuid) == ("incomfort", company_dossier.uuid)


def test_the_contact_gets_a_link_and_nothing_about_people(
    ilse: User, anna: User, policy: Policy, company_dossier: Dossier, settings: Any
) -> None:
    settings.PUBLIC_URL = "https://portaal.example.test"
    company_dossier.employer.contact = anna
    company_dossier.employer.save()

    publish(ilse, policy)

    message = OutgoingMessage.objects.get()
    assert message.purpose == "uitkeringsspecificatie"
    assert message.recipient == anna.email
    address = f"https://portaal.example.test/dossiers/{company_dossier.uuid}/trajectendossier/"
    assert address in message.text.split()
    for private in (anna.first_name, company_dossier.employer.name, policy.number):
        assert private not in message.text + message.subject


def test_one_statement_per_policy_and_month(
    ilse: User, policy: Policy, employer: Employer, store: Path
) -> None:
    publish(ilse, policy)
    with pytest.raises(ValidationError, match="is er al een specificatie"):
        publish(ilse, policy, month=date(2026, 10, 31))
    publish(ilse, policy, month=date(2026, 11, 1))
    publish(ilse, make_policy(employer))

    assert BenefitStatement.objects.count() == Document.objects.count() == 3
    assert len(files_in(store)) == 3


def test_a_statement_is_a_pdf(ilse: User, policy: Policy, store: Path) -> None:
    with pytest.raises(ValidationError, match="is een PDF"):
        publish(ilse, policy, file=files.checked(files.image("PNG"), "scan.png"))

    assert not files_in(store)


@pytest.mark.parametrize("person", ["anna", "bram", "hugo"])
def test_only_incomfort_publishes(
    person: str, policy: Policy, request: pytest.FixtureRequest, store: Path
) -> None:
    with pytest.raises(PermissionDenied):
        publish(request.getfixturevalue(person), policy)

    assert not files_in(store)
    assert not OutgoingMessage.objects.exists()
