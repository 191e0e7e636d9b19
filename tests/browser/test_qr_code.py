"""The QR code as a phone sees it: read from a screenshot, its code made by another program.

Source: security.md C4, help page 1.6.
"""

import re
import subprocess
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Error, Page, expect

from tests.browser.axe import overflow, violations
from tests.browser.conftest import Visit
from tests.browser.newcomers import create, link_to
from tests.browser.portal import Portal
from tests.browser.steps import choose_password, fill, follow, note_backup_code, press

PASSWORD = "een heel lang woord 2026"
PATIENCE = 60_000  # milliseconds: a busy machine draws slowly


def said(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def scan(page: Page, image: Path) -> str:
    """The address in the QR code of this page."""
    try:
        page.screenshot(path=image, timeout=PATIENCE)
    except Error as error:
        # Chromium refuses the first picture after a start now and then, and takes the second.
        if "Unable to capture screenshot" not in str(error):
            raise
        page.screenshot(path=image, timeout=PATIENCE)
    return said("zbarimg", "--quiet", "--raw", str(image))


def test_the_qr_code_of_the_page_gives_a_code_that_is_accepted(
    visit: Visit, portal: Portal, tmp_path: Path
) -> None:
    """With the app only, from a phone on which it was not installed yet."""
    create(portal, "appie")
    page = visit()
    page.goto(link_to(portal, "appie", "activeren"))
    follow(page, "Verder")
    choose_password(page, PASSWORD)
    follow(page, "authenticatie-app")
    page.get_by_label("Nee, nog niet").check()
    press(page, "Verder")
    expect(page.get_by_text("Installeer eerst een app")).to_be_visible()
    assert violations(page) == []
    page.get_by_label("Ja, ik heb al een app").check()
    press(page, "Verder")

    address = urlsplit(scan(page, tmp_path / "page.png"))
    key = parse_qs(address.query)["secret"][0]
    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    assert "appie" in address.path
    assert page.locator("#app-key").inner_text().replace(" ", "") == key
    assert violations(page) == []
    assert overflow(page) == []

    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark")  # a phone's dark screen is read as well
    assert scan(page, tmp_path / "dark.png") == address.geturl()

    fill(page, "Authenticatiecode", said("oathtool", "--totp", "--base32", key))
    press(page, "Authenticatie-app registreren")
    press(page, "Geen extra authenticatie optie toevoegen")
    note_backup_code(page)
    follow(page, "Inloggen")

    fill(page, "Gebruikersnaam", "appie")
    fill(page, "Wachtwoord", PASSWORD)
    press(page, "Inloggen")
    portal.forget_step("appie")
    fill(page, "Authenticatiecode", said("oathtool", "--totp", "--base32", key))
    press(page, "Inloggen")
    expect(page).to_have_url(re.compile("/start/$"))
