"""Uitkeringsspecificaties: the same statements as in the company dossiers, from the menu."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, Employer, Membership, Policy, User
from documents.models import BenefitStatement
from documents.words import month_in_words
from dossiers.models import Dossier
from tests.documents.test_dossier_files import make_statement
from tests.factories import make_employer, make_policy
from tests.login import login

ADDRESS = "/uitkeringsspecificaties/"


def months_on(page: Any) -> list[str]:
    return [row.month for group in page.context["groups"] for row in group.rows]


def words(*months: date) -> list[str]:
    return [month_in_words(month) for month in months]


def test_the_newest_month_is_on_top(
    client: Client, anna: User, ilse: User, company_dossier: Dossier
) -> None:
    for month in (9, 11, 10):
        document = make_statement(company_dossier, date(2026, month, 1), ilse)
    login(client, anna)

    page = client.get(ADDRESS)

    assert months_on(page) == ["november 2026", "oktober 2026", "september 2026"]
    for shown in (
        "november 2026",
        "september 2026",
        company_dossier.employer.policies.get().number,
    ):
        assert shown in page.text
    assert document.get_absolute_url() in page.text
    assert reverse("documents:dossier-files", args=[company_dossier.uuid]) in page.text
    assert "binnen vijf werkdagen" in page.text


def test_each_employer_has_its_own_list_of_a_year(
    client: Client, anna: User, ilse: User, company_dossier: Dossier
) -> None:
    second = make_employer("Aarts Flex")
    make_policy(second)
    Membership.objects.create(employer=second, user=anna)
    months = [date(2025 + number // 12, number % 12 + 1, 1) for number in range(15)]
    for month in months:
        make_statement(company_dossier, month, ilse)
    make_statement(second.dossiers.get(), date(2026, 1, 1), ilse)
    login(client, anna)

    page = client.get(ADDRESS)

    assert months_on(page) == words(date(2026, 1, 1), *reversed(months[-12:]))
    assert page.text.index("Aarts Flex</h2>") < page.text.index("Uitzendbureau De Brug</h2>")


def test_an_employer_without_statements_is_told_so(client: Client, anna: User) -> None:
    login(client, anna)

    assert "Nog geen uitkeringsspecificaties" in client.get(ADDRESS).text


def test_visma_nmbrs_is_for_zw_erd_customers(
    client: Client, anna: User, bram: User, settings: Any
) -> None:
    settings.NMBRS_URL = "https://nmbrs.example.test/"
    login(client, anna)
    assert 'href="https://nmbrs.example.test/"' in client.get(ADDRESS).text
    Policy.objects.filter(employer__memberships__user=anna).update(ends_on=date(2026, 1, 1))
    assert "Nmbrs" not in client.get(ADDRESS).text
    login(client, bram)
    assert "Nmbrs" not in client.get(ADDRESS).text


def test_bram_sees_his_own_only(
    client: Client, bram: User, ilse: User, company_dossier: Dossier
) -> None:
    make_statement(company_dossier, date(2026, 10, 1), ilse)
    own = Employer.objects.get(memberships__user=bram).dossiers.get()
    make_statement(own, date(2026, 9, 1), ilse)
    login(client, bram)

    page = client.get(ADDRESS)

    assert months_on(page) == ["september 2026"]
    assert company_dossier.employer.name not in page.text


def test_a_view_is_recorded_for_each_employer(client: Client, anna: User) -> None:
    second = make_employer()
    Membership.objects.create(employer=second, user=anna)
    login(client, anna)
    client.get(ADDRESS)

    events = AuditEvent.objects.filter(action="statement.list", actor=anna)
    assert {event.employer for event in events} == set(Employer.objects.visible_to(anna))
    assert events.count() == 2


@pytest.mark.parametrize("person", ["ilse", "hugo"])
def test_staff_find_nothing(client: Client, person: str, request: pytest.FixtureRequest) -> None:
    login(client, request.getfixturevalue(person))

    assert client.get(ADDRESS).status_code == 404


def test_nobody_is_sent_to_the_login(client: Client, db: None) -> None:
    response = client.get(ADDRESS)

    assert response.status_code == 302
    assert response.url.startswith(reverse("accounts:login"))


@pytest.mark.parametrize("count", [3, 60])
def test_the_number_of_queries_does_not_grow(
    client: Client,
    anna: User,
    ilse: User,
    company_dossier: Dossier,
    count: int,
    django_assert_max_num_queries: Any,
) -> None:
    for number in range(count):
        make_statement(company_dossier, date(2020 + number // 12, number % 12 + 1, 1), ilse)
    assert BenefitStatement.objects.count() == count
    login(client, anna)

    with django_assert_max_num_queries(9):
        assert client.get(ADDRESS).status_code == 200
