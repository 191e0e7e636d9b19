"""The check that nothing is lost: it finds a document without a file, and the reverse."""

import tracemalloc
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, default_storage, storages
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from absence.models import Trajectory
from accounts.models import User
from documents import file_check
from documents.actions import add_documents
from documents.left_files import remove_left_files
from documents.models import Document, LeftFile
from tests.documents import files
from tests.documents.conftest import files_in
from tests.factories import make_document

WELL = "Elk document heeft zijn bestand en elk bestand zijn document."


@pytest.fixture(autouse=True)
def _nothing_is_young(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test stores was stored long ago, but for the test of what was not."""
    monkeypatch.setattr(file_check, "YOUNG", timedelta(seconds=-60))


@pytest.fixture
def document(trajectory: Trajectory, anna: User) -> Document:
    return make_document(trajectory.dossier, files.pdf(), trajectory=trajectory, added_by=anna)


def check(**options: Any) -> str:
    said = StringIO()
    call_command("check_files", stdout=said, **options)
    return said.getvalue()


def check_fails(**options: Any) -> tuple[str, CommandError]:
    said = StringIO()
    with pytest.raises(CommandError) as failed:
        call_command("check_files", stdout=said, **options)
    return said.getvalue(), failed.value


def put(key: str, content: bytes = b"zonder rij") -> None:
    assert default_storage.save(key, ContentFile(content)) == key


def test_all_is_well(document: Document, trajectory: Trajectory, bram: User) -> None:
    make_document(trajectory.dossier, trajectory=trajectory)

    said = check()

    assert "Bekeken: 2 documenten en 2 bestanden." in said
    assert WELL in said


@pytest.mark.django_db
def test_an_empty_portal_is_well() -> None:
    assert "Bekeken: 0 documenten en 0 bestanden." in check()


def test_a_document_without_its_file_is_found(document: Document, trajectory: Trajectory) -> None:
    make_document(trajectory.dossier, trajectory=trajectory)
    default_storage.delete(document.file.name)

    said, failed = check_fails()

    assert f"document zonder bestand: {document.uuid} ({document.file.name})" in said
    assert said.count("zonder") == 1
    assert str(failed) == "Documenten zonder bestand: 1; bestanden zonder document: 0."
    assert failed.returncode == 1


@pytest.mark.parametrize("place", ["los", "map/los", "map/diep/los"])
def test_a_file_without_a_document_is_found(document: Document, place: str) -> None:
    put(place)

    said, failed = check_fails()

    assert f"bestand zonder document: {place}\n" in said
    assert said.count("zonder") == 1
    assert failed.returncode == 1


def test_a_file_in_the_folder_of_an_employer_is_found(document: Document) -> None:
    key = f"{document.employer.uuid}/{uuid4()}"
    put(key)

    assert f"bestand zonder document: {key}\n" in check_fails()[0]


def test_an_upload_on_its_way_is_no_finding(
    document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is there before its row."""
    monkeypatch.setattr(file_check, "YOUNG", timedelta(minutes=1))
    put(f"{document.employer.uuid}/{uuid4()}")

    assert WELL in check()


def test_what_comes_while_it_looks_is_no_finding(
    document: Document, trajectory: Trajectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed, later = file_check._listed, []

    def meanwhile(folder: str) -> Any:
        found = listed(folder)
        if not later:
            later.append(make_document(trajectory.dossier, trajectory=trajectory))
        return found

    monkeypatch.setattr(file_check, "_listed", meanwhile)

    assert WELL in check()
    assert later


def test_a_document_that_goes_while_it_looks_is_no_finding(
    document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = file_check._listed

    def meanwhile(folder: str) -> Any:
        Document.objects.all().delete()
        remove_left_files()
        return listed(folder)

    monkeypatch.setattr(file_check, "_listed", meanwhile)

    assert WELL in check()


def test_other_bytes_are_found_when_the_content_is_read(document: Document) -> None:
    default_storage.delete(document.file.name)
    put(document.file.name, b"iets anders")

    assert WELL in check()
    assert f"document zonder bestand: {document.uuid}" in check_fails(content=True)[0]


@pytest.mark.parametrize("question", ["listdir", "exists"])
def test_a_store_that_does_not_answer_is_no_answer(
    document: Document, question: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any) -> Any:
        raise OSError("Connection refused")

    if question == "exists":
        default_storage.delete(document.file.name)
    monkeypatch.setattr(type(storages["default"]), question, fail)

    said, failed = check_fails()

    assert "zonder" not in said
    assert str(failed).startswith("De bestandsopslag antwoordt niet")
    assert failed.returncode == 2


def test_more_documents_take_no_more_memory(
    document: Document, trajectory: Trajectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of ten thousand rows of as many employers, a batch is in memory."""
    monkeypatch.setattr(file_check, "_arrived", lambda key: True)
    rows = [
        Document(
            employer=trajectory.employer,
            dossier=trajectory.dossier,
            folder=document.folder,
            source=document.source,
            name="x.pdf",
            type=document.type,
            size=1,
            sha256="0" * 64,
            file=f"{uuid4()}/{uuid4()}",
            added_by=document.added_by,
        )
        for _ in range(10_000)
    ]
    peaks = []
    for part in (rows[:1000], rows[1000:]):
        Document.objects.bulk_create(part, batch_size=500)
        tracemalloc.start()
        list(file_check.FileCheck().without_file())
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert peaks[1] < 2 * peaks[0]


class TestDeleting:
    """A row that goes takes its file along, and no file goes before its row."""

    def test_the_file_goes_after_the_row(self, document: Document, store: Path) -> None:
        key = document.file.name
        Document.objects.filter(pk=document.pk).delete()

        assert files_in(store) == [key]
        assert "De worker ruimt nog op: 1." in check()
        assert remove_left_files() == 0
        assert files_in(store) == []
        assert WELL in check()

    def test_also_when_somebody_deletes_it_in_sql(self, document: Document, store: Path) -> None:
        with connection.cursor() as cursor:
            cursor.execute("delete from documents_document where id = %s", [document.pk])

        remove_left_files()

        assert files_in(store) == []

    def test_a_row_that_stays_after_all_keeps_its_file(
        self, document: Document, store: Path
    ) -> None:
        with transaction.atomic():
            document.delete()
            transaction.set_rollback(True)

        assert remove_left_files() == 0
        assert files_in(store) == [document.file.name]

    def test_a_file_that_is_in_use_is_not_taken_out(self, document: Document, store: Path) -> None:
        LeftFile.objects.create(key=document.file.name)

        assert remove_left_files() == 0
        assert files_in(store) == [document.file.name]

    def test_a_store_that_is_down_is_tried_again(
        self, document: Document, store: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*args: Any) -> None:
            raise OSError("Connection refused")

        document.delete()
        with monkeypatch.context() as down:
            down.setattr(type(storages["default"]), "delete", fail)
            assert remove_left_files() == 1
        assert remove_left_files() == 0
        assert files_in(store) == []

    def test_two_documents_never_share_a_file(self, document: Document) -> None:
        make_document(document.dossier)
        with pytest.raises(IntegrityError, match="file_of_its_own"), transaction.atomic():
            Document.objects.update(file=document.file.name)

    def test_no_document_is_without_a_file(self, document: Document) -> None:
        with pytest.raises(IntegrityError, match="document_has_a_file"), transaction.atomic():
            Document.objects.update(file="")


def test_a_store_that_fails_in_an_upload_leaves_nothing(
    anna: User, trajectory: Trajectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Down in the middle of three files, and up again: no row, no file, all is well."""
    real, stored = storages["default"]._save, []

    def fail_third(storage: Storage, name: str, content: Any) -> str:
        stored.append(name)
        if len(stored) == 3:
            raise OSError("Connection reset")
        saved: str = real(name, content)
        return saved

    monkeypatch.setattr(type(storages["default"]), "_save", fail_third)
    with pytest.raises(Exception, match="/"):
        add_documents(
            by=anna,
            dossier=trajectory.dossier,
            trajectory=trajectory,
            folder=Document.Folder.PAYSLIP,
            files=[files.checked(files.pdf(text=str(number))) for number in range(3)],
            submission=uuid4(),
        )

    assert len(stored) == 3
    assert "Bekeken: 0 documenten en 0 bestanden." in check()
