"""What people do in the portal, by the labels on the screen alone."""

import base64
import re
import time
import uuid
from datetime import date, timedelta
from pathlib import Path

from django_otp.oath import hotp
from playwright.sync_api import Locator, Page, expect
from stdnum.nl import bsn

from tests.browser.portal import VAR_DIR, Portal, locked

SCAN_SECONDS = 20


def press(page: Page, label: str) -> None:
    page.get_by_role("button", name=label, exact=True).click()


def follow(page: Page, label: str) -> None:
    page.get_by_role("link", name=label, exact=True).click()


def fill(page: Page, label: str, text: str) -> None:
    page.get_by_label(label, exact=True).fill(text)


def give_password(page: Page, portal: Portal, username: str, *, at: str = "/inloggen/") -> None:
    """Step one of the login, to which any address `at` leads who is not inside."""
    page.goto(at)
    fill(page, "Gebruikersnaam", username)
    fill(page, "Wachtwoord", portal.users[username]["password"])
    press(page, "Inloggen")


def log_in(page: Page, portal: Portal, username: str) -> None:
    """Both steps: by app for who has one, otherwise by sms."""
    person = portal.users[username]
    seen = len(portal.mailbox(person["mobile"])) if person["mobile"] else 0
    give_password(page, portal, username)
    if person["totp_secret"]:
        give_app_code(page, portal, username)
    else:
        fill(page, "Sms-code", sms_code(portal.next_message(person["mobile"], seen=seen)))
        press(page, "Inloggen")
    expect(page.get_by_role("button", name="Uitloggen")).to_be_attached()


def give_app_code(page: Page, portal: Portal, username: str) -> None:
    """Step two with the authenticator app, chosen first by who has sms too; ends logged in."""
    if portal.users[username]["mobile"]:
        press(page, "authenticatie-app")
    with portal.app_code(username) as code:
        fill(page, "Authenticatiecode", code)
        press(page, "Inloggen")
        expect(page.get_by_role("button", name="Uitloggen")).to_be_attached()


def sms_code(text: str) -> str:
    """The code in the last line of a message: `@host #123456`."""
    return text.rstrip()[-6:]


def new_name() -> str:
    """A surname that nobody in the portal has, and that no search for another one finds."""
    letters = "".join(chr(ord("a") + int(digit, 16)) for digit in uuid.uuid4().hex[:10])
    return letters.capitalize()


def new_bsn() -> str:
    """A number that passes the check and that is given to nobody: it starts with 9999.

    The next of this run: of two that are drawn, there are few enough to be the same now and then.
    """
    with locked(VAR_DIR / "last.bsn") as last:
        after = int(last.read_text() or 9999_00000) + 1
        number = next(str(n) for n in range(after, 9999_99999) if bsn.is_valid(str(n)))
        last.write_text(number)
        return number


def days_ago(days: int) -> str:
    return f"{date.today() - timedelta(days):%d-%m-%Y}"  # noqa: DTZ011 - as a person reads it


def actions(page: Page) -> Locator:
    """What stands right, under "Acties"."""
    return page.get_by_role("region", name="Acties").or_(
        page.get_by_role("complementary", name="Acties")
    )


def act(page: Page, label: str) -> None:
    actions(page).get_by_role("link", name=label, exact=True).click()


def menu(page: Page, label: str) -> None:
    page.get_by_role("navigation", name="Hoofdmenu").get_by_role(
        "link", name=label, exact=True
    ).click()


def search_box(page: Page) -> Locator:
    return page.get_by_role("textbox", name=re.compile("^Dossier zoeken"))


def results(page: Page) -> Locator:
    return page.locator("#search-results")


def add_employee(page: Page, surname: str, *, zw_erd: bool = True) -> None:
    """Fills in "Werknemer toevoegen" from the top down, and saves."""
    fill(page, "Achternaam", surname)
    page.get_by_label("Tussenvoegsels").fill("van der")
    fill(page, "Roepnaam", "Zofia")
    fill(page, "Voorletters", "Z.M.")
    page.get_by_role("radio", name="Vrouw").check()
    if zw_erd:
        fill(page, "Burgerservicenummer", new_bsn())
    fill(page, "Postcode", "6511pp")
    fill(page, "Straat", "Stationsplein")
    fill(page, "Huisnummer", "12")
    fill(page, "Plaats", "Nijmegen")
    fill(page, "Privé mobiel nummer", "06 12 34 56 78")
    fill(page, "Privé e-mailadres", "zofia@voorbeeld.test")
    fill(page, "Startdatum van de arbeidsovereenkomst", "01-03-2025")
    if zw_erd:
        fill(page, "IBAN", "NL91 ABNA 0417 1643 00")
    fill(page, "Functie", "Orderpicker")
    page.get_by_label("Type dienstverband", exact=True).select_option(label="Fase B")
    page.get_by_label("No-riskpolis").check()
    press(page, "Opslaan")


def add_and_open(page: Page, surname: str, *, zw_erd: bool = True) -> None:
    """Help page 3, short: to the dossier of a new employee."""
    page.goto("/dossiers/werknemer-toevoegen/")
    add_employee(page, surname, zw_erd=zw_erd)
    follow(page, "Ga direct naar dossier")


def report_sick(page: Page, *, first_day: str, percentage: str = "") -> None:
    """Fills in "Verzuim melden" and saves; without a percentage "volledig ziek"."""
    page.get_by_role("radio", name="Ziekte", exact=True).check()
    fill(page, "Eerste ziektedag", first_day)
    status = "Gedeeltelijk ziek" if percentage else "Volledig ziek"
    page.get_by_role("radio", name=status).check()
    if percentage:
        page.get_by_label("AO-percentage").fill(percentage)
    press(page, "Opslaan")
    expect(page.get_by_role("heading", level=1)).to_have_text("Verzuim gemeld")


def wait_for_scan(page: Page, link: Locator) -> None:
    """Until the worker scanned the document that this link opens."""
    deadline = time.monotonic() + SCAN_SECONDS
    while not link.count():
        assert time.monotonic() < deadline, "not scanned"
        time.sleep(0.3)
        page.reload()


def download(page: Page, link: Locator) -> bytes:
    """The bytes behind a link that downloads; a new document opens once it was scanned."""
    wait_for_scan(page, link)
    with page.expect_download() as started:
        link.click()
    return Path(started.value.path()).read_bytes()


def choose_password(page: Page, password: str) -> None:
    """Twice the same, as the page asks."""
    for field in page.locator("input[autocomplete=new-password]").all():
        field.fill(password)
    press(page, "Wachtwoord wijziging opslaan")


def code_of_app(secret: str) -> str:
    """What an app shows now that got this key (base32)."""
    return f"{hotp(base64.b32decode(secret), int(time.time()) // 30):06d}"


def set_up_app(page: Page) -> str:
    """From the choice of a second factor until the app is registered; its key."""
    follow(page, "authenticatie-app")
    page.get_by_label("Ja, ik heb al een app").check()
    press(page, "Verder")
    secret = page.locator("#app-key").inner_text().replace(" ", "")
    fill(page, "Authenticatiecode", code_of_app(secret))
    press(page, "Authenticatie-app registreren")
    return secret


def note_backup_code(page: Page) -> str:
    """The code on the page, noted."""
    code = page.locator("#backup-code").inner_text()
    page.get_by_label("Ik heb mijn back-up code bewaard").check()
    press(page, "Verder")
    return code
