"""A world of one employer, and everybody who may come to look."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from tests.login import login
from tests.project.access import World
from tests.project.visitors import half, recovering
from tests.project.world import make_world


@pytest.fixture
def world(anna: User, ilse: User, hugo: User) -> World:
    return make_world(anna, ilse, hugo)


@pytest.fixture
def visitor(request: pytest.FixtureRequest, world: World, anna: User, bram: User) -> Any:
    """The cookies of who is asked for by name."""
    client = Client()
    if request.param == "half":
        half(client, anna)
    elif request.param == "recovering":
        recovering(client, anna)
    elif request.param != "nobody":
        login(client, request.getfixturevalue(request.param))
    return client.cookies
