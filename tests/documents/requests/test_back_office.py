"""The screens on which InComfort asks, looks at what came, decides, and takes back."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from absence.models import Trajectory
from accounts.models import AuditEvent, Employer, User
from documents.models import Document, DocumentRequest, RequestItem, RequestPurpose
from documents.requests.actions import refuse_item, withdraw_items
from tests.documents.requests.conftest import CONTRACT, DUE, PAYSLIP, ask, give, seen
from tests.login import login

State = RequestItem.State
SCREEN = "admin:documents_documentrequest_"


@pytest.fixture
def as_ilse(client: Client, ilse: User) -> Client:
    login(client, ilse)
    return client


def page(name: str, asked: DocumentRequest, item: RequestItem | None = None) -> str:
    query = f"?regel={item.pk}" if item else ""
    return reverse(f"{SCREEN}{name}", args=[asked.pk]) + query


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def ask_by_form(client: Client, trajectory: Trajectory, **fields: Any) -> Any:
    data = {
        "submission": uuid4(),
        "folders": ["LOONSTROOK", "ARBEIDSOVEREENKOMST"],
        "first_month": "2026-08-01",
        "last_month": "2026-10-01",
        "purpose": RequestPurpose.objects.get(code="uitkering").pk,
        "due_on": "08-12-2026",
    }
    address = f"{reverse(f'{SCREEN}add')}?traject={trajectory.pk}"
    return client.post(address, data | fields, follow=True)


class TestAsking:
    def test_it_starts_from_the_report(self, as_ilse: Client, trajectory: Trajectory) -> None:
        report = reverse("admin:absence_trajectory_change", args=[trajectory.pk])
        address = f"{reverse(f'{SCREEN}add')}?traject={trajectory.pk}"

        assert address in as_ilse.get(report).content.decode()
        assert 'value="08-12-2026"' in as_ilse.get(address).content.decode()

    def test_the_form_asks_an_item_per_month(
        self, as_ilse: Client, trajectory: Trajectory, employer: Employer, anna: User
    ) -> None:
        Employer.objects.filter(pk=employer.pk).update(contact=anna)

        text = text_of(ask_by_form(as_ilse, trajectory))

        asked = DocumentRequest.objects.get()
        assert f"{asked} is verstuurd. {anna} krijgt een e-mail." in text
        assert [str(item) for item in asked.items.all()] == [
            "Arbeidsovereenkomst",
            "Loonstrook augustus 2026",
            "Loonstrook september 2026",
            "Loonstrook oktober 2026",
        ]

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"folders": []}, "Kies wat u vraagt."),
            ({"first_month": "", "last_month": ""}, "van welke maand u loonstroken vraagt"),
            ({"first_month": "2026-10-01", "last_month": "2026-08-01"}, "ligt voor de eerste"),
            ({"due_on": "24-11-2026"}, "Kies een dag na vandaag"),
            ({"purpose": "0"}, "Selecteer een geldige keuze"),
            ({"folders": ["SPREEKUURVERSLAG"]}, "SPREEKUURVERSLAG is"),
        ],
    )
    def test_a_mistake_is_told_at_the_form(
        self, as_ilse: Client, trajectory: Trajectory, fields: dict[str, Any], words: str
    ) -> None:
        text = text_of(ask_by_form(as_ilse, trajectory, **fields))

        assert "Het is nog niet gelukt." in text
        assert words in text
        assert not DocumentRequest.objects.exists()

    def test_long_after_the_recovery_the_form_says_why_not(
        self, as_ilse: Client, trajectory: Trajectory, hugo: User
    ) -> None:
        Trajectory.objects.filter(pk=trajectory.pk).update(
            first_sick_day="2024-01-01",
            recovered_on="2024-03-01",
            recovered_by=hugo,
            recovery_recorded_at="2024-03-01T10:00Z",
        )

        text = text_of(ask_by_form(as_ilse, trajectory))

        assert "hersteld per 01-03-2024, langer dan twee jaar geleden" in text

    def test_a_purpose_that_is_switched_off_is_not_offered(
        self, as_ilse: Client, trajectory: Trajectory
    ) -> None:
        RequestPurpose.objects.filter(code="betaling").update(is_active=False)
        address = f"{reverse(f'{SCREEN}add')}?traject={trajectory.pk}"

        assert "betaalde uitkering" not in as_ilse.get(address).content.decode()

    @pytest.mark.parametrize("query", ["", "?traject=0", "?traject=x"])
    def test_about_no_report_there_is_nothing_to_ask(self, as_ilse: Client, query: str) -> None:
        assert as_ilse.get(reverse(f"{SCREEN}add") + query).status_code == 404


class TestTheQueue:
    @pytest.fixture
    def rows(
        self, ilse: User, anna: User, trajectory: Trajectory, foreign_trajectory: Trajectory
    ) -> dict[str, DocumentRequest]:
        """One that is open, one with an answer, and one that is late."""
        answered = ask(ilse, trajectory, PAYSLIP)
        give(anna, answered.items.get())
        late = ask(ilse, foreign_trajectory, CONTRACT)
        DocumentRequest.objects.filter(pk=late.pk).update(due_on="2026-11-20")
        return {"": answered, "open": ask(ilse, trajectory, CONTRACT), "te-laat": late}

    @pytest.mark.parametrize("choice", ["", "open", "te-laat", "alle"])
    def test_each_filter_shows_its_own(
        self, as_ilse: Client, rows: dict[str, DocumentRequest], choice: str
    ) -> None:
        address = reverse(f"{SCREEN}changelist") + (f"?stand={choice}" if choice else "")
        shown = {"open": ["open", "te-laat"], "alle": list(rows)}.get(choice, [choice])

        text = text_of(as_ilse.get(address))

        for name, asked in rows.items():
            assert (asked.number in text) is (name in shown)
        if choice == "te-laat":
            assert "1 open (4 dagen te laat)" in text

    def test_the_start_page_says_how_much_waits(
        self, as_ilse: Client, rows: dict[str, DocumentRequest]
    ) -> None:
        assert "1 te beoordelen" in text_of(as_ilse.get("/beheer/"))


class TestDeciding:
    def test_what_was_given_is_shown_with_a_way_to_it(
        self, as_ilse: Client, item: RequestItem, anna: User
    ) -> None:
        document = give(anna, item)

        text = text_of(as_ilse.get(page("change", item.request)))

        assert reverse("admin:documents_document_change", args=[document.pk]) in text
        assert page("decide", item.request, item) in text
        assert "te beoordelen" in text

    def test_accepting(self, as_ilse: Client, item: RequestItem, anna: User) -> None:
        give(anna, item)

        data = {"decision": "ja", "seen": seen(item)}
        response = as_ilse.post(page("decide", item.request, item), data, follow=True)

        item.refresh_from_db()
        assert item.state == State.ACCEPTED
        assert "Goedgekeurd: Loonstrook oktober 2026." in text_of(response)

    def test_refusing_with_a_reason_and_a_day(
        self, as_ilse: Client, item: RequestItem, anna: User
    ) -> None:
        give(anna, item)
        data = {"decision": "nee", "seen": seen(item)}

        text = text_of(as_ilse.post(page("decide", item.request, item), data))
        assert "Kies een reden." in text
        assert "Kies een dag." in text
        data |= {"refusal": "INCOMPLETE", "due_on": "20-12-2026"}
        text = text_of(as_ilse.post(page("decide", item.request, item), data, follow=True))

        item.refresh_from_db()
        assert (item.state, item.refusal) == (State.OPEN, "INCOMPLETE")
        assert "Er ontbreken bladzijden." in text
        assert "20-12-2026" in text

    def test_the_scanner_s_reason_is_not_for_staff(
        self, as_ilse: Client, item: RequestItem, anna: User
    ) -> None:
        give(anna, item)

        assert 'value="SCAN"' not in text_of(as_ilse.get(page("decide", item.request, item)))

    def test_the_second_of_two_people_reads_that_something_changed(
        self, as_ilse: Client, item: RequestItem, anna: User, ivo: User
    ) -> None:
        """Both had the page open; what was given after the refusal is not decided on unseen."""
        give(anna, item)
        data = {"decision": "ja", "seen": seen(item)}
        refuse_item(by=ivo, item=item, seen=seen(item), refusal="UNREADABLE", due_on=DUE)
        give(anna, item, "beter")

        text = text_of(as_ilse.post(page("decide", item.request, item), data, follow=True))

        assert "Intussen is er iets aangeleverd of besloten." in text
        item.refresh_from_db()
        assert item.state == State.ANSWERED

    def test_with_nothing_to_decide_it_leads_back(self, as_ilse: Client, item: RequestItem) -> None:
        text = text_of(as_ilse.get(page("decide", item.request), follow=True))

        assert "Er is nu niets te beoordelen." in text

    def test_what_is_still_scanned_waits(
        self, as_ilse: Client, item: RequestItem, anna: User
    ) -> None:
        give(anna, item, is_safe=False)
        data = {"decision": "ja", "seen": seen(item)}

        text = text_of(as_ilse.post(page("decide", item.request, item), data))

        assert "nog gecontroleerd op virussen" in text


class TestTheRest:
    def test_more_time(self, as_ilse: Client, asked: DocumentRequest) -> None:
        as_ilse.post(page("due", asked), {"due_on": "15-12-2026"})

        asked.refresh_from_db()
        assert f"{asked.due_on:%d-%m-%Y}" == "15-12-2026"

    def test_one_item_is_withdrawn_and_then_all(
        self, as_ilse: Client, asked: DocumentRequest, item: RequestItem
    ) -> None:
        as_ilse.post(page("withdraw", asked, item))
        assert asked.items.filter(state=State.WITHDRAWN).get() == item

        text = text_of(as_ilse.post(page("withdraw", asked), follow=True))
        assert asked.items.filter(state=State.WITHDRAWN).count() == 3
        assert "Niet meer nodig" in text
        assert "Verzoek intrekken" not in text

    def test_what_is_done_cannot_be_withdrawn(
        self, as_ilse: Client, asked: DocumentRequest, ilse: User
    ) -> None:
        withdraw_items(by=ilse, request=asked, items=list(asked.items.all()))

        text = text_of(as_ilse.post(page("withdraw", asked), follow=True))

        assert "Van dit verzoek staat niets meer open." in text

    @pytest.mark.parametrize("name", ["change", "decide", "due", "withdraw"])
    def test_hcs_has_no_part_in_it(
        self, client: Client, hugo: User, item: RequestItem, anna: User, name: str
    ) -> None:
        give(anna, item)
        login(client, hugo)

        assert client.get(page(name, item.request)).status_code == 403
        assert client.post(page(name, item.request), {"decision": "ja"}).status_code == 403

    def test_opening_a_request_is_recorded_with_whose_it_is(
        self, as_ilse: Client, asked: DocumentRequest, ilse: User
    ) -> None:
        as_ilse.get(page("change", asked))

        event = AuditEvent.objects.filter(action="admin.view", actor=ilse).latest("pk")
        assert event.dossier_uuid == asked.dossier.uuid
        assert event.employer == asked.employer
        assert Document.objects.count() == 0
