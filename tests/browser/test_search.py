"""Dossier zoeken with script: results while typing, and all of it by keyboard."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit


def search_box(page: Page) -> Locator:
    page.goto("/dossiers/")
    return page.get_by_role("search").get_by_role("textbox")


def says(page: Page, words: str) -> None:
    """The line that a screen reader hears."""
    expect(page.locator("#search-status")).to_have_text(words)


def test_the_third_letter_shows_results_that_the_keyboard_reaches(visit: Visit) -> None:
    page = visit("anna")
    box = search_box(page)
    box.press_sequentially("oz")
    says(page, "")
    box.press_sequentially("t")
    says(page, "1 dossier gevonden.")

    box.press("ArrowDown")
    found = page.get_by_role("link", name="Öztürk")
    expect(found).to_be_focused()
    page.keyboard.press("Escape")
    expect(box).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("M. (Mehmet) Öztürk")
    assert "ozt" not in page.url


def test_who_left_appears_once_the_box_is_ticked(visit: Visit) -> None:
    page = visit("anna")
    search_box(page).press_sequentially("dijk")
    says(page, "Geen werknemer in dienst gevonden, wel iemand die uit dienst is.")

    page.get_by_label("Ook op uit dienst getreden werknemers zoeken").check()

    says(page, "1 dossier gevonden.")
    expect(page.get_by_text("Uit dienst per")).to_be_visible()


def test_the_button_searches_again_and_again(visit: Visit) -> None:
    page = visit("anna")
    box = search_box(page)
    for text, words in [
        ("ng", "Typ minstens de eerste drie letters van de achternaam."),
        ("dossier", "1 dossier gevonden."),
        ("qqq", "Geen dossier gevonden."),
    ]:
        box.fill(text)
        page.get_by_role("button", name="Zoeken").click()
        says(page, words)

    page.get_by_role("button", name="Werknemer toevoegen").click()

    expect(page.get_by_label("Achternaam")).to_have_value("qqq")
    assert "qqq" not in page.url
