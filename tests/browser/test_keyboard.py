"""Without a mouse: the login, the search and a sick report, and always seen where one is."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit
from tests.browser.portal import Portal
from tests.browser.steps import add_and_open, days_ago, new_name

MOST_STEPS = 60  # more Tabs than that to reach something is no way to work


def tab_to(page: Page, target: Locator) -> None:
    """Presses Tab until `target` has the focus; each stop on the way must be visible."""
    expect(target).to_be_visible()
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUS_IS_VISIBLE), page.evaluate("document.activeElement.outerHTML")
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"no way to {target} with Tab")


FOCUS_IS_VISIBLE = """() => {
  const element = document.activeElement, box = element.getBoundingClientRect();
  const looks = [element, ...(element.labels || [])].flatMap(
    part => [getComputedStyle(part), getComputedStyle(part, "::after")]);
  const ring = looks.some(look => look.outlineStyle !== "none" || look.boxShadow !== "none");
  return element === document.body || (box.width > 0 && box.height > 0 && ring);
}"""


def test_login_search_and_sick_report(visit: Visit, portal: Portal) -> None:
    surname = new_name()
    add_and_open(visit("cees"), surname)

    page = visit()
    page.goto("/")
    tab_to(page, page.get_by_role("link", name="Inloggen voor uitzendorganisaties"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_label("Gebruikersnaam", exact=True))
    page.keyboard.type("cees")
    page.keyboard.press("Tab")
    page.keyboard.type(portal.users["cees"]["password"])
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_label("Authenticatiecode", exact=True))
    with portal.app_code("cees") as code:
        page.keyboard.type(code)
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile("/start/$"))

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # "Naar de inhoud": past the menu
    tab_to(page, page.get_by_role("textbox", name=re.compile("^Dossier zoeken")))
    page.keyboard.type(surname[:3])
    hit = page.get_by_role("link", name=re.compile(surname))
    expect(hit).to_be_visible()
    tab_to(page, hit)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(surname)

    tab_to(page, page.get_by_role("link", name="Verzuim melden", exact=True).last)
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("radio").first)
    page.keyboard.press("Space")
    tab_to(page, page.get_by_label("Eerste ziektedag", exact=True))
    page.keyboard.type(days_ago(1))
    tab_to(page, page.get_by_role("radio", name="Volledig ziek"))
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="Gedeeltelijk ziek")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("40")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("is nu ziek gemeld")


def test_the_first_mistake_gets_the_focus(visit: Visit) -> None:
    page = visit("anna")
    page.goto("/dossiers/werknemer-toevoegen/")
    page.get_by_role("button", name="Opslaan").press("Enter")

    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    summary.get_by_role("link").first.press("Enter")
    expect(page.get_by_label("Achternaam", exact=True)).to_be_focused()
