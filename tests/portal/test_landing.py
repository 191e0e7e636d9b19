"""The front door at /."""

import pytest
from django.test import Client

from accounts.models import User
from tests.login import login

pytestmark = pytest.mark.django_db


def test_a_visitor_sees_the_way_in(client: Client) -> None:
    html = client.get("/").content.decode()

    assert '<a class="button" href="/inloggen/">Inloggen voor uitzendorganisaties</a>' in html
    assert "024-374 16 60" in html


@pytest.mark.parametrize("name", ["anna", "bram", "hugo"])
def test_who_is_inside_goes_on_to_start(
    client: Client, request: pytest.FixtureRequest, name: str
) -> None:
    login(client, request.getfixturevalue(name))

    response = client.get("/")

    assert (response.status_code, response["Location"]) == (302, "/start/")


def test_a_password_alone_does_not_lead_inside(client: Client, anna: User) -> None:
    client.force_login(anna)

    assert client.get("/").status_code == 200
