"""Logins whose clock a test may turn: no other test's login ends with them."""

import secrets
import time

from playwright.sync_api import Page

from accounts.sessions import LOGGED_IN_AT, SEEN_AT, SessionStore
from tests.browser.conftest import Visit
from tests.browser.portal import Portal

COOKIE = "sid"
IDLE, ABSOLUTE, STAFF_IDLE = 30 * 60, 12 * 60 * 60, 15 * 60
COPY = """
    insert into accounts_session (session_key, session_data, expire_date, user_id, created_at,
                                  seen_at, browser, network)
    select %s, session_data, expire_date, user_id, created_at, seen_at, browser, network
    from accounts_session where session_key = %s
"""


def visit_alone(visit: Visit, portal: Portal, username: str) -> Page:
    """A browser in which this person is logged in, in a session that no other test uses."""
    page = visit(username)
    new_key = secrets.token_hex(16)
    portal.change(COPY, new_key, session_key(page))
    give_session(page, new_key)
    return page


def session_key(page: Page) -> str:
    [key] = [cookie["value"] for cookie in page.context.cookies() if cookie["name"] == COOKIE]
    return key


def give_session(page: Page, key: str) -> None:
    """As if this session's login had been done in this browser."""
    [cookie] = [cookie for cookie in page.context.cookies() if cookie["name"] == COOKIE]
    page.context.add_cookies([{**cookie, "value": key}])  # type: ignore[list-item]


def let_idle(portal: Portal, page: Page, seconds: int) -> None:
    """Nothing was done for so many seconds."""
    _turn_back(portal, page, SEEN_AT, seconds)


def let_last(portal: Portal, page: Page, seconds: int) -> None:
    """The login was so many seconds ago."""
    _turn_back(portal, page, LOGGED_IN_AT, seconds)


def seconds_idle(portal: Portal, page: Page) -> float:
    return time.time() - _load(portal, session_key(page))[SEEN_AT]


def _turn_back(portal: Portal, page: Page, which: str, seconds: int) -> None:
    key = session_key(page)
    session = _load(portal, key)
    session[which] = int(time.time()) - seconds
    portal.change(
        "update accounts_session set session_data = %s where session_key = %s",
        *(SessionStore().encode(session), key),
    )


def _load(portal: Portal, key: str) -> dict[str, int]:
    [(data,)] = portal.rows("select session_data from accounts_session where session_key=%s", key)
    return SessionStore().decode(data)


def look_again(page: Page) -> None:
    """Somebody comes back to this tab."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
