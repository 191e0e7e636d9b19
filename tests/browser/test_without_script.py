"""The main journeys in a browser that runs no script: help page 2, 3, 4(a) and 4(b)."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.portal import Portal
from tests.browser.steps import (
    act,
    add_employee,
    days_ago,
    follow,
    log_in,
    menu,
    new_name,
    press,
    report_sick,
    results,
    search_box,
)


def test_from_the_login_to_two_sick_reports(visit: Visit, portal: Portal) -> None:
    page, first, second = visit(java_script_enabled=False), new_name(), new_name()
    log_in(page, portal, "fatma")

    menu(page, "Dossier zoeken")
    search_box(page).fill(first[:3])
    press(page, "Zoeken")
    expect(page.get_by_role("status").filter(has_text="gevonden")).to_be_visible()
    act(page, "Werknemer toevoegen")
    page.get_by_label("Werkgever").select_option(label="Uitzendbureau De Brug B.V.")
    press(page, "Werkgever kiezen")
    add_employee(page, first)
    follow(page, "Ga direct naar dossier")
    act(page, "Verzuim melden")
    report_sick(page, first_day=days_ago(1))

    menu(page, "Dossier zoeken")
    act(page, "Werknemer toevoegen")
    page.get_by_label("Werkgever").select_option(label="Uitzendbureau De Brug B.V.")
    press(page, "Werkgever kiezen")
    add_employee(page, second)
    menu(page, "Verzuim melden")
    search_box(page).fill(second[:3])
    press(page, "Zoeken")
    results(page).get_by_role("link", name=re.compile(second)).click()
    report_sick(page, first_day=days_ago(1), percentage="50")
    menu(page, "Start")
    expect(page.get_by_role("region", name="Nu ziek")).to_contain_text(second)
