"""Acts on dossiers that pages cannot show: the company dossier, and two at the same moment."""

import threading
from datetime import date
from uuid import uuid4

import pytest
from django.db import connections

from accounts.models import AuditEvent, User
from dossiers.actions import EmployeeExistsError, add_employee, open_company_dossier
from dossiers.models import Dossier, Employee, EmploymentType, SearchKey
from tests.factories import make_employee, make_employer

PERSON = {
    "surname": "Jansen",
    "prefixes": "",
    "first_name": "Anna",
    "initials": "AB",
    "gender": "V",
    "postcode": "6511 PP",
    "street": "Stationsplein",
    "house_number": 12,
    "house_number_addition": "",
    "city": "Nijmegen",
    "mobile": "+31612345678",
    "email": "anna@voorbeeld.test",
    "has_no_risk": False,
}


def add(user: User, submission=None, **person: str) -> Employee:
    return add_employee(
        by=user,
        employer=user.memberships.get().employer,
        person=PERSON | person,
        started_on=date(2026, 9, 1),
        job_title="Orderpicker",
        type=EmploymentType.objects.get(code="fase-b"),
        submission=submission or uuid4(),
    )


def at_the_same_moment(*acts) -> list[BaseException | None]:
    """Runs each act in a thread with a connection of its own; what each raised."""
    start, raised = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number: int) -> None:
        start.wait()
        try:
            acts[number]()
        except EmployeeExistsError as error:
            raised[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[number]) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_four_times_at_once_adds_one_employee(anna: User) -> None:
    submission = uuid4()

    at_the_same_moment(*[lambda: add(anna, submission)] * 4)

    assert Employee.objects.count() == 1
    assert Dossier.objects.filter(kind=Dossier.Kind.EMPLOYEE).count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_bsn_in_two_forms_at_once_is_stored_once(anna: User) -> None:
    raised = at_the_same_moment(*[lambda: add(anna, bsn="111222333")] * 2)

    assert Employee.objects.count() == 1
    assert [type(error) for error in raised if error] == [EmployeeExistsError]


@pytest.mark.django_db
def test_a_refused_addition_leaves_nothing_behind(anna: User) -> None:
    make_employee(anna.memberships.get().employer, bsn="111222333")
    keys = SearchKey.objects.count()

    with pytest.raises(EmployeeExistsError):
        add(anna, bsn="111222333")

    assert Dossier.objects.filter(kind=Dossier.Kind.EMPLOYEE).count() == 1
    assert SearchKey.objects.count() == keys


@pytest.mark.django_db
def test_a_company_dossier_is_opened_once_and_follows_the_name(ilse: User) -> None:
    employer = make_employer("Oude Naam")
    Dossier.objects.filter(employer=employer).delete()

    first = open_company_dossier(by=ilse, employer=employer)
    employer.name = "Nieuwe Naam"
    employer.save()
    second = open_company_dossier(by=ilse, employer=employer)

    assert first == second
    assert AuditEvent.objects.filter(action="dossier.open").count() == 1
    assert SearchKey.objects.filter(dossier=first, key__begins_with="dossier nieuwe").exists()
    assert not SearchKey.objects.filter(dossier=first, key__begins_with="dossier oude").exists()
