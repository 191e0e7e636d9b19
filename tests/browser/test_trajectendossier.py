"""What an employer does with documents that are there: replace, withdraw, choose, take along."""

import io
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit
from tests.browser.steps import act, add_and_open, days_ago, follow, new_name, press, report_sick
from tests.documents.files import pdf

pytestmark = pytest.mark.browser


@pytest.fixture
def tab(visit: Visit, tmp_path: Path) -> Page:
    """The Trajectendossier of somebody who fell ill yesterday, with three documents."""
    page = visit("anna")
    add_and_open(page, new_name())
    act(page, "Verzuim melden")
    report_sick(page, first_day=days_ago(1))
    follow(page, "Naar het dossier")
    act(page, "Documenten toevoegen")
    names = ["loonstrook fout.pdf", "loonstrook goed.pdf", "contract.pdf"]
    for name in names:
        (tmp_path / name).write_bytes(pdf(text=name))
    page.get_by_label("Bestanden", exact=True).set_input_files([tmp_path / name for name in names])
    press(page, "Opslaan")
    follow(page, "Naar het Trajectendossier")
    return page


def rows(page: Page) -> Locator:
    return page.get_by_role("region", name="Geïmporteerde documenten").get_by_role("listitem")


def row(page: Page, name: str) -> Locator:
    return rows(page).filter(has=page.get_by_text(name, exact=True))


def link(page: Page, label: str, name: str) -> Locator:
    """What the row of a document can do; the link goes on, out of sight, with the name."""
    return row(page, name).get_by_role("link", name=re.compile(f"^{label}"))


def all_are_safe(page: Page) -> None:
    """The worker scans within seconds; the page shows it when it is opened again."""
    for _ in range(30):
        if rows(page).get_by_text("wordt gecontroleerd").count() == 0:
            return
        page.wait_for_timeout(1000)
        page.reload()
    pytest.fail("the documents are not scanned")


def test_a_wrong_document_is_replaced_another_withdrawn_and_the_rest_goes_along(
    tab: Page, tmp_path: Path
) -> None:
    link(tab, "Vervangen", "loonstrook fout.pdf").click()
    (tmp_path / "november.pdf").write_bytes(pdf(text="november"))
    tab.get_by_label("Nieuw bestand").set_input_files(tmp_path / "november.pdf")
    press(tab, "Document vervangen")
    expect(tab.get_by_text("Vervangen door november.pdf.")).to_be_visible()
    expect(row(tab, "loonstrook fout.pdf")).to_contain_text("door november.pdf (")
    expect(row(tab, "loonstrook fout.pdf").get_by_role("link")).to_have_count(0)

    link(tab, "Intrekken", "contract.pdf").click()
    press(tab, "Document intrekken")
    expect(row(tab, "contract.pdf")).to_contain_text("Ingetrokken op")

    all_are_safe(tab)
    with tab.expect_download() as download:
        tab.get_by_role("link", name=re.compile("^Alles als ZIP")).click()
    content = Path(download.value.path()).read_bytes()
    assert download.value.suggested_filename.startswith("trajectendossier_")
    with zipfile.ZipFile(io.BytesIO(content)) as found:
        inside = sorted(found.read(name) for name in found.namelist())
    assert inside == sorted([pdf(text="november"), pdf(text="loonstrook goed.pdf")])


def test_a_choice_stays_until_all_is_asked_for(tab: Page) -> None:
    tab.get_by_label("Submap").select_option("Arbeidsovereenkomst")
    press(tab, "Tonen")
    expect(rows(tab)).to_have_count(1)
    assert "submap=arbeidsovereenkomst" in tab.url

    for label in ("Verzuim", "Trajectendossier"):
        tabs = tab.get_by_role("navigation", name="Onderdelen van het dossier")
        tabs.get_by_role("link", name=label, exact=True).click()
    expect(tab.get_by_label("Submap")).to_have_value("arbeidsovereenkomst")
    expect(rows(tab)).to_have_count(1)

    follow(tab, "Alles tonen")
    expect(rows(tab)).to_have_count(3)
