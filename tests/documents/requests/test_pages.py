"""What an employer sees of document requests: on the start page, in the dossier, and one by one."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from absence.models import Trajectory
from accounts.models import AuditEvent, User
from documents.models import Document, DocumentRequest, RequestItem
from documents.requests.actions import accept_item, refuse_item, withdraw_items
from dossiers.models import Dossier
from tests.documents import files
from tests.documents.requests.conftest import (
    CONTRACT,
    DUE,
    EARLIER_PAYSLIP,
    OVERVIEW,
    PAYSLIP,
    ask,
    give,
    seen,
)
from tests.login import login

State = RequestItem.State
LIST = "/gevraagde-documenten/"


def files_page(dossier: Dossier) -> str:
    return reverse("documents:dossier-files", args=[dossier.uuid])


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def send(client: Client, item: RequestItem, *contents: bytes, **options: Any) -> Any:
    """The form of the item's page, as the page or as its tray sends it."""
    data = {
        "submission": uuid4(),
        "trajectory": item.trajectory.uuid,
        "folder": item.folder,
        "uploads": [files.upload(content) for content in contents],
    }
    return client.post(item.get_absolute_url(), data, **options)


class TestTheChecklist:
    """On the start page, on its own page and in the Trajectendossier of the employee."""

    @pytest.mark.parametrize("where", ["start", "list", "dossier"])
    def test_it_names_each_document_with_its_page_and_the_last_day(
        self, in_as_anna: Client, asked: DocumentRequest, dossier: Dossier, where: str
    ) -> None:
        address = {"start": "/start/", "list": LIST, "dossier": files_page(dossier)}[where]

        text = text_of(in_as_anna, address)

        for item in asked.items.all():
            assert f'href="{item.get_absolute_url()}">{item}</a>' in text
        assert text.count("nog aan te leveren") == 3
        for words in ("08-12-2026", "nog 14 dagen", "Om de uitkering te berekenen."):
            assert words in text

    def test_too_late_is_said_in_words(
        self, in_as_anna: Client, asked: DocumentRequest, clock: Any
    ) -> None:
        clock.move_to("2026-12-11T12:00:00+01:00")
        login(in_as_anna, User.objects.get(username="anna"))

        assert "3 dagen te laat" in text_of(in_as_anna, "/start/")

    def test_who_owes_nothing_reads_nothing_on_the_start_page(
        self, in_as_anna: Client, ilse: User, anna: User, trajectory: Trajectory
    ) -> None:
        assert "InComfort vraagt om documenten" not in text_of(in_as_anna, "/start/")
        request = ask(ilse, trajectory, PAYSLIP)
        assert "InComfort vraagt om documenten" in text_of(in_as_anna, "/start/")
        give(anna, request.items.get())

        assert "InComfort vraagt om documenten" not in text_of(in_as_anna, "/start/")
        assert "InComfort kijkt ernaar" in text_of(in_as_anna, LIST)

    def test_with_nothing_to_give_the_list_says_so(self, in_as_anna: Client) -> None:
        assert "U hoeft nu niets aan te leveren" in text_of(in_as_anna, LIST)

    def test_what_is_done_is_folded_in_the_dossier(
        self, in_as_anna: Client, item: RequestItem, ilse: User, anna: User, dossier: Dossier
    ) -> None:
        give(anna, item)
        accept_item(by=ilse, item=item, seen=seen(item))
        others = item.request.items.exclude(pk=item.pk)
        withdraw_items(by=ilse, request=item.request, items=list(others))

        text = text_of(in_as_anna, files_page(dossier))

        assert f"Afgehandeld: verzoek {item.request.number}" in text
        assert "goedgekeurd" in text
        assert "niet meer nodig" in text
        assert item.get_absolute_url() not in text

    def test_of_a_withdrawn_report_nothing_is_shown(
        self, in_as_anna: Client, asked: DocumentRequest, anna: User, dossier: Dossier
    ) -> None:
        Trajectory.objects.filter(pk=asked.trajectory_id).update(
            withdrawn_at="2026-11-24T11:00Z", withdrawn_by=anna
        )

        for address in ("/start/", LIST, files_page(dossier)):
            assert "oonstrook september" not in text_of(in_as_anna, address)
        assert in_as_anna.get(asked.items.all()[0].get_absolute_url()).status_code == 404

    def test_another_employer_sees_nothing_of_it(
        self, client: Client, bram: User, asked: DocumentRequest, dossier: Dossier
    ) -> None:
        login(client, bram)

        for address in ("/start/", LIST):
            assert "oonstrook" not in text_of(client, address)
        assert client.get(files_page(dossier)).status_code == 404

    def test_who_saw_whose_list_is_recorded(
        self, in_as_anna: Client, asked: DocumentRequest, anna: User
    ) -> None:
        for address in ("/start/", LIST):
            in_as_anna.get(address)

        events = AuditEvent.objects.filter(action="document_request.list", actor=anna)
        assert [event.detail for event in events] == [{"dossiers": [asked.dossier_id]}] * 2

    def test_the_page_to_add_documents_leads_to_what_is_asked(
        self, in_as_anna: Client, item: RequestItem, anna: User, dossier: Dossier
    ) -> None:
        address = reverse("documents:upload", args=[dossier.uuid])
        assert item.get_absolute_url() in text_of(in_as_anna, address)
        give(anna, item)

        assert item.get_absolute_url() not in text_of(in_as_anna, address)


class TestTheItem:
    """The page of one document that was asked for."""

    def test_it_says_what_is_asked_and_why(self, in_as_anna: Client, item: RequestItem) -> None:
        text = text_of(in_as_anna, item.get_absolute_url())

        for words in (
            "<h1>Loonstrook oktober 2026 aanleveren</h1>",
            "Om de uitkering te berekenen.",
            "08-12-2026 (nog 14 dagen)",
            item.request.number,
        ):
            assert words in text
        assert f'type="hidden" name="folder" value="{item.folder}"' in text

    def test_the_form_ticks_it(self, in_as_anna: Client, item: RequestItem) -> None:
        response = send(in_as_anna, item, files.pdf(text="een"), files.pdf(text="twee"))

        assert response.url == files_page(item.request.dossier)
        item.refresh_from_db()
        assert item.state == State.ANSWERED
        assert item.answers.count() == 2
        assert "2 documenten toegevoegd" in text_of(in_as_anna, response.url)

    def test_the_tray_ticks_it_file_by_file(self, in_as_anna: Client, item: RequestItem) -> None:
        tray = {"headers": {"accept": "application/json"}}
        for text in ("een", "twee"):
            assert send(in_as_anna, item, files.pdf(text=text), **tray).json() == {"reasons": []}

        assert item.answers.count() == 2

    def test_a_bad_file_ticks_nothing_and_a_good_one_beside_it_does(
        self, in_as_anna: Client, item: RequestItem
    ) -> None:
        assert "maar de inhoud is dat niet" in send(in_as_anna, item, b"<html>").content.decode()
        item.refresh_from_db()
        assert item.state == State.OPEN

        response = send(in_as_anna, item, b"<html>", files.pdf())

        assert response.status_code == 200
        item.refresh_from_db()
        assert item.state == State.ANSWERED
        assert item.answers.count() == 1

    @pytest.mark.parametrize("field", ["trajectory", "folder"])
    def test_no_other_report_or_kind_can_be_sent(
        self, in_as_anna: Client, item: RequestItem, field: str
    ) -> None:
        value = {"trajectory": uuid4(), "folder": "ARBEIDSOVEREENKOMST"}[field]
        data = {
            "submission": uuid4(),
            "trajectory": item.trajectory.uuid,
            "folder": item.folder,
            "uploads": [files.upload(files.pdf())],
        }
        response = in_as_anna.post(item.get_absolute_url(), data | {field: value})

        assert response.status_code == 200
        assert not Document.objects.exists()

    def test_after_a_refusal_it_says_why_and_takes_another(
        self, in_as_anna: Client, item: RequestItem, anna: User, ilse: User
    ) -> None:
        give(anna, item)
        refuse_item(
            by=ilse, item=item, seen=seen(item), refusal="OTHER_PERIOD", due_on=date(2026, 12, 15)
        )
        for address in ("/start/", item.get_absolute_url()):
            text = text_of(in_as_anna, address)
            assert "Dit document gaat over een andere periode." in text
            assert "opnieuw aanleveren" in text
            assert "15-12-2026" in text

        send(in_as_anna, item, files.pdf(text="de goede"))

        item.refresh_from_db()
        assert (item.state, item.refusal) == (State.ANSWERED, "")

    @pytest.mark.parametrize("from_tray", [False, True])
    def test_what_was_withdrawn_meanwhile_takes_nothing_and_says_so(
        self, in_as_anna: Client, item: RequestItem, ilse: User, from_tray: bool
    ) -> None:
        withdraw_items(by=ilse, request=item.request, items=[item])
        options = {"headers": {"accept": "application/json"}} if from_tray else {}

        response = send(in_as_anna, item, files.pdf(), **options)

        words = "InComfort heeft dit document niet meer nodig"
        if from_tray:
            assert words in response.json()["reasons"][0]
        else:
            assert words in response.content.decode()
        assert not Document.objects.exists()
        assert "U hoeft hiervoor niets meer aan te leveren." in text_of(
            in_as_anna, item.get_absolute_url()
        )

    def test_a_stranger_gets_404_and_it_is_recorded(
        self, client: Client, bram: User, item: RequestItem
    ) -> None:
        login(client, bram)

        assert client.get(item.get_absolute_url()).status_code == 404
        assert send(client, item, files.pdf()).status_code == 404
        assert not Document.objects.exists()
        assert AuditEvent.objects.filter(actor=bram, outcome="DENIED").count() == 2

    @pytest.mark.parametrize("who", ["ilse", "hugo"])
    def test_staff_do_not_give_documents(
        self, client: Client, item: RequestItem, who: str, request: pytest.FixtureRequest
    ) -> None:
        login(client, request.getfixturevalue(who))

        assert client.get(item.get_absolute_url()).status_code == 404
        assert client.get(LIST).status_code == 404


def test_the_last_day_of_all_on_the_list_comes_first(
    in_as_anna: Client, ilse: User, trajectory: Trajectory
) -> None:
    later = ask(ilse, trajectory, PAYSLIP, due_on=date(2026, 12, 20))
    sooner = ask(ilse, trajectory, CONTRACT, due_on=DUE)

    page = in_as_anna.get(LIST).context["page"]

    assert list(page) == [sooner, later]


def test_in_the_dossier_what_runs_comes_first_and_then_the_newest(
    in_as_anna: Client, ilse: User, trajectory: Trajectory, dossier: Dossier
) -> None:
    done = ask(ilse, trajectory, PAYSLIP)
    withdraw_items(by=ilse, request=done, items=list(done.items.all()))
    older = ask(ilse, trajectory, CONTRACT)
    newer = ask(ilse, trajectory, PAYSLIP, EARLIER_PAYSLIP)
    last = ask(ilse, trajectory, OVERVIEW)
    withdraw_items(by=ilse, request=last, items=list(last.items.all()))

    requests = in_as_anna.get(files_page(dossier)).context["requests"]

    assert requests == [newer, older, last, done]
    assert [str(item) for item in requests[0].items.all()] == [
        "Loonstrook september 2026",
        "Loonstrook oktober 2026",
    ]
