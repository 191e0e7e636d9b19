"""A counter stays counted whatever becomes of the request around it. Source: security.md B3."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connections
from django.test import Client

from accounts.models import Bucket, User
from accounts.views import login
from tests.accounts.steps import LOGIN, add_app, give_code, give_password, other_code
from tests.login import totp_code

pytestmark = pytest.mark.django_db(transaction=True)
FAILURES = [PermissionDenied, RuntimeError, IntegrityError]


@pytest.fixture(autouse=True)
def in_a_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worst case: each request is one transaction that is rolled back as a whole."""
    monkeypatch.setitem(connections.settings["default"], "ATOMIC_REQUESTS", True)


def taken() -> float:
    """How many tokens are gone from the fullest use of one bucket."""
    return max((10 - row.tokens for row in Bucket.objects.filter(tokens__lt=10)), default=0)


@pytest.mark.parametrize("error", FAILURES)
def test_a_wrong_password_counts_when_the_page_fails(
    anna: User, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    add_app(anna)
    real = login.check_password

    def check_and_fail(**values: object) -> None:
        real(**values)
        raise error

    monkeypatch.setattr(login, "check_password", check_and_fail)
    client = Client(raise_request_exception=False)
    for _ in range(3):
        assert give_password(client, anna, "fout").status_code in {403, 500}

    assert round(taken()) == 3


@pytest.mark.parametrize("error", FAILURES)
def test_a_wrong_code_counts_when_the_page_fails(
    anna: User, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    device = add_app(anna)
    client = Client(raise_request_exception=False)
    give_password(client, anna)
    Bucket.objects.all().delete()

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(login, "why_refused", fail)
    assert give_code(client, other_code(totp_code(device))).status_code in {403, 500}

    assert round(taken()) == 1


def test_the_next_guess_waits_although_the_first_was_rolled_back(
    anna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client(raise_request_exception=False)
    with monkeypatch.context() as broken:
        broken.setattr(login, "_login_page", lambda *_args, **_more: 1 / 0)
        for _ in range(10):
            assert give_password(client, anna, "fout").status_code == 500

    response = client.post(LOGIN, {"username": "anna", "password": "fout"})
    assert response.status_code == 429
