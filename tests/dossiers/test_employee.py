"""What one employee is called, and what the database refuses."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from accounts.models import Policy, User
from dossiers import tasks
from dossiers.models import Employee, SearchKey, bsn_index
from tests.factories import make_employee, make_policy

BSN = "111222333"
IBAN = "NL91ABNA0417164300"


def employer_of(user: User):
    return user.memberships.get().employer


@pytest.mark.parametrize(
    ("prefixes", "surname", "shown", "listed"),
    [
        ("van den", "Berg", "A.B. (Anna) van den Berg", "Berg, A.B. van den"),
        ("", "Jansen", "A.B. (Anna) Jansen", "Jansen, A.B."),
        ("d'", "Hondt", "A.B. (Anna) d'Hondt", "Hondt, A.B. d'"),
        ("'t", "Hart", "A.B. (Anna) 't Hart", "Hart, A.B. 't"),
    ],
)
def test_a_name_is_shown_as_dutch_names_are(
    prefixes: str, surname: str, shown: str, listed: str
) -> None:
    employee = Employee(surname=surname, prefixes=prefixes, initials="AB", first_name="Anna")

    assert employee.display_name == shown
    assert employee.list_name == listed


def test_a_bsn_is_sealed_and_has_its_index(anna: User) -> None:
    employee = make_employee(employer_of(anna), bsn=BSN, iban=IBAN)

    with connection.cursor() as cursor:
        cursor.execute("SELECT bsn, iban, bsn_index FROM dossiers_employee")
        bsn, iban, index = cursor.fetchone()
    assert BSN.encode() not in bytes(bsn)
    assert IBAN.encode() not in bytes(iban)
    assert index == bsn_index(employee.employer_id, BSN)
    assert Employee.objects.get().bsn == BSN


def test_the_index_follows_a_new_bsn(anna: User) -> None:
    employee = make_employee(employer_of(anna), bsn=BSN)
    employee.bsn = "123456782"
    employee.save(update_fields=["bsn"])

    assert Employee.objects.get().bsn_index == bsn_index(employee.employer_id, "123456782")


def test_the_index_of_one_bsn_differs_per_employer() -> None:
    assert bsn_index(1, BSN) != bsn_index(2, BSN)


def test_a_bsn_is_there_once_per_employer(anna: User) -> None:
    make_employee(employer_of(anna), bsn=BSN)

    with pytest.raises(IntegrityError, match="employee_bsn_once_per_employer"):
        make_employee(employer_of(anna), bsn=BSN)


@pytest.mark.parametrize("secret", [{"bsn": BSN}, {"iban": IBAN}], ids=["bsn", "iban"])
def test_the_database_refuses_a_bsn_or_iban_without_zw_erd(bram: User, secret: dict) -> None:
    with pytest.raises(IntegrityError, match="ZW-ERD"):
        make_employee(employer_of(bram), **secret)


def test_the_database_refuses_a_bsn_added_later_without_zw_erd(bram: User) -> None:
    employee = make_employee(employer_of(bram))
    employee.bsn = BSN

    with pytest.raises(IntegrityError, match="ZW-ERD"):
        employee.save()


def test_an_employee_of_an_ended_zw_erd_policy_can_still_be_saved(bram: User) -> None:
    make_policy(employer_of(bram), product=Policy.Product.ZW_ERD, ends_on=date(2021, 12, 31))

    make_employee(employer_of(bram), bsn=BSN).save()


def test_the_hourly_task_takes_former_employees_out_of_the_search(anna: User) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    make_employee(employer_of(anna), ended_on=yesterday)
    SearchKey.objects.update(in_service=True)

    tasks.refresh_in_service(timestamp=0)

    assert not SearchKey.objects.filter(in_service=True, dossier__kind="EMPLOYEE").exists()
