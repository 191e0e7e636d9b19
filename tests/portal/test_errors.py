"""The error pages: Dutch, a number to quote, and nothing about the cause."""

import logging
import re
from collections.abc import Iterator
from io import StringIO

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.sessions import SessionStore
from portal.errors import server_error
from portal.logs import Line
from tests.login import login
from tests.portal.failing_urls import SECRET

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.portal.failing_urls")]

PAGES = [
    ("/bestaat-niet/", 404, "Pagina niet gevonden"),
    ("/geweigerd/", 403, "Geen toegang"),
    ("/verdacht/", 400, "Dit verzoek klopt niet"),
    ("/kapot/", 500, "Er ging iets mis"),
]


@pytest.fixture
def log() -> Iterator[StringIO]:
    """What Django logs during a test, in the lines of production."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Line())
    logging.getLogger("django").addHandler(handler)
    yield stream
    logging.getLogger("django").removeHandler(handler)


@pytest.fixture
def visitor() -> Client:
    """A browser that shows a 500 page instead of passing the exception on to the test."""
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(("address", "status", "heading"), PAGES)
def test_it_says_in_dutch_what_happened(
    visitor: Client, address: str, status: int, heading: str
) -> None:
    response = visitor.get(address)

    assert response.status_code == status
    html = response.content.decode()
    assert f"<h1>{heading}</h1>" in html
    assert f"<title>{heading} – Werkgeversportaal</title>" in html
    assert SECRET not in html


@pytest.mark.parametrize(("address", "status", "heading"), PAGES)
def test_it_gives_a_number_that_is_new_for_each_request(
    visitor: Client, address: str, status: int, heading: str
) -> None:
    numbers = [
        re.search(r"<code>([0-9a-f]{8})</code>", visitor.get(address).content.decode())
        for _ in range(2)
    ]

    assert numbers[0]
    assert numbers[1]
    assert numbers[0][1] != numbers[1][1]


@pytest.mark.parametrize(("address", "status", "heading"), PAGES[:3])
def test_who_is_inside_keeps_the_menu(
    visitor: Client, anna: User, address: str, status: int, heading: str
) -> None:
    assert "Hoofdmenu" not in visitor.get(address).content.decode()
    login(visitor, anna)

    html = visitor.get(address).content.decode()

    assert "Hoofdmenu" in html
    assert "Uitzendbureau De Brug" in html


@pytest.mark.parametrize(("address", "status", "heading"), PAGES[1:])
def test_the_number_stands_in_the_log_beside_the_cause(
    visitor: Client,
    address: str,
    status: int,
    heading: str,
    log: StringIO,
) -> None:
    """Not for an unknown address: that has no cause, and Django logs it after the request."""
    html = visitor.get(address).content.decode()

    number = re.search(r"<code>([0-9a-f]{8})</code>", html)
    assert number
    assert f" {number[1]} django." in log.getvalue()


def test_a_session_that_cannot_be_read_has_a_number_too(
    visitor: Client, log: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(SessionStore, "_get_session_from_db", fail)
    visitor.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    response = visitor.get("/start/")

    number = re.search(r"<code>([0-9a-f]{8})</code>", response.content.decode())
    assert response.status_code == 500
    assert number
    assert f" {number[1]} django." in log.getvalue()


def test_staff_do_not_get_the_menu_of_employers(visitor: Client, hugo: User) -> None:
    login(visitor, hugo)

    assert "Hoofdmenu" not in visitor.get("/bestaat-niet/").content.decode()


def test_the_500_page_needs_no_database() -> None:
    with CaptureQueriesContext(connection) as queries:
        response = server_error(RequestFactory().get("/"))

    assert response.status_code == 500
    assert "024-374 16 60" in response.content.decode()
    assert len(queries) == 0


def test_a_form_without_token_explains_what_to_do() -> None:
    response = Client(enforce_csrf_checks=True).post("/formulier/")

    assert response.status_code == 403
    html = response.content.decode()
    assert "<h1>Uw formulier is verlopen</h1>" in html
    assert "Wij hebben niets opgeslagen" in html


@pytest.mark.parametrize(("address", "status", "heading"), PAGES)
def test_it_carries_the_strict_headers_and_names_no_version(
    visitor: Client, address: str, status: int, heading: str
) -> None:
    headers = visitor.get(address).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "Server" not in headers  # in any spelling of the name, unlike a set of names
    assert "X-Powered-By" not in headers
