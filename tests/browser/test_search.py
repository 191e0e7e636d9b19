"""Dossier zoeken with script: results while typing, and all of it by keyboard."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit
from tests.browser.portal import VAR_DIR, Portal, locked

NAMESAKES = """
with colleague as (
    select employee.*, employment.type_id from dossiers_employee employee
    join dossiers_employment employment on employment.employee_id = employee.id
    where employee.surname = 'Wiśniewska'
), dossier as (
    insert into dossiers_dossier (uuid, employer_id, kind, created_at)
    select gen_random_uuid(), employer_id, 'EMPLOYEE', now()
    from colleague, generate_series(1, 25) returning id, employer_id
), person as (
    insert into dossiers_employee (dossier_id, employer_id, surname, prefixes, first_name,
        initials, gender, postcode, street, house_number, house_number_addition, city, mobile,
        email, has_no_risk, created_by_id, created_at, submission)
    select dossier.id, dossier.employer_id, 'Xhoofd', '', 'Piet',
        chr(64 + row_number() over (order by dossier.id)::int), 'M', postcode, street,
        house_number, '', city, mobile, email, false, created_by_id, now(), gen_random_uuid()
    from dossier, colleague returning id, dossier_id, employer_id, initials
), contract as (
    insert into dossiers_employment (uuid, employer_id, employee_id, started_on, job_title, type_id)
    select gen_random_uuid(), person.employer_id, person.id, '2025-01-06', 'Kok', type_id
    from person, colleague
)
insert into dossiers_searchkey (employer_id, dossier_id, key, match, covered, in_service)
select employer_id, dossier_id, 'xhoofd' || chr(9) || lower(initials) || ' piet', 0, 0, true
from person
"""
FIRST_TWENTY = (
    "Meer dan 20 dossiers gevonden. Dit zijn de eerste 20; met meer letters wordt de lijst korter."
)


@pytest.fixture
def namesakes(portal: Portal) -> None:
    """Twenty-five people of anna's employer have the same surname; all tests share the portal."""
    with locked(VAR_DIR / "namesakes.lock"):
        if not portal.rows("select 1 from dossiers_employee where surname = 'Xhoofd'"):
            portal.change(NAMESAKES)


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


def test_a_long_list_grows_and_the_keyboard_goes_on_where_it_was(
    visit: Visit, namesakes: None
) -> None:
    page = visit("anna")
    search_box(page).press_sequentially("xho")
    says(page, FIRST_TWENTY)
    hits = page.locator(".search-results .row-link")
    expect(hits).to_have_count(20)
    more = page.get_by_role("button", name="Meer tonen")

    more.press("Enter")

    says(page, "25 dossiers gevonden.")
    expect(hits).to_have_count(25)
    expect(hits.nth(20)).to_be_focused()
    expect(more).to_have_count(0)
    page.keyboard.press("ArrowUp")
    expect(hits.nth(19)).to_be_focused()
    assert page.url.endswith("/dossiers/")


def test_a_long_list_grows_without_script(visit: Visit, namesakes: None) -> None:
    page = visit("anna", java_script_enabled=False)
    search_box(page).fill("xhoofd")
    page.get_by_role("button", name="Zoeken").click()
    says(page, FIRST_TWENTY)

    page.get_by_role("button", name="Meer tonen").click()

    says(page, "25 dossiers gevonden.")
    expect(page.get_by_role("search").get_by_role("textbox")).to_have_value("xhoofd")


def test_a_screen_reader_knows_the_line_before_it_says_anything(visit: Visit) -> None:
    page = visit("anna")
    search_box(page)

    expect(page.get_by_role("status").and_(page.locator("#search-status"))).to_have_count(1)


def test_initials_narrow_and_who_is_ill_is_marked(visit: Visit) -> None:
    page = visit("anna")
    box = search_box(page)
    box.press_sequentially("demirtas")
    says(page, "1 dossier gevonden.")
    expect(page.locator(".search-results")).to_contain_text("Al ziek gemeld")

    box.press_sequentially(" x")
    says(page, "Geen dossier gevonden.")
    box.fill("demirtas bur")
    says(page, "1 dossier gevonden.")
