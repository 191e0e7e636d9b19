"""What belongs to one employer does not exist for another: the same pages as bram."""

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.portal import Portal
from tests.browser.steps import results, search_box

PATIENCE = 60  # seconds
# One of everything at anna's employer that has an address. Of somebody whom no other test changes:
# a recovery takes the Overzicht PB away until it is made anew.
OF_ANNA = """
    select d.uuid, t.uuid, f.uuid, c.uuid
    from dossiers_dossier d
    join absence_trajectory t on t.dossier_id = d.id
    join dossiers_employee p on p.dossier_id = d.id and p.surname = 'Vries'
    join documents_document f on f.trajectory_id = t.id
    join documents_casenote n on n.trajectory_id = t.id
    join dossiers_dossier c on c.employer_id = d.employer_id and c.kind = 'COMPANY'
    join accounts_employer e on e.id = d.employer_id
    where e.name = 'Uitzendbureau De Brug B.V.' order by f.id limit 1
"""


@pytest.fixture
def addresses(portal: Portal) -> list[str]:
    [(dossier, trajectory, document, company)] = portal.rows(OF_ANNA)
    return [
        f"/dossiers/{dossier}/",
        f"/dossiers/{dossier}/toegevoegd/",
        f"/dossiers/{dossier}/verzuim/",
        f"/dossiers/{dossier}/trajectendossier/",
        f"/dossiers/{dossier}/trajectendossier/toevoegen/",
        f"/dossiers/{dossier}/overzicht-pb/{trajectory}/",
        f"/dossiers/{company}/",
        f"/dossiers/{company}/trajectendossier/",
        f"/verzuim/melden/{dossier}/",
        f"/verzuim/gemeld/{trajectory}/",
        f"/documenten/{document}/",
    ]


def status(page: Page, address: str) -> int:
    """Asked with the page's own cookies, so that a download counts too.

    An Overzicht PB that the worker still makes (202) is asked for until it is there.
    """
    deadline = time.monotonic() + PATIENCE
    while (found := page.request.get(address).status) == 202 and time.monotonic() < deadline:
        time.sleep(0.5)
    return found


def test_anna_opens_all_of_it_and_bram_nothing(visit: Visit, addresses: list[str]) -> None:
    anna, bram = visit("anna"), visit("bram")

    assert [status(anna, address) for address in addresses] == [200] * len(addresses)
    assert [status(bram, address) for address in addresses] == [404] * len(addresses)


def test_bram_reads_that_the_page_is_not_there(visit: Visit, addresses: list[str]) -> None:
    page = visit("bram")
    answer = page.goto(addresses[0])

    assert answer
    assert answer.status == 404
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("main")).not_to_contain_text("De Brug")


def test_bram_finds_only_his_own_people(visit: Visit) -> None:
    """Both employers have a "van den Berg"."""
    page = visit("bram")
    page.goto("/dossiers/")
    search_box(page).fill("van den Berg")
    expect(results(page).get_by_role("listitem")).to_have_count(1)
    expect(results(page)).to_contain_text("Jolanda")
    search_box(page).fill("Dossier")
    expect(results(page).get_by_role("link")).to_have_text([re.compile("Flexwerk Zuid")])
    search_box(page).fill("Demirtaş")
    expect(page.get_by_text("Geen dossier gevonden.")).to_be_visible()


def test_a_downloaded_file_never_opens_in_the_portal(
    visit: Visit, addresses: list[str], tmp_path: Path
) -> None:
    page = visit("anna")
    page.goto("/start/")
    headers = page.request.get(addresses[-1]).headers

    assert headers["content-disposition"].startswith("attachment")
    assert headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in headers["content-security-policy"]
