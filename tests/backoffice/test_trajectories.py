"""Sick reports in the back office: followed by both, their course recorded by HCS only."""

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from absence.models import Trajectory
from accounts.audit import Action, Outcome
from accounts.models import AuditEvent, User
from documents.models import CaseNote, Document
from tests.factories import make_document, make_employee, make_trajectory

pytestmark = pytest.mark.django_db

LIST = "/beheer/absence/trajectory/"


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel("2026-11-24 12:00+01:00"):
        yield


def ill(user: User, surname: str, **fields: object) -> Trajectory:
    return make_trajectory(make_employee(user.memberships.get().employer, surname), **fields)


@pytest.fixture
def trajectory(anna: User) -> Trajectory:
    """Fully ill since 2 November."""
    return ill(anna, "Wójcik", first_sick_day=date(2026, 11, 2))


@pytest.fixture
def note(trajectory: Trajectory, hugo: User) -> CaseNote:
    return CaseNote.objects.create(
        employer=trajectory.employer,
        dossier=trajectory.dossier,
        trajectory=trajectory,
        text="Kan over twee weken voor de helft beginnen.",
        written_by=hugo,
    )


class TestList:
    @pytest.fixture(autouse=True)
    def _recovered(self, trajectory: Trajectory, anna: User) -> None:
        day = date(2026, 10, 1)
        ill(anna, "Wojtyła", first_sick_day=day, recovered_on=date(2026, 10, 9))

    def test_it_starts_with_the_open_ones(self, as_hugo: Client) -> None:
        page = as_hugo.get(LIST).content.decode()

        assert "Wójcik" in page
        assert "Volledig ziek" in page
        assert "Wojtyła" not in page

    def test_all_are_there_on_request_the_open_ones_first(self, as_hugo: Client) -> None:
        page = as_hugo.get(f"{LIST}?stand=alle").content.decode()

        assert page.index("Wójcik") < page.index("Wojtyła")
        assert "Hersteld per 09-10-2026" in page

    def test_the_recovered_ones_alone(self, as_hugo: Client) -> None:
        page = as_hugo.get(f"{LIST}?stand=hersteld").content.decode()

        assert "Wójcik" not in page
        assert "Wojtyła" in page

    def test_a_search_goes_through_open_and_closed(self, as_hugo: Client) -> None:
        page = as_hugo.post(LIST, {"q": "woj"}, follow=True).content.decode()

        assert "Wójcik" in page
        assert "Wojtyła" in page

    def test_it_costs_the_same_for_one_as_for_many(self, as_hugo: Client, anna: User) -> None:
        def queries() -> int:
            with CaptureQueriesContext(connection) as captured:
                assert as_hugo.get(f"{LIST}?stand=alle").status_code == 200
            return len(captured)

        few = queries()
        for number in range(5):
            ill(anna, f"Meer {number}")

        assert queries() == few


def test_hcs_sees_the_course_the_documents_and_the_notes(
    as_hugo: Client, trajectory: Trajectory, note: CaseNote
) -> None:
    make_document(trajectory.dossier, trajectory=trajectory, folder=Document.Folder.PAYSLIP)

    page = as_hugo.get(f"{LIST}{trajectory.pk}/change/").content.decode()

    assert "02-11-2026" in page
    assert "100%" in page
    assert "Loonstrook" in page
    assert note.text in page
    for act in ("AO-percentage vastleggen", "Herstel vastleggen", "Notitie schrijven"):
        assert act in page


def test_incomfort_sees_the_course_but_no_note_and_no_act(
    as_ilse: Client, trajectory: Trajectory, note: CaseNote
) -> None:
    """Source: rulebook 1.3, P5."""
    page = as_ilse.get(f"{LIST}{trajectory.pk}/change/").content.decode()

    assert "100%" in page
    assert note.text not in page
    assert "Notitie" not in page
    for act in ("AO-percentage vastleggen", "Herstel vastleggen", "Document toevoegen"):
        assert act not in page


@pytest.mark.parametrize("role", ["as_ilse", "as_hugo"])
def test_nobody_changes_a_report_itself(
    request: pytest.FixtureRequest, role: str, trajectory: Trajectory
) -> None:
    client: Client = request.getfixturevalue(role)

    response = client.post(f"{LIST}{trajectory.pk}/change/", {"first_sick_day": "01-01-2026"})

    assert response.status_code == 403
    assert client.get(f"{LIST}add/").status_code == 403


class TestPercentage:
    @pytest.fixture
    def url(self, trajectory: Trajectory) -> str:
        return f"{LIST}{trajectory.pk}/ao-percentage/"

    def test_hcs_adds_a_row(
        self, as_hugo: Client, hugo: User, url: str, trajectory: Trajectory
    ) -> None:
        response = as_hugo.post(url, {"effective_on": "16-11-2026", "percentage": "50"})

        assert response.url == f"{LIST}{trajectory.pk}/change/"
        row = trajectory.incapacities.latest("effective_on")
        assert (row.effective_on, row.percentage) == (date(2026, 11, 16), 50)
        assert row.recorded_by == hugo
        assert trajectory.incapacities.count() == 2
        assert "Vastgelegd: 50% vanaf 16-11-2026" in as_hugo.get(response.url).content.decode()
        event = AuditEvent.objects.get(action=Action.INCAPACITY_ADD)
        assert (event.actor, event.dossier_uuid) == (hugo, trajectory.dossier.uuid)

    @pytest.mark.parametrize(
        ("data", "message"),
        [
            ({}, "Dit veld is verplicht."),
            ({"effective_on": "16-11-2026", "percentage": "0"}, "leg dan het herstel vast"),
            ({"effective_on": "16-11-2026", "percentage": "101"}, "van 1 tot en met 100"),
            ({"effective_on": "16-11-2026", "percentage": "half"}, "Voer een geheel getal in."),
            ({"effective_on": "16-11-2026", "percentage": "9" * 300}, "van 1 tot en met 100"),
            ({"effective_on": "16-11-2026", "percentage": "9" * 5000}, "geheel getal"),
            ({"effective_on": "25-11-2026", "percentage": "50"}, "ligt in de toekomst"),
            ({"effective_on": "02-11-2026", "percentage": "50"}, "niet na die van het vorige"),
            ({"effective_on": "16-11-2026", "percentage": "100"}, "al 100% sinds 02-11-2026"),
            ({"effective_on": "31-02-2026", "percentage": "50"}, "Voer een geldige datum in."),
            ({"effective_on": "x" * 300, "percentage": "50"}, "Voer een geldige datum in."),
        ],
    )
    def test_a_mistake_is_explained(
        self,
        as_hugo: Client,
        url: str,
        trajectory: Trajectory,
        data: dict[str, str],
        message: str,
    ) -> None:
        response = as_hugo.post(url, data)

        assert response.status_code == 200
        assert message in response.content.decode()
        assert "<title>Fout: " in response.content.decode()
        assert trajectory.incapacities.count() == 1

    def test_sent_twice_it_is_stored_once(
        self, as_hugo: Client, url: str, trajectory: Trajectory
    ) -> None:
        data = {"effective_on": "16-11-2026", "percentage": "50"}
        as_hugo.post(url, data)

        assert as_hugo.post(url, data).status_code == 200
        assert trajectory.incapacities.count() == 2

    def test_incomfort_is_refused_and_that_is_in_the_log(
        self, as_ilse: Client, url: str, trajectory: Trajectory
    ) -> None:
        assert as_ilse.get(url).status_code == 403
        data = {"effective_on": "16-11-2026", "percentage": "50"}
        assert as_ilse.post(url, data).status_code == 403

        assert trajectory.incapacities.count() == 1
        denied = AuditEvent.objects.filter(action=Action.ACCESS_DENIED, outcome=Outcome.DENIED)
        assert denied.count() == 2

    def test_an_unknown_report_is_not_found(self, as_hugo: Client) -> None:
        assert as_hugo.get(f"{LIST}999999/ao-percentage/").status_code == 404
        assert as_hugo.get(f"{LIST}{'9' * 40}/ao-percentage/").status_code == 404


class TestRecovery:
    @pytest.fixture
    def url(self, trajectory: Trajectory) -> str:
        return f"{LIST}{trajectory.pk}/herstel/"

    def test_hcs_closes_the_report(
        self, as_hugo: Client, hugo: User, url: str, trajectory: Trajectory
    ) -> None:
        response = as_hugo.post(url, {"recovered_on": "23-11-2026"}, follow=True)

        trajectory.refresh_from_db()
        assert trajectory.recovered_on == date(2026, 11, 23)
        assert trajectory.recovered_by == hugo
        page = response.content.decode()
        assert "Hersteld per 23-11-2026" in page
        assert "Herstel vastleggen" not in page
        assert AuditEvent.objects.filter(action=Action.RECOVERY_RECORD).count() == 1

    @pytest.mark.parametrize(
        ("day", "message"),
        [
            ("", "Dit veld is verplicht."),
            ("25-11-2026", "ligt in de toekomst"),
            ("02-11-2026", "niet na de eerste ziektedag"),
            ("vandaag", "Voer een geldige datum in."),
        ],
    )
    def test_a_mistake_is_explained(
        self, as_hugo: Client, url: str, trajectory: Trajectory, day: str, message: str
    ) -> None:
        response = as_hugo.post(url, {"recovered_on": day})

        assert response.status_code == 200
        assert message in response.content.decode()
        trajectory.refresh_from_db()
        assert trajectory.recovered_on is None

    def test_a_second_recovery_is_refused_in_words(
        self, as_hugo: Client, url: str, trajectory: Trajectory
    ) -> None:
        as_hugo.post(url, {"recovered_on": "23-11-2026"})

        response = as_hugo.post(url, {"recovered_on": "24-11-2026"})

        assert "Het herstel is al vastgelegd, per 23-11-2026." in response.content.decode()

    def test_incomfort_is_refused(self, as_ilse: Client, url: str, trajectory: Trajectory) -> None:
        assert as_ilse.post(url, {"recovered_on": "23-11-2026"}).status_code == 403

        trajectory.refresh_from_db()
        assert trajectory.recovered_on is None
