"""The Trajectendossier by sick report: what is new, what is filtered, what it costs."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from absence.models import Trajectory
from accounts.models import User
from documents.models import Document
from documents.words import size_in_words
from dossiers.models import Dossier
from tests.documents.test_dossier_files import address, make_statement, names_on
from tests.factories import (
    make_document,
    make_employee,
    make_employment,
    make_member,
    make_trajectory,
)
from tests.login import login

MOMENT = datetime(2026, 11, 3, 9, tzinfo=UTC)
Folder = Document.Folder


@pytest.fixture
def earlier(trajectory: Trajectory) -> Trajectory:
    """The same employee was ill in March."""
    return make_trajectory(
        trajectory.employee, first_sick_day=date(2026, 3, 2), recovered_on=date(2026, 3, 20)
    )


def add(report: Trajectory, name: str, *, minute: int = 0, **fields: Any) -> Document:
    return make_document(
        report.dossier,
        trajectory=report,
        name=name,
        added_at=MOMENT + timedelta(minutes=minute),
        **fields,
    )


def of_hcs(report: Trajectory, name: str = "verslag.pdf", **fields: Any) -> Document:
    return add(report, name, source="HCS", folder=Folder.CONSULTATION_REPORT, **fields)


def test_the_documents_of_a_report_stand_together(
    in_as_anna: Client, trajectory: Trajectory, earlier: Trajectory
) -> None:
    """Also when one for an earlier report came last."""
    add(trajectory, "eerste.pdf", minute=1)
    add(trajectory, "tweede.pdf", minute=2)
    add(earlier, "nagekomen.pdf", minute=3)

    page = in_as_anna.get(address(trajectory.dossier))

    assert names_on(page) == ["tweede.pdf", "eerste.pdf", "nagekomen.pdf"]
    assert [group.day for group in page.context["groups"]] == ["02-11-2026", "02-03-2026"]
    assert "nog ziek" in page.text
    assert "hersteld per 20-03-2026" in page.text


def test_paging_goes_on_where_a_page_ended(
    in_as_anna: Client, trajectory: Trajectory, earlier: Trajectory
) -> None:
    """Over the border between two reports, and with documents of the same moment."""
    same_day = make_trajectory(
        trajectory.employee,
        employment=make_employment(trajectory.employee),
        first_sick_day=date(2026, 3, 2),
        recovered_on=date(2026, 3, 3),
    )
    for number in range(18):
        add(trajectory, f"a{number}", minute=number)
    for number in range(25):
        add(earlier, f"b{number}")
        add(same_day, f"c{number}")
    make_document(trajectory.dossier, name="zonder melding")

    shown: list[str] = []
    page = in_as_anna.get(address(trajectory.dossier))
    shown += names_on(page)
    while page.context["has_more"]:
        page = in_as_anna.get(
            address(trajectory.dossier), {"na": page.context["documents"][-1].uuid}
        )
        shown += names_on(page)

    assert len(shown) == len(set(shown)) == 69
    assert [name[0] for name in shown] == ["a"] * 18 + ["c"] * 25 + ["b"] * 25 + ["z"]


class TestNew:
    def test_until_it_was_opened_by_who_looks(
        self, client: Client, anna: User, trajectory: Trajectory
    ) -> None:
        document = of_hcs(trajectory)
        colleague = make_member(trajectory.employer, "piet")
        login(client, anna)
        assert ">nieuw<" in client.get(address(trajectory.dossier)).text

        client.get(document.get_absolute_url()).getvalue()

        assert ">nieuw<" not in client.get(address(trajectory.dossier)).text
        login(client, colleague)
        assert ">nieuw<" in client.get(address(trajectory.dossier)).text

    def test_a_try_that_failed_does_not_count(
        self, in_as_anna: Client, trajectory: Trajectory
    ) -> None:
        document = of_hcs(trajectory)
        Document.objects.update(sha256="0" * 64)
        assert in_as_anna.get(document.get_absolute_url()).status_code == 503

        assert ">nieuw<" in in_as_anna.get(address(trajectory.dossier)).text

    def test_in_a_zip_it_is_opened_too(self, in_as_anna: Client, trajectory: Trajectory) -> None:
        of_hcs(trajectory)
        zipped = reverse("documents:zip", args=[trajectory.dossier.uuid, trajectory.uuid])
        assert in_as_anna.get(zipped).getvalue()

        assert ">nieuw<" not in in_as_anna.get(address(trajectory.dossier)).text

    def test_what_the_employer_added_is_no_news(
        self, in_as_anna: Client, trajectory: Trajectory
    ) -> None:
        add(trajectory, "van een collega.pdf")

        assert ">nieuw<" not in in_as_anna.get(address(trajectory.dossier)).text

    def test_what_cannot_be_opened_yet_is_not_new(
        self, in_as_anna: Client, trajectory: Trajectory
    ) -> None:
        of_hcs(trajectory, state=Document.State.WAITING)

        assert ">nieuw<" not in in_as_anna.get(address(trajectory.dossier)).text

    def test_a_statement(self, in_as_anna: Client, ilse: User, company_dossier: Dossier) -> None:
        document = make_statement(company_dossier, date(2026, 10, 1), ilse)
        assert ">nieuw<" in in_as_anna.get(address(company_dossier)).text

        in_as_anna.get(document.get_absolute_url()).getvalue()

        assert ">nieuw<" not in in_as_anna.get(address(company_dossier)).text


class TestFilter:
    @pytest.fixture
    def papers(self, trajectory: Trajectory, earlier: Trajectory) -> Trajectory:
        add(trajectory, "loonstrook", minute=4)
        add(trajectory, "contract", minute=3, folder=Folder.CONTRACT)
        of_hcs(trajectory, "verslag", minute=2)
        add(earlier, "oude loonstrook", minute=1)
        return trajectory

    @pytest.mark.parametrize(
        ("query", "shown"),
        [
            ({"submap": "loonstrook"}, ["loonstrook", "oude loonstrook"]),
            ({"submap": "arbeidsovereenkomst"}, ["contract"]),
            ({"afzender": "hcs"}, ["verslag"]),
            ({"afzender": "werkgever"}, ["loonstrook", "contract", "oude loonstrook"]),
            ({"submap": "loonstrook", "afzender": "hcs"}, []),
            (
                {"submap": "", "afzender": ""},
                ["loonstrook", "contract", "verslag", "oude loonstrook"],
            ),
        ],
    )
    def test_by_folder_and_sender(
        self, in_as_anna: Client, papers: Trajectory, query: dict[str, str], shown: list[str]
    ) -> None:
        page = in_as_anna.get(address(papers.dossier), query)

        assert names_on(page) == shown
        for value in filter(None, query.values()):
            assert f'<option value="{value}" selected>' in page.text
        if not shown:
            assert "geen documenten die aan deze keuze voldoen" in page.text

    def test_by_report(self, in_as_anna: Client, papers: Trajectory) -> None:
        everything = in_as_anna.get(address(papers.dossier))
        assert f"?traject={papers.uuid}" in everything.text

        page = in_as_anna.get(address(papers.dossier), {"traject": papers.uuid})

        assert names_on(page) == ["loonstrook", "contract", "verslag"]
        assert f'name="traject" value="{papers.uuid}"' in page.text

    @pytest.mark.parametrize(
        "query", [{"submap": "x"}, {"afzender": "' or 1=1"}, {"traject": "abc"}, {"submap": "\0"}]
    )
    def test_what_is_not_there_is_left_out_and_said(
        self, in_as_anna: Client, papers: Trajectory, query: dict[str, str]
    ) -> None:
        page = in_as_anna.get(address(papers.dossier), query)

        assert len(names_on(page)) == 4
        assert "Die keuze kennen wij niet." in page.text

    def test_a_report_of_another_employer_shows_nothing(
        self, in_as_anna: Client, papers: Trajectory, foreign_trajectory: Trajectory
    ) -> None:
        add(foreign_trajectory, "van bram")

        page = in_as_anna.get(address(papers.dossier), {"traject": foreign_trajectory.uuid})

        assert names_on(page) == []

    def test_it_is_remembered_for_this_dossier(
        self, in_as_anna: Client, anna: User, papers: Trajectory
    ) -> None:
        here = address(papers.dossier)
        in_as_anna.get(here, {"submap": "loonstrook", "afzender": "werkgever"})

        back = in_as_anna.get(here)

        assert back.url == f"{here}?submap=loonstrook&afzender=werkgever"
        assert names_on(in_as_anna.get(back.url)) == ["loonstrook", "oude loonstrook"]
        other = make_trajectory(make_employee(papers.employer, "Ander", created_by=anna))
        assert in_as_anna.get(address(other.dossier)).status_code == 200

    def test_until_all_is_asked_for(self, in_as_anna: Client, papers: Trajectory) -> None:
        here = address(papers.dossier)
        assert 'href="?submap="' in in_as_anna.get(here, {"submap": "loonstrook"}).text

        in_as_anna.get(here, {"submap": ""})

        assert in_as_anna.get(here).status_code == 200

    def test_the_next_page_keeps_it(self, in_as_anna: Client, trajectory: Trajectory) -> None:
        for number in range(25):
            add(trajectory, f"loonstrook {number}", minute=number)
        add(trajectory, "contract", folder=Folder.CONTRACT)

        page = in_as_anna.get(address(trajectory.dossier), {"submap": "loonstrook"})
        last = page.context["documents"][-1].uuid

        assert f"?submap=loonstrook&amp;na={last}" in page.text
        rest = in_as_anna.get(address(trajectory.dossier), {"submap": "loonstrook", "na": last})
        assert len(names_on(rest)) == 5


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (1, "1 kB"),
        (1024, "1 kB"),
        (1025, "2 kB"),
        (1024**2 + 1, "1,1 MB"),
        (15 * 1024**2, "15,0 MB"),
    ],
)
def test_a_size_in_words(size: int, words: str) -> None:
    assert size_in_words(size) == words
