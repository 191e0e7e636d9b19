"""A real portal and a real Chromium, for every test in this folder."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.portal import VAR_DIR, Portal, locked, running_portal
from tests.browser.steps import log_in
from tests.browser.watch import Watch

FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)


@pytest.fixture(scope="session")
def portal() -> Portal:
    return running_portal()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium: nothing is downloaded."""
    # Playwright keeps an event loop in this thread, which Django would take for async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "yes"
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    assert chromium, "install chromium, or run make test, which does"
    return browser_type_launch_args | {"executable_path": chromium, "args": FLAGS.split()}


@pytest.fixture(scope="session")
def browser_context_args(portal: Portal) -> dict[str, Any]:
    return {
        "base_url": portal.url,
        "locale": "nl-NL",
        "timezone_id": "Europe/Amsterdam",
        "viewport": {"width": 1280, "height": 900},
    }


Visit = Callable[..., Page]


@pytest.fixture
def visit(
    browser: Browser, browser_context_args: dict[str, Any], portal: Portal
) -> Iterator[Visit]:
    """`visit("anna")` is a page of a browser in which anna is logged in; `visit()` of nobody's.

    Any option of a browser context goes. Whatever goes wrong in a page fails the test at its end.
    """
    contexts: list[tuple[BrowserContext, Watch]] = []

    def open_page(username: str = "", **options: Any) -> Page:
        state = logged_in(browser, browser_context_args, portal, username) if username else None
        context = browser.new_context(**browser_context_args | options, storage_state=state)
        context.set_default_timeout(10_000)
        contexts.append((context, Watch(context)))
        return context.new_page()

    yield open_page
    for context, _ in contexts:
        context.close()
    for _, watch in contexts:
        assert watch.problems == []


def logged_in(browser: Browser, context_args: dict[str, Any], portal: Portal, username: str) -> str:
    """The cookies of one login per person and run: each app code works only once."""
    state = VAR_DIR / f"{username}.cookies"
    with locked(VAR_DIR / f"{username}.lock"):
        if not state.exists():
            context = browser.new_context(**context_args)
            log_in(context.new_page(), portal, username)
            context.storage_state(path=state)
            context.close()
    return str(state)
