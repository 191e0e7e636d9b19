"""`/dossiers/<uuid>/bsn/`: the whole BSN, after a fresh confirmation and never unseen."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, User
from dossiers.actions import reveal_bsn
from dossiers.models import Dossier, Employee
from tests.factories import make_employee
from tests.login import login

pytestmark = pytest.mark.django_db

BSN = "111222333"


def employer_of(user: User):
    return user.memberships.get().employer


@pytest.fixture
def employee(anna: User) -> Employee:
    return make_employee(employer_of(anna), bsn=BSN)


@pytest.fixture
def client_of_anna(client: Client, anna: User) -> Client:
    login(client, anna)
    return client


def address(dossier: Dossier) -> str:
    return reverse("dossiers:bsn-reveal", args=[dossier.uuid])


def reveals() -> int:
    return AuditEvent.objects.filter(action="employee.bsn").count()


def test_the_page_asks_first_and_the_form_shows_it(
    client_of_anna: Client, anna: User, employee: Employee
) -> None:
    before = client_of_anna.get(address(employee.dossier))
    assert BSN not in before.content.decode()
    assert reveals() == 0

    shown = client_of_anna.post(address(employee.dossier))

    assert BSN in shown.content.decode()
    assert shown.headers["Cache-Control"] == "no-store"
    event = AuditEvent.objects.get(action="employee.bsn")
    assert (event.actor, event.dossier_uuid) == (anna, employee.dossier.uuid)
    assert (event.employer, event.outcome, event.detail) == (employer_of(anna), "OK", {})


def test_it_is_shown_once(client_of_anna: Client, employee: Employee) -> None:
    client_of_anna.post(address(employee.dossier))

    assert BSN not in client_of_anna.get(address(employee.dossier)).content.decode()
    assert BSN not in client_of_anna.get(employee.get_absolute_url()).content.decode()


def test_each_time_is_recorded(client_of_anna: Client, employee: Employee) -> None:
    client_of_anna.post(address(employee.dossier))
    client_of_anna.post(address(employee.dossier))

    assert reveals() == 2


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_quarter_of_an_hour_after_the_login_it_asks_for_both_steps(
    client_of_anna: Client, employee: Employee, method: str
) -> None:
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        response = getattr(client_of_anna, method)(address(employee.dossier))

    assert response.url == reverse("accounts:confirm")
    assert client_of_anna.session["confirmation_target"]["name"] == "dossiers:bsn-reveal"
    assert reveals() == 0


def test_who_has_no_bsn_and_a_company_have_no_such_page(client_of_anna: Client, anna: User) -> None:
    company = Dossier.objects.get(employer=employer_of(anna), kind=Dossier.Kind.COMPANY)
    for dossier in [company, make_employee(employer_of(anna)).dossier]:
        assert client_of_anna.get(address(dossier)).status_code == 404
        assert client_of_anna.post(address(dossier)).status_code == 404


@pytest.mark.parametrize("person", ["bram", "ilse", "hugo"])
def test_others_get_nothing(client: Client, employee: Employee, person: str, request) -> None:
    user = request.getfixturevalue(person)
    login(client, user)

    assert client.get(address(employee.dossier)).status_code == 404
    assert client.post(address(employee.dossier)).status_code == 404
    assert reveals() == 0
    with pytest.raises(PermissionDenied):
        reveal_bsn(by=user, employee=employee)


def test_the_dossier_leads_to_it_only_where_there_is_a_bsn(
    client_of_anna: Client, anna: User, employee: Employee
) -> None:
    other = make_employee(employer_of(anna)).dossier

    assert (
        address(employee.dossier)
        in client_of_anna.get(employee.get_absolute_url()).content.decode()
    )
    assert address(other) not in client_of_anna.get(other.get_absolute_url()).content.decode()
