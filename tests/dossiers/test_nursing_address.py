"""The nursing address (verpleegadres): filled in on `wijzigen/`, shown while it is valid."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, User
from dossiers.merge_actions import merge_employees
from dossiers.models import Employee, EmployeeChange
from tests.factories import make_employee
from tests.login import login

pytestmark = pytest.mark.django_db

NURSING: dict[str, Any] = {
    "nursing_postcode": "6525 GA",
    "nursing_street": "Zorglaan",
    "nursing_house_number": 8,
    "nursing_house_number_addition": "",
    "nursing_city": "Wijchen",
    "nursing_from": date(2026, 11, 2),
    "nursing_until": None,
}
TYPED = {
    "nursing_postcode": "6525ga",
    "nursing_street": "Zorglaan",
    "nursing_house_number": "8 b",
    "nursing_city": "Wijchen",
    "nursing_from": "02-11-2026",
    "nursing_until": "30-11-2026",
}


@pytest.fixture
def client_of_anna(client: Client, anna: User) -> Client:
    login(client, anna)
    return client


@pytest.fixture
def employee(anna: User) -> Employee:
    return make_employee(anna.memberships.get().employer)


def kept(employee: Employee) -> dict[str, Any]:
    employee.refresh_from_db()
    return {name: getattr(employee, name) for name in NURSING}


def save(client: Client, employee: Employee, **typed: str) -> Any:
    """Sends the form as the page shows it, with this typed in."""
    address = reverse("dossiers:employee-change", args=[employee.dossier.uuid])
    form = client.get(address).context["form"]
    shown = {name: form[name].value() for name in form.fields if name != "has_no_risk"}
    shown = {name: value for name, value in shown.items() if value is not None}
    return client.post(address, shown | typed)


def overview(client: Client, employee: Employee) -> str:
    return client.get(employee.get_absolute_url()).content.decode()


def test_it_is_kept_in_its_stored_form_and_shown_with_its_days(
    client_of_anna: Client, employee: Employee
) -> None:
    today = timezone.localdate()
    until = f"{today:%d-%m-%Y}"

    assert save(client_of_anna, employee, **TYPED | {"nursing_until": until}).status_code == 302

    assert kept(employee) == NURSING | {
        "nursing_house_number_addition": "b",
        "nursing_until": today,
    }
    page = overview(client_of_anna, employee)
    assert "Zorglaan 8 b<br>6525 GA Wijchen" in page
    assert f"vanaf 02-11-2026 tot en met {until}" in page


@pytest.mark.parametrize(
    ("starts_in", "ends_in", "is_shown"),
    [
        pytest.param(-20, None, True, id="without a last day"),
        pytest.param(-20, 0, True, id="on the last day"),
        pytest.param(-20, -1, False, id="the day after"),
        pytest.param(10, 20, True, id="yet to come"),
    ],
)
def test_it_is_shown_until_its_last_day(
    client_of_anna: Client,
    employee: Employee,
    starts_in: int,
    ends_in: int | None,
    is_shown: bool,
) -> None:
    today = timezone.localdate()
    until = None if ends_in is None else today + timedelta(days=ends_in)
    days = {"nursing_from": today + timedelta(days=starts_in), "nursing_until": until}
    Employee.objects.filter(pk=employee.pk).update(**NURSING | days)

    assert ("Verpleegadres" in overview(client_of_anna, employee)) is is_shown


@pytest.mark.parametrize("missing", [name for name in TYPED if name != "nursing_until"])
def test_a_part_of_it_is_refused_at_what_is_missing(
    client_of_anna: Client, employee: Employee, missing: str
) -> None:
    response = save(client_of_anna, employee, **TYPED | {missing: ""})

    assert response.context["form"].errors == {
        missing: ["Vul dit ook in, of maak alle vakken van het verpleegadres leeg."]
    }
    assert 'value="30-11-2026"' in response.content.decode()
    assert kept(employee)["nursing_from"] is None


@pytest.mark.parametrize("alone", ["nursing_house_number_addition", "nursing_until"])
def test_what_is_optional_is_nothing_by_itself(
    client_of_anna: Client, employee: Employee, alone: str
) -> None:
    typed = {"nursing_house_number_addition": "b", "nursing_until": "30-11-2026"}
    response = save(client_of_anna, employee, **{alone: typed[alone]})

    assert "nursing_street" in response.context["form"].errors
    assert "nursing_from" in response.context["form"].errors


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("nursing_postcode", "1234", "Vul een Nederlandse postcode in, zoals 1234 AB."),
        ("nursing_until", "01-11-2026", "De laatste dag ligt vóór de eerste dag."),
        ("nursing_from", "31-02-2026", "Vul een datum in"),
        ("nursing_house_number", "0", "Vul een huisnummer in van 1"),
        ("nursing_house_number_addition", "a", "Vul de toevoeging op één plaats in."),
    ],
)
def test_bad_input_changes_nothing(
    client_of_anna: Client, employee: Employee, field: str, typed: str, words: str
) -> None:
    response = save(client_of_anna, employee, **TYPED | {field: typed})

    errors = response.context["form"].errors
    assert set(errors) == {field}
    assert words in errors[field][0]
    assert kept(employee)["nursing_from"] is None


def test_the_group_says_once_whose_fields_they_are_and_an_error_says_it_in_full(
    client_of_anna: Client, employee: Employee
) -> None:
    address = reverse("dossiers:employee-change", args=[employee.dossier.uuid])
    page = client_of_anna.get(address).content.decode()
    group = page[page.index('id="verpleegadres"') : page.index("Financiële gegevens")]

    assert group.count("Verpleegadres") == 1
    assert group.count("(niet verplicht)") == 3  # the group, and what its address may lack
    wrong = save(client_of_anna, employee, **TYPED | {"nursing_postcode": "1234"})
    assert "Verpleegadres: postcode: Vul een Nederlandse" in wrong.content.decode()


def test_who_was_added_may_be_given_one_at_once(client_of_anna: Client, employee: Employee) -> None:
    page = client_of_anna.get(reverse("dossiers:employee-added", args=[employee.dossier.uuid]))

    address = reverse("dossiers:employee-change", args=[employee.dossier.uuid])
    assert f'href="{address}#verpleegadres"' in page.content.decode()


def test_it_may_begin_and_end_on_one_day(client_of_anna: Client, employee: Employee) -> None:
    save(client_of_anna, employee, **TYPED | {"nursing_until": "02-11-2026"})

    assert kept(employee)["nursing_until"] == date(2026, 11, 2)


def test_an_earlier_one_stays_in_the_history_and_the_values_out_of_the_log(
    client_of_anna: Client, employee: Employee
) -> None:
    save(client_of_anna, employee, **TYPED)
    save(client_of_anna, employee, **dict.fromkeys(TYPED, ""), nursing_house_number_addition="")

    assert kept(employee) == NURSING | dict.fromkeys(NURSING, "") | {
        "nursing_house_number": None,
        "nursing_from": None,
        "nursing_until": None,
    }
    address = reverse("dossiers:employee-changes", args=[employee.dossier.uuid])
    page = client_of_anna.get(address).content.decode()
    for words in ["Verpleegadres: straat", "Zorglaan", "6525 GA", "02-11-2026", "30-11-2026"]:
        assert words in page
    assert "None" not in page
    change = EmployeeChange.objects.filter(field="nursing_until").earliest("pk")
    assert (change.old_in_words, change.new_in_words) == ("–", "30-11-2026")
    for event in AuditEvent.objects.filter(action="employee.change"):
        assert "Zorglaan" not in str(event.detail)
        assert "nursing_street" in event.detail["fields"]


def test_saving_without_one_records_nothing(client_of_anna: Client, employee: Employee) -> None:
    save(client_of_anna, employee)

    assert not EmployeeChange.objects.exists()


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        (NURSING | {"nursing_street": ""}, "whole"),
        (NURSING | {"nursing_house_number": None}, "whole"),
        (NURSING | {"nursing_from": None}, "whole"),
        ({"nursing_until": date(2026, 11, 2)}, "whole"),
        (NURSING | {"nursing_until": date(2026, 11, 1)}, "ends_after_start"),
    ],
)
def test_the_database_refuses_a_part_and_an_end_before_the_start(
    employee: Employee, fields: dict[str, Any], constraint: str
) -> None:
    refused = pytest.raises(IntegrityError, match=f"employee_nursing_address_{constraint}")
    with refused, transaction.atomic():
        Employee.objects.filter(pk=employee.pk).update(**fields)


def test_of_two_merged_dossiers_the_other_address_is_in_the_history(
    ilse: User, employee: Employee
) -> None:
    other = make_employee(employee.employer, **NURSING)

    merge_employees(by=ilse, kept=employee, other=other)

    assert kept(employee)["nursing_street"] == ""
    changes = employee.changes.filter(field__startswith="nursing")
    found = {change.field: (change.old_in_words, change.new_in_words) for change in changes}
    assert found["nursing_street"] == ("Zorglaan", "–")
    assert found["nursing_from"] == ("02-11-2026", "–")
    assert "nursing_until" not in found


def test_staff_see_it_on_the_page_of_the_employee(
    client: Client, ilse: User, employee: Employee
) -> None:
    login(client, ilse)
    Employee.objects.filter(pk=employee.pk).update(**NURSING)

    page = client.get(f"/beheer/dossiers/employee/{employee.pk}/change/").content.decode()

    assert "Zorglaan 8, 6525 GA Wijchen, vanaf 02-11-2026" in page
