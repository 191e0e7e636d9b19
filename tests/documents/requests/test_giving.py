"""Giving what was asked: from the general upload page, and what is in the dossier already."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from absence.models import Trajectory
from accounts.models import AuditEvent, User
from documents.files.actions import withdraw_document
from documents.models import Document, RequestItem
from documents.requests.actions import withdraw_items
from documents.requests.answering import give_document
from dossiers.models import Dossier
from tests.documents import files
from tests.documents.requests.conftest import PAYSLIP, ask, give
from tests.documents.requests.test_pages import files_page, text_of
from tests.documents.upload_steps import send as send_upload
from tests.factories import make_document, make_trajectory
from tests.login import login

State = RequestItem.State


class TestTheGeneralUploadPage:
    """Files are said to be what was asked, by the form and by each row of its tray."""

    def test_files_that_are_said_to_be_it_tick_it(
        self, in_as_anna: Client, item: RequestItem
    ) -> None:
        response = upload(in_as_anna, item, "een", "twee")

        assert response.status_code == 302
        assert item.answers.count() == 2
        item.refresh_from_db()
        assert item.state == State.ANSWERED

    def test_the_tray_adds_another_page_to_what_was_given(
        self, in_as_anna: Client, item: RequestItem
    ) -> None:
        for text in ("een", "twee"):
            assert upload(in_as_anna, item, text, from_tray=True).json() == {"reasons": []}

        assert item.answers.count() == 2

    def test_without_a_word_about_it_nothing_is_ticked(
        self, in_as_anna: Client, item: RequestItem
    ) -> None:
        upload(in_as_anna, item, "een", asked="")

        assert Document.objects.count() == 1
        item.refresh_from_db()
        assert item.state == State.OPEN

    def test_a_folder_that_was_not_chosen_follows_from_it(
        self, in_as_anna: Client, item: RequestItem
    ) -> None:
        upload(in_as_anna, item, "een", folder="")

        assert Document.objects.get().folder == item.folder

    @pytest.mark.parametrize("from_tray", [False, True])
    def test_another_folder_than_was_asked_is_refused_with_what_to_choose(
        self, in_as_anna: Client, item: RequestItem, from_tray: bool
    ) -> None:
        response = upload(
            in_as_anna, item, "een", folder="ARBEIDSOVEREENKOMST", from_tray=from_tray
        )

        assert "ziekmelding 02-11-2026, submap loonstrook" in response.text
        assert not Document.objects.exists()

    def test_another_report_of_the_same_person_is_refused(
        self, in_as_anna: Client, item: RequestItem
    ) -> None:
        earlier = make_trajectory(
            item.trajectory.employee,
            first_sick_day=date(2026, 3, 2),
            recovered_on=date(2026, 3, 9),
        )

        response = upload(in_as_anna, item, "een", trajectory=earlier.uuid)

        assert "hoort bij ziekmelding 02-11-2026" in response.text
        assert not Document.objects.exists()

    def test_what_was_settled_meanwhile_takes_nothing(
        self, in_as_anna: Client, item: RequestItem, ilse: User
    ) -> None:
        withdraw_items(by=ilse, request=item.request, items=list(item.request.items.all()))

        response = upload(in_as_anna, item, "een", from_tray=True)

        [reason, *_] = response.json()["reasons"]
        assert reason.startswith("InComfort vraagt dit document niet meer.")
        assert not Document.objects.exists()

    def test_an_item_of_another_employer_is_no_choice(
        self, in_as_anna: Client, item: RequestItem, ilse: User, foreign_trajectory: Trajectory
    ) -> None:
        foreign = ask(ilse, foreign_trajectory, PAYSLIP).items.get()

        response = upload(in_as_anna, item, "een", asked=foreign.uuid)

        assert "vraagt dit document niet meer" in response.text
        assert not Document.objects.exists()

    def test_nothing_asked_nothing_offered(self, in_as_anna: Client, dossier: Dossier) -> None:
        text = text_of(in_as_anna, reverse("documents:upload", args=[dossier.uuid]))

        assert "Hoort bij een gevraagd document" not in text


class TestFromTheDossier:
    """What lies there already is given without being sent again."""

    def test_it_is_offered_and_ticks_the_item(
        self, in_as_anna: Client, item: RequestItem, anna: User
    ) -> None:
        document = in_dossier(item, anna, name="Loonstrook oktober.pdf")
        assert "Loonstrook oktober.pdf" in text_of(in_as_anna, item.get_absolute_url())

        response = choose(in_as_anna, item, document)

        assert response.url == files_page(item.request.dossier)
        assert item.answers.get().document == document
        item.refresh_from_db()
        assert item.state == State.ANSWERED
        assert Document.objects.count() == 1
        event = AuditEvent.objects.get(action="document_request.answered")
        assert event.detail == {"item": item.pk, "documents": [document.pk]}

    @pytest.mark.parametrize(
        "fields",
        [
            {"state": "WAITING"},
            {"state": "REFUSED", "refusal": "VIRUS"},
            {"source": "HCS", "folder": "SPREEKUURVERSLAG"},
            {"source": "INCOMFORT"},
        ],
        ids=str,
    )
    def test_what_is_not_safe_or_not_the_employers_is_not_offered(
        self, in_as_anna: Client, item: RequestItem, anna: User, fields: dict[str, Any]
    ) -> None:
        document = in_dossier(item, anna, **fields)

        assert not_taken(in_as_anna, item, document)

    def test_what_was_withdrawn_is_not_offered(
        self, in_as_anna: Client, item: RequestItem, anna: User
    ) -> None:
        document = in_dossier(item, anna)
        withdraw_document(by=anna, document=document)

        assert not_taken(in_as_anna, item, document)

    def test_what_was_given_for_something_is_not_offered_again(
        self, in_as_anna: Client, item: RequestItem, anna: User
    ) -> None:
        other = item.request.items.exclude(pk=item.pk).first()
        assert other
        document = give(anna, other)

        assert not_taken(in_as_anna, item, document)

    def test_of_another_report_and_another_employer_nothing_is_taken(
        self, in_as_anna: Client, item: RequestItem, anna: User, foreign_trajectory: Trajectory
    ) -> None:
        earlier = make_trajectory(
            item.trajectory.employee,
            first_sick_day=date(2026, 3, 2),
            recovered_on=date(2026, 3, 9),
        )
        for report in (earlier, foreign_trajectory):
            document = make_document(report.dossier, trajectory=report, added_by=anna, state="SAFE")
            assert not_taken(in_as_anna, item, document)

    def test_once_settled_it_takes_nothing_and_says_so(
        self, in_as_anna: Client, item: RequestItem, anna: User, ilse: User
    ) -> None:
        document = in_dossier(item, anna)
        withdraw_items(by=ilse, request=item.request, items=[item])

        response = choose(in_as_anna, item, document)

        assert "InComfort heeft dit document niet meer nodig" in response.text
        assert not item.answers.exists()

    def test_a_second_click_changes_nothing(self, item: RequestItem, anna: User) -> None:
        document = in_dossier(item, anna)
        for _ in range(2):
            give_document(by=anna, item=item, document=document)

        assert item.answers.count() == 1

    def test_a_stranger_gives_nothing(
        self, client: Client, bram: User, anna: User, item: RequestItem
    ) -> None:
        document = in_dossier(item, anna)
        login(client, bram)

        assert choose(client, item, document).status_code == 404
        with pytest.raises(PermissionDenied):
            give_document(by=bram, item=item, document=document)
        assert not item.answers.exists()


def upload(client: Client, item: RequestItem, *texts: str, **fields: Any) -> Any:
    """The general upload page of the dossier, for this item."""
    uploads = [files.upload(files.pdf(text=text)) for text in texts]
    return send_upload(client, item.trajectory, *uploads, **{"asked": item.uuid} | fields)


def in_dossier(item: RequestItem, by: User, **fields: Any) -> Document:
    """Put there before, for nothing that was asked."""
    defaults = {"folder": item.folder, "state": "SAFE"}
    return make_document(
        item.request.dossier, trajectory=item.trajectory, added_by=by, **defaults | fields
    )


def choose(client: Client, item: RequestItem, document: Document) -> Any:
    address = reverse("documents:request-item-from-dossier", args=[item.uuid])
    return client.post(address, {"document": document.uuid})


def not_taken(client: Client, item: RequestItem, document: Document) -> bool:
    """Neither offered nor taken when it is sent all the same; the page says so."""
    is_offered = str(document.uuid) in client.get(item.get_absolute_url()).text
    response = choose(client, item, document)
    return (
        not is_offered
        and "Dit document kan hier niet meer bij." in response.text
        and not item.answers.exists()
    )
