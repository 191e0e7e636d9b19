"""Who is at the other end: the address behind our proxies, and the mark of a known browser."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from accounts.client import client_ip, known_browser, remember_browser
from accounts.models import User


def address(settings, *, proxies: int, header: str | None, peer: str = "10.0.0.1") -> str | None:
    settings.TRUSTED_PROXIES = proxies
    headers = {} if header is None else {"x-forwarded-for": header}
    return client_ip(RequestFactory().get("/", headers=headers, REMOTE_ADDR=peer))


@pytest.mark.parametrize(
    ("proxies", "header", "seen"),
    [
        (0, None, "10.0.0.1"),
        (0, "203.0.113.9", "10.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        (2, "1.1.1.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "203.0.113.9", "10.0.0.1"),
        (1, None, "10.0.0.1"),
        (1, "x" * 300, None),
        (1, "2001:db8::1", "2001:db8::1"),
    ],
)
def test_the_address_is_counted_from_the_right(settings, proxies, header, seen) -> None:
    assert address(settings, proxies=proxies, header=header) == seen


def test_a_unix_socket_has_no_address(settings) -> None:
    assert address(settings, proxies=0, header=None, peer="") is None


def remembered(user: User) -> dict[str, str]:
    response = HttpResponse()
    remember_browser(RequestFactory().get("/"), response, user)
    return {name: morsel.value for name, morsel in response.cookies.items()}


def test_a_browser_is_known_for_the_user_who_logged_in_there(anna: User, bram: User) -> None:
    request = RequestFactory().get("/")
    request.COOKIES = remembered(anna)

    assert known_browser(request, anna)
    assert known_browser(request, bram) == ""
    assert known_browser(request, None) == ""


@pytest.mark.parametrize("value", ["", "x", "x:y:z", "x" * 5000, '[1,"mark"]'])
def test_a_made_up_mark_is_not_known(anna: User, settings, value: str) -> None:
    request = RequestFactory().get("/")
    request.COOKIES = {settings.BROWSER_COOKIE_NAME: value}

    assert known_browser(request, anna) == ""


def test_the_mark_stays_the_same_at_the_next_login(anna: User) -> None:
    request = RequestFactory().get("/")
    request.COOKIES = remembered(anna)
    first = known_browser(request, anna)
    response = HttpResponse()
    remember_browser(request, response, anna)
    request.COOKIES = {name: morsel.value for name, morsel in response.cookies.items()}

    assert known_browser(request, anna) == first
