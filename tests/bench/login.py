"""What a login costs: its pages and steps beside an empty view and beside the hash alone.

    make bench-login

Bars: performance.md. The password step may cost what the hash costs, and 6 ms for all around it.
"""

import re
import sys
from typing import TYPE_CHECKING

from tests.bench.client import Browser
from tests.bench.server import THREADS, WORKERS, running_server
from tests.bench.slices import Subject, measure
from tests.bench.table import Bar, Run, ratio

if TYPE_CHECKING:
    from accounts.models import TotpDevice, User

LOGIN, CHECK, START = "/inloggen/", "/inloggen/controle/", "/start/"
LONGEST = 140  # seconds of measuring; with the start it stays under three minutes
VISITORS = 60  # code steps per slice: a code works once, so each needs a person of his own
AROUND_THE_HASH = 6.0  # ms
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="(\w+)"')


def main() -> int:
    with running_server() as port:
        run = login_run(port)
        measure([*run.empty, *run.subjects], longest=LONGEST)
        print(f"login: one client, gunicorn with {WORKERS} processes of {THREADS} threads\n")
        print("\n".join(run.lines()))
        return 0 if run.is_met or run.doubt else 1


def login_run(port: int) -> Run:
    people = make_people()
    empty = [page(port, f"empty view {letter}", "/meting/leeg/", b"ok") for letter in "ABC"]
    hash_alone = page(port, "hash alone", "/meting/hash/", b"ok")
    login_page = page(port, "login page", LOGIN, b"<h1>Inloggen</h1>")
    password = PasswordStep(port, people[0])
    password_step = Subject("password step (POST)", password, password.browser.close)
    code_page = CodePage(port, people[0])
    code_step = CodeStep(port)
    bars = [
        ratio(login_page, "at most 7 x empty", 7, *empty),
        Bar(
            password_step,
            f"at most {AROUND_THE_HASH:.0f} ms more than the hash",
            AROUND_THE_HASH,
            lambda: (password_step.p50 - hash_alone.p50) * 1000,
        ),
    ]
    code = Subject("code page", code_page, code_page.prepare)
    bars.append(ratio(code, "at most 19 x empty", 19, *empty))
    step = Subject("code step (POST)", code_step, code_step.prepare)
    return Run(empty, [hash_alone, login_page, password_step, code, step], bars)


def page(port: int, name: str, path: str, text: bytes) -> Subject:
    """A page that anybody may open; each answer must be 200 and hold `text`."""
    browser = Browser(port)
    request = browser.request("GET", path)

    def once() -> float:
        answer = browser.send(request)
        assert answer.status == 200, answer.status
        assert text in answer.body
        return answer.seconds

    return Subject(name, once, browser.close)


def visitor(port: int) -> tuple[Browser, str]:
    """A browser that opened the login page, and the token of its form."""
    browser = Browser(port)
    found = TOKEN.search(browser.get(LOGIN).body)
    assert found
    return browser, found[1].decode()


class PasswordStep:
    """The right password of somebody with an app: hashed, a new session, on to the code page."""

    def __init__(self, port: int, user: "User") -> None:
        from tests.bench.urls import PASSWORD

        self.browser, token = visitor(port)
        form = {"csrfmiddlewaretoken": token, "username": user.username, "password": PASSWORD}
        self.request = self.browser.request("POST", LOGIN, form)

    def __call__(self) -> float:
        answer = self.browser.send(self.request)
        assert (answer.status, answer.location) == (302, CHECK), (answer.status, answer.location)
        return answer.seconds


class CodePage:
    """The page that asks for the code, after the password."""

    def __init__(self, port: int, user: "User") -> None:
        self.user = user
        self.browser = Browser(port)

    def prepare(self) -> None:
        self.browser.close()
        self.browser.cookies["__Host-sid"] = session_after_password(self.user)
        self.request = self.browser.request("GET", CHECK)

    def __call__(self) -> float:
        answer = self.browser.send(self.request)
        assert answer.status == 200, answer.status
        assert b"Authenticatiecode" in answer.body
        return answer.seconds


class CodeStep:
    """A right code: used up, logged, a new session, logged in."""

    def __init__(self, port: int) -> None:
        self.browser, self.token = visitor(port)
        self.own_cookies = dict(self.browser.cookies)
        self.requests: list[bytes] = []

    def prepare(self) -> None:
        """Everybody gave the password a moment ago, and has a code that is not used up."""
        from accounts.models import TotpDevice

        self.browser.close()
        TotpDevice.objects.update(last_t=-1)
        self.requests = [
            self._request(device) for device in TotpDevice.objects.select_related("user")
        ]

    def _request(self, device: "TotpDevice") -> bytes:
        session = {"__Host-sid": session_after_password(device.user)}
        self.browser.cookies = self.own_cookies | session
        code = device.code_at(device.current_step())
        return self.browser.request(
            "POST", CHECK, {"csrfmiddlewaretoken": self.token, "code": code}
        )

    def __call__(self) -> float | None:
        if not self.requests:
            return None
        answer = self.browser.send(self.requests.pop())
        assert (answer.status, answer.location) == (302, START), (answer.status, answer.location)
        return answer.seconds


def make_people() -> "list[User]":
    """Active users with an authenticator app; one hash for all of them, it is the same password."""
    from accounts.models import TotpDevice, User
    from tests.bench.urls import ENCODED

    people = [
        User(
            username=f"bench{number}",
            email=f"bench{number}@voorbeeld.test",
            password=ENCODED,
            state=User.State.ACTIVE,
        )
        for number in range(VISITORS)
    ]
    User.objects.bulk_create(people)
    devices = [TotpDevice(user=user, key=TotpDevice.new_key(), confirmed=True) for user in people]
    TotpDevice.objects.bulk_create(devices)
    return people


def session_after_password(user: "User") -> str:
    """The key of a session in which this user just gave the right password."""
    from django.contrib.auth.models import AnonymousUser
    from django.http import HttpRequest

    from accounts import pending
    from accounts.sessions import SessionStore

    request = HttpRequest()
    request.session, request.user = SessionStore(), AnonymousUser()
    pending.begin(request, user, None)
    request.session.save()
    return str(request.session.session_key)


if __name__ == "__main__":
    sys.exit(main())
