"""The end of the month: from InComfort's file to what the employer reads. Help page 7."""

import re
import shutil
import subprocess
import time
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.portal import STATEMENT_MAIL, VAR_DIR, Portal, locked
from tests.browser.steps import download, follow, give_app_code, give_password, menu, press

POLICY = "ZW-2024-0117"
ADDRESS = "anna@voorbeeld.test"
# Ill before the week and not recovered after it, and the contract ended before it as well.
FORMER = """
    select 'ZM-' || lpad(t.id::text, 6, '0') from absence_trajectory t
    join accounts_policy p on p.employer_id = t.employer_id and p.number = %s
    join dossiers_employment m on m.id = t.employment_id
    where m.ended_on < %s and t.first_sick_day < %s and t.withdrawn_at is null
      and (t.recovered_on is null or t.recovered_on > %s)
    order by t.first_sick_day limit 1
"""


STATEMENT = """
    select s.uuid from documents_benefitstatement s
    join accounts_policy p on p.id = s.policy_id where p.number = %s and s.month = %s
"""


def unpublished_month() -> date:
    """Four months ago: the demo publishes the three months after it."""
    day = date.today().replace(day=1)  # noqa: DTZ011 - as a person reads it
    for _ in range(4):
        day = (day - timedelta(days=1)).replace(day=1)
    return day


def month_file(path: Path, portal: Portal, month: date) -> Path:
    """One line: Monday to Friday at a daily wage of 100."""
    monday = month + timedelta((7 - month.weekday()) % 7)
    friday = monday + timedelta(4)
    [(report,)] = portal.rows(FORMER, POLICY, monday - timedelta(30), monday, friday)
    path.write_text(
        "Polisnummer;Meldingsnummer;Van;Tot en met;Dagloon\r\n"
        f"{POLICY};{report};{monday:%d-%m-%Y};{friday:%d-%m-%Y};100,00\r\n"
    )
    return path


def read_in(page: Page, file: Path, month: date) -> None:
    """Reads the file in and looks at what would be published: nobody is told anything yet."""
    page.goto("/beheer/")
    follow(page, "Maand met uitkeringen inlezen")
    page.get_by_role("main").get_by_role("link", name=re.compile("toevoegen")).click()
    page.get_by_label("Maand", exact=True).select_option(value=month.isoformat())
    page.get_by_label("Bestand", exact=True).set_input_files(file)
    press(page, "Inlezen en controleren")
    follow(page, f"{month:%m-%Y}")
    expect(page.get_by_role("row", name="Totaal van deze maand")).to_contain_text("350,00")
    expect(page.get_by_role("row", name=re.compile(POLICY))).to_contain_text("350,00")


def publish(page: Page, portal: Portal) -> str:
    """Confirms the month that is open; returns the e-mail that the contact gets."""
    # Another test may have a statement of its own e-mailed to the same person.
    with locked(VAR_DIR / "statement_mail.lock"):
        seen = len(portal.mailbox(ADDRESS))
        follow(page, "Bevestigen en plaatsen")
        press(page, "Bevestigen en plaatsen")
        return portal.next_message(ADDRESS, seen=seen, having=STATEMENT_MAIL)


def published_statement(portal: Portal, month: date) -> object:
    """Its uuid. The e-mail goes with the first sheet of the employer; this one may come after."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for (uuid,) in portal.rows(STATEMENT, POLICY, month):
            return uuid
        time.sleep(0.2)
    raise AssertionError("the statement was not published")


def text_of(pdf: bytes) -> str:
    program = shutil.which("pdftotext")
    assert program
    done = subprocess.run(
        [program, "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    )
    return re.sub(r"[ \u00a0]+", " ", done.stdout.decode())


def test_a_month_from_the_file_to_what_the_employer_reads(
    visit: Visit, portal: Portal, tmp_path: Path
) -> None:
    month = unpublished_month()
    ilse = visit("ilse")
    read_in(ilse, month_file(tmp_path / "maand.csv", portal, month), month)
    mail = publish(ilse, portal)
    assert "350" not in mail
    [link] = re.findall(r"https?://\S+", mail)

    page = visit()
    give_password(page, portal, "anna", at=link)
    give_app_code(page, portal, "anna")
    expect(page).to_have_url(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("Dossier Uitzendbureau De Brug B.V.")

    uuid = published_statement(portal, month)
    menu(page, "Uitkeringsspecificaties")
    page.get_by_role("table").first.locator(f'a[href*="{uuid}"]').first.click()
    expect(page.get_by_role("region", name="Blad 1: polisgegevens")).to_contain_text(POLICY)
    sheet = page.get_by_role("region", name="Blad 2: specificatie per werknemer")
    expect(sheet).to_contain_text("5 uitkeringsdagen")
    expect(sheet).to_contain_text("350,00")

    link_to_pdf = page.get_by_role("link", name="Downloaden als PDF")
    sheet_1, sheet_2 = text_of(download(page, link_to_pdf)).rstrip("\f").split("\f")[:2]
    assert "Totaal van deze specificatie € 350,00" in sheet_1
    assert POLICY in sheet_1
    assert "Waarom dit bedrag?" in sheet_2
    assert "€ 350,00" in sheet_2
