"""The upload tray: forty files in one go, one that fails, and what the file names propose."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.axe import overflow, violations
from tests.browser.conftest import Visit
from tests.browser.steps import (
    act,
    add_and_open,
    days_ago,
    follow,
    menu,
    new_name,
    press,
    report_sick,
    results,
    search_box,
)
from tests.documents.files import pdf

pytestmark = pytest.mark.browser

MODULE = "() => import(document.querySelector('script[src*=upload_tray]').src)"
FOLDERS = [
    {"value": "CONTRACT", "words": ["contract", "overeenkomst"]},
    {"value": "PAYSLIP", "words": ["loonstrook", "loon"]},
    {"value": "OVERVIEW", "words": ["verzuimoverzicht", "verzuim"]},
]
REPORTS = [
    {"value": "now", "from": "2026-11-02", "until": ""},
    {"value": "spring", "from": "2026-03-20", "until": "2026-05-04"},
]
ASKED = [
    {"value": value, "report": "now", "folder": folder, "month": month, "isOpen": is_open}
    for value, folder, month, is_open in (
        ("october", "PAYSLIP", "2026-10", True),
        ("november", "PAYSLIP", "2026-11", False),
        ("contract", "CONTRACT", "", True),
    )
]


@pytest.fixture
def tray(visit: Visit) -> Page:
    """The page to add documents for somebody who fell ill yesterday."""
    page, surname = visit("anna"), new_name()
    add_and_open(page, surname)
    act(page, "Verzuim melden")
    report_sick(page, first_day=days_ago(1))
    follow(page, "Naar het dossier")
    act(page, "Documenten toevoegen")
    expect(page.get_by_role("heading", level=1)).to_have_text("Documenten toevoegen")
    return page


def choose(page: Page, folder: Path, contents: dict[str, bytes]) -> None:
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    page.get_by_label("Bestanden", exact=True).set_input_files([folder / name for name in contents])


def rows(page: Page) -> Locator:
    return page.get_by_role("list", name="Gekozen bestanden").get_by_role("listitem")


def test_forty_files_one_bad_and_again(tray: Page, tmp_path: Path) -> None:
    contents = {f"loonstrook {number:02}.pdf": pdf(text=f"nr {number}") for number in range(39)}
    choose(tray, tmp_path, contents | {"contract.pdf": b"<script>alert(1)</script>"})
    expect(rows(tray)).to_have_count(40)
    expect(tray.get_by_label("Submap: contract.pdf")).to_have_value("ARBEIDSOVEREENKOMST")
    expect(tray.get_by_label("Submap: loonstrook 07.pdf")).to_have_value("LOONSTROOK")

    press(tray, "Opslaan")

    said = tray.get_by_text("39 van 40 bestanden opgeslagen, 1 niet.")
    expect(said).to_be_visible(timeout=120_000)
    bad = rows(tray).filter(has_text="contract.pdf")
    expect(bad).to_contain_text("Dit bestand heet PDF, maar de inhoud is dat niet.")
    expect(bad.get_by_role("button", name="Opnieuw: contract.pdf")).to_be_focused()
    bad.get_by_role("button", name="Weghalen: contract.pdf").click()
    expect(rows(tray)).to_have_count(39)


def test_files_that_were_chosen_before_the_script_was_there_are_in_the_tray(
    tray: Page, tmp_path: Path
) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    tray.route(re.compile("/upload_tray[^/]*[.]js"), hold)
    tray.reload(wait_until="commit")
    choose(tray, tmp_path, {"loonstrook mei.pdf": pdf(text="vroeg")})
    expect(rows(tray)).to_have_count(0)
    held[0].continue_()

    expect(rows(tray)).to_have_count(1)
    press(tray, "Opslaan")
    expect(tray.get_by_text("1 bestand opgeslagen.")).to_be_visible()


def test_without_a_connection_the_row_says_so_and_again_saves_it(
    tray: Page, tmp_path: Path
) -> None:
    choose(tray, tmp_path, {"loonstrook.pdf": pdf(text="weg"), "verzuim.pdf": pdf(text="er")})
    lost: list[str] = []

    def lose_the_first(route: Any) -> None:
        if lost or route.request.method != "POST":
            route.continue_()
            return
        lost.append(route.request.url)
        route.abort()

    tray.route("**/trajectendossier/toevoegen/", lose_the_first)
    tray.get_by_role("button", name="Opslaan").focus()
    tray.keyboard.press("Enter")
    again = tray.get_by_role("button", name="Opnieuw: loonstrook.pdf")
    expect(again).to_be_focused()
    expect(rows(tray).first).to_contain_text("Er is geen verbinding")

    tray.keyboard.press("Enter")  # the focus is there already
    expect(tray.get_by_text("2 bestanden opgeslagen.")).to_be_visible()
    expect(tray.get_by_role("link", name="Naar het Trajectendossier")).to_be_focused()
    tray.keyboard.press("Enter")
    imported = tray.get_by_role("region", name="Geïmporteerde documenten").get_by_role("listitem")
    expect(imported).to_have_count(2)


def test_more_than_forty_are_not_taken_and_a_folder_is_asked(tray: Page, tmp_path: Path) -> None:
    choose(tray, tmp_path, {f"scan {number:02}.pdf": pdf(text=str(number)) for number in range(42)})

    expect(rows(tray)).to_have_count(40)
    expect(tray.get_by_text("2 niet: u kunt er 40 tegelijk toevoegen.")).to_be_visible()
    press(tray, "Opslaan")
    expect(rows(tray).first).to_contain_text("Kies een submap.")


@pytest.mark.parametrize("state", ["chosen", "failed"])
def test_it_is_accessible_and_fits_a_telephone(tray: Page, tmp_path: Path, state: str) -> None:
    choose(tray, tmp_path, {"loonstrook.pdf": pdf(), f"{'lang' * 30}.pdf": b"geen"})
    if state == "failed":
        tray.get_by_label(re.compile("Submap: lang")).select_option("Loonstrook")
        press(tray, "Opslaan")
        expect(tray.get_by_text("1 van 2 bestanden opgeslagen, 1 niet.")).to_be_visible()

    assert violations(tray) == []
    tray.set_viewport_size({"width": 390, "height": 800})
    assert overflow(tray) == []


def test_what_a_file_name_proposes(tray: Page) -> None:
    """Pure rules of static/js/upload_tray.js."""
    folders = {
        "Loonstrook oktober.pdf": "PAYSLIP",
        "CONTRACT.PDF": "CONTRACT",
        "arbeidsovéreenkomst.pdf": "CONTRACT",
        "verzuimoverzicht loon.pdf": "OVERVIEW",
        "scan0001.pdf": "",
    }
    months = {
        "loonstrook november 2026.pdf": "2026-11",
        "2026-03-31 loon.pdf": "2026-03",
        "20260331.pdf": "2026-03",
        "31-03-2026.pdf": "2026-03",
        "loon_3-2026.pdf": "2026-03",
        "loon 2026.pdf": "",
        "IBAN 99202611.pdf": "",
        "scan.pdf": "",
    }
    reports = {
        "loon 2026-12.pdf": "now",
        "loon 2026-04.pdf": "spring",
        "loon mei 2026.pdf": "spring",
        "loon 2025-04.pdf": "usual",
        "scan.pdf": "usual",
    }
    asked = {
        "loonstrook oktober 2026.pdf": "october",
        "loonstrook november 2026.pdf": "",  # given already
        "loonstrook 2025-10.pdf": "",
        "loonstrook.pdf": "",  # which month, it does not say
    }
    found = tray.evaluate(
        f"""async ([folders, months, reports, choices, open, asked, items]) => {{
            const rules = await ({MODULE})();
            return [
                folders.map((name) => rules.folderFor(name, choices)),
                months.map((name) => rules.monthIn(name)),
                reports.map((name) => rules.reportFor(name, open, "usual")),
                asked.map((name) => rules.itemFor(name, "now", "PAYSLIP", items)),
                rules.itemFor("scan.pdf", "now", "CONTRACT", items),
                rules.itemFor("scan.pdf", "spring", "CONTRACT", items),
            ];
        }}""",
        [list(folders), list(months), list(reports), FOLDERS, REPORTS, list(asked), ASKED],
    )
    expected = [list(names.values()) for names in (folders, months, reports, asked)]
    assert found == [*expected, "contract", ""]


@pytest.fixture
def two_ill(visit: Visit) -> tuple[Page, str, str]:
    """Two people who fell ill, and the page that the start page leads to for their files."""
    page, surnames = visit("anna"), (new_name(), new_name())
    for surname in surnames:
        add_and_open(page, surname)
        act(page, "Verzuim melden")
        report_sick(page, first_day=days_ago(1))
    page.goto("/start/")
    expect(page.get_by_text("de agenda wordt opgehaald")).to_have_count(0)  # comes later
    act(page, "Documenten toevoegen")
    return page, *surnames


def whose(page: Page, name: str) -> Locator:
    """The row of this file."""
    return rows(page).filter(has_text=name)


def choose_whose(page: Page, name: str, surname: str, *, all_files: bool = False) -> None:
    """In the dialog of this row: finds the employee and clicks on the name."""
    page.get_by_role("button", name=re.compile(f"(werknemer): {re.escape(name)}$")).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"Van wie is {name}?")
    if all_files:
        dialog.get_by_label("Ook alle andere bestanden zonder werknemer").check()
    search_box(page).fill(surname)
    results(page).get_by_role("link", name=re.compile(surname)).click()
    expect(dialog).to_be_hidden()


def test_from_the_start_page_one_is_proposed_and_one_is_searched_for(
    two_ill: tuple[Page, str, str], tmp_path: Path
) -> None:
    page, first, second = two_ill
    named = f"loonstrook {first} oktober.pdf"
    choose(page, tmp_path, {named: pdf(text="een"), "contract.pdf": pdf(text="twee")})
    expect(whose(page, named)).to_contain_text(re.compile(f"Voorstel: .*{first}"))
    expect(whose(page, "contract.pdf")).to_contain_text("Van wie is dit bestand?")

    press(page, "Opslaan")  # nobody confirmed anything yet
    expect(page.get_by_text("0 van 2 bestanden opgeslagen, 2 niet.")).to_be_visible()
    confirm = page.get_by_role("button", name=f"Klopt: {named}")
    expect(confirm).to_be_focused()
    expect(page.get_by_label(f"Submap: {named}")).to_be_hidden()

    confirm.click()
    expect(page.get_by_label(f"Submap: {named}")).to_have_value("LOONSTROOK")
    choose_whose(page, "contract.pdf", second)
    expect(page.get_by_label("Submap: contract.pdf")).to_have_value("ARBEIDSOVEREENKOMST")
    press(page, "Opslaan")

    expect(page.get_by_text("2 bestanden opgeslagen.")).to_be_visible()
    expect(page.get_by_role("link", name="Naar de startpagina")).to_be_focused()
    for surname, name in ((first, named), (second, "contract.pdf")):
        menu(page, "Dossier zoeken")
        search_box(page).fill(surname)
        results(page).get_by_role("link", name=re.compile(surname)).click()
        follow(page, "Trajectendossier")
        region = page.get_by_role("region", name="Geïmporteerde documenten")
        expect(region.get_by_role("listitem")).to_have_count(1)
        expect(region).to_contain_text(name)


def test_one_person_for_all_and_somebody_who_is_not_ill(
    two_ill: tuple[Page, str, str], tmp_path: Path
) -> None:
    page, first, _ = two_ill
    choose(page, tmp_path, {f"scan {number}.pdf": pdf(text=str(number)) for number in range(3)})
    choose_whose(page, "scan 0.pdf", first, all_files=True)

    for number in range(3):
        expect(page.get_by_label(f"Traject: scan {number}.pdf")).to_be_visible()
        expect(whose(page, f"scan {number}.pdf")).to_contain_text(first)

    well = new_name()
    other = page.context.new_page()
    add_and_open(other, well)
    other.close()
    choose_whose(page, "scan 1.pdf", well)
    expect(whose(page, "scan 1.pdf")).to_contain_text("is er nog geen ziekmelding")
    expect(page.get_by_label("Traject: scan 1.pdf")).to_be_hidden()
    expect(page.get_by_role("button", name="Klopt: scan 1.pdf")).to_be_focused()


@pytest.mark.parametrize("state", ["proposed", "dialog"])
def test_the_page_for_all_is_accessible_and_fits_a_telephone(
    two_ill: tuple[Page, str, str], tmp_path: Path, state: str
) -> None:
    page, first, second = two_ill
    choose(page, tmp_path, {f"{first}.pdf": pdf(), f"{'lang' * 30}.pdf": pdf(text="lang")})
    expect(rows(page).first).to_contain_text("Voorstel")
    if state == "dialog":
        page.get_by_role("button", name=re.compile("^Kies een werknemer: lang")).click()
        search_box(page).fill(second)
        expect(results(page).get_by_role("link")).to_have_count(1)

    assert violations(page) == []
    page.set_viewport_size({"width": 390, "height": 800})
    assert overflow(page) == []


def test_without_script_the_person_comes_first(visit: Visit, tmp_path: Path) -> None:
    page, surname = visit("anna", java_script_enabled=False), new_name()
    add_and_open(page, surname)
    act(page, "Verzuim melden")
    report_sick(page, first_day=days_ago(1))
    page.goto("/start/")
    act(page, "Documenten toevoegen")
    expect(page.get_by_label("Bestanden", exact=True)).to_be_hidden()

    search_box(page).fill(surname)
    press(page, "Zoeken")
    results(page).get_by_role("link", name=re.compile(surname)).click()
    page.get_by_role("radio", name="Loonstrook").check()
    choose(page, tmp_path, {"loonstrook.pdf": pdf(text="zonder script")})
    press(page, "Opslaan")

    expect(page.get_by_text("1 document toegevoegd: loonstrook.pdf.")).to_be_visible()
