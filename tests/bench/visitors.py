"""Browsers in which somebody is logged in, one at a time or eight at once."""

import time
from typing import TYPE_CHECKING

from tests.bench.client import Answer, Browser
from tests.bench.login import TOKEN
from tests.bench.slices import Subject

if TYPE_CHECKING:
    from accounts.models import User

AT_ONCE = 8


def logged_in(port: int, user: "User") -> Browser:
    """The session is made by the portal's own code, outside the clock."""
    from django.conf import settings
    from django.test import Client

    from tests.login import login

    client = Client()
    login(client, user)
    name = settings.SESSION_COOKIE_NAME
    return Browser(port, cookies={name: client.cookies[name].value})


def token(browser: Browser, path: str) -> str:
    """Of the form on this page; the cookie that belongs to it stays in the browser."""
    found = TOKEN.search(browser.get(path).body)
    assert found, path
    return found[1].decode()


def checked(answer: Answer, text: bytes) -> float:
    assert answer.status == 200, answer.status
    assert text in answer.body, text
    return answer.seconds


def one(name: str, browser: Browser, request: bytes, text: bytes) -> Subject:
    return Subject(name, lambda: checked(browser.send(request), text), browser.close)


def many(name: str, requests: list[tuple[Browser, bytes]], text: bytes) -> Subject:
    """Requests at the same moment; the seconds until the last of them is answered."""
    browsers = [browser for browser, _ in requests]

    def once() -> float:
        begin = time.perf_counter()
        for browser, request in requests:
            browser.begin(request)
        for browser in browsers:
            checked(browser.end(begin), text)
        return time.perf_counter() - begin

    def prepare() -> None:
        for browser in browsers:
            browser.close()

    return Subject(name, once, prepare)
