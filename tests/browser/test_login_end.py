"""Shortly before a login ends the page warns; afterwards it is covered, and nothing is lost."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import Visit
from tests.browser.portal import Portal
from tests.browser.sessions import (
    ABSOLUTE,
    IDLE,
    STAFF_IDLE,
    give_session,
    let_idle,
    let_last,
    look_again,
    seconds_idle,
    session_key,
    visit_alone,
)
from tests.browser.steps import add_employee, fill, follow, give_app_code, new_name, press

pytestmark = pytest.mark.browser
FORM = "/dossiers/werknemer-toevoegen/"
QUIET = "/help/"  # asks nothing of the server once it is there, as the start page does
A_MINUTE_LEFT = 60


@pytest.fixture
def page(visit: Visit, portal: Portal) -> Page:
    """Anna begins to fill in a form."""
    page = visit_alone(visit, portal, "anna")
    page.goto(FORM)
    fill(page, "Achternaam", "De Lange-Zin")
    return page


def dialog(page: Page, name: str) -> Locator:
    return page.get_by_role("alertdialog", name=name)


def warning(page: Page) -> Locator:
    return dialog(page, "Wilt u ingelogd blijven?")


def cover(page: Page) -> Locator:
    return dialog(page, "U bent uitgelogd")


def typed(page: Page) -> Locator:
    return page.get_by_label("Achternaam", exact=True)


def end_by(portal: Portal, page: Page, seconds: int) -> None:
    """So much time without a request, and then somebody looks at the page."""
    let_idle(portal, page, seconds)
    look_again(page)


def test_one_press_of_a_key_goes_on(page: Page, portal: Portal) -> None:
    typed(page).focus()
    end_by(portal, page, IDLE - A_MINUTE_LEFT)
    expect(warning(page)).to_contain_text(re.compile(r"loggen wij u om \d\d\.\d\d uur uit"))
    expect(page.get_by_role("button", name="Blijf ingelogd")).to_be_focused()
    page.keyboard.press("Enter")

    expect(warning(page)).to_be_hidden()
    expect(typed(page)).to_be_focused()
    expect(typed(page)).to_have_value("De Lange-Zin")
    assert seconds_idle(portal, page) < A_MINUTE_LEFT


def test_it_warns_by_itself_when_the_time_has_come(visit: Visit, portal: Portal) -> None:
    page = visit_alone(visit, portal, "anna")
    page.clock.install()
    page.goto(QUIET)
    page.clock.fast_forward("27:00")
    expect(warning(page)).to_be_hidden()
    let_idle(portal, page, IDLE - A_MINUTE_LEFT)
    page.clock.fast_forward("02:00")
    expect(warning(page)).to_be_visible()
    let_idle(portal, page, IDLE)
    page.clock.fast_forward("02:00")

    expect(cover(page)).to_be_visible()


def test_use_of_another_tab_is_noticed_before_it_warns(visit: Visit, portal: Portal) -> None:
    page = visit_alone(visit, portal, "anna")
    page.clock.install()
    page.goto(QUIET)
    with page.expect_response("**/sessie/"):
        page.clock.fast_forward("29:00")  # for the server no time has passed: as if used elsewhere

    expect(warning(page)).to_be_hidden()


def test_escape_closes_the_warning_and_keeps_nothing_alive(page: Page, portal: Portal) -> None:
    end_by(portal, page, IDLE - A_MINUTE_LEFT)
    expect(warning(page)).to_be_visible()
    page.keyboard.press("Escape")

    expect(warning(page)).to_be_hidden()
    assert seconds_idle(portal, page) >= IDLE - A_MINUTE_LEFT


def test_without_a_connection_it_says_so(page: Page, portal: Portal) -> None:
    end_by(portal, page, IDLE - A_MINUTE_LEFT)
    expect(warning(page)).to_be_visible()
    page.route("**/sessie/**", lambda route: route.abort())
    press(page, "Blijf ingelogd")
    expect(warning(page).get_by_role("alert")).to_contain_text("Dat is niet gelukt.")
    page.unroute_all()
    press(page, "Blijf ingelogd")

    expect(warning(page)).to_be_hidden()


def test_going_on_in_one_tab_takes_the_warning_from_the_others(page: Page, portal: Portal) -> None:
    other = page.context.new_page()
    other.goto(QUIET)
    end_by(portal, page, IDLE - A_MINUTE_LEFT)
    look_again(other)
    expect(warning(page)).to_be_visible()
    expect(warning(other)).to_be_visible()
    press(other, "Blijf ingelogd")

    expect(warning(other)).to_be_hidden()
    expect(warning(page)).to_be_hidden()


def test_at_the_end_nothing_of_the_page_is_to_be_seen(page: Page, portal: Portal) -> None:
    end_by(portal, page, IDLE)
    expect(cover(page)).to_contain_text("Wat u hebt ingevuld, staat er nog.")
    expect(page).to_have_title("U bent uitgelogd – Werkgeversportaal")
    for _ in range(2):
        page.keyboard.press("Escape")

    expect(cover(page)).to_be_visible()
    for hidden in (page.locator("main"), page.locator(".site-header"), typed(page)):
        expect(hidden).to_be_hidden()
    assert violations(page) == []


def test_after_a_login_in_another_tab_the_form_is_there_and_can_be_sent(
    page: Page, portal: Portal
) -> None:
    page.goto("/dossiers/")
    surname = new_name()
    page.goto(FORM)
    fill(page, "Achternaam", surname)
    end_by(portal, page, IDLE)
    with page.context.expect_page() as opened:
        follow(page, "Inloggen in een nieuw tabblad")
    other = opened.value
    fill(other, "Gebruikersnaam", "anna")
    fill(other, "Wachtwoord", portal.users["anna"]["password"])
    press(other, "Inloggen")
    expect(cover(page)).to_be_visible()
    give_app_code(other, portal, "anna")

    expect(cover(page)).to_be_hidden()
    expect(typed(page)).to_have_value(surname)
    expect(page).to_have_title(re.compile("^Werknemer toevoegen"))
    add_employee(page, surname)
    expect(page.get_by_role("link", name="Ga direct naar dossier")).to_be_visible()


def test_it_stays_covered_when_somebody_else_logs_in(
    page: Page, visit: Visit, portal: Portal
) -> None:
    bram = visit_alone(visit, portal, "bram")
    end_by(portal, page, IDLE)
    expect(cover(page)).to_be_visible()
    give_session(page, session_key(bram))
    other = page.context.new_page()
    other.goto(QUIET)
    expect(other.get_by_text("Flexwerk Zuid B.V.").first).to_be_attached()
    look_again(page)

    expect(cover(page)).to_be_visible()
    expect(typed(page)).to_be_hidden()


def test_logging_out_in_one_tab_covers_the_others(page: Page) -> None:
    other = page.context.new_page()
    other.goto(QUIET)
    press(other, "Uitloggen")

    expect(cover(page)).to_be_visible()


def test_a_page_that_the_browser_kept_shows_nothing_before_it_was_asked_for(page: Page) -> None:
    """Going back opens it as it was left, in browsers that keep pages whatever we say."""
    page.route("**/sessie/", lambda route: route.abort())
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(cover(page)).to_be_visible()
    page.unroute_all()
    look_again(page)

    expect(cover(page)).to_be_hidden()
    expect(typed(page)).to_have_value("De Lange-Zin")


def test_a_page_on_which_nothing_was_typed_leads_back_to_itself(
    visit: Visit, portal: Portal
) -> None:
    page = visit_alone(visit, portal, "anna")
    page.goto("/uitkeringsspecificaties/")
    end_by(portal, page, IDLE)
    expect(cover(page)).to_be_visible()
    expect(page.get_by_text("Wat u hebt ingevuld, staat er nog.")).to_be_hidden()
    follow(page, "Opnieuw inloggen")

    expect(page).to_have_url(re.compile(r"/inloggen/\?volgende=%2Fuitkeringsspecificaties%2F$"))
    assert len(page.context.pages) == 1


def test_before_the_twelve_hours_are_over_there_is_no_staying(page: Page, portal: Portal) -> None:
    let_last(portal, page, ABSOLUTE - A_MINUTE_LEFT)
    look_again(page)
    last = dialog(page, "U logt straks opnieuw in")
    expect(last).to_contain_text("blijft op deze pagina staan")
    expect(page.get_by_role("button", name="Blijf ingelogd")).to_be_hidden()
    assert violations(page) == []
    press(page, "Verder werken")
    expect(last).to_be_hidden()
    let_last(portal, page, ABSOLUTE)
    look_again(page)

    expect(cover(page)).to_be_visible()


def test_staff_are_warned_in_the_back_office_too(visit: Visit, portal: Portal) -> None:
    page = visit_alone(visit, portal, "hugo")
    page.goto("/beheer/")
    end_by(portal, page, STAFF_IDLE - A_MINUTE_LEFT)
    expect(warning(page)).to_be_visible()
    assert violations(page) == []
    press(page, "Blijf ingelogd")
    expect(warning(page)).to_be_hidden()
    end_by(portal, page, STAFF_IDLE)

    expect(cover(page)).to_be_visible()
    expect(page.locator("main")).to_be_hidden()
    assert violations(page) == []
