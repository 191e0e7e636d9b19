"""/gezondheid/: what a load balancer asks."""

import pytest
from django.db import OperationalError, connection


def test_it_is_ok_without_login_or_session(client, db, django_assert_num_queries):
    with django_assert_num_queries(1):
        response = client.get("/gezondheid/")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert not response.cookies
    assert "no-store" in response["Cache-Control"]


def test_it_is_not_ok_without_database(client, db, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise OperationalError("connection refused")

    monkeypatch.setattr(connection, "cursor", refuse)
    response = client.get("/gezondheid/")
    assert (response.status_code, response.content) == (503, b"database\n")


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_it_only_answers_questions(client, method):
    assert getattr(client, method)("/gezondheid/").status_code == 405
