"""What follows from a sick report, correcting it, and telling HCS of a recovery, by the labels."""

import re

from playwright.sync_api import Page, expect

from tests.browser.axe import overflow, violations
from tests.browser.conftest import Visit
from tests.browser.portal import Portal
from tests.browser.steps import (
    act,
    add_and_open,
    days_ago,
    fill,
    follow,
    new_name,
    press,
    report_sick,
)


def assert_fine(page: Page) -> None:
    assert violations(page) == []
    assert overflow(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})


def tab(page: Page, label: str) -> None:
    parts = page.get_by_role("navigation", name="Onderdelen van het dossier")
    parts.get_by_role("link", name=label, exact=True).click()


def test_from_what_a_report_means_to_its_recovery(visit: Visit, portal: Portal) -> None:
    page, surname = visit("anna"), new_name()
    add_and_open(page, surname)

    act(page, "Verzuim melden")
    outlook = page.get_by_role("region", name="Wat volgt er uit deze melding?")
    expect(outlook).to_contain_text("Vul de verzuimclassificatie")
    page.get_by_role("radio", name="Ziekte", exact=True).check()
    fill(page, "Eerste ziektedag", days_ago(6))
    page.get_by_role("radio", name="Volledig ziek").check()
    expect(outlook).to_contain_text("Wie betaalt")
    expect(outlook).to_contain_text("Probleemanalyse")
    assert_fine(page)
    press(page, "Opslaan")
    expect(page.get_by_role("heading", level=1)).to_have_text("Verzuim gemeld")
    follow(page, "Naar het dossier")

    tab(page, "Verzuim")
    page.get_by_role("link", name=re.compile("^Melding corrigeren")).click()
    assert_fine(page)
    fill(page, "Eerste ziektedag", days_ago(5))
    press(page, "Opslaan")
    expect(page.get_by_text("De melding is gecorrigeerd.")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(f"Gemeld: eerste ziektedag {days_ago(6)}")
    assert_fine(page)

    page.get_by_role("link", name=re.compile("^Herstel doorgeven aan HCS")).click()
    page.get_by_role("radio", name="Volledig hersteld").check()
    fill(page, "Vanaf welke dag", days_ago(-1))
    press(page, "Bericht versturen")
    expect(page.get_by_role("alert")).to_contain_text("in de toekomst")
    assert_fine(page)
    fill(page, "Vanaf welke dag", days_ago(1))
    press(page, "Bericht versturen")
    expect(page.get_by_text("is verzonden aan HCS")).to_be_visible()

    at_hcs = visit("hugo")
    at_hcs.goto("/beheer/absence/recoverymessage/")
    at_hcs.get_by_role("link", name=re.compile(surname)).click()
    follow(at_hcs, "Verwerken")
    at_hcs.get_by_label("Vastleggen zoals doorgegeven").check()
    press(at_hcs, "Verwerken")

    page.reload()
    expect(page.get_by_text(f"Hersteld per {days_ago(1)}").first).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Opnieuw ziek? Dan kan dit verzuim doorlopen")
    assert_fine(page)


def test_a_report_by_mistake_is_withdrawn(visit: Visit, portal: Portal) -> None:
    page = visit("anna")
    add_and_open(page, new_name())
    act(page, "Verzuim melden")
    report_sick(page, first_day=days_ago(1))
    follow(page, "Naar het dossier")
    tab(page, "Verzuim")
    page.get_by_role("link", name=re.compile("^Melding intrekken")).click()
    assert_fine(page)
    press(page, "Melding intrekken")

    expect(page.get_by_text("De melding is ingetrokken.")).to_be_visible()
    expect(page.get_by_role("heading", name="Ingetrokken meldingen")).to_be_visible()


def test_the_start_page_fetches_what_is_due(visit: Visit) -> None:
    page = visit("anna")
    page.goto("/start/")
    agenda = page.get_by_role("region", name="De komende twee weken")
    expect(agenda.get_by_role("listitem").first).to_be_visible()
    follow(page, "Naar de agenda")
    expect(page.get_by_role("heading", level=1)).to_have_text("Agenda")
    assert_fine(page)


def test_the_weekly_e_mail_is_switched_on_and_off(visit: Visit) -> None:
    page = visit("anna")
    page.goto("/account/#weekoverzicht")
    press(page, "Weekoverzicht aanzetten")
    expect(page.get_by_text("Het weekoverzicht staat aan.")).to_be_visible()
    assert_fine(page)
    press(page, "Weekoverzicht uitzetten")
    expect(page.get_by_text("Het weekoverzicht staat uit.")).to_be_visible()
