"""Help page 1 in Chromium, from the invitation to an active account; each page is accessible."""

import re

from playwright.sync_api import Page, expect

from tests.browser.axe import overflow, violations
from tests.browser.conftest import Visit
from tests.browser.portal import Portal
from tests.browser.steps import fill, follow, press, sms_code

ADDRESS, NUMBER = "actief@voorbeeld.test", "+31612349876"


def invite(page: Page, portal: Portal) -> str:
    """InComfort adds a user; the link in the e-mail."""
    page.goto("/beheer/")
    follow(page, "Gebruiker toevoegen")
    fill(page, "Gebruikersnaam", "wordt.actief")
    fill(page, "Voornaam of voorletters", "W.")
    fill(page, "Achternaam", "Actief")
    fill(page, "E-mailadres", ADDRESS)
    page.get_by_role("combobox", name="Werkgever").select_option("Flexwerk Zuid B.V.")
    press(page, "Opslaan")
    found = re.search(r"https?://\S+/activeren/\S+", portal.next_message(ADDRESS, seen=0))
    assert found
    return found.group()


def assert_fine(page: Page) -> None:
    assert violations(page) == []
    assert overflow(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})


def test_the_steps_with_sms(visit: Visit, portal: Portal) -> None:
    link = invite(visit("ilse"), portal)
    page = visit()

    page.goto(link)
    expect(page.get_by_text("wordt.actief")).to_be_visible()
    assert_fine(page)
    follow(page, "Verder")
    for field in page.locator("input[type=password]").all():
        field.fill("een heel lang woord 2026")
    assert_fine(page)
    press(page, "Wachtwoord wijziging opslaan")
    assert_fine(page)
    page.get_by_role("link", name=re.compile("sms", re.I)).first.click()
    page.locator("input[type=tel]").fill("06 12349876")
    assert_fine(page)
    press(page, "Bevestigings-sms versturen")
    assert_fine(page)
    code = page.locator("input[autocomplete=one-time-code]")
    code.fill(sms_code(portal.next_message(NUMBER, seen=0)))
    press(page, "Sms bevestiging registreren")
    assert_fine(page)
    page.get_by_text("Geen extra authenticatie optie toevoegen").click()
    assert_fine(page)
    page.get_by_label("Ik heb mijn back-up code bewaard").check()
    press(page, "Verder")
    assert_fine(page)
    [[state]] = portal.rows("select state from accounts_user where username = 'wordt.actief'")
    assert state == "ACTIVE"
