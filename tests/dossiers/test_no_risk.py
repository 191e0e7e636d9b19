"""The box "No-riskpolis": when one may ask for it, and the proof. Source: rulebook 4.4."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.months import months_after
from dossiers.no_risk import may_ask_no_risk_from, no_risk_help
from tests.factories import make_employee, make_employment
from tests.login import login

FIXED = "In de eerste twee maanden van het dienstverband mag u er niet naar vragen."


@pytest.mark.parametrize(
    ("started_on", "first_day"),
    [
        pytest.param(date(2026, 2, 8), date(2026, 4, 8), id="two months"),
        pytest.param(date(2026, 11, 30), date(2027, 1, 30), id="over the year"),
        pytest.param(date(2026, 12, 31), date(2027, 2, 28), id="no 31st"),
        pytest.param(date(2027, 12, 31), date(2028, 2, 29), id="29-February"),
        pytest.param(date(2026, 7, 31), date(2026, 9, 30), id="no 31st in September"),
    ],
)
def test_38b_one_may_ask_after_two_months(started_on: date, first_day: date) -> None:
    assert may_ask_no_risk_from(started_on) == first_day
    before = no_risk_help(started_on, today=first_day - timedelta(days=1))
    since = no_risk_help(started_on, today=first_day)
    assert f"U mag hier pas vanaf {first_day:%d-%m-%Y} naar vragen" in before
    assert f"U mag hier sinds {first_day:%d-%m-%Y} naar vragen" in since
    assert FIXED not in before + since


def test_without_a_day_it_says_the_rule() -> None:
    assert FIXED in no_risk_help()
    assert FIXED in no_risk_help(None, today=date(2026, 11, 2))


def test_it_says_where_the_proof_comes_from_and_stays() -> None:
    for words in [no_risk_help(), no_risk_help(date(2026, 11, 2), today=date(2026, 11, 2))]:
        assert "UWV vraagt van u een bewijs. De werknemer krijgt dat van UWV" in words
        assert "upload het hier niet" in words


def not_before(started_on: date) -> str:
    return f"U mag hier pas vanaf {months_after(started_on, 2):%d-%m-%Y} naar vragen"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["employee-create", "employee-fields"])
def test_adding_somebody_it_follows_the_start_that_was_typed(
    client: Client, anna: User, name: str
) -> None:
    login(client, anna)
    address = reverse(f"dossiers:{name}")
    today = timezone.localdate()

    def page(typed: str) -> str:
        return client.post(address, {"started_on": typed}).content.decode()

    assert FIXED in client.get(reverse("dossiers:employee-create")).content.decode()
    assert not_before(today) in page(f"{today:%d-%m-%Y}")
    for typed in ["", "31-02-2026", "01-01-0026"]:
        assert FIXED in page(typed)


@pytest.mark.django_db
def test_with_script_only_the_words_beside_the_box_are_drawn_anew(
    client: Client, anna: User
) -> None:
    login(client, anna)
    form = client.get(reverse("dossiers:employee-create")).context["form"]

    assert 'hx-target="#id_has_no_risk_helptext"' in str(form["started_on"])
    assert 'id="id_has_no_risk_helptext"' in form["has_no_risk"].as_field_group()


@pytest.mark.django_db
def test_changing_somebody_it_is_about_the_employment_that_runs(client: Client, anna: User) -> None:
    login(client, anna)
    employer = anna.memberships.get().employer
    today = timezone.localdate()
    employee = make_employee(employer, started_on=today - timedelta(days=10))
    make_employment(employee, started_on=today + timedelta(days=40))
    address = reverse("dossiers:employee-change", args=[employee.dossier.uuid])

    assert not_before(today - timedelta(days=10)) in client.get(address).content.decode()


@pytest.mark.django_db
def test_changing_who_left_it_is_about_the_last_employment(client: Client, anna: User) -> None:
    login(client, anna)
    employer = anna.memberships.get().employer
    ended_on = timezone.localdate() - timedelta(days=1)
    started_on = ended_on - timedelta(days=9)
    employee = make_employee(employer, ended_on=date(2024, 6, 30))
    make_employment(employee, started_on=started_on, ended_on=ended_on)
    address = reverse("dossiers:employee-change", args=[employee.dossier.uuid])

    assert not_before(started_on) in client.get(address).content.decode()
