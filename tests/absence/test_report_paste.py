"""/verzuim/plakken/: many sick reports from one sheet."""

import re
import time
from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from absence.actions import paste
from absence.actions.reports import report_absence
from absence.models import Classification, Trajectory
from absence.sheets import MAX_BYTES
from accounts import throttle
from accounts.models import AuditEvent, Membership
from dossiers.models import Dossier, Employee, SearchKey
from tests.absence.pages import words
from tests.absence.sheet_rows import NEW, new_row, text_of, workbook
from tests.factories import make_employee, make_employer, make_trajectory
from tests.login import login

pytestmark = pytest.mark.usefixtures("on_24_november")
ADDRESS = "/verzuim/plakken/"
KNOWN = {
    "Achternaam": "Berg",
    "Privé mobiel nummer": "06 12345678",
    "Verzuimclassificatie": "Ziekte",
    "Eerste ziektedag": "23-11-2026",
    "AO-percentage": "50",
}


@pytest.fixture(autouse=True)
def _logged_in(client, anna):
    login(client, anna)


@pytest.fixture
def employer(anna):
    return anna.memberships.get().employer


@pytest.fixture
def berg(employer, anna):
    return make_employee(employer, "Berg", prefixes="van den", created_by=anna)


def check(client, text, **more):
    return client.post(ADDRESS, {"submission": str(uuid4()), "text": text} | more)


def confirm(client, text, **more):
    """Checks and confirms, as the page does: with what was on it."""
    page = check(client, text, **{key: more[key] for key in more if key == "anders"})
    preview = page.context["preview"]
    sent = {
        "submission": page.context["form"]["submission"].value(),
        "text": text,
        "gezien": preview.fingerprint,
        "bevestigen": "ja",
    }
    return client.post(ADDRESS, sent | more), sent


def nothing_stored():
    people = Dossier.objects.filter(kind=Dossier.Kind.EMPLOYEE)
    return not people.exists() and not Trajectory.everything.exists()


# --- from sheet to reports -----------------------------------------------------------------


def test_the_preview_says_what_follows_and_stores_nothing(client):
    response = check(client, text_of(new_row(1), new_row(2, **{"AO-percentage": "40"})))

    text = words(response)
    assert "Kowalskib, P." in text
    assert "Nieuwe werknemer" in text
    assert "Ziekte, vanaf 23-11-2026, 40% arbeidsongeschikt" in text
    assert "U betaalt het loon door." in text
    assert "uiterlijk" in text
    assert nothing_stored()
    assert not AuditEvent.objects.filter(action="employee.create").exists()


def test_confirmed_it_stores_employees_and_reports_with_their_events(client, anna, employer):
    response, _ = confirm(client, text_of(new_row(1), new_row(2, **{"AO-percentage": "40"})))

    done = client.get(response.url)
    first, second = Trajectory.objects.order_by("pk")
    assert words(done).count("ZM-") == 2
    assertContains(done, first.number)
    assertContains(done, second.get_absolute_url())
    assert "2 werknemers zijn ziek gemeld" in words(done)
    assert "Nieuw toegevoegd: 2." in words(done)
    assert first.employee.bsn == new_row(1)["Burgerservicenummer"]
    assert first.employment.started_on == date(2026, 1, 5)
    assert [each.incapacities.get().percentage for each in (first, second)] == [100, 40]
    assert (first.reported_by, first.employer) == (anna, employer)
    assert SearchKey.objects.filter(dossier=first.dossier).exists()
    counted = {
        action: AuditEvent.objects.filter(action=action).count()
        for action in ("employee.create", "report.create", "report.paste")
    }
    assert counted == {"employee.create": 2, "report.create": 2, "report.paste": 1}
    assert AuditEvent.objects.get(action="report.paste").detail == {"lines": 2, "new": 2}


def test_somebody_with_a_dossier_needs_few_columns_and_stays_as_is(client, berg):
    preview = check(client, text_of(KNOWN))
    assert "Bestaande persoon" in words(preview)
    assertContains(preview, berg.get_absolute_url())
    assert AuditEvent.objects.filter(action="dossier.search").exists()

    confirm(client, text_of(KNOWN | {"Achternaam": "BERG"}))

    report = Trajectory.objects.get()
    assert report.employee == berg
    assert Employee.objects.count() == 1


@pytest.mark.parametrize(
    "found_by",
    [
        {"Achternaam": "Berg", "Postcode": "6511PP", "Huisnummer": "12"},
        {"Achternaam": "Trouwnaam", "BSN": "111222333"},
    ],
)
def test_somebody_is_found_by_address_or_bsn(client, employer, anna, found_by):
    berg = make_employee(employer, "Berg", created_by=anna, bsn="111222333")
    row = {key: KNOWN[key] for key in list(KNOWN)[2:]}

    line = check(client, text_of(found_by | row)).context["preview"].lines[0]

    assert (line.employee, line.errors) == (berg, ())


def test_the_same_name_and_number_may_be_somebody_else(client, berg):
    row = new_row(1, Achternaam="Berg", **{"Privé mobiel nummer": "06 12345678"})

    confirm(client, text_of(row), anders="2")

    assert Employee.objects.count() == 2
    assert Trajectory.objects.get().employee != berg


def test_one_bsn_is_one_person_whatever_is_ticked(client, employer, anna):
    known = make_employee(employer, "Berg", created_by=anna, bsn=NEW["Burgerservicenummer"])

    line = check(client, text_of(NEW), anders="2").context["preview"].lines[0]

    assert (line.employee, line.may_be_other) == (known, False)


def test_other_columns_in_another_order_with_empty_lines_keep_their_numbers(client):
    row = dict(reversed(new_row(1).items()))
    head, line = text_of(row).split("\n")

    preview = check(client, f"\n\n{head}\n\n{line}\n\n").context["preview"]

    assert [each.number for each in preview.lines] == [5]
    assert not preview.wrong


# --- twice, changed, together --------------------------------------------------------------


def test_sent_twice_it_is_stored_once(client):
    first, sent = confirm(client, text_of(new_row(1)))

    again = client.post(ADDRESS, sent)

    assert (again.status_code, again.url) == (302, first.url)
    assert Trajectory.objects.count() == Employee.objects.count() == 1
    assert AuditEvent.objects.filter(action="report.paste").count() == 1


def test_what_changed_since_the_preview_is_shown_first(client, berg, anna):
    text = text_of(KNOWN, new_row(1))
    preview = check(client, text_of(KNOWN)).context["preview"]

    response = client.post(
        ADDRESS,
        {
            "submission": str(uuid4()),
            "text": text.replace("Kowalskib", "Anders"),
            "gezien": preview.fingerprint,
            "bevestigen": "ja",
        },
    )

    assertContains(response, "sinds de controle is er iets veranderd")
    assert not Trajectory.objects.exists()


def test_a_report_made_meanwhile_stops_everything(client, berg, anna):
    text = text_of(new_row(1), NEW | KNOWN | {"Startdatum": ""})
    page = check(client, text)
    assert not page.context["preview"].wrong
    report_absence(
        by=anna,
        employment=berg.employments.get(),
        classification=Classification.objects.get(code="ziekte"),
        first_sick_day=date(2026, 11, 20),
        percentage=100,
        submission=uuid4(),
    )

    response = client.post(
        ADDRESS,
        {
            "submission": page.context["form"]["submission"].value(),
            "text": text,
            "gezien": page.context["preview"].fingerprint,
            "bevestigen": "ja",
        },
    )

    assertContains(response, "sinds de controle is er iets veranderd")
    assert "Deze werknemer is al ziek gemeld vanaf 20-11-2026." in words(response)
    assert Trajectory.objects.count() == 1
    assert Employee.objects.get() == berg


def test_a_refusal_at_the_end_leaves_nothing(client, monkeypatch):
    def refuse(**answers):
        raise ValidationError("net te laat")

    monkeypatch.setattr(paste, "report_absences", refuse)

    response, _ = confirm(client, text_of(new_row(1), new_row(2), new_row(3)))

    assertContains(response, "Er is nog niets opgeslagen")
    assert nothing_stored()
    assert not AuditEvent.objects.filter(action="employee.create").exists()


def test_a_confirmation_without_the_preview_stores_nothing(client):
    response = check(client, text_of(new_row(1)), bevestigen="ja")

    assertContains(response, "sinds de controle is er iets veranderd")
    assert nothing_stored()


# --- what is wrong in a line ---------------------------------------------------------------


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


# --- what is no sheet ----------------------------------------------------------------------


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


# --- files ---------------------------------------------------------------------------------


def upload(client, data, name="blad.xlsx"):
    sent = {"submission": str(uuid4()), "text": "", "file": SimpleUploadedFile(name, data)}
    return client.post(ADDRESS, sent)


def test_a_workbook_goes_on_as_text(client):
    row = new_row(1) | {"Eerste ziektedag": date(2026, 11, 23), "AO-percentage": 50}
    row["Privé mobiel nummer"] = 622334455
    response = upload(client, workbook([list(row), list(row.values())]))

    assert not response.context["preview"].wrong
    text = response.context["form"]["text"].value()
    assert "\t23-11-2026\t50" in text
    confirm(client, text)
    assert Trajectory.objects.get().employee.mobile == "+31622334455"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ","])
def test_a_csv_is_read(client, encoding, separator):
    row = new_row(1, Roepnaam="Zoë", Plaats="’s-Hertogenbosch")
    data = text_of(row, separator=separator).encode(encoding)

    response = upload(client, data, "blad.csv")

    assert not response.context["preview"].wrong
    assert "Zoë" in response.context["form"]["text"].value()


def test_a_file_that_is_no_sheet_is_refused_and_the_text_is_asked_again(client):
    response = upload(client, b"%PDF-1.7\x00\x01\x02", "blad.xlsx")

    assertContains(response, "Dit bestand kunnen wij niet lezen.")


def test_a_large_file_is_refused(client):
    response = upload(client, b"x" * (MAX_BYTES + 1), "blad.csv")

    assertContains(response, "Dit bestand is te groot.")


def test_both_a_file_and_text_is_not_clear(client):
    file = SimpleUploadedFile("blad.csv", text_of(new_row(1)).encode())

    response = check(client, text_of(new_row(2)), file=file)

    assertContains(response, "niet allebei")


def test_too_many_checks_have_to_wait(client, monkeypatch):
    monkeypatch.setattr(throttle, "UPLOADS_PER_USER", throttle.Limit("test.paste", 1, 60))
    check(client, text_of(new_row(1)))

    response = check(client, text_of(new_row(1)))

    assert response.status_code == 429
    assert response.headers["Retry-After"] == "60"
    assertContains(response, "Wacht 1 minuut", status_code=429)
    assertContains(response, "Kowalskib", status_code=429)


# --- walls ---------------------------------------------------------------------------------


def test_another_employers_people_are_not_known(client, bram):
    elsewhere = bram.memberships.get().employer
    make_employee(elsewhere, "Berg", created_by=bram)

    preview = check(client, text_of(KNOWN | NEW | KNOWN)).context["preview"]

    assert preview.lines[0].employee is None


def test_another_employer_cannot_be_chosen(client, anna, bram):
    second = make_employer("Tweede")
    Membership.objects.create(employer=second, user=anna, role="GEBRUIKER")
    elsewhere = bram.memberships.get().employer

    response = check(client, text_of(new_row(1)), employer=str(elsewhere.uuid))

    assert "employer" in response.context["form"].errors
    assert check(client, text_of(new_row(1)), employer=str(anna.memberships.first().employer.uuid))
    assert nothing_stored()


def test_a_stranger_sees_no_outcome(client, bram):
    response, _ = confirm(client, text_of(new_row(1)))
    login(client, bram)

    assert client.get(response.url).status_code == 404
    assert client.get(reverse("absence:paste-done", args=[uuid4()])).status_code == 404


# --- the sheet to fill in ------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_template_is_understood(client, kind):
    data = client.get(reverse("absence:paste-template", args=[kind])).content

    response = upload(client, data, f"ziekmeldingen.{kind}")

    assertContains(response, "Onder de kolomkoppen staan geen regels.")


def test_there_is_no_other_kind_of_template(client):
    assert client.get(reverse("absence:paste-template", args=["xls"])).status_code == 404


# --- 500 lines -----------------------------------------------------------------------------


def test_the_preview_asks_as_much_for_many_lines_as_for_few(client, berg):
    def queries(count):
        with CaptureQueriesContext(connection) as asked:
            check(client, text_of(KNOWN | NEW | KNOWN, *(new_row(n) for n in range(count))))
        return len(asked)

    queries(1)
    assert queries(40) == queries(2)


def test_500_lines_in_a_few_seconds(client):
    text = text_of(*(new_row(number) for number in range(500)))
    began = time.perf_counter()
    response, _ = confirm(client, text)
    took = time.perf_counter() - began

    assert Trajectory.objects.count() == 500
    assert took < 60  # much more than it takes; the machine may be busy
    assert re.search("500 werknemers", words(client.get(response.url)))
