"""Somebody who came back, was added once more, and whose dossiers InComfort made into one."""

from datetime import timedelta
from uuid import NAMESPACE_URL, uuid5

from accounts.models import User
from dossiers.actions import Person, add_employee
from dossiers.merge_actions import merge_employees
from dossiers.models import Employment, EmploymentType
from portal.demo.people import PEOPLE, invented_iban


def add_twice(employment: Employment, *, by: User) -> None:
    """The dossier of an earlier employment, with another IBAN, merged into this one's."""
    employee = employment.employee
    person: Person = {
        "surname": employee.surname,
        "prefixes": employee.prefixes,
        "first_name": employee.first_name,
        "initials": employee.initials,
        "gender": employee.gender,
        "postcode": "6826 CC",
        "street": "Velperweg",
        "house_number": 41,
        "house_number_addition": "",
        "city": "Arnhem",
        "mobile": employee.mobile,
        "email": employee.email,
        "has_no_risk": False,
        "iban": invented_iban(len(PEOPLE)),
    }
    other = add_employee(
        by=employee.created_by,
        employer=employee.employer,
        person=person,
        started_on=employment.started_on - timedelta(weeks=80),
        job_title="Inpakker",
        type=EmploymentType.objects.get(code="fase-a-zonder-uitzendbeding"),
        submission=uuid5(NAMESPACE_URL, "demo/twice"),
    )
    last_day = employment.started_on - timedelta(weeks=30, days=1)
    other.employments.update(ended_on=last_day)
    merge_employees(by=by, kept=employee, other=other)
