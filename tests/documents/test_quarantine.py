"""Quarantine: nobody opens a file before a scanner found nothing in it. It fails closed.

Source: security.md 2.10 points 5 and 6, F4, F5 and F13.
"""

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from absence.models import Trajectory
from accounts.models import AuditEvent, User
from documents import quarantine
from documents.actions import add_hcs_document
from documents.models import Document
from documents.scanners import EICAR, ScannerDownError, ScannerError
from tests.documents import files
from tests.documents.conftest import content_of
from tests.documents.upload_steps import add_payslip
from tests.factories import make_document
from tests.jobs import run_jobs
from tests.login import login

DOWN = "tests.documents.test_quarantine.no_answer"
State, Refusal = Document.State, Document.Refusal


def no_answer(file: Any) -> bool:
    raise ScannerDownError("clamd: connection refused")


@pytest.fixture
def scanner_is_down(settings: Any) -> None:
    settings.DOCUMENT_SCANNER = DOWN


@pytest.fixture
def document(trajectory: Trajectory, anna: User) -> Document:
    return add_payslip(trajectory, anna)


def events() -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(action="document.scan"))


def state_of(document: Document) -> str:
    document.refresh_from_db()
    return document.state


def remove(document: Document) -> None:
    assert document.file.name
    default_storage.delete(document.file.name)


def put(document: Document, content: bytes) -> None:
    """Other bytes under the name of its file."""
    remove(document)
    assert default_storage.save(document.file.name, ContentFile(content)) == document.file.name


def page(client: Client, document: Document) -> str:
    address = reverse("documents:dossier-files", args=[document.dossier.uuid])
    return client.get(address).text


def test_a_new_document_waits_and_cannot_be_opened(
    client: Client, anna: User, document: Document
) -> None:
    login(client, anna)

    text = page(client, document)
    response = client.get(document.get_absolute_url())

    assert "wordt gecontroleerd" in text
    assert f'"{document.get_absolute_url()}"' not in text
    assert response.status_code == 409
    assert "wordt gecontroleerd" in response.text
    assert "u hoeft het niet opnieuw toe te voegen" in response.text
    assert AuditEvent.objects.get(action="document.download").outcome == "DENIED"


def test_the_worker_judges_it_and_then_it_opens(
    client: Client, anna: User, document: Document
) -> None:
    login(client, anna)
    run_jobs()

    assert state_of(document) == State.SAFE
    assert document.judged_at is not None
    text = page(client, document)
    assert f'"{document.get_absolute_url()}"' in text
    assert "veilig" in text
    response = client.get(document.get_absolute_url())
    assert b"".join(response.streaming_content) == files.pdf()
    (event,) = events()
    assert (event.outcome, event.actor, event.actor_role) == ("OK", None, "system")
    assert (event.object_id, event.dossier_uuid) == (str(document.uuid), document.dossier.uuid)


def test_a_virus_is_refused_with_the_reason(
    client: Client, anna: User, trajectory: Trajectory
) -> None:
    document = make_document(
        trajectory.dossier, EICAR, trajectory=trajectory, added_by=anna, state=State.WAITING
    )
    login(client, anna)

    quarantine.scan_waiting()

    assert (state_of(document), document.refusal) == (State.REFUSED, Refusal.VIRUS)
    assert "Geweigerd: er zit een virus" in page(client, document)
    response = client.get(document.get_absolute_url())
    assert response.status_code == 409
    assert "er zit een virus of ander schadelijk programma in" in response.text
    (event,) = events()
    assert (event.outcome, event.detail) == ("DENIED", {"refusal": "VIRUS"})


@pytest.mark.parametrize("state", [State.WAITING, State.REFUSED])
def test_staff_cannot_open_it_either(
    client: Client, hugo: User, trajectory: Trajectory, state: str
) -> None:
    document = add_hcs_document(
        by=hugo,
        trajectory=trajectory,
        folder=Document.Folder.SUMMONS,
        file=files.checked(),
    )
    refusal = Refusal.VIRUS if state == State.REFUSED else ""
    Document.objects.update(state=state, refusal=refusal)
    login(client, hugo)

    response = client.get(reverse("admin:documents_document_open", args=[document.pk]), follow=True)

    assert b"".join(response)[:5] != b"%PDF-"
    assert "Dit bestand is niet te openen" in response.text
    assert "Bestand openen" not in response.text


@pytest.mark.usefixtures("scanner_is_down")
def test_a_scanner_that_is_down_decides_nothing(
    client: Client, anna: User, document: Document, settings: Any, caplog: Any
) -> None:
    login(client, anna)

    run_jobs()
    assert state_of(document) == State.WAITING
    assert client.get(document.get_absolute_url()).status_code == 409
    assert not events()
    assert "scanner does not answer" in caplog.text

    settings.DOCUMENT_SCANNER = "documents.scanners.development"
    assert quarantine.scan_waiting() == 0
    assert state_of(document) == State.SAFE


@pytest.mark.usefixtures("scanner_is_down")
def test_what_waits_too_long_is_an_error_in_the_log(
    document: Document, caplog: pytest.LogCaptureFixture
) -> None:
    quarantine.scan_waiting()
    assert "too long" not in caplog.text

    Document.objects.update(added_at=timezone.now() - timedelta(minutes=16))
    assert quarantine.scan_waiting() == 1
    (late,) = [said for said in caplog.records if said.levelno == logging.ERROR]
    assert late.getMessage() == "documents wait for the virus scanner too long: 1"


def test_a_file_that_was_altered_while_it_waited_is_refused(document: Document) -> None:
    put(document, files.pdf(text="iets anders"))

    quarantine.scan_waiting()

    assert (state_of(document), document.refusal) == (State.REFUSED, Refusal.ALTERED)


def test_a_file_that_is_away_waits_until_it_is_back(document: Document) -> None:
    content = content_of(document)
    remove(document)

    assert quarantine.scan_waiting() == 1
    assert state_of(document) == State.WAITING
    put(document, content)
    assert quarantine.scan_waiting() == 0
    assert state_of(document) == State.SAFE


def test_one_file_that_is_away_does_not_keep_the_others_waiting(
    document: Document, trajectory: Trajectory, anna: User
) -> None:
    remove(document)
    other = make_document(
        trajectory.dossier, trajectory=trajectory, added_by=anna, state=State.WAITING
    )

    assert quarantine.scan_waiting() == 1
    assert state_of(other) == State.SAFE


def test_one_document_without_a_verdict_does_not_keep_the_others_waiting(
    document: Document,
    trajectory: Trajectory,
    anna: User,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Larger than clamd takes, or of a kind that it chokes on: the oldest of two."""

    def judge(file: Any) -> bool:
        if file.read() == files.pdf():
            raise ScannerError("clamd: INSTREAM size limit exceeded")
        return True

    other = make_document(
        trajectory.dossier, trajectory=trajectory, added_by=anna, state=State.WAITING
    )
    monkeypatch.setattr(quarantine, "is_clean", judge)

    assert quarantine.scan_waiting() == 1
    assert (state_of(document), state_of(other)) == (State.WAITING, State.SAFE)
    assert f"no verdict on document {document.pk}" in caplog.text


def test_a_scanner_that_is_down_is_asked_once(
    document: Document, trajectory: Trajectory, anna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def down(file: Any) -> bool:
        asked.append(file)
        raise ScannerDownError("clamd: connection refused")

    make_document(trajectory.dossier, trajectory=trajectory, added_by=anna, state=State.WAITING)
    monkeypatch.setattr(quarantine, "is_clean", down)

    assert quarantine.scan_waiting() == 2
    assert len(asked) == 1


def test_a_verdict_stands(document: Document, settings: Any) -> None:
    """A job that runs again changes nothing."""
    run_jobs()
    put(document, EICAR)
    quarantine.scan(document_id=document.pk)

    assert state_of(document) == State.SAFE
    assert len(events()) == 1


def test_two_workers_at_the_same_document_give_one_event(
    document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(file: Any) -> bool:
        monkeypatch.setattr(quarantine, "is_clean", lambda file: True)
        quarantine.scan(document_id=document.pk)
        return False

    monkeypatch.setattr(quarantine, "is_clean", meanwhile)
    quarantine.scan(document_id=document.pk)

    assert state_of(document) == State.SAFE
    assert len(events()) == 1


@pytest.mark.parametrize(("state", "refusal"), [("REFUSED", ""), ("SAFE", "VIRUS")])
def test_only_a_refusal_has_a_reason(document: Document, state: str, refusal: str) -> None:
    with pytest.raises(IntegrityError, match="refusal_has_a_reason"), transaction.atomic():
        Document.objects.update(state=state, refusal=refusal)
