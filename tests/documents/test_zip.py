"""All documents of a sick report as one ZIP: what is in it, who gets it, and what if it breaks."""

import io
import tracemalloc
import zipfile
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage, storages
from django.test import Client
from django.urls import reverse

from absence.models import Trajectory
from accounts.models import AuditEvent, User
from documents.downloads import file_name
from documents.files import archive
from documents.files.actions import withdraw_document
from documents.models import Document
from documents.storage import FileMissingError, StorageError, open_file
from tests.documents import files
from tests.factories import make_document, make_employee, make_trajectory
from tests.login import login

Folder, State = Document.Folder, Document.State


def address(report: Trajectory) -> str:
    return reverse("documents:zip", args=[report.dossier.uuid, report.uuid])


def add(report: Trajectory, text: str, **fields: Any) -> Document:
    return make_document(
        report.dossier, files.pdf(text=text), trajectory=report, name=f"{text[:20]}.pdf", **fields
    )


def unzipped(content: bytes) -> dict[str, bytes]:
    """What a strict reader finds, with every checksum compared."""
    with zipfile.ZipFile(io.BytesIO(content)) as found:
        assert found.testzip() is None
        return {name: found.read(name) for name in found.namelist()}


def events(action: str) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(action=action).order_by("pk"))


def test_all_that_opens_is_in_it(in_as_anna: Client, trajectory: Trajectory, anna: User) -> None:
    payslip = add(trajectory, "loonstrook", added_at=datetime(2026, 11, 23, 23, 30, tzinfo=UTC))
    letter = add(trajectory, "oproep", source="HCS", folder=Folder.SUMMONS)
    add(trajectory, "wacht", state=State.WAITING)
    add(trajectory, "virus", state=State.REFUSED, refusal=Document.Refusal.VIRUS)
    withdraw_document(by=anna, document=add(trajectory, "ingetrokken", added_by=anna))
    old = add(trajectory, "vervangen")
    Document.objects.filter(pk=old.pk).update(replaced_by=payslip)
    other = make_trajectory(make_employee(trajectory.employer, "Ander"))
    add(other, "van een ander")

    response = in_as_anna.get(address(trajectory))

    assert response["Content-Type"] == "application/zip"
    name = 'attachment; filename="trajectendossier_2026-11-02.zip"'
    assert response["Content-Disposition"] == name
    assert response["Cache-Control"] == "no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert unzipped(response.getvalue()) == {
        f"loonstrook_2026-11-24_{payslip.uuid.hex[:8]}.pdf": files.pdf(text="loonstrook"),
        file_name(letter): files.pdf(text="oproep"),
    }


def test_the_tab_leads_to_it(in_as_anna: Client, trajectory: Trajectory) -> None:
    add(trajectory, "loonstrook")
    tab = reverse("documents:dossier-files", args=[trajectory.dossier.uuid])

    assert f'href="{address(trajectory)}"' in in_as_anna.get(tab).text


def test_each_document_is_an_event_before_the_first_byte(
    in_as_anna: Client, anna: User, trajectory: Trajectory
) -> None:
    documents = [add(trajectory, text) for text in ("een", "twee")]

    response = in_as_anna.get(address(trajectory))

    downloads = events("document.download")
    assert {event.object_id for event in downloads} == {str(one.uuid) for one in documents}
    assert {(one.actor, one.outcome, one.employer) for one in downloads} == {
        (anna, "OK", trajectory.employer)
    }
    [whole] = events("document.zip")
    assert (whole.outcome, whole.detail) == ("OK", {"documents": 2})
    assert whole.object_id == str(trajectory.uuid)
    assert response.getvalue()


NAMES = ["../../etc/passwd", "..\\..\\x.pdf", "/etc/x.pdf", "C:\\x.pdf", "a\0b.pdf", "con.pdf"]


@pytest.mark.parametrize("name", NAMES)
def test_no_name_leads_out_of_the_folder(
    in_as_anna: Client, trajectory: Trajectory, name: str
) -> None:
    """However it came into the row: a name is ours, not what somebody typed."""
    document = add(trajectory, "loonstrook")
    Document.objects.filter(pk=document.pk).update(name=name.replace("\0", ""))

    [inside] = unzipped(in_as_anna.get(address(trajectory)).getvalue())

    assert inside == file_name(document)
    assert PurePosixPath(inside).name == inside
    assert "\\" not in inside
    assert inside.isascii()


def test_two_names_that_are_alike_are_both_in_it(
    in_as_anna: Client, trajectory: Trajectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(trajectory, "een")
    add(trajectory, "twee")
    monkeypatch.setattr(archive, "file_name", lambda document: "loonstrook.pdf")

    assert len(unzipped(in_as_anna.get(address(trajectory)).getvalue())) == 2


class TestBroken:
    """A part is never taken for the whole: it has no table of contents, so it opens nowhere."""

    @pytest.fixture
    def documents(self, trajectory: Trajectory) -> list[Document]:
        return [add(trajectory, str(number) * 200_000) for number in range(3)]

    def received(self, response: Any, error: type[Exception]) -> bytes:
        """What the browser has when the answer breaks off."""
        got = []
        with pytest.raises(error):  # noqa: PT012 - the bytes before it are what this is about
            for chunk in response.streaming_content:
                got.append(chunk)  # noqa: PERF402
        return b"".join(got)

    def test_a_store_that_goes_down_halfway(
        self,
        in_as_anna: Client,
        trajectory: Trajectory,
        documents: list[Document],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        asked = []

        def down_at_the_second(document: Document) -> Any:
            asked.append(document)
            if len(asked) == 2:
                raise StorageError(document.file.name)
            return open_file(document)

        monkeypatch.setattr(archive, "open_file", down_at_the_second)
        response = in_as_anna.get(address(trajectory))

        part = self.received(response, StorageError)

        assert len(part) > 100_000
        with pytest.raises(zipfile.BadZipFile):
            zipfile.ZipFile(io.BytesIO(part))
        assert [event.outcome for event in events("document.zip")] == ["OK", "FAILED"]
        assert events("document.zip")[1].request_id == events("document.zip")[0].request_id

    def test_a_file_with_other_bytes(
        self, in_as_anna: Client, trajectory: Trajectory, documents: list[Document]
    ) -> None:
        """Not a byte of it goes in: the newest comes first, the altered one is the oldest."""
        default_storage.delete(documents[0].file.name)
        default_storage.save(documents[0].file.name, ContentFile(b"%PDF-geheim van een ander"))
        response = in_as_anna.get(address(trajectory))

        part = self.received(response, FileMissingError)

        assert b"geheim van een ander" not in part
        with pytest.raises(zipfile.BadZipFile):
            zipfile.ZipFile(io.BytesIO(part))

    def test_a_store_that_is_down_from_the_start_is_said(
        self, in_as_anna: Client, trajectory: Trajectory, documents: list[Document]
    ) -> None:
        default_storage.delete(documents[-1].file.name)

        response = in_as_anna.get(address(trajectory))

        assert response.status_code == 503
        assert "De ZIP is nu niet beschikbaar" in response.text
        assert [event.outcome for event in events("document.zip")] == ["FAILED"]
        assert not events("document.download")

    def test_who_goes_away_leaves_nothing_open(
        self, in_as_anna: Client, trajectory: Trajectory, documents: list[Document]
    ) -> None:
        response = in_as_anna.get(address(trajectory))
        assert next(iter(response.streaming_content))

        response.close()

        assert not list(response.streaming_content)


def test_nothing_to_open_is_no_zip(in_as_anna: Client, trajectory: Trajectory) -> None:
    add(trajectory, "wacht", state=State.WAITING)

    assert in_as_anna.get(address(trajectory)).status_code == 404


def test_a_report_of_another_dossier_is_not_found(
    in_as_anna: Client, trajectory: Trajectory, foreign_trajectory: Trajectory
) -> None:
    add(foreign_trajectory, "van bram")
    other = make_trajectory(make_employee(trajectory.employer, "Ander"))
    add(other, "van een ander")
    for uuid in (foreign_trajectory.uuid, other.uuid, uuid4()):
        found = in_as_anna.get(reverse("documents:zip", args=[trajectory.dossier.uuid, uuid]))
        assert found.status_code == 404


@pytest.mark.parametrize("person", ["bram", "ilse", "hugo"])
def test_others_find_nothing(
    client: Client, trajectory: Trajectory, person: str, request: pytest.FixtureRequest
) -> None:
    add(trajectory, "loonstrook")
    login(client, request.getfixturevalue(person))

    assert client.get(address(trajectory)).status_code == 404
    assert AuditEvent.objects.get(action="access.denied").dossier_uuid == trajectory.dossier.uuid
    assert not events("document.download")


def test_thirty_an_hour(in_as_anna: Client, trajectory: Trajectory) -> None:
    add(trajectory, "loonstrook")
    for _ in range(30):
        assert in_as_anna.get(address(trajectory)).status_code == 200

    response = in_as_anna.get(address(trajectory))

    assert response.status_code == 429
    assert response["Retry-After"]
    assert "heel vaak een ZIP" in response.text


@pytest.mark.parametrize("method", ["post", "head"])
def test_it_is_for_getting_only(in_as_anna: Client, trajectory: Trajectory, method: str) -> None:
    add(trajectory, "loonstrook")

    assert getattr(in_as_anna, method)(address(trajectory)).status_code == 405


def peak(documents: list[Document]) -> int:
    """Bytes at most in use at once, while it is made and thrown away."""
    tracemalloc.start()
    size = sum(len(chunk) for chunk in archive.zip_of(documents))
    used = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size > sum(document.size for document in documents)
    return used


@pytest.mark.usefixtures("store")
def test_its_memory_does_not_grow_with_what_is_in_it(trajectory: Trajectory) -> None:
    """Ten files of 4 MB take what one takes; nothing of 4 MB is in memory as a whole."""
    content = bytes(4 * 1024 * 1024)
    documents = [
        make_document(trajectory.dossier, content, trajectory=trajectory) for _ in range(10)
    ]

    one, ten = peak(documents[:1]), peak(documents)

    assert ten < 1.2 * one
    if isinstance(storages["default"], FileSystemStorage):  # S3 hands over a file as a whole
        assert ten < len(content) / 2


def test_the_number_of_queries_does_not_grow(
    in_as_anna: Client, trajectory: Trajectory, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        add(trajectory, str(number))

    # Session, user, device, dossier, employer, three events; report, documents.
    with django_assert_max_num_queries(10):
        assert in_as_anna.get(address(trajectory)).getvalue()


def test_it_goes_in_pieces_without_a_length(in_as_anna: Client, trajectory: Trajectory) -> None:
    """With a length a server would say that all is there; in pieces the last one says so."""
    add(trajectory, "x" * 300_000)

    response = in_as_anna.get(address(trajectory))

    assert "Content-Length" not in response
    assert len(list(response.streaming_content)) > 2
