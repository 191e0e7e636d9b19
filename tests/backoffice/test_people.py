"""Employees in the back office: found by name, with masked numbers, never changed there."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import sealed
from accounts.audit import Action
from accounts.models import AuditEvent, User
from dossiers.models import Employee, EmployeeChange
from tests.factories import make_employee, make_member, make_trajectory

pytestmark = pytest.mark.django_db

EMPLOYEES = "/beheer/dossiers/employee/"
BSN, IBAN = "111222333", "NL91ABNA0417164300"


def employee_of(user: User, surname: str, **fields: object) -> Employee:
    return make_employee(user.memberships.get().employer, surname, **fields)


def make_change(employee: Employee, by: User, **fields: str) -> EmployeeChange:
    moment = datetime(2026, 11, 3, 8, 30, tzinfo=UTC)
    return EmployeeChange.objects.create(
        employer=employee.employer, employee=employee, changed_by=by, changed_at=moment, **fields
    )


@pytest.fixture
def zofia(anna: User) -> Employee:
    """An ill employee of anna's employer, which has a ZW-ERD policy."""
    employee = employee_of(anna, "Wójcik", first_name="Zofia", bsn=BSN, iban=IBAN)
    make_trajectory(employee)
    return employee


@pytest.mark.parametrize("role", ["as_ilse", "as_hugo"])
def test_both_roles_see_an_employee_with_masked_numbers(
    request: pytest.FixtureRequest, role: str, zofia: Employee
) -> None:
    client: Client = request.getfixturevalue(role)

    page = client.get(f"{EMPLOYEES}{zofia.pk}/change/").content.decode()

    assert "Wójcik" in page
    assert "•••••2333" in page
    assert "•••••4300" in page
    assert BSN not in page
    assert IBAN not in page
    assert zofia.bsn_index not in page


@pytest.mark.parametrize("role", ["as_ilse", "as_hugo"])
def test_both_roles_see_who_changed_what_and_when_the_newest_first(
    request: pytest.FixtureRequest, role: str, anna: User, zofia: Employee
) -> None:
    client: Client = request.getfixturevalue(role)
    for field, old, new in [
        ("city", "Nijmegen", "Arnhem"),
        ("gender", "V", "O"),
        ("bsn", "", ""),
        ("street", "", "<b>Markt</b>"),
    ]:
        make_change(zofia, anna, field=field, old=old, new=new)

    page = client.get(f"{EMPLOYEES}{zofia.pk}/change/").content.decode()

    by = f"{anna}, 03-11-2026, 09.30 uur"
    shown = [
        f"Straat: van – naar &lt;b&gt;Markt&lt;/b&gt;<br>{by}",
        f"Burgerservicenummer: gewijzigd<br>{by}",
        f"Geslacht: van Vrouw naar Onbekend of X<br>{by}",
        f"Plaats: van Nijmegen naar Arnhem<br>{by}",
    ]
    assert "".join(f"<p>{line}</p>" for line in shown) in page


def test_the_history_is_of_this_employee_and_costs_one_query(
    as_hugo: Client, anna: User, zofia: Employee
) -> None:
    make_change(employee_of(anna, "Jansen"), anna, field="city", old="Wijchen", new="Druten")
    assert "Wijchen" not in as_hugo.get(f"{EMPLOYEES}{zofia.pk}/change/").content.decode()

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            as_hugo.get(f"{EMPLOYEES}{zofia.pk}/change/")
        return len(captured)

    make_change(zofia, anna, field="city", old="Nijmegen", new="Arnhem")
    one = queries()
    for city in ["Tiel", "Ede", "Ulft"]:
        make_change(zofia, make_member(zofia.employer), field="city", old="Arnhem", new=city)

    assert queries() == one


@pytest.mark.parametrize("role", ["as_ilse", "as_hugo"])
def test_nobody_changes_or_adds_an_employee(
    request: pytest.FixtureRequest, role: str, zofia: Employee
) -> None:
    client: Client = request.getfixturevalue(role)

    page = client.get(f"{EMPLOYEES}{zofia.pk}/change/").content.decode()

    assert 'name="_save"' not in page
    assert 'name="bsn"' not in page
    assert client.post(f"{EMPLOYEES}{zofia.pk}/change/", {"bsn": "123456782"}).status_code == 403
    assert client.get(f"{EMPLOYEES}add/").status_code == 403


def test_opening_an_employee_is_an_event_of_the_dossier(as_hugo: Client, zofia: Employee) -> None:
    as_hugo.get(f"{EMPLOYEES}{zofia.pk}/change/")

    event = AuditEvent.objects.get(action=Action.ADMIN_VIEW)
    assert event.dossier_uuid == zofia.dossier.uuid
    assert event.employer == zofia.employer
    assert event.actor_role == "hcs"


def test_a_list_does_not_open_the_sealed_columns(
    as_ilse: Client, zofia: Employee, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    unseal = sealed.unseal
    monkeypatch.setattr(
        sealed, "unseal", lambda value, purpose: opened.append(purpose) or unseal(value, purpose)
    )

    page = as_ilse.get(EMPLOYEES).content.decode()

    assert "Wójcik" in page
    assert not [purpose for purpose in opened if "employee" in purpose]
    as_ilse.get(f"{EMPLOYEES}{zofia.pk}/change/")
    assert [purpose for purpose in opened if "employee" in purpose]  # the spy does see it


class TestSearch:
    def found(self, client: Client, term: str) -> str:
        return client.post(EMPLOYEES, {"q": term}, follow=True).content.decode()

    def test_people_of_every_employer_are_found_by_the_first_letters(
        self, as_hugo: Client, zofia: Employee, bram: User
    ) -> None:
        employee_of(bram, "Wojtyła")
        employee_of(bram, "Jansen")

        page = self.found(as_hugo, "woj")

        assert "Wójcik" in page
        assert "Wojtyła" in page
        assert "Jansen" not in page

    def test_the_event_names_the_shown_and_not_the_term(
        self, as_hugo: Client, zofia: Employee
    ) -> None:
        self.found(as_hugo, "wójcik")

        event = AuditEvent.objects.get(action=Action.ADMIN_SEARCH)
        assert event.detail == {"model": "dossiers.employee", "shown": [zofia.pk], "letters": 6}

    @pytest.mark.parametrize("term", [BSN, "2333", IBAN, "voorbeeld.test"])
    def test_numbers_and_addresses_find_nobody(
        self, as_hugo: Client, zofia: Employee, term: str
    ) -> None:
        assert "Wójcik" not in self.found(as_hugo, term)


def test_the_employees_of_one_employer_can_be_linked_to(
    as_ilse: Client, zofia: Employee, bram: User
) -> None:
    employee_of(bram, "Jansen")

    page = as_ilse.get(f"{EMPLOYEES}?employer={zofia.employer_id}").content.decode()

    assert "Wójcik" in page
    assert "Jansen" not in page


def test_incomfort_gets_to_the_log_of_a_dossier(
    as_ilse: Client, as_hugo: Client, zofia: Employee
) -> None:
    address = f"/beheer/accounts/auditevent/?dossier_uuid={zofia.dossier.uuid}"
    page = f"{EMPLOYEES}{zofia.pk}/change/"

    assert address in as_ilse.get(page).content.decode()
    assert address not in as_hugo.get(page).content.decode()
    assert "Gegeven bekeken in beheer" in as_ilse.get(address).content.decode()


def test_a_page_of_employees_costs_the_same_for_one_as_for_many(
    as_ilse: Client, anna: User
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert as_ilse.get(EMPLOYEES).status_code == 200
        return len(captured)

    employee_of(anna, "Een")
    one = queries()
    for number in range(5):
        employee_of(anna, f"Meer {number}")

    assert queries() == one
