"""Documents and notes in the back office: who adds, who opens, and who only sees that they exist.

Source: rulebook 1.3 P5 and example E84; docs/decisions/0012-who-opens-which-document.md.
"""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.files.storage import Storage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from absence.models import Trajectory
from accounts.audit import Action, Outcome
from accounts.models import AuditEvent, User
from documents.actions import add_hcs_document
from documents.models import CaseNote, Document
from tests.accounts.steps import give_code, give_password
from tests.documents import files
from tests.documents.conftest import (
    content_of,
    store,  # noqa: F401 - a fixture
)
from tests.factories import make_document, make_employee, make_trajectory
from tests.login import totp_code

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store")]

DOCUMENTS = "/beheer/documents/document/"
NOTES = "/beheer/documents/casenote/"
Source, Folder = Document.Source, Document.Folder
SECRET = "hernia-operatie.pdf"


@pytest.fixture
def trajectory(anna: User) -> Trajectory:
    return make_trajectory(make_employee(anna.memberships.get().employer, "Wójcik"))


def document_of(trajectory: Trajectory, source: str) -> Document:
    folder = {
        Source.HCS: Folder.CONSULTATION_REPORT,
        Source.EMPLOYER: Folder.PAYSLIP,
        Source.INCOMFORT: Folder.STATEMENT,
    }[Source(source)]
    return make_document(
        trajectory.dossier,
        files.pdf(),
        source=source,
        folder=folder,
        trajectory=trajectory,
        name=SECRET,
    )


def events(action: Action) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(action=action))


class TestOpening:
    @pytest.mark.parametrize(
        ("role", "source", "opens"),
        [
            ("as_hugo", Source.HCS, True),
            ("as_hugo", Source.EMPLOYER, False),
            ("as_hugo", Source.INCOMFORT, False),
            ("as_ilse", Source.HCS, False),
            ("as_ilse", Source.EMPLOYER, True),
            ("as_ilse", Source.INCOMFORT, True),
        ],
    )
    def test_each_party_opens_what_is_meant_for_it(
        self,
        request: pytest.FixtureRequest,
        trajectory: Trajectory,
        role: str,
        source: str,
        opens: bool,
    ) -> None:
        client: Client = request.getfixturevalue(role)
        document = document_of(trajectory, source)

        response = client.get(f"{DOCUMENTS}{document.pk}/openen/")

        assert response.status_code == (200 if opens else 403)
        if opens:
            assert response.getvalue() == files.pdf()
            assert response["Content-Disposition"].startswith("attachment")
            assert SECRET not in response["Content-Disposition"]
        page = client.get(f"{DOCUMENTS}{document.pk}/change/").content.decode()
        assert ("Bestand openen" in page) is opens

    def test_incomfort_at_a_report_of_hcs_is_refused_and_recorded(
        self, as_ilse: Client, ilse: User, trajectory: Trajectory
    ) -> None:
        """E84: InComfort claim user opens HCS spreekuurverslag: 403 and an audit event."""
        document = document_of(trajectory, Source.HCS)

        response = as_ilse.get(f"{DOCUMENTS}{document.pk}/openen/")

        assert response.status_code == 403
        assert not response.streaming
        [event] = events(Action.ACCESS_DENIED)
        assert (event.actor, event.outcome) == (ilse, Outcome.DENIED)
        assert event.object_id == str(document.uuid)
        assert event.dossier_uuid == trajectory.dossier.uuid
        assert not events(Action.DOCUMENT_DOWNLOAD)

    def test_opening_is_an_event_of_the_dossier(
        self, as_hugo: Client, hugo: User, trajectory: Trajectory
    ) -> None:
        document = document_of(trajectory, Source.HCS)

        response = as_hugo.get(f"{DOCUMENTS}{document.pk}/openen/")

        assert response.getvalue() == files.pdf()
        [event] = events(Action.DOCUMENT_DOWNLOAD)
        assert (event.actor, event.actor_role) == (hugo, "hcs")
        assert event.object_id == str(document.uuid)
        assert (event.employer, event.dossier_uuid) == (document.employer, document.dossier.uuid)

    def test_a_file_that_is_gone_is_said_in_words(
        self, as_hugo: Client, trajectory: Trajectory
    ) -> None:
        document = document_of(trajectory, Source.HCS)
        default_storage.delete(document.file.name)

        response = as_hugo.get(f"{DOCUMENTS}{document.pk}/openen/", follow=True)

        assert "kan nu niet worden geopend" in response.content.decode()
        assert events(Action.DOCUMENT_DOWNLOAD)[0].outcome == Outcome.FAILED

    def test_an_unknown_document_is_not_found(self, as_hugo: Client) -> None:
        assert as_hugo.get(f"{DOCUMENTS}99999/openen/").status_code == 404


def pages_about(document: Document) -> list[str]:
    """Where staff see that a document exists."""
    return [
        DOCUMENTS,
        f"{DOCUMENTS}{document.pk}/change/",
        f"{DOCUMENTS}{document.pk}/history/",
        f"/beheer/absence/trajectory/{document.trajectory_id}/change/",
    ]


def test_hcs_sees_the_kind_but_not_the_name_it_was_given(
    as_hugo: Client, trajectory: Trajectory
) -> None:
    document = document_of(trajectory, Source.HCS)

    for address in pages_about(document):
        page = as_hugo.get(address).content.decode()
        assert "spreekuurverslag" in page.lower()
        assert "hernia" not in page


def test_incomfort_sees_that_a_document_of_hcs_exists_and_no_more(
    as_ilse: Client, hugo: User, trajectory: Trajectory
) -> None:
    document = add_hcs_document(
        by=hugo,
        trajectory=trajectory,
        folder=Folder.CONSULTATION_REPORT,
        file=files.checked(name=SECRET),
    )

    for address in [*pages_about(document), "/beheer/accounts/auditevent/"]:
        page = as_ilse.get(address).content.decode()
        assert "spreekuurverslag" not in page.lower()
        assert "hernia" not in page
    assert "Document van HCS" in as_ilse.get(DOCUMENTS).content.decode()
    [event] = events(Action.DOCUMENT_UPLOAD)
    assert event.detail == {"size": document.size}


def test_the_kind_of_the_rest_incomfort_sees(as_ilse: Client, trajectory: Trajectory) -> None:
    document_of(trajectory, Source.EMPLOYER)

    assert ">Loonstrook</a>" in as_ilse.get(DOCUMENTS).content.decode()


@pytest.mark.parametrize("lookup", ["folder__exact", "folder", "folder__in"])
def test_incomfort_cannot_ask_for_one_kind(
    as_ilse: Client, trajectory: Trajectory, lookup: str
) -> None:
    """Which rows a list of spreekuurverslagen holds would tell their kind."""
    document_of(trajectory, Source.HCS)

    answer = as_ilse.get(DOCUMENTS, {lookup: Folder.CONSULTATION_REPORT})

    assert answer.status_code in {302, 400, 403}


def test_hcs_can_ask_for_one_kind(as_hugo: Client, trajectory: Trajectory) -> None:
    document_of(trajectory, Source.HCS)

    answer = as_hugo.get(DOCUMENTS, {"folder__exact": Folder.CONSULTATION_REPORT})

    assert answer.status_code == 200


def test_nobody_changes_a_document(
    as_ilse: Client, as_hugo: Client, trajectory: Trajectory
) -> None:
    document = document_of(trajectory, Source.HCS)

    for client in (as_ilse, as_hugo):
        data = {"folder": Folder.SUMMONS}
        assert client.post(f"{DOCUMENTS}{document.pk}/change/", data).status_code == 403
        assert client.post(f"{DOCUMENTS}{document.pk}/delete/", {"post": "y"}).status_code == 403


def upload() -> SimpleUploadedFile:
    return SimpleUploadedFile("verslag.pdf", files.pdf(), "application/pdf")


class TestAddingADocument:
    @pytest.fixture
    def url(self, trajectory: Trajectory) -> str:
        return f"{DOCUMENTS}add/?traject={trajectory.pk}"

    def test_hcs_adds_a_report_that_the_employer_can_read(
        self, as_hugo: Client, hugo: User, anna: User, url: str, trajectory: Trajectory
    ) -> None:
        data = {"folder": Folder.CONSULTATION_REPORT, "file": upload(), "submission": uuid4()}

        response = as_hugo.post(url, data)

        assert response.url == f"/beheer/absence/trajectory/{trajectory.pk}/change/"
        document = Document.objects.visible_to(anna).get()
        assert (document.source, document.added_by) == (Source.HCS, hugo)
        assert document.trajectory == trajectory
        assert content_of(document) == files.pdf()
        assert events(Action.DOCUMENT_UPLOAD)[0].dossier_uuid == trajectory.dossier.uuid

    def test_sent_twice_it_is_stored_once(self, as_hugo: Client, url: str) -> None:
        submission = uuid4()
        for _ in range(2):
            data = {"folder": Folder.SUMMONS, "file": upload(), "submission": submission}
            assert as_hugo.post(url, data).status_code == 302

        assert Document.objects.count() == 1

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"folder": ""}, "Dit veld is verplicht."),
            ({"folder": Folder.PAYSLIP}, "Selecteer een geldige keuze."),
            ({"file": ""}, "Dit veld is verplicht."),
            ({"file": ("x.gif", b"GIF89a")}, "Dit is geen PDF, JPEG of PNG."),
            ({"file": ("x.pdf", b"geen pdf")}, "maar de inhoud is dat niet"),
            ({"file": ("x.pdf", b"")}, "Dit bestand is leeg."),
            ({"submission": "abc"}, "Voer een geldige UUID in."),
        ],
    )
    def test_a_mistake_is_explained_and_nothing_is_stored(
        self, as_hugo: Client, url: str, change: dict[str, Any], message: str
    ) -> None:
        if isinstance(change.get("file"), tuple):
            change = {"file": SimpleUploadedFile(*change["file"])}
        data = {"folder": Folder.SUMMONS, "file": upload(), "submission": uuid4()} | change

        response = as_hugo.post(url, data)

        assert response.status_code == 200
        assert message in response.content.decode()
        assert not Document.objects.exists()

    def test_a_store_that_is_down_is_said_in_words(
        self, as_hugo: Client, url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*args: object) -> None:
            raise OSError

        monkeypatch.setattr(Storage, "save", fail)
        data = {"folder": Folder.SUMMONS, "file": upload(), "submission": uuid4()}

        response = as_hugo.post(url, data)

        assert "kan nu niet worden bewaard" in response.content.decode()
        assert not Document.objects.exists()

    def test_incomfort_is_refused(self, as_ilse: Client, url: str) -> None:
        data = {"folder": Folder.SUMMONS, "file": upload(), "submission": uuid4()}

        assert as_ilse.get(url).status_code == 403
        assert as_ilse.post(url, data).status_code == 403
        assert not Document.objects.exists()

    @pytest.mark.parametrize("key", ["", "0", "abc", "9" * 18, "9" * 40, "%00", "١"])
    @pytest.mark.parametrize("list_url", [DOCUMENTS, NOTES])
    def test_without_a_report_there_is_no_form(
        self, as_hugo: Client, list_url: str, key: str
    ) -> None:
        assert as_hugo.get(f"{list_url}add/?traject={key}").status_code == 404


class TestNotes:
    TEXT = "Kan over twee weken voor de helft beginnen."

    @pytest.fixture
    def url(self, trajectory: Trajectory) -> str:
        return f"{NOTES}add/?traject={trajectory.pk}"

    @pytest.fixture
    def note(self, trajectory: Trajectory, hugo: User) -> CaseNote:
        return CaseNote.objects.create(
            employer=trajectory.employer,
            dossier=trajectory.dossier,
            trajectory=trajectory,
            text=self.TEXT,
            written_by=hugo,
        )

    def test_hcs_writes_a_note(
        self, as_hugo: Client, hugo: User, url: str, trajectory: Trajectory
    ) -> None:
        data = {"kind": "ADVICE", "text": self.TEXT, "submission": uuid4()}

        response = as_hugo.post(url, data)

        assert response.url == f"/beheer/absence/trajectory/{trajectory.pk}/change/"
        note = CaseNote.objects.get()
        assert (note.text, note.written_by, note.trajectory) == (self.TEXT, hugo, trajectory)
        assert len(events(Action.CASE_NOTE_ADD)) == 1

    def test_the_form_warns_against_medical_data(self, as_hugo: Client, url: str) -> None:
        assert "Nooit medische gegevens" in as_hugo.get(url).content.decode()

    def test_a_note_sent_after_the_login_had_ended_is_there_after_a_new_one(
        self, as_hugo: Client, hugo: User, url: str
    ) -> None:
        data = {"kind": "ADVICE", "text": self.TEXT, "submission": uuid4()}
        with time_machine.travel(timezone.now() + timedelta(minutes=16)):
            assert as_hugo.post(url, data).url == "/inloggen/"
            give_password(as_hugo, hugo)
            assert give_code(as_hugo, totp_code(hugo.totpdevice_set.get())).url == url
            page = as_hugo.get(url).content.decode()

        assert self.TEXT in page
        assert "Wat u had ingevuld staat er nog" in page
        assert not CaseNote.objects.exists()

    def test_sent_twice_it_is_kept_once(self, as_hugo: Client, url: str) -> None:
        data = {"kind": "ADVICE", "text": self.TEXT, "submission": uuid4()}
        as_hugo.post(url, data)
        as_hugo.post(url, data)

        assert CaseNote.objects.count() == 1

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"text": ""}, "Dit veld is verplicht."),
            ({"text": "   "}, "Dit veld is verplicht."),
            ({"text": "x" * 10_001}, "niet meer dan 10000 tekens"),
            ({"text": "a\x00b"}, "Null-tekens zijn niet toegestaan."),
            ({"kind": "MEDISCH"}, "Selecteer een geldige keuze."),
        ],
    )
    def test_a_mistake_is_explained(
        self, as_hugo: Client, url: str, change: dict[str, str], message: str
    ) -> None:
        data = {"kind": "ADVICE", "text": self.TEXT, "submission": str(uuid4())} | change

        response = as_hugo.post(url, data)

        assert message in response.content.decode()
        assert not CaseNote.objects.exists()

    def test_hcs_reads_it_and_the_list_does_not_show_the_text(
        self, as_hugo: Client, note: CaseNote
    ) -> None:
        assert self.TEXT in as_hugo.get(f"{NOTES}{note.pk}/change/").content.decode()
        assert self.TEXT not in as_hugo.get(NOTES).content.decode()

    def test_nobody_changes_it(self, as_hugo: Client, note: CaseNote) -> None:
        assert as_hugo.post(f"{NOTES}{note.pk}/change/", {"text": "anders"}).status_code == 403

    @pytest.mark.parametrize("path", ["", "{pk}/change/", "{pk}/history/", "add/?traject={pk}"])
    def test_incomfort_gets_nowhere_near_it(
        self, as_ilse: Client, note: CaseNote, path: str
    ) -> None:
        response = as_ilse.get(NOTES + path.format(pk=note.pk))

        assert response.status_code == 403
        assert self.TEXT not in response.content.decode()
        assert len(events(Action.ACCESS_DENIED)) == 1
