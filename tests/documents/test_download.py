"""A download: the same bytes, for the same employer, recorded first, run by no browser."""

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from email.message import Message
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from absence.models import Trajectory
from accounts.models import AuditEvent, User
from documents import views
from documents.models import BenefitStatement, Document
from dossiers.models import Dossier
from tests.documents import files
from tests.factories import make_document
from tests.login import login

CONTENT = files.pdf(pages=3) + b"\r\n\0"


@pytest.fixture
def document(trajectory: Trajectory, anna: User) -> Document:
    return make_document(
        trajectory.dossier,
        CONTENT,
        trajectory=trajectory,
        added_by=anna,
        name="Łukaszewicz; filename=kwaad.exe.pdf",
        added_at=datetime(2026, 11, 23, 23, 30, tzinfo=UTC),
    )


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_the_bytes_are_those_that_came_in(client: Client, anna: User, document: Document) -> None:
    login(client, anna)

    response = client.get(document.get_absolute_url())

    assert response.status_code == 200
    assert hashlib.sha256(body(response)).digest() == hashlib.sha256(CONTENT).digest()
    assert response["Content-Length"] == str(len(CONTENT))


@pytest.mark.parametrize(
    ("type_", "extension"),
    [(Document.Type.PDF, "pdf"), (Document.Type.JPEG, "jpg"), (Document.Type.PNG, "png")],
)
def test_a_browser_keeps_it_and_runs_nothing(
    client: Client, anna: User, document: Document, type_: str, extension: str
) -> None:
    Document.objects.update(type=type_)
    login(client, anna)

    response = client.get(document.get_absolute_url())

    assert body(response) == CONTENT
    header = Message()
    header["Content-Disposition"] = response["Content-Disposition"]
    assert header.get_content_disposition() == "attachment"
    assert header.get_filename() == f"loonstrook_2026-11-24_{document.uuid.hex[:8]}.{extension}"
    assert response["Content-Type"] == type_
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "no-store"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_statement_is_named_after_its_month(
    client: Client, anna: User, ilse: User, company_dossier: Dossier
) -> None:
    document = make_document(
        company_dossier, folder=Document.Folder.STATEMENT, source="INCOMFORT", added_by=ilse
    )
    policy = company_dossier.employer.policies.get()
    BenefitStatement.objects.create(
        employer=policy.employer,
        policy=policy,
        month=date(2026, 9, 1),
        document=document,
        published_by=ilse,
    )
    login(client, anna)

    response = client.get(document.get_absolute_url())

    name = f"uitkeringsspecificatie_2026-09_{document.uuid.hex[:8]}.pdf"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert body(response)


def test_it_is_recorded_before_the_first_byte(
    client: Client, anna: User, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []

    def watched(chunks: Iterator[bytes]) -> Iterator[bytes]:
        seen.append(AuditEvent.objects.filter(action="document.download").count())
        yield from chunks

    real = views.employer_response

    def employer_response(document: Document) -> Any:
        response = real(document)
        response.streaming_content = watched(response.streaming_content)
        return response

    monkeypatch.setattr(views, "employer_response", employer_response)
    login(client, anna)
    response = client.get(document.get_absolute_url())

    assert body(response) == CONTENT
    assert seen == [1]
    event = AuditEvent.objects.get(action="document.download")
    assert (event.actor, event.employer, event.outcome) == (anna, document.employer, "OK")
    assert (event.dossier_uuid, event.object_id) == (document.dossier.uuid, str(document.uuid))


def test_a_file_that_is_gone_is_said(client: Client, anna: User, document: Document) -> None:
    default_storage.delete(document.file.name)
    login(client, anna)

    response = client.get(document.get_absolute_url())

    assert response.status_code == 503
    assert "Dit document is nu niet beschikbaar" in response.text
    assert document.uuid.hex[:8] in response.text
    assert AuditEvent.objects.get(action="document.download").outcome == "FAILED"


def test_a_file_that_was_altered_is_not_handed_out(
    client: Client, anna: User, document: Document
) -> None:
    """Source: security.md F13."""
    default_storage.delete(document.file.name)
    default_storage.save(document.file.name, ContentFile(CONTENT.replace(b"%PDF-", b"%pdf-", 1)))
    login(client, anna)

    response = client.get(document.get_absolute_url())

    assert response.status_code == 503
    assert AuditEvent.objects.get(action="document.download").outcome == "FAILED"


@pytest.mark.parametrize("person", ["bram", "ilse", "hugo"])
def test_others_find_nothing(
    client: Client, document: Document, person: str, request: pytest.FixtureRequest
) -> None:
    user = request.getfixturevalue(person)
    login(client, user)

    foreign = client.get(document.get_absolute_url())
    unknown = client.get(reverse("documents:download", args=[uuid4()]))

    assert foreign.status_code == unknown.status_code == 404
    assert without_ids(foreign.text) == without_ids(unknown.text)
    event = AuditEvent.objects.get(action="access.denied")
    assert (event.actor, event.dossier_uuid) == (user, document.dossier.uuid)
    assert event.object_id == str(document.uuid)
    assert not AuditEvent.objects.filter(action="document.download").exists()


def without_ids(text: str) -> str:
    """The page without what differs for each request: the CSRF token, its number, the time left."""
    return re.sub(
        r'data-(idle|absolute)="\d+"|<code>\w+</code>|csrfmiddlewaretoken" value="\w+"', "", text
    )


def test_who_lost_the_employer_finds_nothing(
    client: Client, anna: User, document: Document
) -> None:
    login(client, anna)
    anna.memberships.all().delete()

    assert client.get(document.get_absolute_url()).status_code == 404


def test_nobody_is_sent_to_the_login(client: Client, document: Document) -> None:
    response = client.get(document.get_absolute_url())

    assert response.status_code == 302
    assert response.url.startswith(reverse("accounts:login"))


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_it_is_for_reading_only(
    client: Client, anna: User, document: Document, method: str
) -> None:
    login(client, anna)

    assert getattr(client, method)(document.get_absolute_url()).status_code == 405


def test_the_file_itself_has_no_address(client: Client, anna: User, document: Document) -> None:
    login(client, anna)

    for address in (document.file.url, f"/media/{document.file.name}", f"/{document.file.name}"):
        assert client.get(address).status_code == 404
