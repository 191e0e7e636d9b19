"""Clients that are logged in, and one of everything to look at."""

import pytest
from django.test import Client

from accounts.models import AccountRecovery, User
from tests.factories import make_recovery
from tests.login import login


def client_of(user: User) -> Client:
    client = Client()
    login(client, user)
    return client


@pytest.fixture
def as_ilse(ilse: User) -> Client:
    """InComfort, logged in with both steps."""
    return client_of(ilse)


@pytest.fixture
def as_ivo(ivo: User) -> Client:
    return client_of(ivo)


@pytest.fixture
def as_hugo(hugo: User) -> Client:
    """HCS, logged in with both steps."""
    return client_of(hugo)


@pytest.fixture
def as_anna(anna: User) -> Client:
    return client_of(anna)


@pytest.fixture
def found(anna: User, ilse: User) -> AccountRecovery:
    """Asked by ilse; nobody has decided on it yet."""
    return make_recovery(anna, by=ilse)
