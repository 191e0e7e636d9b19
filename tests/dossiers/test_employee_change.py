"""`/dossiers/<uuid>/wijzigen/` and `wijzigingen/`: editing an employee, and who changed what."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.kept_forms import PAGES
from accounts.models import AuditEvent, User
from dossiers.change_actions import change_employee
from dossiers.models import Dossier, Employee, EmployeeChange
from dossiers.search import search
from tests.factories import make_employee, make_member
from tests.login import login

pytestmark = pytest.mark.django_db

BSN, IBAN = "111222333", "NL91ABNA0417164300"
OTHER_BSN, OTHER_IBAN = "123456782", "NL20INGB0001234567"


def employer_of(user: User):
    return user.memberships.get().employer


@pytest.fixture
def client_of_anna(client: Client, anna: User) -> Client:
    login(client, anna)
    return client


@pytest.fixture
def employee(anna: User) -> Employee:
    return make_employee(employer_of(anna), "Jansen", bsn=BSN, iban=IBAN)


def address(employee: Employee) -> str:
    return reverse("dossiers:employee-change", args=[employee.dossier.uuid])


def history(client: Client, employee: Employee) -> str:
    found = client.get(reverse("dossiers:employee-changes", args=[employee.dossier.uuid]))
    assert found.status_code == 200
    return found.content.decode()


def form_of(client: Client, employee: Employee, **changes: Any) -> dict[str, Any]:
    """The form as the page shows it, with these changes typed in."""
    form = client.get(address(employee)).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    shown = {name: value for name, value in shown.items() if value is not None}
    if not shown["has_no_risk"]:
        del shown["has_no_risk"]
    return shown | changes


def save(client: Client, employee: Employee, **changes: Any):
    return client.post(address(employee), form_of(client, employee, **changes))


# --- What is saved ------------------------------------------------------------------------------


def test_what_was_typed_replaces_what_was_there(client_of_anna: Client, employee: Employee) -> None:
    response = save(
        client_of_anna,
        employee,
        surname="Berg",
        prefixes="Van den",
        initials="a.c.",
        postcode="1234ab",
        house_number="14 bis",
        mobile="0687654321",
        has_no_risk="on",
    )

    employee.refresh_from_db()
    assert response.url == employee.get_absolute_url()
    assert (employee.surname, employee.prefixes, employee.initials) == ("Berg", "van den", "AC")
    assert (employee.postcode, employee.house_number) == ("1234 AB", 14)
    assert (employee.house_number_addition, employee.mobile) == ("bis", "+31687654321")
    assert employee.has_no_risk


def test_bsn_and_iban_are_not_in_the_form_and_stay_when_left_empty(
    client_of_anna: Client, employee: Employee
) -> None:
    page = client_of_anna.get(address(employee)).content.decode()
    save(client_of_anna, employee, city="Arnhem")

    employee.refresh_from_db()
    assert "•••••2333" in page
    assert "•••••4300" in page
    assert BSN not in page
    assert IBAN not in page
    assert (employee.city, employee.bsn, employee.iban) == ("Arnhem", BSN, IBAN)


def test_a_new_bsn_and_iban_replace_and_are_found_by_the_index(
    client_of_anna: Client, employee: Employee
) -> None:
    before = employee.bsn_index
    save(client_of_anna, employee, bsn=OTHER_BSN, iban=OTHER_IBAN)

    employee.refresh_from_db()
    assert (employee.bsn, employee.iban) == (OTHER_BSN, OTHER_IBAN)
    assert employee.bsn_index != before


def test_without_zw_erd_a_bsn_is_not_asked_nor_taken(client: Client, bram: User) -> None:
    login(client, bram)
    employee = make_employee(employer_of(bram))

    sent = form_of(client, employee, bsn=BSN, iban=IBAN, city="Arnhem")
    page = client.get(address(employee)).content.decode()
    client.post(address(employee), sent)

    employee.refresh_from_db()
    assert "Burgerservicenummer" not in page
    assert (employee.city, employee.bsn, employee.iban) == ("Arnhem", "", "")


def test_a_bsn_that_a_colleague_has_is_refused_and_leads_to_that_dossier(
    client_of_anna: Client, anna: User, employee: Employee
) -> None:
    known = make_employee(employer_of(anna), "Pietersen", bsn=OTHER_BSN)

    response = save(client_of_anna, employee, bsn=OTHER_BSN, city="Arnhem")

    page = response.content.decode()
    employee.refresh_from_db()
    assert "Er is al een werknemer met dit burgerservicenummer." in page
    assert known.get_absolute_url() in page
    assert 'value="Arnhem"' in page
    assert (employee.city, employee.bsn) == ("Nijmegen", BSN)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("surname", ""),
        ("bsn", "123456789"),
        ("iban", "NL00ABNA0417164300"),
        ("postcode", "1234"),
        ("mobile", "0243741660"),
        ("email", "geen adres"),
        ("gender", "Q"),
        ("version", "x"),
    ],
)
def test_bad_input_changes_nothing_and_stays(
    client_of_anna: Client, employee: Employee, field: str, typed: str
) -> None:
    response = save(client_of_anna, employee, street="Markt", **{field: typed})

    employee.refresh_from_db()
    assert field in response.context["form"].errors
    assert 'value="Markt"' in response.content.decode()
    assert employee.street == "Stationsplein"
    assert not EmployeeChange.objects.exists()


def test_a_new_name_is_found_and_the_old_one_no_longer(
    client_of_anna: Client, anna: User, employee: Employee
) -> None:
    save(client_of_anna, employee, surname="Verstappen")

    assert search(user=anna, text="Verstappen").hits
    assert not search(user=anna, text="Jansen").hits


def test_saving_what_was_there_records_nothing(client_of_anna: Client, employee: Employee) -> None:
    response = client_of_anna.post(address(employee), form_of(client_of_anna, employee))

    assert response.status_code == 302
    assert not EmployeeChange.objects.exists()
    assert not AuditEvent.objects.filter(action="employee.change").exists()


# --- Two people at the same moment --------------------------------------------------------------


def test_a_form_opened_before_somebody_elses_change_is_refused_and_kept(
    client_of_anna: Client, anna: User, employee: Employee
) -> None:
    opened = form_of(client_of_anna, employee, city="Arnhem", street="Markt")
    colleague = make_member(employer_of(anna), "kees", first_name="Kees", last_name="Vos")
    other = Client()
    login(other, colleague)
    save(other, employee, postcode="1234 AB")

    page = client_of_anna.post(address(employee), opened).content.decode()

    employee.refresh_from_db()
    assert (employee.city, employee.postcode) == ("Nijmegen", "1234 AB")
    assert "Er is nog niets opgeslagen" in page
    assert "Postcode: nu 1234 AB (Kees Vos" in page
    assert 'value="Arnhem"' in page
    assert 'value="Markt"' in page


def test_after_seeing_what_changed_the_form_can_be_sent_again(
    client_of_anna: Client, employee: Employee
) -> None:
    opened = form_of(client_of_anna, employee, city="Arnhem")
    save(client_of_anna, employee, postcode="1234 AB")
    refused = client_of_anna.post(address(employee), opened).context["form"]

    client_of_anna.post(address(employee), opened | {"version": refused["version"].value()})

    employee.refresh_from_db()
    assert (employee.city, employee.postcode) == ("Arnhem", "6511 PP")


def test_the_same_form_sent_twice_is_no_conflict(
    client_of_anna: Client, employee: Employee
) -> None:
    sent = form_of(client_of_anna, employee, city="Arnhem")
    client_of_anna.post(address(employee), sent)
    second = client_of_anna.post(address(employee), sent)

    assert second.status_code == 302
    assert EmployeeChange.objects.count() == 1


# --- The history --------------------------------------------------------------------------------


def test_the_history_says_who_when_and_what(
    client_of_anna: Client, anna: User, employee: Employee
) -> None:
    save(client_of_anna, employee, surname="Berg", gender="M", mobile="0687654321")
    page = history(client_of_anna, employee)

    change = EmployeeChange.objects.get(field="surname")
    assert (change.old, change.new, change.changed_by) == ("Jansen", "Berg", anna)
    assert timezone.now() - change.changed_at < timedelta(minutes=1)
    words = ["Achternaam", "Jansen", "Berg", "Vrouw", "Man", "06 12345678", "06 87654321"]
    for word in [*words, str(anna), f"{timezone.localtime(change.changed_at):%d-%m-%Y, %H.%M} uur"]:
        assert word in page


def test_of_bsn_and_iban_it_says_only_that_they_changed(
    client_of_anna: Client, employee: Employee
) -> None:
    save(client_of_anna, employee, bsn=OTHER_BSN, iban=OTHER_IBAN)
    page = history(client_of_anna, employee)

    changes = EmployeeChange.objects.values_list("field", "old", "new")
    assert set(changes) == {("bsn", "", ""), ("iban", "", "")}
    assert page.count("Gewijzigd") == 2
    for number in [BSN, OTHER_BSN, IBAN, OTHER_IBAN, BSN[-4:], OTHER_BSN[-4:]]:
        assert number not in page


def test_the_database_refuses_a_bsn_in_the_history(anna: User, employee: Employee) -> None:
    with pytest.raises(IntegrityError, match="employee_change_without_bsn_and_iban"):
        EmployeeChange.objects.create(
            employer=employee.employer, employee=employee, changed_by=anna, field="bsn", new=BSN
        )


def test_what_it_was_and_became_is_sealed(client_of_anna: Client, employee: Employee) -> None:
    save(client_of_anna, employee, city="Arnhem")

    with connection.cursor() as cursor:
        cursor.execute("select old, new from dossiers_employeechange")
        old, new = (bytes(value) for value in cursor.fetchone())
    assert b"Nijmegen" not in old
    assert b"Arnhem" not in new


def test_a_change_is_recorded_without_values(
    client_of_anna: Client, anna: User, employee: Employee
) -> None:
    save(client_of_anna, employee, city="Arnhem", bsn=OTHER_BSN)

    event = AuditEvent.objects.get(action="employee.change")
    assert (event.actor, event.dossier_uuid) == (anna, employee.dossier.uuid)
    assert event.detail == {"fields": ["city", "bsn"]}


def test_the_list_costs_the_same_for_ten_and_a_hundred(
    client_of_anna: Client, anna: User, employee: Employee
) -> None:
    counts = []
    for number in [10, 90]:
        for _ in range(number):
            EmployeeChange.objects.create(
                employer=employee.employer,
                employee=employee,
                changed_by=make_member(employer_of(anna)) if number == 10 else anna,
                field="city",
                old="Nijmegen",
                new="Arnhem",
            )
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert history(client_of_anna, employee).count("Arnhem") >= number
        counts.append(len(queries))

    assert counts[0] == counts[1]


# --- Who may ------------------------------------------------------------------------------------


def test_bram_can_neither_change_nor_see_it(client: Client, bram: User, employee: Employee) -> None:
    login(client, bram)
    changes = reverse("dossiers:employee-changes", args=[employee.dossier.uuid])

    assert client.get(address(employee)).status_code == 404
    assert client.post(address(employee), {"city": "Arnhem"}).status_code == 404
    assert client.get(changes).status_code == 404


def test_the_act_itself_refuses_who_works_elsewhere(bram: User, employee: Employee) -> None:
    with pytest.raises(PermissionDenied):
        change_employee(by=bram, employee=employee, person={"city": "Arnhem"}, version=0)


def test_a_company_has_no_such_pages(client_of_anna: Client, anna: User) -> None:
    company = Dossier.objects.get(employer=employer_of(anna), kind=Dossier.Kind.COMPANY)

    for name in ["employee-change", "employee-changes"]:
        assert (
            client_of_anna.get(reverse(f"dossiers:{name}", args=[company.uuid])).status_code == 404
        )


def test_the_dossier_leads_to_both_and_the_form_survives_a_login(
    client_of_anna: Client, employee: Employee
) -> None:
    page = client_of_anna.get(employee.get_absolute_url()).content.decode()

    assert address(employee) in page
    assert reverse("dossiers:employee-changes", args=[employee.dossier.uuid]) in page
    assert "dossiers:employee-change" in PAGES
