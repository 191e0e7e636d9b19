"""Help page 1 in Chromium, from the invitation to an active account; each page is accessible.

With the app only: test_qr_code.py.
"""

import re

from playwright.sync_api import Page, expect

from tests.browser.axe import overflow, violations
from tests.browser.conftest import Visit
from tests.browser.newcomers import create, link_to
from tests.browser.portal import Portal
from tests.browser.steps import (
    choose_password,
    code_of_app,
    fill,
    follow,
    give_password,
    note_backup_code,
    press,
    set_up_app,
    sms_code,
)

ADDRESS, NUMBER = "actief@voorbeeld.test", "+31612349876"
OTHER_NUMBER = "+31612349877"
PASSWORD = "een heel lang woord 2026"


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


def state_of(portal: Portal, username: str) -> str:
    [[state]] = portal.rows("select state from accounts_user where username = %s", username)
    return str(state)


def test_the_steps_with_sms(visit: Visit, portal: Portal) -> None:
    link = invite(visit("ilse"), portal)
    page = visit()

    page.goto(link)
    expect(page.get_by_text("wordt.actief")).to_be_visible()
    assert_fine(page)
    follow(page, "Verder")
    assert_fine(page)
    choose_password(page, PASSWORD)
    assert_fine(page)
    follow(page, "sms")
    page.locator("input[type=tel]").fill("06 12349876")
    assert_fine(page)
    press(page, "Bevestigings-sms versturen")
    assert_fine(page)
    code = page.locator("input[autocomplete=one-time-code]")
    code.fill(sms_code(portal.next_message(NUMBER, seen=0)))
    press(page, "Sms bevestiging registreren")
    assert_fine(page)
    press(page, "Geen extra authenticatie optie toevoegen")
    assert_fine(page)
    note_backup_code(page)
    assert_fine(page)
    assert state_of(portal, "wordt.actief") == "ACTIVE"


def test_both_ways_and_then_a_login_with_each(visit: Visit, portal: Portal) -> None:
    create(portal, "beide")
    page = visit()
    page.goto(link_to(portal, "beide", "activeren"))
    follow(page, "Verder")
    choose_password(page, PASSWORD)
    secret = set_up_app(page)
    follow(page, "sms")
    page.locator("input[type=tel]").fill("0031612349877")
    press(page, "Bevestigings-sms versturen")
    code = page.locator("input[autocomplete=one-time-code]")
    code.fill(sms_code(portal.next_message(OTHER_NUMBER, seen=0)))
    press(page, "Sms bevestiging registreren")
    note_backup_code(page)
    assert state_of(portal, "beide") == "ACTIVE"
    portal.users["beide"] |= {"password": PASSWORD}

    give_password(page, portal, "beide")
    press(page, "sms")
    fill(page, "Sms-code", sms_code(portal.next_message(OTHER_NUMBER, seen=1)))
    press(page, "Inloggen")
    expect(page).to_have_url(re.compile("/start/$"))
    press(page, "Uitloggen")

    give_password(page, portal, "beide")
    press(page, "authenticatie-app")
    portal.forget_step("beide")  # its code of this half minute was used to set it up
    fill(page, "Authenticatiecode", code_of_app(secret))
    press(page, "Inloggen")
    expect(page).to_have_url(re.compile("/start/$"))
