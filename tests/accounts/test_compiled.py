"""Query sets that are put into SQL once."""

import time
from datetime import date
from functools import partial

import pytest
from django.db import connection, models
from django.db.models.functions import Length
from django.test.utils import CaptureQueriesContext

from accounts.compiled import Compiled, Given
from accounts.models import Employer, Membership, User
from tests.factories import make_employer, make_member
from tests.threads import at_once

pytestmark = pytest.mark.django_db


def of_user() -> Compiled[Membership]:
    user = Given("user", models.BigIntegerField())
    return Compiled(
        lambda: (
            Membership.objects.filter(
                user=user, created_at__date__gte=Given("day", models.DateField())
            )
            .select_related("employer")
            .annotate(length=Length("employer__name"))
            .order_by("employer__name")
        )
    )


def test_it_finds_the_same_objects_as_the_query_set(anna: User, bram: User) -> None:
    rows = of_user()

    for user in (anna, bram, anna):  # compiled for the first, called for all
        (expected,) = user.memberships.all()
        with CaptureQueriesContext(connection) as captured:
            (found,) = rows(user=user.pk, day=date(2000, 1, 1))
            assert found == expected
            assert found.role == expected.role
            assert found.length == len(found.employer.name)
        assert len(captured) == 1  # the employer came along
    assert not rows(user=anna.pk, day=date(2999, 1, 1))


def test_its_sql_is_written_once(anna: User) -> None:
    calls = []

    def build() -> models.QuerySet[Membership]:
        calls.append(1)
        return Membership.objects.filter(user=Given("user", models.BigIntegerField()))

    rows = Compiled(build)
    for _ in range(3):
        assert len(rows(user=anna.pk)) == 1
    assert len(calls) == 1


def test_a_value_that_is_missing_is_an_error(anna: User) -> None:
    with pytest.raises(KeyError):
        of_user()(user=anna.pk)


def test_a_value_stays_a_value() -> None:
    named = Compiled(lambda: Employer.objects.filter(name=Given("name", models.CharField())))
    odd = make_employer(name="O'Brien %s; -- \\")

    assert named(name=odd.name) == [odd]


def test_a_subquery_gives_its_keys(anna: User, bram: User) -> None:
    keys = Compiled(
        lambda: Membership.objects.filter(user=Given("user", models.BigIntegerField())).values(
            "employer"
        )
    )

    found = Employer.objects.filter(pk__in=keys.subquery(user=anna.pk))
    assert list(found) == [anna.memberships.get().employer]
    assert not found.filter(memberships__user=bram)


@pytest.mark.django_db(transaction=True)
def test_threads_share_the_sql_and_nothing_else() -> None:
    people = [make_member(make_employer(), f"user{n}") for n in range(6)]
    rows = of_user()

    def ask(n: int) -> int:
        (found,) = rows(user=people[n].pk, day=date(2000, 1, 1))
        return found.user_id

    assert at_once([partial(ask, n) for n in range(6)]) == [person.pk for person in people]


@pytest.mark.django_db(transaction=True)
def test_threads_that_are_the_first_compile_it_once() -> None:
    """Two that compile the same query set at once spoil each other's SQL, for good."""
    user = make_member(make_employer(), "eerste")
    built = []

    def build() -> models.QuerySet[Membership]:
        built.append(1)
        time.sleep(0.05)  # the others come meanwhile
        found = Membership.objects.filter(user=Given("user", models.BigIntegerField()))
        return found.select_related("employer", "user")

    rows = Compiled(build)

    assert at_once([lambda: len(rows(user=user.pk))] * 12) == [1] * 12
    assert len(built) == 1


def prepared(named: str) -> list[tuple[str, int, int]]:
    """The statements about a table that the server keeps, and how often it planned them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select statement, generic_plans, custom_plans from pg_prepared_statements"
            " where statement like %s",
            [f"%{named}%"],
        )
        return list(cursor.fetchall())


def test_the_server_plans_it_once_for_any_value(anna: User, bram: User) -> None:
    rows = of_user()
    for user in (anna, bram, anna):
        rows(user=user.pk, day=date(2000, 1, 1))

    [(_, generic, custom)] = prepared('LENGTH("accounts_employer"."name") AS "length"')
    assert (generic, custom) == (3, 0)


def test_constants_are_part_of_the_statement() -> None:
    given = Given("number", models.CharField())
    odd = make_employer(name="100% O'Brien")
    named = Compiled(lambda: Employer.objects.filter(name="100% O'Brien", kvk_number=given))

    assert named(number=odd.kvk_number) == [odd]
    assert "100% O''Brien" in prepared("O''Brien")[0][0]
