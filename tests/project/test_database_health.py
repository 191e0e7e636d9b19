"""A connection that the server ended is noticed before a request uses it; a good one is not asked.

docs/decisions/0034-health-check.md
"""

import time

import pytest
from django.db import connection, connections

pytestmark = pytest.mark.django_db(transaction=True)

STATE = "select query from pg_stat_activity where pid = %s"
PATIENCE = 5  # seconds


def ask_elsewhere(query: str, *values: object) -> list[tuple[object, ...]]:
    with connections["security"].cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())


@pytest.fixture
def backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        [process] = cursor.fetchone()
        return int(process)


def test_a_good_connection_is_not_asked_anything(backend: int) -> None:
    assert connection.is_usable()

    assert ask_elsewhere(STATE, backend) == [("select pg_backend_pid()",)]


def test_a_connection_that_the_server_ended_is_noticed(backend: int) -> None:
    ask_elsewhere("select pg_terminate_backend(%s)", backend)
    deadline = time.monotonic() + PATIENCE
    while ask_elsewhere(STATE, backend) and time.monotonic() < deadline:
        time.sleep(0.01)

    assert not connection.is_usable()
    connection.close()


def test_after_a_mistake_the_server_is_asked(backend: int) -> None:
    connection.errors_occurred = True

    assert connection.is_usable()
    assert ask_elsewhere(STATE, backend) == [("SELECT 1",)]
