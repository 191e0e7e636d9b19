"""From a question of InComfort to an accepted document, by the labels on the screen."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import overflow, violations
from tests.browser.conftest import Visit
from tests.browser.portal import Portal
from tests.browser.steps import (
    act,
    add_and_open,
    days_ago,
    fill,
    follow,
    new_name,
    press,
    report_sick,
    wait_for_scan,
)
from tests.documents.files import pdf

pytestmark = pytest.mark.browser

ANNAS_MAIL = "anna@voorbeeld.test"  # the contact of De Brug
REFUSED = "een document aan dat InComfort niet kan gebruiken"  # the e-mail says so
UNREADABLE = "Het document is niet goed leesbaar. Maak een betere scan."


def ask_for_contract(page: Page, surname: str) -> None:
    """InComfort, from the report on."""
    page.goto("/beheer/absence/trajectory/")
    fill(page, "Achternaam van de werknemer", surname[:3])
    press(page, "Zoeken")
    page.get_by_role("link", name=re.compile(f"^{surname},")).click()
    follow(page, "Documenten vragen")
    page.get_by_label("Arbeidsovereenkomst").check()
    page.get_by_label("Waarvoor").select_option("Om het dienstverband vast te stellen.")
    due = date.today() + timedelta(days=10)  # noqa: DTZ011 - as a person reads it
    fill(page, "Uiterlijk", f"{due:%d-%m-%Y}")
    press(page, "Documenten vragen")
    expect(page.get_by_text(re.compile("Documentverzoek DV-.* is verstuurd."))).to_be_visible()


def open_request(page: Page, surname: str) -> None:
    page.goto("/beheer/documents/documentrequest/?stand=alle")
    row = page.get_by_role("row").filter(has_text=surname)
    row.get_by_role("link").first.click()


def open_item(page: Page, surname: str) -> None:
    """The employer, from the start page's checklist or that of all requests."""
    page.goto("/gevraagde-documenten/")
    checklist(page, surname).get_by_role("link", name="Arbeidsovereenkomst").click()


def checklist(page: Page, surname: str) -> Locator:
    return page.get_by_role("region", name=re.compile(surname))


def give(page: Page, file: Path) -> None:
    """By the tray, as with script; the confirmation leads to the dossier."""
    page.get_by_label("Bestanden", exact=True).set_input_files(file)
    press(page, "Opslaan")
    follow(page, "Naar het Trajectendossier")


def decide(page: Page, surname: str, decision: str) -> None:
    open_request(page, surname)
    wait_for_scan(page, page.get_by_role("cell", name=re.compile("te beoordelen")))
    page.get_by_role("link", name="Beoordelen", exact=True).click()
    page.get_by_label(re.compile(f"^{decision}")).check()


def test_asked_given_refused_given_again_and_accepted(
    visit: Visit, portal: Portal, tmp_path: Path
) -> None:
    contract = tmp_path / "arbeidsovereenkomst.pdf"
    anna, ilse, surname = visit("anna"), visit("ilse"), new_name()
    add_and_open(anna, surname)
    act(anna, "Verzuim melden")
    report_sick(anna, first_day=days_ago(1))
    seen = len(portal.mailbox(ANNAS_MAIL))
    address = anna.get_by_role("link", name="Naar het dossier").get_attribute("href")
    [dossier] = re.findall("/dossiers/[^/]+/", str(address))

    ask_for_contract(ilse, surname)
    mail = portal.next_message(ANNAS_MAIL, seen=seen, having=f"{dossier}trajectendossier/")
    assert surname not in mail
    [address] = re.findall(r"http\S+/trajectendossier/", mail)
    anna.goto(address)
    asked = anna.get_by_role("region", name="Gevraagde documenten")
    expect(asked).to_contain_text("nog aan te leveren")
    expect(asked).to_contain_text("nog 10 dagen")

    open_item(anna, surname)
    contract.write_bytes(pdf(text="scheef"))
    give(anna, contract)
    expect(asked).to_contain_text("InComfort kijkt ernaar")

    decide(ilse, surname, "Afkeuren")
    ilse.get_by_label("Reden van afkeuren").select_option(UNREADABLE)
    press(ilse, "Besluit vastleggen")
    expect(ilse.get_by_text("Afgekeurd: Arbeidsovereenkomst.")).to_be_visible()
    assert surname not in portal.next_message(ANNAS_MAIL, seen=seen, having=REFUSED)

    open_item(anna, surname)
    expect(anna.get_by_text(UNREADABLE)).to_be_visible()
    assert violations(anna) == []
    anna.set_viewport_size({"width": 320, "height": 800})
    assert overflow(anna) == []
    contract.write_bytes(pdf(text="recht"))
    give(anna, contract)

    decide(ilse, surname, "Goedkeuren")
    press(ilse, "Besluit vastleggen")
    expect(ilse.get_by_text("Goedgekeurd: Arbeidsovereenkomst.")).to_be_visible()
    anna.goto(address)
    asked.get_by_text("Afgehandeld").click()
    expect(asked).to_contain_text("goedgekeurd")


def test_without_script_the_plain_form_ticks_it(visit: Visit, tmp_path: Path) -> None:
    contract = tmp_path / "arbeidsovereenkomst.pdf"
    contract.write_bytes(pdf(text="zonder script"))
    anna, ilse, surname = visit("anna"), visit("ilse"), new_name()
    add_and_open(anna, surname)
    act(anna, "Verzuim melden")
    report_sick(anna, first_day=days_ago(1))
    ask_for_contract(ilse, surname)

    plain = visit("anna", java_script_enabled=False)
    open_item(plain, surname)
    plain.get_by_label("Bestanden", exact=True).set_input_files(contract)
    press(plain, "Opslaan")

    expect(plain.get_by_text("1 document toegevoegd: arbeidsovereenkomst.pdf.")).to_be_visible()
    asked = plain.get_by_role("region", name="Gevraagde documenten")
    expect(asked).to_contain_text("InComfort kijkt ernaar")


def test_the_general_tray_and_what_is_in_the_dossier_already_tick_it(
    visit: Visit, tmp_path: Path
) -> None:
    contract = tmp_path / "contract.pdf"
    contract.write_bytes(pdf(text="in het algemeen"))
    anna, ilse, surname = visit("anna"), visit("ilse"), new_name()
    add_and_open(anna, surname)
    act(anna, "Verzuim melden")
    report_sick(anna, first_day=days_ago(1))
    follow(anna, "Naar het dossier")
    act(anna, "Documenten toevoegen")
    anna.get_by_label("Bestanden", exact=True).set_input_files(contract)
    expect(anna.get_by_label(re.compile("^Hoort bij gevraagd"))).to_be_hidden()
    press(anna, "Opslaan")
    expect(anna.get_by_text("1 bestand opgeslagen.")).to_be_visible()
    ask_for_contract(ilse, surname)

    anna.reload()
    contract.write_bytes(pdf(text="nog een keer"))
    anna.get_by_label("Bestanden", exact=True).set_input_files(contract)
    offered = anna.get_by_label("Hoort bij gevraagd: contract.pdf")
    chosen = offered.locator("option:checked")
    expect(chosen).to_have_text("Arbeidsovereenkomst (gevraagd)")
    anna.get_by_label("Submap: contract.pdf").select_option("Loonstrook")
    expect(offered).to_be_hidden()
    anna.get_by_label("Submap: contract.pdf").select_option("Arbeidsovereenkomst")
    assert violations(anna) == []
    offered.select_option("Niet bij een verzoek")
    press(anna, "Opslaan")
    expect(anna.get_by_text("1 bestand opgeslagen.")).to_be_visible()

    open_item(anna, surname)  # so it is still owed
    wait_for_scan(anna, anna.locator('input[name="document"]').nth(1))
    anna.get_by_text("Staat het document al in het Trajectendossier?").click()
    anna.get_by_role("radio", name=re.compile("contract.pdf")).first.check()
    assert violations(anna) == []
    anna.set_viewport_size({"width": 390, "height": 800})
    assert overflow(anna) == []
    press(anna, "Dit document aanleveren")
    asked = anna.get_by_role("region", name="Gevraagde documenten")
    expect(asked).to_contain_text("InComfort kijkt ernaar")
