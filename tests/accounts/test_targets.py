"""No way of writing an address leads a login anywhere but to a page of ours. security.md D7."""

from itertools import product
from urllib.parse import quote, urlsplit

import pytest
from django.test import Client
from django.urls import resolve

from accounts.models import User
from accounts.targets import OF_EVERYBODY, PAGES, STAFF_PAGES, Target
from tests.accounts.steps import add_app, give_code
from tests.factories import PASSWORD
from tests.login import totp_code

FRONTS = [
    "",
    "/",
    "//",
    "///",
    "/\\",
    "\\\\",
    "\\/",
    "/.",
    "/..",
    "/%09/",
    "/%0d%0a/",
    "\t//",
    " //",
]
FRONTS += ["http:", "https:", "https:/", "https://", "https:\\\\", "HtTpS://", "javascript:"]
FRONTS += ["data:text/html,", "https://localhost@", "https://localhost:8000@", "//localhost."]
FRONTS += ["/start//", "/start/../", "/start/?volgende=//", "/start/#//", "/uitloggen/?x=//"]
HOSTS = ["evil.example", "evil.example/start/", "evil.example:80/help/", "127.0.0.1.evil.example"]
HOSTS += ["%65vil.example", "evil。example", "[::1]", "0x7f000001", "evil.example%00/start/"]
WAYS = [str, quote, lambda text: quote(quote(text, safe=""), safe="")]
ADDRESSES = sorted({way(front + host) for way, front, host in product(WAYS, FRONTS, HOSTS)})


def test_there_are_hundreds_of_ways_to_write_an_address() -> None:
    assert len(ADDRESSES) > 500


def test_what_is_landed_on_is_a_named_page_of_ours_at_our_own_address() -> None:
    landed = 0
    for address in ADDRESSES:
        if (target := Target.from_path(address)) is None:
            continue
        landed += 1
        made = target.address
        assert made.startswith("/"), address
        assert not made.startswith(("//", "/\\")), address
        assert urlsplit(made)[:2] == ("", ""), address
        name = resolve(made).view_name
        assert name in PAGES | OF_EVERYBODY or name.endswith(STAFF_PAGES), address

    assert landed  # the page counts, not the host that is written before it


@pytest.mark.parametrize("address", ADDRESSES[::40])
def test_the_login_itself_stays_here(client: Client, anna: User, address: str) -> None:
    device = add_app(anna)
    data = {"username": "anna", "password": PASSWORD}
    client.post("/inloggen/", data, query_params={"volgende": address})

    assert give_code(client, totp_code(device)).url in {"/start/", "/help/"}
