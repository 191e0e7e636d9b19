"""`/dossiers/werknemer-toevoegen/`. Source: help page 3, rulebook 1.4, 7 and 8.9."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, Membership, User
from dossiers.models import Dossier, Employee, EmploymentType
from dossiers.search import search
from tests.factories import make_employee, make_employer, make_member
from tests.login import login

pytestmark = pytest.mark.django_db

ADDRESS = "/dossiers/werknemer-toevoegen/"
BSN = "111222333"
LABELS = [
    "Persoonsgegevens",
    "Achternaam",
    "Tussenvoegsels",
    "Roepnaam",
    "Voorletters",
    "Geslacht",
    "Adresgegevens",
    "Postcode",
    "Straat",
    "Huisnummer",
    "Plaats",
    "Contactgegevens",
    "Privé mobiel nummer",
    "Privé e-mailadres",
    "Financiële gegevens",
    "Startdatum van de arbeidsovereenkomst",
    "Dienstverbandgegevens",
    "Functie",
    "Type dienstverband",
    "No-riskpolis",
    "Opslaan",
]


def employer_of(user: User):
    return user.memberships.first().employer


def answers(**changes: Any) -> dict[str, Any]:
    """A form that is filled in well, for an employer without ZW-ERD."""
    return {
        "submission": str(uuid4()),
        "surname": "Özdemir",
        "prefixes": "",
        "first_name": "Emre",
        "initials": "e.a.",
        "gender": "M",
        "postcode": "6511pp",
        "street": "Stationsplein",
        "house_number": "12",
        "house_number_addition": "",
        "city": "Nijmegen",
        "mobile": "06-12 34 56 78",
        "email": "emre@voorbeeld.test",
        "started_on": "01-09-2026",
        "job_title": "Orderpicker",
        "type": EmploymentType.objects.get(code="fase-b").pk,
    } | changes


def erd_answers(**changes: Any) -> dict[str, Any]:
    return answers(**({"bsn": BSN, "iban": "NL91 ABNA 0417 1643 00"} | changes))


@pytest.fixture
def client_of_anna(client: Client, anna: User) -> Client:
    login(client, anna)
    return client


@pytest.fixture
def client_of_bram(client: Client, bram: User) -> Client:
    login(client, bram)
    return client


def errors(client: Client, sent: dict[str, Any]) -> dict[str, list[str]]:
    """What the page says is wrong with each field; nothing may be stored."""
    response = client.post(ADDRESS, sent)
    assert response.status_code == 200
    assert not Employee.objects.exists()
    assert not Dossier.objects.filter(kind="EMPLOYEE").exists()
    return dict(response.context["form"].errors)


@pytest.mark.parametrize("label", LABELS)
def test_the_form_has_every_label_of_the_help_page(client_of_anna: Client, label: str) -> None:
    assert label in client_of_anna.get(ADDRESS).content.decode()


def test_an_employee_is_added_with_everything_in_its_stored_form(
    client_of_anna: Client, anna: User
) -> None:
    response = client_of_anna.post(ADDRESS, erd_answers(has_no_risk="on", house_number="12 bis"))

    employee = Employee.objects.get()
    employment = employee.employments.get()
    assert response.url == reverse("dossiers:employee-added", args=[employee.dossier.uuid])
    assert (employee.surname, employee.initials, employee.gender) == ("Özdemir", "EA", "M")
    assert (employee.postcode, employee.mobile) == ("6511 PP", "+31612345678")
    assert (employee.house_number, employee.house_number_addition) == (12, "bis")
    assert (employee.bsn, employee.iban) == (BSN, "NL91ABNA0417164300")
    assert employee.has_no_risk
    assert (employee.employer, employee.created_by) == (employer_of(anna), anna)
    assert (employment.job_title, f"{employment.started_on}") == ("Orderpicker", "2026-09-01")
    assert employment.type.code == "fase-b"


def test_after_saving_a_button_leads_to_the_dossier(client_of_anna: Client) -> None:
    page = client_of_anna.post(ADDRESS, erd_answers(), follow=True).content.decode()

    assert "Ga direct naar dossier" in page
    assert Employee.objects.get().get_absolute_url() in page


def test_who_adds_an_employee_finds_it_at_once(client_of_anna: Client, anna: User) -> None:
    client_of_anna.post(ADDRESS, erd_answers())

    assert search(user=anna, text="ozd").hits


def test_the_addition_is_recorded_without_personal_data(client_of_anna: Client, anna: User) -> None:
    client_of_anna.post(ADDRESS, erd_answers())

    event = AuditEvent.objects.get(action="employee.create")
    assert (event.actor, event.dossier_uuid) == (anna, Employee.objects.get().dossier.uuid)
    assert event.detail == {}


# --- BSN and IBAN only with ZW-ERD -------------------------------------------------------------


def test_bsn_and_iban_are_asked_for_with_zw_erd(client_of_anna: Client) -> None:
    page = client_of_anna.get(ADDRESS).content.decode()

    assert "Burgerservicenummer" in page
    assert "IBAN" in page
    assert set(errors(client_of_anna, answers())) == {"bsn", "iban"}


def test_bsn_and_iban_are_not_asked_for_without_zw_erd(client_of_bram: Client) -> None:
    page = client_of_bram.get(ADDRESS).content.decode()

    assert "Burgerservicenummer" not in page
    assert "IBAN" not in page


@pytest.mark.parametrize("sent", [pytest.param(erd_answers, id="E80-posted-all-the-same")])
def test_a_bsn_without_zw_erd_is_not_stored(client_of_bram: Client, sent) -> None:
    response = client_of_bram.post(ADDRESS, sent())

    employee = Employee.objects.get()
    assert response.status_code == 302
    assert (employee.bsn, employee.iban, employee.bsn_index) == ("", "", None)


def test_a_policy_that_has_ended_asks_for_no_bsn(client_of_anna: Client, anna: User) -> None:
    employer_of(anna).policies.update(ends_on=timezone.localdate() - timedelta(days=1))

    assert "Burgerservicenummer" not in client_of_anna.get(ADDRESS).content.decode()


# --- Once only ----------------------------------------------------------------------------------


def test_the_same_form_sent_twice_adds_one_employee(client_of_anna: Client) -> None:
    sent = erd_answers()
    first = client_of_anna.post(ADDRESS, sent)
    second = client_of_anna.post(ADDRESS, sent)

    assert Employee.objects.count() == 1
    assert first.url == second.url
    assert AuditEvent.objects.filter(action="employee.create").count() == 1


def test_a_known_bsn_leads_to_the_dossier_that_is_there(client_of_anna: Client) -> None:
    client_of_anna.post(ADDRESS, erd_answers())
    response = client_of_anna.post(ADDRESS, erd_answers(surname="Ozdemir", initials="E"))

    page = response.content.decode()
    assert Employee.objects.count() == 1
    assert "Er is al een werknemer met dit burgerservicenummer." in page
    assert f"Naar het dossier van {Employee.objects.get().display_name}" in page
    assert 'value="Ozdemir"' in page


def test_a_bsn_that_another_employer_has_says_nothing(client_of_anna: Client, db: None) -> None:
    other = make_employer("Elders")
    other.policies.create(number="Z9", product="ZW_ERD", starts_on="2020-01-01")
    make_employee(other, bsn=BSN)

    assert client_of_anna.post(ADDRESS, erd_answers()).status_code == 302
    assert Employee.objects.filter(surname="Özdemir").exists()


def test_a_submission_of_somebody_else_leads_nowhere_but_to_a_new_employee(
    client_of_anna: Client,
) -> None:
    other = make_employee(make_employer("Elders"))

    response = client_of_anna.post(ADDRESS, erd_answers(submission=str(other.submission)))

    employee = Employee.objects.get(surname="Özdemir")
    assert response.url == reverse("dossiers:employee-added", args=[employee.dossier.uuid])


# --- Bad input ----------------------------------------------------------------------------------


def test_everything_that_is_missing_is_named(client_of_anna: Client) -> None:
    assert set(errors(client_of_anna, {"submission": str(uuid4())})) == {
        "surname",
        "first_name",
        "initials",
        "gender",
        "bsn",
        "postcode",
        "street",
        "house_number",
        "city",
        "mobile",
        "email",
        "started_on",
        "iban",
        "job_title",
        "type",
    }


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("surname", "a" * 300, "hooguit 200 tekens"),
        ("surname", "\x00", "verplicht"),
        ("surname", "😀😀", "minstens één letter"),
        ("first_name", "Emre 😀", "geen andere tekens"),
        ("prefixes", "van de van der", "tien tekens"),
        ("initials", "12", "alleen letters"),
        ("gender", "Q", "geldige keuze"),
        ("bsn", "111222334", "geen geldig burgerservicenummer"),
        ("postcode", "1234", "1234 AB"),
        ("street", "1" * 10, "minstens één letter"),
        ("house_number", "0", "1 tot en met 99999"),
        ("house_number_addition", "a" * 11, "hooguit 10 tekens"),
        ("city", "x" * 300, "hooguit 80 tekens"),
        ("mobile", "024-3741660", "vast nummer"),
        ("email", "geen adres", "geldig e-mailadres"),
        ("email", "a\x00@voorbeeld.test", "geldig e-mailadres"),
        ("started_on", "31-02-2026", "dag-maand-jaar"),
        ("started_on", "01-09-0026", "Controleer het jaar"),
        ("started_on", "01-09-2126", "Controleer het jaar"),
        ("started_on", "\x00", "dag-maand-jaar"),
        ("iban", "NL91ABNA0417164301", "geen geldig IBAN"),
        ("type", "999999", "keuze"),
        ("type", "'; drop table", "keuze"),
        ("type", "\x00", "niet toegestaan"),
        ("submission", "geen uuid", "UUID"),
    ],
)
def test_wrong_input_is_refused_with_a_clear_message(
    client_of_anna: Client, field: str, value: str, message: str
) -> None:
    found = errors(client_of_anna, erd_answers(**{field: value}))

    assert set(found) == {field}
    assert message in found[field][0]


def test_an_employment_type_that_is_no_longer_chosen_is_refused(client_of_anna: Client) -> None:
    EmploymentType.objects.filter(code="fase-b").update(is_active=False)

    assert set(errors(client_of_anna, erd_answers())) == {"type"}


def test_what_was_typed_stays(client_of_anna: Client) -> None:
    page = client_of_anna.post(ADDRESS, erd_answers(postcode="fout")).content.decode()

    assert "<title>Fout: Werknemer toevoegen" in page
    for value in ["Özdemir", "fout", "06-12 34 56 78", "01-09-2026"]:
        assert f'value="{value}"' in page


def test_an_addition_in_two_places_is_asked_again(client_of_anna: Client) -> None:
    sent = erd_answers(house_number="12 a", house_number_addition="b")

    assert set(errors(client_of_anna, sent)) == {"house_number_addition"}


# --- Several employers --------------------------------------------------------------------------


@pytest.fixture
def client_of_both(client: Client, anna: User, bram: User) -> Client:
    """Somebody who works for anna's employer (ZW-ERD) and for bram's (not)."""
    user = make_member(employer_of(anna), "beide")
    Membership.objects.create(user=user, employer=employer_of(bram))
    login(client, user)
    return client


def test_the_employer_is_chosen_first(client_of_both: Client) -> None:
    page = client_of_both.get(ADDRESS).content.decode()

    assert "Kies een werkgever" in page
    assert "Burgerservicenummer" not in page
    assert "employer" in errors(client_of_both, answers())


def test_the_fields_follow_the_employer_and_keep_what_was_typed(
    client_of_both: Client, anna: User, bram: User
) -> None:
    fields = reverse("dossiers:employee-fields")
    with_bsn = client_of_both.post(fields, answers(employer=employer_of(anna).uuid))
    without = client_of_both.post(fields, answers(employer=employer_of(bram).uuid))

    assert "Burgerservicenummer" in with_bsn.content.decode()
    assert "Burgerservicenummer" not in without.content.decode()
    assert 'value="Özdemir"' in with_bsn.content.decode()
    assert "Dit veld is verplicht" not in with_bsn.content.decode()
    assert not Employee.objects.exists()


def test_without_choosing_first_the_answer_still_asks_for_the_bsn(
    client_of_both: Client, anna: User
) -> None:
    found = errors(client_of_both, answers(employer=employer_of(anna).uuid))

    assert set(found) == {"bsn", "iban"}


def test_the_employee_is_of_the_chosen_employer(client_of_both: Client, bram: User) -> None:
    client_of_both.post(ADDRESS, answers(employer=str(employer_of(bram).uuid).upper()))

    assert Employee.objects.get().employer == employer_of(bram)


@pytest.mark.parametrize("employer", ["", "geen uuid", "\x00", str(UUID(int=7))])
def test_an_unknown_employer_is_refused(client_of_both: Client, employer: str) -> None:
    assert set(errors(client_of_both, answers(employer=employer))) == {"employer"}


# --- Others -------------------------------------------------------------------------------------


def test_bram_cannot_add_to_annas_employer(
    client: Client, client_of_both: Client, anna: User
) -> None:
    stranger = make_member(make_employer("Derde"))
    Membership.objects.create(user=stranger, employer=make_employer("Vierde"))
    login(client, stranger)

    assert set(errors(client, erd_answers(employer=employer_of(anna).uuid))) == {"employer"}


def test_bram_with_one_employer_cannot_choose_another(client_of_bram: Client, bram: User) -> None:
    stranger = make_employer("Elders")

    client_of_bram.post(ADDRESS, answers(employer=stranger.uuid))

    assert Employee.objects.get().employer == employer_of(bram)


def test_bram_does_not_see_what_anna_added(client: Client, client_of_anna: Client, bram) -> None:
    address = client_of_anna.post(ADDRESS, erd_answers()).url
    login(client, bram)

    assert client.get(address).status_code == 404


@pytest.mark.parametrize("person", ["ilse", "hugo"])
def test_staff_do_not_add_employees_here(client: Client, person: str, request) -> None:
    login(client, request.getfixturevalue(person))

    assert client.get(ADDRESS).status_code == 404
    assert client.post(ADDRESS, answers()).status_code == 404


def test_the_name_that_was_searched_for_is_filled_in(client_of_anna: Client) -> None:
    response = client_of_anna.post(
        reverse("dossiers:employee-fields"), {"prefixes": "van den", "surname": "Nieuwland"}
    )

    page = response.content.decode()
    assert 'value="Nieuwland"' in page
    assert 'value="van den"' in page
    assert "Er is iets niet goed ingevuld" not in page


def test_asking_for_the_fields_without_a_form_leads_to_the_form(client_of_anna: Client) -> None:
    assert client_of_anna.get(reverse("dossiers:employee-fields")).url == ADDRESS
