"""What InComfort and HCS put in a dossier, and how it reaches the employer: help page 7 and 8."""

import re
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.portal import STATEMENT_MAIL, VAR_DIR, Portal, locked
from tests.browser.steps import (
    act,
    add_and_open,
    days_ago,
    download,
    fill,
    follow,
    give_app_code,
    give_password,
    menu,
    new_name,
    press,
    report_sick,
    results,
    search_box,
)
from tests.documents.files import pdf

NOTE = "Contact gehad over passend werk. Volgende afspraak over twee weken."


@pytest.fixture
def statement(tmp_path: Path) -> Path:
    path = tmp_path / "specificatie.pdf"
    path.write_bytes(pdf(2, f"Uitkeringsspecificatie {new_name()}"))
    return path


def publish(page: Page, statement: Path, *, month: str) -> None:
    """InComfort puts a statement in the dossier of anna's company."""
    page.goto("/beheer/")
    follow(page, "Uitkeringsspecificatie plaatsen")
    page.get_by_label("Polis", exact=True).select_option(
        label="Uitzendbureau De Brug B.V., ZW-2024-0117"
        " (Ziektewetverzekering Eigenrisicodrager (ZW-ERD))"
    )
    page.get_by_label("Maand", exact=True).select_option(label=month)
    page.get_by_label("Bestand", exact=True).set_input_files(statement)
    press(page, "Uitkeringsspecificatie plaatsen")
    expect(page.get_by_role("main")).to_contain_text("Uitkeringsspecificaties")


def newest(page: Page, name: str = "") -> bytes:
    """The document on top at "Geïmporteerde documenten" with this in its name.

    Another test may have put a statement on top in the meantime.
    """
    imported = page.get_by_role("region", name="Geïmporteerde documenten")
    rows = imported.get_by_role("listitem").filter(has_text=name)
    return download(page, rows.first.get_by_role("link"))


def test_the_link_in_the_mail_leads_to_the_new_statement_after_the_login(
    visit: Visit, portal: Portal, statement: Path
) -> None:
    address = "anna@voorbeeld.test"
    with locked(VAR_DIR / "statement_mail.lock"):
        seen = len(portal.mailbox(address))
        publish(visit("ilse"), statement, month="januari 2025")
        mail = portal.next_message(address, seen=seen, having=STATEMENT_MAIL)
    [link] = re.findall(r"https?://\S+", mail)

    page = visit()
    give_password(page, portal, "anna", at=link)
    give_app_code(page, portal, "anna")

    expect(page).to_have_url(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("Dossier Uitzendbureau De Brug B.V.")
    assert newest(page, "januari 2025") == statement.read_bytes()


def test_without_the_mail_the_statement_is_found_by_the_word_dossier_and_in_the_menu(
    visit: Visit, statement: Path
) -> None:
    publish(visit("ilse"), statement, month="februari 2025")

    page = visit("anna")
    page.goto("/start/")
    search_box(page).fill("Dossier")
    results(page).get_by_role("link", name="Dossier Uitzendbureau De Brug B.V.").click()
    follow(page, "Trajectendossier")
    assert newest(page, "februari 2025") == statement.read_bytes()

    menu(page, "Uitkeringsspecificaties")
    expect(page.get_by_role("table").first).to_contain_text("ZW-2024-0117")


def test_the_employer_reads_what_hcs_writes(visit: Visit, portal: Portal, tmp_path: Path) -> None:
    """Report, notes and overview reach the employer; InComfort cannot open them (P5)."""
    anna, hugo, surname = visit("anna"), visit("hugo"), new_name()
    add_and_open(anna, surname)
    act(anna, "Verzuim melden")
    report_sick(anna, first_day=days_ago(4))
    report = tmp_path / "verslag.pdf"
    report.write_bytes(pdf(1, f"Spreekuurverslag {surname}"))

    hugo.goto("/beheer/")
    follow(hugo, "Verzuim begeleiden")
    fill(hugo, "Achternaam van de werknemer", surname)
    press(hugo, "Zoeken")
    hugo.get_by_role("link", name=re.compile(surname)).click()
    follow(hugo, "Document toevoegen")
    hugo.get_by_role("radio", name="Spreekuurverslag").check()
    hugo.get_by_label("Bestand", exact=True).set_input_files(report)
    press(hugo, "Document toevoegen")
    follow(hugo, "Notitie schrijven")
    fill(hugo, "Notitie", NOTE)
    press(hugo, "Notitie opslaan")

    follow(anna, "Naar het dossier")
    follow(anna, "Trajectendossier")
    assert newest(anna) == report.read_bytes()
    overviews = anna.get_by_role("region", name="Overzichtsdocumenten")
    pdf_file = download(anna, overviews.get_by_role("link", name=re.compile("PDF$")))
    command = ["pdftotext", "-layout", "-", "-"]
    text = subprocess.run(command, input=pdf_file, capture_output=True, check=True).stdout.decode()
    for expected in (
        "Overzicht PB",
        surname,
        "Hugo Maas",
        "Contact gehad over passend werk.",
        "Pagina 1 van 1",
    ):
        assert expected in text

    imported = anna.get_by_role("region", name="Geïmporteerde documenten")
    address = imported.get_by_role("link").last.get_attribute("href") or ""
    assert visit("ilse").goto(address).status == 404  # type: ignore[union-attr]
    assert visit("bram").goto(address).status == 404  # type: ignore[union-attr]
