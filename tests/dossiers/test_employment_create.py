"""`/dossiers/<uuid>/dienstverband-toevoegen/`: another employment of somebody with a dossier."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, User
from dossiers.change_actions import add_employment
from dossiers.models import Dossier, Employee, EmployeeChange, EmploymentType
from dossiers.search import search
from tests.factories import make_employee
from tests.login import login

pytestmark = pytest.mark.django_db


def employer_of(user: User):
    return user.memberships.get().employer


def fase_b() -> EmploymentType:
    return EmploymentType.objects.get(code="fase-b")


@pytest.fixture
def client_of_anna(client: Client, anna: User) -> Client:
    login(client, anna)
    return client


@pytest.fixture
def former(anna: User) -> Employee:
    return make_employee(employer_of(anna), "Jansen", ended_on=date(2025, 1, 31))


def address(employee: Employee) -> str:
    return reverse("dossiers:employment-create", args=[employee.dossier.uuid])


def answers(**changes: Any) -> dict[str, Any]:
    return {"started_on": "01-09-2026", "job_title": "Lasser", "type": fase_b().pk} | changes


def test_who_came_back_is_in_service_again(
    client_of_anna: Client, anna: User, former: Employee
) -> None:
    assert not search(user=anna, text="Jansen").hits

    response = client_of_anna.post(address(former), answers())

    employment = former.employments.get(started_on=date(2026, 9, 1))
    assert response.url == former.get_absolute_url()
    assert (employment.job_title, employment.type) == ("Lasser", fase_b())
    assert (employment.employer, employment.ended_on) == (employer_of(anna), None)
    assert search(user=anna, text="Jansen").hits


def test_it_is_recorded_and_in_the_history(
    client_of_anna: Client, anna: User, former: Employee
) -> None:
    client_of_anna.post(address(former), answers())

    event = AuditEvent.objects.get(action="employment.add")
    assert (event.actor, event.dossier_uuid) == (anna, former.dossier.uuid)
    change = EmployeeChange.objects.get()
    assert (change.field, change.old, change.changed_by) == ("employment", "", anna)
    assert change.new == "Lasser, vanaf 01-09-2026"


def test_sent_twice_it_is_one_employment(client_of_anna: Client, former: Employee) -> None:
    client_of_anna.post(address(former), answers())
    second = client_of_anna.post(address(former), answers())

    assert second.status_code == 302
    assert former.employments.count() == 2
    assert EmployeeChange.objects.count() == 1


def test_another_employment_cannot_start_on_the_same_day(
    client_of_anna: Client, former: Employee
) -> None:
    page = client_of_anna.post(address(former), answers(started_on="01-01-2024")).content.decode()

    assert "Er is al een dienstverband dat op 01-01-2024 begint: Orderpicker." in page
    assert 'value="Lasser"' in page
    assert former.employments.count() == 1


@pytest.mark.parametrize(
    ("field", "typed"),
    [("started_on", "31-02-2026"), ("started_on", ""), ("job_title", ""), ("type", "0")],
)
def test_bad_input_adds_nothing(
    client_of_anna: Client, former: Employee, field: str, typed: str
) -> None:
    response = client_of_anna.post(address(former), answers(**{field: typed}))

    assert set(response.context["form"].errors) == {field}
    assert former.employments.count() == 1


def test_an_employment_without_a_last_day_is_pointed_out(
    client_of_anna: Client, anna: User, former: Employee
) -> None:
    employee = make_employee(employer_of(anna), "Vos")

    running = client_of_anna.get(address(employee)).content.decode()
    none = client_of_anna.get(address(former)).content.decode()

    assert "Er loopt nog een dienstverband" in running
    assert "Er loopt nog een dienstverband" not in none


def test_a_change_to_an_employment_does_not_make_the_form_about_the_person_stale(
    client_of_anna: Client, former: Employee
) -> None:
    change = reverse("dossiers:employee-change", args=[former.dossier.uuid])
    form = client_of_anna.get(change).context["form"]
    client_of_anna.post(address(former), answers())

    shown = {name: form[name].value() for name in form.fields if name != "has_no_risk"}
    sent = {name: value for name, value in shown.items() if value is not None}
    client_of_anna.post(change, sent | {"city": "Arnhem"})

    former.refresh_from_db()
    assert former.city == "Arnhem"


def test_bram_and_a_company_get_nothing(
    client: Client, anna: User, bram: User, former: Employee
) -> None:
    company = Dossier.objects.get(employer=employer_of(anna), kind=Dossier.Kind.COMPANY)
    login(client, bram)
    assert client.get(address(former)).status_code == 404
    assert client.post(address(former), answers()).status_code == 404
    login(client, anna)
    page = reverse("dossiers:employment-create", args=[company.uuid])
    assert client.get(page).status_code == 404
    assert former.employments.count() == 1


def test_the_act_itself_refuses_who_works_elsewhere(bram: User, former: Employee) -> None:
    with pytest.raises(PermissionDenied):
        add_employment(
            by=bram,
            employee=former,
            started_on=date(2026, 9, 1),
            job_title="Lasser",
            type=fase_b(),
        )
