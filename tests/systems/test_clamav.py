"""The real scanner: EICAR plain, inside a PDF, zipped and appended; and clamd away and back.

Source: security.md F4 and F5.
"""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pikepdf
import pytest
from django.test import Client

from absence.models import Trajectory
from accounts.models import AuditEvent, User
from documents import quarantine
from documents.actions import add_documents
from documents.models import Document
from documents.scanners import EICAR, ScannerError, is_clean
from tests.documents import files
from tests.documents.conftest import (  # noqa: F401 - fixtures
    dossier,
    employer,
    store,
    trajectory,
)
from tests.factories import make_document
from tests.jobs import run_jobs
from tests.login import login
from tests.systems.clamav import Clamd

pytestmark = [pytest.mark.clamav, pytest.mark.django_db, pytest.mark.usefixtures("store")]
State = Document.State


@pytest.fixture
def clamd(tmp_path_factory: pytest.TempPathFactory, settings: Any) -> Iterator[Clamd]:
    found = Clamd(tmp_path_factory.mktemp("clamd"))
    settings.DOCUMENT_SCANNER = "documents.scanners.clamd"
    settings.CLAMD_ADDRESS = str(found.socket)
    found.start()
    yield found
    found.stop()


def zipped(content: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("eicar.com", content)
    return target.getvalue()


def in_a_compressed_stream() -> bytes:
    """As a file that our own parse accepts: a page whose (deflated) content is the test file."""
    with pikepdf.open(io.BytesIO(files.pdf())) as document:
        document.pages[0].Contents = document.make_stream(EICAR)
        target = io.BytesIO()
        document.save(target, compress_streams=True)
    return target.getvalue()


INFECTED = {
    "plain": EICAR,
    "in a PDF": files.pdf(text="").replace(b"() Tj", b"(" + EICAR + b") Tj"),
    "appended to a JPEG": files.image("JPEG") + EICAR,
    "zipped": zipped(EICAR),
    "zipped twice": zipped(zipped(EICAR)),
    "in a compressed stream": in_a_compressed_stream(),
}


@pytest.mark.parametrize("content", INFECTED.values(), ids=INFECTED.keys())
def test_the_test_file_is_found_and_refused(
    client: Client,
    clamd: Clamd,
    anna: User,
    trajectory: Trajectory,  # noqa: F811
    content: bytes,
) -> None:
    document = make_document(
        trajectory.dossier, content, trajectory=trajectory, added_by=anna, state=State.WAITING
    )

    quarantine.scan_waiting()

    document.refresh_from_db()
    assert document.verdict.startswith("geweigerd: er zit een virus"), clamd.said()
    assert AuditEvent.objects.get(action="document.scan").outcome == "DENIED"
    login(client, anna)
    assert client.get(document.get_absolute_url()).status_code == 409


def test_clean_documents_of_every_kind_are_safe(
    clamd: Clamd,
    anna: User,
    trajectory: Trajectory,  # noqa: F811
) -> None:
    documents = upload(anna, trajectory)

    run_jobs()

    for document in documents:
        document.refresh_from_db()
        assert document.state == State.SAFE, clamd.said()


def test_without_clamd_nothing_opens_and_with_it_all_is_judged(
    client: Client,
    clamd: Clamd,
    anna: User,
    trajectory: Trajectory,  # noqa: F811
) -> None:
    login(client, anna)
    clamd.stop()
    documents = upload(anna, trajectory)
    run_jobs()
    assert [client.get(each.get_absolute_url()).status_code for each in documents] == [409] * 3

    clamd.start()
    assert quarantine.scan_waiting() == 0

    for document in documents:
        response = client.get(document.get_absolute_url())
        assert response.status_code == 200
        assert len(b"".join(response.streaming_content)) == document.size


def test_more_than_clamd_takes_is_no_answer(clamd: Clamd, tmp_path: Path) -> None:
    large = tmp_path / "groot"
    large.write_bytes(bytes(26 * 1024 * 1024))
    with large.open("rb") as file, pytest.raises(ScannerError):
        is_clean(file)


def test_what_clamd_does_not_take_does_not_keep_the_others_waiting(
    clamd: Clamd,
    anna: User,
    trajectory: Trajectory,  # noqa: F811
) -> None:
    large, other = (
        make_document(
            trajectory.dossier, content, trajectory=trajectory, added_by=anna, state=State.WAITING
        )
        for content in (bytes(26 * 1024 * 1024), files.pdf())
    )

    assert quarantine.scan_waiting() == 1

    for document, state in ((large, State.WAITING), (other, State.SAFE)):
        document.refresh_from_db()
        assert document.state == state, clamd.said()


def upload(anna: User, trajectory: Trajectory) -> list[Document]:  # noqa: F811
    kinds = {"a.pdf": files.pdf(), "b.jpg": files.image("JPEG"), "c.png": files.image("PNG")}
    return add_documents(
        by=anna,
        dossier=trajectory.dossier,
        trajectory=trajectory,
        folder=Document.Folder.PAYSLIP,
        files=[files.checked(content, name) for name, content in kinds.items()],
        submission=uuid4(),
    )
