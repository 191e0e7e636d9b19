"""Statements that come back are prepared, and their cursors kept, as long as the connection is."""

import pytest
from django.db import DataError, connection
from django.test.utils import CaptureQueriesContext

from portal.database import base

pytestmark = pytest.mark.django_db(transaction=True)
DOUBLE = "select %s::int * 2"


def answers(statement, *values):
    return connection.answers(statement, values)


def test_each_answer_is_of_its_own_values():
    assert [answers(DOUBLE, n) for n in (1, 2)] == [[(2,)], [(4,)]]
    assert answers("select %s::text, %s::date", "a", None) == [("a", None)]
    assert answers("select 1 where false") == []


def test_a_mistake_does_not_spoil_the_next():
    assert answers("select 10 / %s::int", 5) == [(2,)]
    with pytest.raises(DataError):
        answers("select 10 / %s::int", 0)

    assert answers("select 10 / %s::int", 2) == [(5,)]


def test_a_lost_connection_takes_its_cursors_along():
    assert answers(DOUBLE, 1) == [(2,)]
    connection.close()

    assert answers(DOUBLE, 2) == [(4,)]


def test_no_more_are_kept_than_that(monkeypatch):
    connection.close()
    monkeypatch.setattr(base, "KEPT", 3)
    for n in range(10):
        assert answers(f"select {n}") == [(n,)]
        assert len(connection._kept) <= 3


def test_a_text_that_is_equal_is_the_same_statement():
    for n in (1, 2, 3):
        assert answers("".join(["select ", "%s::int + 1"]), n) == [(n + 1,)]
    [(text, cursor)] = [kept for text, kept in connection._kept.items() if "+ 1" in text]

    assert cursor._last_query is text  # so psycopg does not begin anew


def test_it_is_seen_by_who_counts_queries():
    with CaptureQueriesContext(connection) as captured:
        answers(DOUBLE, 1)
    assert len(captured) == 1
