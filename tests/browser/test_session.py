"""When a login ends: what was typed is kept, and nothing can be looked back at."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.portal import Portal
from tests.browser.sessions import IDLE, let_idle, visit_alone
from tests.browser.steps import fill, follow, give_app_code, log_in, new_name, press

pytestmark = pytest.mark.browser


def test_what_was_typed_survives_a_new_login(visit: Visit, portal: Portal) -> None:
    """Without script: with it the page is covered before it could be sent."""
    page, surname = visit(java_script_enabled=False), new_name()
    log_in(page, portal, "cees")
    page.goto("/dossiers/werknemer-toevoegen/")
    fill(page, "Achternaam", surname)
    fill(page, "Plaats", "Gouda")
    let_idle(portal, page, IDLE)
    press(page, "Opslaan")

    expect(page.get_by_text("Wat u had ingevuld")).to_be_visible()
    fill(page, "Gebruikersnaam", "cees")
    fill(page, "Wachtwoord", portal.users["cees"]["password"])
    press(page, "Inloggen")
    give_app_code(page, portal, "cees")

    expect(page).to_have_url(re.compile("/dossiers/werknemer-toevoegen/$"))
    expect(page.get_by_label("Achternaam", exact=True)).to_have_value(surname)
    expect(page.get_by_label("Plaats", exact=True)).to_have_value("Gouda")
    assert not portal.rows("select 1 from dossiers_employee where surname = %s", surname)


def test_the_back_button_shows_nothing_after_logging_out(visit: Visit, portal: Portal) -> None:
    page = visit()
    log_in(page, portal, "cees")
    page.get_by_role("region", name="Nu ziek").get_by_role("listitem").first.click()
    expect(page.get_by_role("navigation", name="Onderdelen van het dossier")).to_be_visible()
    title = page.get_by_role("heading", level=1).inner_text()
    press(page, "Uitloggen")
    expect(page.get_by_role("link", name="Inloggen voor uitzendorganisaties")).to_be_visible()

    page.go_back()

    expect(page).to_have_url(re.compile("/inloggen/"))
    expect(page.locator("body")).not_to_contain_text(title)


def test_the_back_button_shows_nothing_after_the_login_has_ended(
    visit: Visit, portal: Portal
) -> None:
    page = visit_alone(visit, portal, "anna")
    page.goto("/start/")
    page.get_by_role("region", name="Nu ziek").get_by_role("listitem").first.click()
    expect(page.get_by_role("navigation", name="Onderdelen van het dossier")).to_be_visible()
    title = page.get_by_role("heading", level=1).inner_text()
    let_idle(portal, page, IDLE)
    follow(page, "Start")
    expect(page.get_by_text("U deed een tijd niets in het portaal.")).to_be_visible()

    page.go_back()

    expect(page.get_by_text(title)).not_to_be_visible()
    expect(page).to_have_title(re.compile("^(U bent uitgelogd|Inloggen) "))


def test_an_old_cookie_opens_nothing_after_logging_out(visit: Visit, portal: Portal) -> None:
    page = visit()
    log_in(page, portal, "cees")
    cookies = page.context.cookies()
    press(page, "Uitloggen")
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    page.goto("/start/")

    expect(page).to_have_url(re.compile("/inloggen/"))


def test_the_portal_asks_before_it_shows_anything(visit: Visit) -> None:
    page = visit()
    page.goto("/dossiers/")
    expect(page).to_have_url(re.compile("/inloggen/"))
    follow(page, "Hulp bij inloggen")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
