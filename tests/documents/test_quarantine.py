"""Quarantine: nobody opens a file before a scanner found nothing in it. It fails closed.

Source: security.md 2.10 points 5 and 6, F4, F5 and F13.
"""

import logging
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from absence.models import Trajectory
from accounts.models import AuditEvent, User
from documents import quarantine, scanners
from documents.actions import add_documents, add_hcs_document
from documents.models import Document
from documents.scanners import EICAR, ScannerDownError, ScannerError, is_clean
from portal.environment import document_scanner
from tests.documents import files
from tests.documents.conftest import content_of
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
    (added,) = add_documents(
        by=anna,
        dossier=trajectory.dossier,
        trajectory=trajectory,
        folder=Document.Folder.PAYSLIP,
        files=[files.checked()],
        submission=uuid4(),
    )
    return added


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


def test_the_stand_in_exists_in_development_only(monkeypatch: pytest.MonkeyPatch) -> None:
    assert document_scanner("development") == "documents.scanners.development"
    monkeypatch.setenv("DEVELOPMENT", "no")
    assert document_scanner("clamd") == "documents.scanners.clamd"
    for word in ("development", "none", ""):
        with pytest.raises(ImproperlyConfigured, match="DOCUMENT_SCANNER"):
            document_scanner(word)


class Daemon:
    """Speaks like clamd on a socket: takes one file, says `answer`."""

    def __init__(self, family: int, address: Any, answer: bytes) -> None:
        self.socket, self.answer, self.heard = socket.socket(family), answer, b""
        self.socket.bind(address)
        self.socket.listen()
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        client, _ = self.socket.accept()
        with client:
            while not self.heard.endswith(bytes(4)):
                self.heard += client.recv(4096)
            client.sendall(self.answer)

    def stop(self) -> None:
        self.thread.join(timeout=5)
        self.socket.close()


@pytest.fixture
def as_clamd(settings: Any, tmp_path: Path) -> Iterator[Any]:
    daemons: list[Daemon] = []
    settings.DOCUMENT_SCANNER = "documents.scanners.clamd"

    def start(answer: bytes, *, tcp: bool = False) -> Daemon:
        address: Any = ("127.0.0.1", 0) if tcp else str(tmp_path / "clamd.ctl")
        daemons.append(Daemon(socket.AF_INET if tcp else socket.AF_UNIX, address, answer))
        settings.CLAMD_ADDRESS = address
        if tcp:
            settings.CLAMD_ADDRESS = f"127.0.0.1:{daemons[0].socket.getsockname()[1]}"
        return daemons[0]

    yield start
    for daemon in daemons:
        daemon.stop()


@pytest.fixture
def some_file(tmp_path: Path) -> Iterator[Any]:
    path = tmp_path / "file"
    path.write_bytes(b"inhoud")
    with path.open("rb") as file:
        yield file


@pytest.mark.parametrize("tcp", [False, True])
@pytest.mark.parametrize(
    ("answer", "clean"), [(b"stream: OK\0", True), (b"stream: Eicar-Test FOUND\0", False)]
)
def test_clamd_is_asked_over_its_socket(
    as_clamd: Any, some_file: Any, answer: bytes, clean: bool, tcp: bool
) -> None:
    daemon = as_clamd(answer, tcp=tcp)

    assert is_clean(some_file) is clean
    assert daemon.heard == b"zINSTREAM\0\0\0\0\x06inhoud" + bytes(4)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\0",
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: Can't allocate memory ERROR\0",
        b"stream: OK, maybe\0",
        b"x" * 10_000,
    ],
)
def test_any_other_answer_is_none(as_clamd: Any, some_file: Any, answer: bytes) -> None:
    as_clamd(answer)

    with pytest.raises(ScannerError):
        is_clean(some_file)


@pytest.mark.parametrize(
    "address", ["/nergens/clamd.ctl", "127.0.0.1:1", "onzin", "bestaat.invalid:3310"]
)
def test_no_clamd_is_no_answer(settings: Any, some_file: Any, address: str) -> None:
    settings.DOCUMENT_SCANNER = "documents.scanners.clamd"
    settings.CLAMD_ADDRESS = address

    with pytest.raises(ScannerDownError):
        is_clean(some_file)


def test_a_clamd_that_hangs_up_in_the_middle_says_nothing_of_other_files(
    settings: Any, tmp_path: Path
) -> None:
    """As it does with a file that is larger than its StreamMaxLength."""
    settings.DOCUMENT_SCANNER = "documents.scanners.clamd"
    settings.CLAMD_ADDRESS = str(tmp_path / "kort.ctl")
    with socket.socket(socket.AF_UNIX) as short, (tmp_path / "groot").open("w+b") as large:
        short.bind(settings.CLAMD_ADDRESS)
        short.listen()
        hangs_up = threading.Thread(target=lambda: short.accept()[0].close())
        hangs_up.start()
        large.write(bytes(4 * 1024 * 1024))
        large.seek(0)

        with pytest.raises(ScannerError) as said:
            is_clean(large)

        hangs_up.join()
    assert not isinstance(said.value, ScannerDownError)


def test_a_clamd_that_says_nothing_is_not_waited_for(
    settings: Any, some_file: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanners, "SECONDS", 0.2)
    settings.DOCUMENT_SCANNER = "documents.scanners.clamd"
    settings.CLAMD_ADDRESS = str(tmp_path / "stil.ctl")
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(settings.CLAMD_ADDRESS)
        silent.listen()

        with pytest.raises(ScannerDownError):
            is_clean(some_file)
