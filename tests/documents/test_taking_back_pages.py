"""The pages to withdraw and to replace a document, and what is seen of it afterwards."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import storages
from django.test import Client
from django.urls import reverse

from absence.models import Trajectory
from accounts.models import AuditEvent, User
from documents import forms
from documents.files import rules
from documents.files.actions import replace_document, take_up_document, withdraw_document
from documents.models import Document
from tests.documents import files
from tests.documents.upload_steps import add_payslip
from tests.factories import make_document
from tests.login import login


@pytest.fixture
def document(trajectory: Trajectory, anna: User) -> Document:
    added = add_payslip(trajectory, anna, name="fout.pdf")
    Document.objects.filter(pk=added.pk).update(state=Document.State.SAFE)
    added.refresh_from_db()
    return added


def page(document: Document, name: str) -> str:
    return reverse(f"documents:{name}", args=[document.uuid])


def tab(client: Client, document: Document) -> str:
    return client.get(reverse("documents:dossier-files", args=[document.dossier.uuid])).text


def send(client: Client, document: Document, content: bytes | None = None, **fields: Any) -> Any:
    data = {
        "submission": uuid4(),
        "uploads": files.upload(content or files.pdf(text="goed"), "goed.pdf"),
    }
    return client.post(page(document, "replace"), data | fields)


def words(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", text).split())


def test_withdrawn_it_stays_on_the_list_and_does_not_open(
    in_as_anna: Client, document: Document
) -> None:
    assert page(document, "withdraw") in tab(in_as_anna, document)
    assert "fout.pdf" in in_as_anna.get(page(document, "withdraw")).text

    response = in_as_anna.post(page(document, "withdraw"))

    assert response.url == reverse("documents:dossier-files", args=[document.dossier.uuid])
    text = tab(in_as_anna, document)
    assert "fout.pdf is ingetrokken." in text
    assert "Ingetrokken op" in text
    assert document.get_absolute_url() not in text
    assert page(document, "withdraw") not in text
    refused = in_as_anna.get(document.get_absolute_url())
    assert refused.status_code == 409
    assert "heeft dit document ingetrokken" in refused.text
    assert AuditEvent.objects.get(action="document.download").outcome == "DENIED"


def test_replaced_it_names_what_came_instead(in_as_anna: Client, document: Document) -> None:
    assert page(document, "replace") in tab(in_as_anna, document)

    response = send(in_as_anna, document)

    assert response.status_code == 302
    new = Document.objects.get(name="goed.pdf")
    text = tab(in_as_anna, document)
    assert "Vervangen door goed.pdf." in text
    assert f'{document.get_absolute_url()}"' not in text
    assert "Vervangen op" in words(text)
    refused = in_as_anna.get(document.get_absolute_url())
    assert refused.status_code == 409
    assert new.get_absolute_url() in refused.text


def test_a_file_that_is_refused_replaces_nothing(in_as_anna: Client, document: Document) -> None:
    response = send(in_as_anna, document, b"MZ geen pdf")

    assert "goed.pdf: Dit bestand heet PDF" in response.text
    assert "<title>Fout: " in response.text
    assert Document.objects.get().is_current


def test_without_a_file_it_asks_for_one(in_as_anna: Client, document: Document) -> None:
    response = in_as_anna.post(page(document, "replace"), {"submission": uuid4()})

    assert forms.NO_FILES in response.text


def test_a_store_that_is_down_replaces_nothing(
    in_as_anna: Client, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any) -> str:
        raise OSError("No space left on device")

    monkeypatch.setattr(type(storages["default"]), "_save", fail)

    assert forms.STORAGE_DOWN in send(in_as_anna, document).text
    assert Document.objects.get().is_current


def test_sixty_forms_an_hour(
    in_as_anna: Client, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accounts.throttle.upload", lambda user_id: 60)

    response = send(in_as_anna, document)

    assert response.status_code == 429
    assert Document.objects.count() == 1


@pytest.mark.parametrize("name", ["replace", "withdraw"])
class TestTooLate:
    def test_incomfort_works_with_it(
        self, in_as_anna: Client, ilse: User, document: Document, name: str
    ) -> None:
        take_up_document(by=ilse, document=document)

        response = in_as_anna.get(page(document, name))

        assert rules.TAKEN_UP in response.text
        assert "<form" not in response.text.partition("<main")[2].partition("</main>")[0]
        assert page(document, name) not in tab(in_as_anna, document)

    def test_it_was_taken_back_meanwhile(
        self, in_as_anna: Client, anna: User, document: Document, name: str
    ) -> None:
        replace_document(
            by=anna,
            document=document,
            file=files.checked(files.pdf(text="eerder"), "eerder.pdf"),
            submission=uuid4(),
        )

        response = (
            send(in_as_anna, document)
            if name == "replace"
            else in_as_anna.post(page(document, name))
        )

        assert response.status_code == 200
        assert rules.REPLACED in response.text
        assert Document.objects.count() == 2


@pytest.mark.parametrize("name", ["replace", "withdraw"])
def test_what_hcs_placed_is_not_the_employers(
    in_as_anna: Client, trajectory: Trajectory, name: str
) -> None:
    letter = make_document(
        trajectory.dossier, trajectory=trajectory, source="HCS", folder="OPROEPBRIEF"
    )

    assert page(letter, name) not in tab(in_as_anna, letter)
    assert rules.NOT_YOURS in in_as_anna.get(page(letter, name)).text


@pytest.mark.parametrize("name", ["replace", "withdraw"])
@pytest.mark.parametrize("person", ["bram", "ilse", "hugo"])
def test_others_find_nothing(
    client: Client, document: Document, name: str, person: str, request: pytest.FixtureRequest
) -> None:
    login(client, request.getfixturevalue(person))

    assert client.get(page(document, name)).status_code == 404
    assert client.post(page(document, name)).status_code == 404
    assert Document.objects.get().is_current


class TestInTheBackOffice:
    def test_opening_it_takes_it_up(self, client: Client, ilse: User, document: Document) -> None:
        login(client, ilse)

        response = client.get(reverse("admin:documents_document_open", args=[document.pk]))

        assert response.getvalue() == files.pdf()
        document.refresh_from_db()
        assert document.taken_up_at

    def test_what_was_withdrawn_is_there_for_who_looks_into_it(
        self, client: Client, anna: User, ilse: User, document: Document
    ) -> None:
        withdraw_document(by=anna, document=document)
        login(client, ilse)

        change = client.get(reverse("admin:documents_document_change", args=[document.pk]))
        opened = client.get(reverse("admin:documents_document_open", args=[document.pk]))

        assert f"door {anna}" in change.text
        assert opened.getvalue() == files.pdf()
        document.refresh_from_db()
        assert document.taken_up_at is None
