"""An employer's day: help page 3, 4 and 6, by the labels on the screen."""

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.axe import overflow, violations
from tests.browser.conftest import Visit
from tests.browser.steps import (
    act,
    actions,
    add_and_open,
    add_employee,
    days_ago,
    download,
    fill,
    follow,
    menu,
    new_name,
    press,
    report_sick,
    results,
    search_box,
)
from tests.documents.files import pdf


def test_add_an_employee_and_report_the_sickness_from_the_dossier(visit: Visit) -> None:
    """3 and 4(a): nobody is found, so the employee is added, and reported ill."""
    page, surname = visit("anna"), new_name()
    page.goto("/start/")
    search_box(page).press_sequentially(surname[:3])
    page.get_by_role("checkbox", name="Ook op uit dienst getreden werknemers zoeken").check()
    expect(page.get_by_role("status").filter(has_text="gevonden")).to_be_visible()  # no button yet
    act(page, "Werknemer toevoegen")

    add_employee(page, surname)
    expect(page.get_by_role("heading", level=1)).to_have_text("Werknemer toegevoegd")
    follow(page, "Ga direct naar dossier")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Z.M. (Zofia) van der {surname}")

    act(page, "Verzuim melden")
    report_sick(page, first_day=days_ago(1))
    expect(page.get_by_role("main")).to_contain_text("is nu ziek gemeld")
    follow(page, "Naar het dossier")
    expect(page.get_by_role("main")).to_contain_text(f"sinds {days_ago(1)}")


def test_nobody_found_leads_to_the_form_with_the_name_filled_in(visit: Visit) -> None:
    page, surname = visit("anna"), new_name()
    page.goto("/dossiers/")
    search_box(page).fill(f"van der {surname}")
    results(page).get_by_role("button", name="Werknemer toevoegen").click()

    expect(page.get_by_label("Achternaam", exact=True)).to_have_value(surname)
    expect(page.get_by_label("Tussenvoegsels")).to_have_value("van der")


def test_a_new_contract_goes_to_the_dossier_that_is_there(visit: Visit) -> None:
    """The button in the row answers to the pointer: the row's own link covers all the rest."""
    page, surname = visit("anna"), new_name()
    add_and_open(page, surname)
    page.goto("/dossiers/werknemer-toevoegen/")
    add_employee(page, surname)
    row = page.get_by_role("listitem").filter(has_text="Naar het dossier van")
    row.get_by_role("button", name="Nieuw dienstverband bij bestaande persoon").click()

    expect(page.get_by_role("heading", level=1)).to_have_text(f"Z.M. (Zofia) van der {surname}")


def test_what_is_changed_about_an_employee_is_kept_as_it_was(visit: Visit) -> None:
    """A mistake is refused with everything still there; the history says what it was and is."""
    page, surname = visit("anna"), new_name()
    add_and_open(page, surname)
    follow(page, "Gegevens wijzigen")
    city = page.get_by_role("group", name="Adresgegevens").get_by_label("Plaats", exact=True)
    city.fill("Arnhem")
    fill(page, "Privé mobiel nummer", "12")
    press(page, "Opslaan")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(city).to_have_value("Arnhem")
    fill(page, "Privé mobiel nummer", "06 87 65 43 21")
    press(page, "Opslaan")

    follow(page, "Wijzigingen")
    row = page.get_by_role("row").filter(has_text="Plaats")
    expect(row).to_contain_text("Nijmegen")
    expect(row).to_contain_text("Arnhem")
    expect(row).to_contain_text(re.compile(r"\d{2}-\d{2}-\d{4}, \d{2}\.\d{2} uur"))
    assert violations(page) == []
    assert overflow(page) == []


def test_report_the_sickness_from_the_menu(visit: Visit) -> None:
    """4(b), partly ill; the start page then shows it."""
    page, surname = visit("anna"), new_name()
    add_and_open(page, surname)

    page.goto("/start/")
    menu(page, "Verzuim melden")
    search_box(page).fill(surname[:3])
    press(page, "Zoeken")
    results(page).get_by_role("link", name=re.compile(surname)).click()
    report_sick(page, first_day=days_ago(3), percentage="60")
    expect(page.get_by_role("main")).to_contain_text("60% arbeidsongeschikt = 40% aan het werk")

    menu(page, "Start")
    row = (
        page.get_by_role("region", name="Nu ziek").get_by_role("listitem").filter(has_text=surname)
    )
    expect(row).to_contain_text("Gedeeltelijk ziek: 60%")


def test_documents_go_in_several_at_once_and_come_out_as_they_were(
    visit: Visit, tmp_path: Path
) -> None:
    """6: the copy that is downloaded is the file, byte for byte."""
    page, surname = visit("anna"), new_name()
    add_and_open(page, surname)
    act(page, "Verzuim melden")
    report_sick(page, first_day=days_ago(2))
    files = {f"{month} {surname}.pdf": pdf(2, month) for month in ("september", "oktober")}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)

    menu(page, "Dossier zoeken")
    search_box(page).fill(surname[:3])
    page.get_by_role("checkbox", name="Ook op uit dienst getreden werknemers zoeken").check()
    results(page).get_by_role("link", name=re.compile(surname)).click()
    follow(page, "Trajectendossier")
    imported = page.get_by_role("region", name="Geïmporteerde documenten")
    imported.get_by_role("link", name="Documenten toevoegen").click()
    expect(page.get_by_label("Traject", exact=True).locator("option:checked")).to_contain_text(
        days_ago(2)  # still ill: the most recent report is chosen already
    )
    page.get_by_role("radio", name="Loonstrook").check()
    page.get_by_label("Bestanden", exact=True).set_input_files([tmp_path / name for name in files])
    press(page, "Opslaan")
    follow(page, "Naar het Trajectendossier")

    expect(page.get_by_role("heading", level=1)).to_contain_text(surname)
    for name, content in files.items():
        assert download(page, imported.get_by_role("link", name=name, exact=True)) == content


def test_a_file_that_is_no_document_is_refused_by_name_and_the_others_are_kept(
    visit: Visit, tmp_path: Path
) -> None:
    page, surname = visit("anna"), new_name()
    add_and_open(page, surname)
    act(page, "Verzuim melden")
    report_sick(page, first_day=days_ago(1))
    (tmp_path / "goed.pdf").write_bytes(pdf(1, surname))
    (tmp_path / "vals.pdf").write_bytes(b"<script>alert(1)</script>")

    follow(page, "Naar het dossier")
    act(page, "Documenten toevoegen")
    page.get_by_role("radio", name="Verzuimoverzicht").check()
    page.get_by_label("Bestanden", exact=True).set_input_files(
        [tmp_path / "goed.pdf", tmp_path / "vals.pdf"]
    )
    press(page, "Opslaan")

    rows = page.get_by_role("list", name="Gekozen bestanden").get_by_role("listitem")
    expect(rows.filter(has_text="vals.pdf")).to_contain_text("Dit bestand heet PDF, maar")
    expect(rows.filter(has_text="goed.pdf")).to_contain_text("Opgeslagen")


def test_a_recovery_is_not_the_employers_to_record(visit: Visit) -> None:
    """5: the page says whom to tell."""
    page, surname = visit("anna"), new_name()
    add_and_open(page, surname)
    act(page, "Verzuim melden")
    report_sick(page, first_day=days_ago(1))
    follow(page, "Naar het dossier")
    follow(page, "Verzuim")

    expect(page.get_by_role("main")).to_contain_text("088-102 16 40")
    expect(actions(page)).not_to_contain_text("ersteld")
