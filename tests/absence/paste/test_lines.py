"""/verzuim/plakken/: what is wrong in a line, and what is no sheet."""

from datetime import date

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from absence.models import Trajectory
from tests.absence.pages import words
from tests.absence.paste.steps import ADDRESS, KNOWN, check, confirm, nothing_stored
from tests.absence.sheet_rows import new_row, text_of
from tests.factories import make_employee, make_trajectory
from tests.login import login


@pytest.mark.parametrize(
    ("column", "typed", "message"),
    [
        ("AO-percentage", "0", "een heel getal van 1 tot en met 99"),
        ("AO-percentage", "101", "een heel getal van 1 tot en met 99"),
        ("AO-percentage", "50,5", "zonder komma"),
        ("AO-percentage", "", "Vul 100 in bij volledig ziek"),
        ("Eerste ziektedag", "29-02-2026", "dag-maand-jaar"),
        ("Eerste ziektedag", "25-11-2026", "ligt in de toekomst"),
        ("Eerste ziektedag", "01-12-2025", "vóór de startdatum"),
        ("Eerste ziektedag", "", "Vul de eerste ziektedag in."),
        ("Startdatum", "gisteren", "dag-maand-jaar"),
        ("Verzuimclassificatie", "Griep", "Kies uit: Ziekte"),
        ("Verzuimclassificatie", "Orgaandonatie", "Kies uit: Ziekte"),
        ("Type dienstverband", "Vast", "Kies uit: "),
        ("Geslacht", "Q", "Vul M, V of O in."),
        ("No-riskpolis", "misschien", "Vul ja of nee in."),
        ("Burgerservicenummer", "123456789", "geen geldig burgerservicenummer"),
        ("IBAN", "NL00ABNA0417164300", "geen geldig IBAN"),
        ("Achternaam", '=HYPERLINK("http://kwaad.test")', "Gebruik in een naam alleen letters"),
        ("Achternaam", "", "Dit veld is verplicht"),
        ("Straat", "x" * 600, "Gebruik hooguit 80 tekens"),
        ("Privé mobiel nummer", "024 3741660", "vast nummer"),
    ],
)
def test_a_mistake_in_the_middle_is_named_with_its_line(client, column, typed, message):
    text = text_of(new_row(1), new_row(2, **{column: typed}), new_row(3)).replace('"', "'")

    response = check(client, text)

    (line,) = response.context["preview"].wrong
    assert line.number == 3
    assert message in " ".join(said for _, said in line.errors)
    assert next(label for label, _ in line.errors).startswith(column[:5])
    assertNotContains(response, 'name="bevestigen"')
    assertContains(response, "1 regel klopt niet")
    assert "Kowalskib" in response.context["form"]["text"].value()
    assert nothing_stored()


@pytest.mark.parametrize(("typed", "stored"), [("100", 100), ("100%", 100), ("1", 1), ("99 %", 99)])
def test_percentages(client, typed, stored):
    confirm(client, text_of(new_row(1, **{"AO-percentage": typed})))

    assert Trajectory.objects.get().incapacities.get().percentage == stored


def test_a_formula_in_a_job_is_text(client):
    confirm(client, text_of(new_row(1, Functie="=HYPERLINK(A1)")))

    assert Trajectory.objects.get().employment.job_title == "=HYPERLINK(A1)"


@pytest.mark.parametrize(
    "same",
    [
        {"Burgerservicenummer": new_row(1)["Burgerservicenummer"]},
        {key: new_row(1)[key] for key in ("Achternaam", "Privé mobiel nummer")},
        {"Achternaam": "KOWALSKIB"},
    ],
    ids=["bsn", "name-and-mobile", "name-and-address"],
)
def test_one_person_on_two_lines_is_a_mistake(client, same):
    response = check(client, text_of(new_row(1), new_row(2, **same)))

    (line,) = response.context["preview"].wrong
    assert "Deze persoon staat ook op regel 2." in line.errors[0][1]


def test_a_known_person_twice_is_a_mistake(client, berg):
    by_address = {"Postcode": "6511 PP", "Huisnummer": "12", "Privé mobiel nummer": ""}
    first = KNOWN | {"Postcode": "", "Huisnummer": ""}

    preview = check(client, text_of(first, first | by_address)).context["preview"]

    assert [line.number for line in preview.wrong] == [3]


def test_an_open_report_is_in_the_way(client, berg, anna):
    make_trajectory(berg, reported_by=anna, first_sick_day=date(2026, 11, 2))

    response = check(client, text_of(KNOWN))

    assert "Deze werknemer is al ziek gemeld vanaf 02-11-2026." in words(response)


def test_a_start_date_names_the_contract(client, berg):
    response = check(client, text_of(KNOWN | {"Startdatum": "02-01-2024"}))

    assert "geen dienstverband met deze startdatum" in words(response)


def test_two_people_who_fit_are_not_guessed(client, berg, employer, anna):
    make_employee(employer, "Berg", created_by=anna)

    response = check(client, text_of(KNOWN))

    assert "Er passen meer personen bij deze regel." in words(response)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Plak uw regels in het vak, of kies een bestand."),
        ("zomaar een zin", "De eerste regel moet de kolomkoppen bevatten"),
        (text_of(new_row(1)).split("\n")[1], "De eerste regel moet de kolomkoppen bevatten"),
        (text_of(new_row(1)).split("\n")[0], "staan geen regels"),
        ("Achternaam\tDiagnose\nBerg\tgriep", "Deze kolommen kennen wij niet: Diagnose."),
        ("Achternaam\tachternaam\nBerg\tBerg", "meer dan één keer"),
        ("Achternaam\nBerg", "ontbreken: Verzuimclassificatie, Eerste ziektedag, AO-percentage"),
        ('Achternaam\tRoepnaam\n"Berg', "dubbel aanhalingsteken"),
        (text_of(new_row(1)) + "\tnog wat", "meer cellen dan er kolomkoppen zijn"),
        (text_of(*[new_row(1)] * 501), "meer dan 500 regels"),
        ("a" * 400_001, "te veel tekst"),
        ("Achternaam\0", "Null"),
    ],
    ids=lambda value: value[:20],
)
def test_what_is_no_sheet_is_said_and_kept(client, text, message):
    response = check(client, text)

    assert response.status_code == 200
    assertContains(response, "<title>Fout: Plakken uit Excel")
    assert message in words(response)
    assert response.context["form"]["text"].value() == text
    assert nothing_stored()


def test_bsn_is_not_asked_where_it_is_not_needed(client, bram):
    login(client, bram)

    assertNotContains(client.get(ADDRESS), "Burgerservicenummer")
    response = check(client, text_of(new_row(1)))

    assert "Deze kolommen kennen wij niet: Burgerservicenummer, IBAN." in words(response)
