"""What was lost, forgotten or changed, by the labels on the screen; the pages are accessible."""

import re

from playwright.sync_api import Page, expect

from portal.demo.accounts import BACKUP_CODE
from tests.browser.axe import overflow, violations
from tests.browser.conftest import Visit
from tests.browser.newcomers import arrive, create, link_to
from tests.browser.portal import Portal
from tests.browser.steps import (
    choose_password,
    code_of_app,
    fill,
    follow,
    give_app_code,
    give_password,
    note_backup_code,
    press,
    set_up_app,
)

NEW_PASSWORD = "een nieuw lang woord 2026"


def assert_fine(page: Page, heading: str = "") -> None:
    """Of the page with this heading, once it is there: a click does not wait for the next page."""
    if heading:
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    assert violations(page) == []
    assert overflow(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_lost_phone_is_replaced_with_the_backup_code(visit: Visit, portal: Portal) -> None:
    at_the_office = arrive(visit, portal, "kwijt")
    page = visit()
    give_password(page, portal, "kwijt")
    press(page, "authenticatie-app")
    follow(page, "Log in met uw back-up code")
    assert_fine(page, "Telefoon kwijt?")
    fill(page, "Back-up code", BACKUP_CODE.lower())
    press(page, "Inloggen")
    expect(page.get_by_text("Uw back-up code klopt en is nu gebruikt.")).to_be_visible()
    assert_fine(page)
    page.goto("/start/")  # this login is good for a new phone only
    expect(page).to_have_url(re.compile("/inloggen/"))
    page.goto("/activeren/keuze/")

    secret = set_up_app(page)
    press(page, "Geen extra authenticatie optie toevoegen")
    assert note_backup_code(page) != BACKUP_CODE
    at_the_office.goto("/start/")  # where the phone was lost from
    expect(at_the_office).to_have_url(re.compile("/inloggen/"))

    page = visit()
    give_password(page, portal, "kwijt")
    portal.forget_step("kwijt")
    fill(page, "Authenticatiecode", code_of_app(secret))  # no sms any more: no choice
    press(page, "Inloggen")
    expect(page).to_have_url(re.compile("/start/$"))


def test_a_forgotten_password_and_username(visit: Visit, portal: Portal) -> None:
    create(portal, "vera")
    page = visit()
    page.goto("/inloggen/")
    follow(page, "Gebruikersnaam vergeten?")
    assert_fine(page, "Gebruikersnaam vergeten?")
    fill(page, "Gebruikersnaam of e-mailadres", "vera@voorbeeld.test")
    press(page, "E-mail versturen")
    assert_fine(page, "Kijk in uw e-mail")
    assert "vera" in portal.next_message("vera@voorbeeld.test", seen=0)

    page.goto("/inloggen/")
    follow(page, "Wachtwoord vergeten?")
    assert_fine(page, "Wachtwoord vergeten?")
    fill(page, "Gebruikersnaam of e-mailadres", "vera")
    press(page, "E-mail versturen")
    assert_fine(page, "Kijk in uw e-mail")
    page.goto(link_to(portal, "vera", "nieuw-wachtwoord", seen=1))
    assert_fine(page)
    choose_password(page, NEW_PASSWORD)
    portal.users["vera"] |= {"password": NEW_PASSWORD}
    give_password(page, portal, "vera")
    give_app_code(page, portal, "vera")


def test_another_address_after_confirming_who_it_is(visit: Visit, portal: Portal) -> None:
    page = arrive(visit, portal, "wim")
    assert_fine(page)
    page.goto("/account/")
    assert_fine(page)
    follow(page, "E-mailadres wijzigen")
    fill(page, "Nieuw e-mailadres", "wim.nieuw@voorbeeld.test")
    press(page, "Link versturen")
    expect(page.get_by_label("Nieuw e-mailadres", exact=True)).to_be_hidden()
    assert_fine(page)
    text = portal.next_message("wim.nieuw@voorbeeld.test", seen=0)
    found = re.search(r"https?://\S+/nieuw-e-mailadres/\S+", text)
    assert found
    page.goto(found.group())
    assert_fine(page)
    press(page, "E-mailadres bevestigen")
    page.goto("/account/")
    expect(page.get_by_role("main")).to_contain_text("wim.nieuw@voorbeeld.test")
