"""Reporting several employees sick from a pasted sheet: preview, correct, confirm."""

from playwright.sync_api import expect

from tests.absence.sheet_rows import text_of
from tests.browser.axe import overflow, violations
from tests.browser.conftest import Visit
from tests.browser.steps import days_ago, fill, follow, new_name, press


def line(surname: str, percentage: str) -> dict[str, str]:
    """Somebody new at an employer without ZW-ERD."""
    return {
        "Achternaam": surname,
        "Roepnaam": "Piotr",
        "Voorletters": "P.",
        "Geslacht": "M",
        "Postcode": "6511 PP",
        "Straat": "Stationsplein",
        "Huisnummer": "12",
        "Plaats": "Nijmegen",
        "Mobiel": "06 22334455",
        "E-mail": "piotr@voorbeeld.test",
        "Startdatum": days_ago(90),
        "Functie": "Orderpicker",
        "Type dienstverband": "Fase A zonder uitzendbeding",
        "Verzuimclassificatie": "Ziekte",
        "Eerste ziektedag": days_ago(2),
        "AO-percentage": percentage,
    }


def test_paste_correct_and_confirm(visit: Visit) -> None:
    page, first, second = visit("bram"), new_name(), new_name()
    page.goto("/")
    follow(page, "Plakken uit Excel")
    page.get_by_text("Uitleg per kolom").click()
    assert violations(page) == overflow(page) == []

    wrong = text_of(line(first, "100"), line(second, "50,5"))
    fill(page, "Uw regels", wrong)
    press(page, "Controleren")
    preview = page.get_by_role("region", name="Controle: 2 regels")
    expect(preview).to_contain_text("1 regel klopt niet")
    expect(preview).to_contain_text("zonder komma")
    expect(page.get_by_role("button", name="Bevestigen")).to_have_count(0)
    assert violations(page) == overflow(page) == []

    page.set_viewport_size({"width": 390, "height": 844})
    fill(page, "Uw regels", wrong.replace("50,5", "50"))
    press(page, "Opnieuw controleren")
    expect(preview).to_contain_text("Alle regels kloppen; er is nog niets opgeslagen")
    assert violations(page) == overflow(page) == []

    press(page, "Bevestigen")
    expect(page.get_by_role("heading", level=1)).to_have_text("Verzuim gemeld")
    expect(page.get_by_role("main")).to_contain_text("2 werknemers zijn ziek gemeld")
    assert violations(page) == overflow(page) == []
    page.get_by_role("link", name=f"{second}, P.").click()
    expect(page.get_by_role("main")).to_contain_text("50%")
