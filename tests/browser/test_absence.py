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


def test_who_leaves_ill_is_on_the_start_page_with_what_to_arrange(visit: Visit) -> None:
    """From the dossier to the list on the start page, and from there back to the dossier."""
    page, surname = visit("anna"), new_name()
    add_and_open(page, surname)
    act(page, "Verzuim melden")
    report_sick(page, first_day=days_ago(3))
    follow(page, "Naar het dossier")
    page.get_by_role("link", name=re.compile("^Beëindigen")).click()
    fill(page, "Laatste dag", days_ago(-7))
    press(page, "Opslaan")
    expect(page.get_by_role("main")).to_contain_text(days_ago(-7))

    page.goto("/start/")
    leaving = page.get_by_role("region", name=re.compile(f"{surname} gaat ziek uit dienst"))
    expect(leaving).to_contain_text(f"op {days_ago(-7)}")
    for task in ("de einddatum van het dienstverband", "de ziekmelding bij UWV", "telefoonnummer"):
        line = leaving.get_by_role("listitem").filter(has_text=task)
        expect(line).to_have_text(re.compile(r"^\s*Uiterlijk \d\d-\d\d-\d{4}: "))
    assert_fine(page)
    leaving.get_by_role("link", name=re.compile(surname)).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(surname)
    expect(page.get_by_role("heading", name=f"Ziekmelding van {days_ago(3)}")).to_be_visible()


def test_staff_decide_on_a_correction_and_the_employer_sees_it(visit: Visit) -> None:
    """HCS works with the report, so the employer asks; a refusal has a reason, a grant acts."""
    page, surname = visit("anna"), new_name()
    add_and_open(page, surname)
    act(page, "Verzuim melden")
    report_sick(page, first_day=days_ago(5))
    follow(page, "Naar het dossier")
    tab(page, "Verzuim")
    dossier = page.url
    hcs_records_a_percentage(visit, surname)

    ask_for_a_correction(page, days_ago(4))
    expect(page.get_by_text("In behandeling", exact=True)).to_be_visible()
    assert_fine(page)
    decide(visit("hugo"), surname, "Niet inwilligen", "De melding klopt volgens de werknemer.")
    page.goto(dossier)
    expect(page.get_by_text("Niet ingewilligd", exact=True)).to_be_visible()
    main = page.get_by_role("main")
    expect(main).to_contain_text("antwoord: De melding klopt volgens de werknemer.")
    expect(page.get_by_role("heading", name=f"Ziekmelding van {days_ago(5)}")).to_be_visible()

    ask_for_a_correction(page, days_ago(4))
    decide(visit("ilse"), surname, "Inwilligen: de melding verandert meteen", "")
    page.goto(dossier)
    expect(page.get_by_text("Ingewilligd", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name=f"Ziekmelding van {days_ago(4)}")).to_be_visible()
    expect(main).to_contain_text(f"Gecorrigeerd: eerste ziektedag {days_ago(4)}")
    assert_fine(page)


def hcs_records_a_percentage(visit: Visit, surname: str) -> None:
    page = visit("hugo")
    page.goto("/beheer/")
    follow(page, "Verzuim begeleiden")
    fill(page, "Achternaam van de werknemer", surname)
    press(page, "Zoeken")
    page.get_by_role("link", name=re.compile(f"^{surname},")).click()
    follow(page, "AO-percentage vastleggen")
    fill(page, "Vanaf", days_ago(1))
    fill(page, "AO-percentage", "50")
    press(page, "AO-percentage vastleggen")
    expect(page.get_by_role("cell", name="50%")).to_be_visible()


def ask_for_a_correction(page: Page, first_day: str) -> None:
    """On the tab of a report that was taken up: it began on another day."""
    page.get_by_role("link", name=re.compile("^Melding corrigeren")).click()
    expect(page.get_by_text("Deze melding is al in behandeling")).to_be_visible()
    fill(page, "Eerste ziektedag", first_day)
    fill(page, "Toelichting", "De werknemer werkte die dag nog.")
    press(page, "Correctie aanvragen")
    expect(page.get_by_text("is verstuurd.")).to_be_visible()


def decide(page: Page, surname: str, decision: str, answer: str) -> None:
    page.goto("/beheer/absence/correctionrequest/")
    page.get_by_role("row").filter(has_text=surname).get_by_role("link").click()
    follow(page, "Besluiten")
    page.get_by_label(decision).check()
    page.get_by_label("Antwoord aan de werkgever").fill(answer)
    press(page, "Besluit vastleggen")
    expect(page.get_by_text("is besloten. De werkgever ziet het")).to_be_visible()
