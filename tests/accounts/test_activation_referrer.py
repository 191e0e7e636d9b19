"""The token of an activation link leaks to no other page, and the forms behind it still work."""

import re

import pytest
from django.core.mail import EmailMessage
from django.test import Client

from accounts.actions.users import invite
from accounts.models import User
from tests.factories import make_user
from tests.jobs import run_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(mailoutbox: list[EmailMessage]) -> str:
    user = make_user("nieuw", state=User.State.INVITED)
    invite(by=user, user=user)
    run_jobs()
    found = re.search(r"/activeren/\S+", mailoutbox[-1].body)
    assert found
    return found[0]


def test_the_address_with_the_token_is_not_passed_on(client: Client, link: str) -> None:
    assert client.get(link).headers["Referrer-Policy"] == "no-referrer"


def test_a_form_says_where_it_is_posted_from(client: Client, link: str) -> None:
    """With "no-referrer" browsers post `Origin: null`, which the CSRF check refuses."""
    client.get(link)

    page = client.get("/activeren/wachtwoord/")

    assert page.status_code == 200
    assert page.headers["Referrer-Policy"] == "same-origin"
