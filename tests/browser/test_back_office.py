"""The work of InComfort and HCS in the back office, by the labels on the screen."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.portal import Portal
from tests.browser.steps import fill, follow, press, wait_for_scan
from tests.documents import files

pytestmark = pytest.mark.browser

# Somebody who is fully ill since before a day, with a surname of their own.
FULLY_ILL = """
select e.surname from dossiers_employee e
join absence_trajectory t on t.employee_id = e.id
join absence_incapacity i on i.trajectory_id = t.id
where t.recovered_on is null and t.first_sick_day < %s
and not exists (select 1 from dossiers_employee o where o.surname = e.surname and o.id <> e.id)
group by t.id, e.surname having count(i.id) = 1 and min(i.percentage) = 100
order by t.id limit 1
"""
# Words that go on in the next line, though they are no longer than some other cell can hold.
BROKEN_WORDS = """() => [...document.querySelectorAll("#content table :is(th, td, a)")]
  .flatMap((cell) => [...cell.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE))
  .flatMap((text) =>
    [...text.data.matchAll(/(?<![^\\s-])[^\\s-]{2,20}(?=[\\s-]|$)/g)].map((word) => {
      const range = document.createRange();
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      return range.getClientRects().length > 1 ? word[0] : "";
    }))
  .filter((word) => word && /^[A-Za-z]/.test(word))"""
NOTE = "Werknemer kan vanaf volgende week halve dagen werken."


def heading(page: Page, words: str | re.Pattern[str]) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def open_trajectory(page: Page, surname: str) -> None:
    page.goto("/beheer/")
    follow(page, "Verzuim begeleiden")
    fill(page, "Achternaam van de werknemer", surname[:3])
    press(page, "Zoeken")
    assert surname[:3] not in page.url
    page.get_by_role("link", name=re.compile(f"^{surname},")).click()


def test_hcs_follows_a_sick_report_to_its_end(visit: Visit, portal: Portal, tmp_path: Path) -> None:
    """Help page 5 and 8: recovery, notes and documents come from HCS."""
    pdf = tmp_path / "verslag.pdf"
    pdf.write_bytes(files.pdf(text="Spreekuurverslag"))
    today = timezone.localdate()
    page = visit("hugo")
    [(surname,)] = portal.rows(FULLY_ILL, today - timedelta(days=14))

    open_trajectory(page, surname)
    heading(page, re.compile(f"{surname}, ziek vanaf"))
    follow(page, "AO-percentage vastleggen")
    fill(page, "Vanaf", f"{today - timedelta(days=7):%d-%m-%Y}")
    fill(page, "AO-percentage", "50")
    press(page, "AO-percentage vastleggen")
    expect(page.get_by_role("cell", name="50%")).to_be_visible()

    follow(page, "Notitie schrijven")
    page.get_by_label("Soort").select_option("Advies")
    fill(page, "Notitie", NOTE)
    press(page, "Notitie opslaan")
    expect(page.get_by_text(NOTE)).to_be_visible()

    follow(page, "Document toevoegen")
    page.get_by_label("Spreekuurverslag").check()
    page.get_by_label("Bestand").set_input_files(pdf)
    press(page, "Document toevoegen")
    page.get_by_role("link", name="Spreekuurverslag").first.click()
    wait_for_scan(page, page.get_by_role("link", name="Bestand openen"))
    with page.expect_download() as download:
        follow(page, "Bestand openen")
    assert download.value.path().read_bytes() == pdf.read_bytes()

    open_trajectory(page, surname)
    follow(page, "Herstel vastleggen")
    fill(page, "Eerste dag volledig hersteld", f"{today:%d-%m-%Y}")
    press(page, "Herstel vastleggen")
    expect(page.get_by_text(f"Hersteld per {today:%d-%m-%Y}").first).to_be_visible()


def test_incomfort_takes_in_an_employer_and_places_a_statement(
    visit: Visit, portal: Portal, tmp_path: Path
) -> None:
    """An employer with a policy, its first user with a set-up link, and a statement by e-mail."""
    pdf = tmp_path / "specificatie.pdf"
    pdf.write_bytes(files.pdf(text="Uitkeringsspecificatie"))
    page = visit("ilse")

    page.goto("/beheer/")
    follow(page, "Werkgever toevoegen")
    fill(page, "Bedrijfsnaam", "Nieuw Uitzendwerk B.V.")
    fill(page, "KvK-nummer", "87654321")
    press(page, "Nog een Polis toevoegen")
    page.get_by_role("textbox", name="Polisnummer").fill("ZW-2026-9999")
    page.get_by_role("combobox", name="Product").select_option("ZW_ERD")
    page.get_by_role("textbox", name="Ingangsdatum").fill("01-01-2026")
    press(page, "Opslaan")

    page.goto("/beheer/")
    follow(page, "Gebruiker toevoegen")
    fill(page, "Gebruikersnaam", "nieuw.begin")
    fill(page, "Voornaam of voorletters", "N.")
    fill(page, "Achternaam", "Begin")
    fill(page, "E-mailadres", "begin@nieuw.test")
    page.get_by_role("combobox", name="Werkgever").select_option("Nieuw Uitzendwerk B.V.")
    press(page, "Opslaan")
    expect(page.get_by_text("krijgt een e-mail met een link")).to_be_visible()
    assert "/activeren/" in portal.next_message("begin@nieuw.test", seen=0)

    follow(page, "Werkgevers")
    follow(page, "Nieuw Uitzendwerk B.V.")
    page.get_by_label("Algemene contactpersoon").select_option("N. Begin")
    press(page, "Opslaan")

    page.goto("/beheer/")
    follow(page, "Uitkeringsspecificatie plaatsen")
    page.get_by_label("Polis").select_option(
        "Nieuw Uitzendwerk B.V., ZW-2026-9999 (Ziektewetverzekering Eigenrisicodrager (ZW-ERD))"
    )
    page.get_by_label("Bestand").set_input_files(pdf)
    press(page, "Uitkeringsspecificatie plaatsen")
    expect(page.get_by_text("N. Begin krijgt een e-mail")).to_be_visible()
    assert "/trajectendossier/" in portal.next_message("begin@nieuw.test", seen=1)


def test_on_a_telephone_the_words_of_what_waits_stay_whole(visit: Visit) -> None:
    page = visit("ilse")
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto("/beheer/accounts/failedjob/")

    expect(page.get_by_role("cell", name=re.compile("IdleInTransactionSession"))).to_be_visible()
    assert page.evaluate(BROKEN_WORDS) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 390
