"""Nothing sends an sms but a verified password or a live activation. Source: security.md C7.

Every address there is, asked and posted to with all that a form of ours could hold: a page that is
still to come is tried as well.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from accounts.actions.sms_stop import reopen
from accounts.actions.users import invite
from accounts.models import OneTimeLink, SmsDevice, SmsStop, User
from tests.accounts.steps import add_sms
from tests.factories import PASSWORD, make_user
from tests.jobs import run_jobs
from tests.project import sms_gateway
from tests.project.access import TABLE, World, address_of, ask, client_with, key_in

NOT_THE_PASSWORD = "een ander lang geheim 34"
OUTSIDE = ["nobody", "anna", "ilse"]


@pytest.fixture
def gateway(db: None, settings: Any, request: pytest.FixtureRequest) -> Iterator[Callable[[], int]]:
    """How many messages got to the provider so far."""
    settings.SMS_BACKEND = "tests.project.sms_gateway.send"
    sms_gateway.sent.clear()
    if "world" in request.fixturenames:  # one with a stop, which would keep the counter at 0
        request.getfixturevalue("world")
    for stop in SmsStop.objects.active():
        reopen(by=User.objects.get(username="ilse"), stopped=stop)

    def count() -> int:
        run_jobs()
        return len(sms_gateway.sent)

    yield count
    sms_gateway.sent.clear()


def all_fields(device: SmsDevice) -> dict[str, str]:
    """What the pages of login and activation ask for; of the password only that it is wrong."""
    return {
        "username": device.user.username,
        "password": NOT_THE_PASSWORD,
        "again": NOT_THE_PASSWORD,
        "email": device.user.email,
        "device": device.persistent_id,
        "country": "NL",
        "number": "06 87654321",
        "code": "123456",
        "has_app": "ja",
        "is_noted": "on",
    }


def crawl(client: Client, world: World, data: dict[str, str], *, only: str = "") -> int:
    """Asks for every address and posts to it. Those of accounts twice: one leads to another.

    But for logging out: what follows would be nobody's.
    """
    rows = [row for row in TABLE.values() if row.name.startswith(only)]
    rows += [row for row in rows if row.name.startswith("accounts:")]
    for row in [row for row in rows if row.name != "accounts:logout"]:
        address = address_of(row, key_in(world))
        ask(client, "get", address)
        answer = client.post(address, data)
        if answer.streaming:
            answer.getvalue()
    return len(rows)


@pytest.mark.parametrize("visitor", OUTSIDE, indirect=True)
def test_no_address_sends_an_sms_without_a_password_or_an_activation(
    visitor: Any, world: World, anna: User, gateway: Callable[[], int]
) -> None:
    device = add_sms(anna)

    assert crawl(client_with(visitor), world, all_fields(device)) > 150
    assert gateway() == 0

    other = make_user("bea")  # anna may have got another password meanwhile
    add_sms(other)
    client = Client()  # the counter does count, in this very world
    client.post("/inloggen/", {"username": other.username, "password": PASSWORD})
    assert gateway() == 1


@pytest.mark.parametrize("end", ["revoked_at", "used_at", "expires_at"])
def test_a_link_that_is_no_longer_live_sends_no_sms(
    client: Client, world: World, anna: User, gateway: Callable[[], int], end: str
) -> None:
    """Nor does the set-up that was begun with it."""
    guest = make_user("gast", state=User.State.INVITED)
    link = invite(by=None, user=guest)
    client.get(_address_in(link))
    OneTimeLink.objects.update(**{end: link.created_at})

    crawl(client, world, all_fields(add_sms(anna)), only="accounts:")
    assert gateway() == 0


def test_a_live_activation_sends_one(client: Client, db: None, gateway: Callable[[], int]) -> None:
    guest = make_user("gast", state=User.State.INVITED)
    client.get(_address_in(invite(by=None, user=guest)))
    client.post("/activeren/wachtwoord/", {"password": PASSWORD, "again": PASSWORD})
    client.post("/activeren/sms/", {"country": "NL", "number": "06 87654321"})

    assert gateway() == 1


def _address_in(link: OneTimeLink) -> str:
    """The address in the e-mail: the token itself is not stored."""
    assert link.message
    words = link.message.text.split()
    return next(word for word in words if "/activeren/" in word).removeprefix(settings.PUBLIC_URL)
