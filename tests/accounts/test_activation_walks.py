"""However somebody walks through the activation: active is only who can log in afterwards.

Random walks with fixed seeds: right and wrong answers, in any order, in two browsers, with pages
skipped, repeated and opened again. Source: security.md A5, A6.
"""

import random
import re

import pytest
from django.test import Client

from accounts.actions.users import invite
from accounts.models import BackupCodeDevice, SmsDevice, TotpDevice, User
from tests.factories import PASSWORD, make_user
from tests.jobs import run_jobs
from tests.login import totp_code

BASE = "/activeren/"
STEPS = 40
WALKS = 25


class Walk:
    """One invited user, the link, and two browsers that go on wherever they like."""

    def __init__(self, seed: int, by: User, outbox: list) -> None:
        self.dice = random.Random(seed)  # noqa: S311 - the same walk each time
        self.user = make_user(f"noor{seed}", state=User.State.INVITED)
        invite(by=by, user=self.user)
        run_jobs()
        found = re.search(rf"{BASE}[^/\s]+/", str(outbox[-1].body))
        assert found
        self.link = found.group()
        self.browsers = [Client(raise_request_exception=False) for _ in range(2)]

        for browser in self.browsers:
            browser.get(self.link)

    def step(self) -> None:
        """The way forward more often than the rest, or no walk would ever end."""
        self.browser = self.dice.choices(self.browsers, [5, 1])[0]
        forward = [
            self.choose_password,
            self.go_on,
            self.start_app,
            self.right_app_code,
            self.no_extra,
            self.noted,
        ]
        astray = [
            self.open,
            self.wrong_app_code,
            self.wrong_password,
            self.not_noted,
            self.look,
            self.lose_factors,
        ]
        self.dice.choice(self.dice.choices([forward, astray], [3, 1])[0])()

    def post(self, page: str, **data: str) -> None:
        assert self.browser.post(f"{BASE}{page}/", data).status_code < 500

    def open(self) -> None:
        self.browser.get(self.link)

    def choose_password(self) -> None:
        self.post("wachtwoord", password=PASSWORD, again=PASSWORD)

    def go_on(self) -> None:
        self.post("verder", password=PASSWORD)

    def start_app(self) -> None:
        self.post("app", has_app="ja")

    def right_app_code(self) -> None:
        device = TotpDevice.objects.filter(user=self.user, confirmed=False).first()
        self.post("app/controle", code=totp_code(device) if device else "123456")

    def wrong_app_code(self) -> None:
        self.post("app/controle", code="000000")

    def no_extra(self) -> None:
        self.post("geen-extra")

    def noted(self) -> None:
        self.post("back-up-code", is_noted="on")

    def not_noted(self) -> None:
        self.post("back-up-code")

    def wrong_password(self) -> None:
        self.post("verder", password="fout")

    def look(self) -> None:
        page = self.dice.choice(["keuze", "sms", "app", "app/controle", "back-up-code", "klaar"])
        assert self.browser.get(f"{BASE}{page}/").status_code < 500

    def lose_factors(self) -> None:
        """As when staff or a clean-up took an unfinished factor away. Not of who is active."""
        if self.state != User.State.ACTIVE:
            TotpDevice.objects.filter(user=self.user).delete()

    @property
    def state(self) -> str:
        return User.objects.get(pk=self.user.pk).state

    def can_log_in(self) -> bool:
        """A confirmed factor, an acknowledged back-up code, a password."""
        factors = [
            model.objects.filter(user=self.user, confirmed=True).exists()
            for model in (TotpDevice, SmsDevice)
        ]
        backup = BackupCodeDevice.objects.filter(user=self.user, confirmed=True)
        has_password = User.objects.get(pk=self.user.pk).has_usable_password()
        return any(factors) and backup.count() == 1 and has_password


@pytest.fixture(autouse=True)
def tireless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without waiting after wrong answers: the walk is about the steps."""
    for limit in ("code_attempt", "password_attempt"):
        monkeypatch.setattr(f"accounts.throttle.{limit}", lambda **_: 0)
    monkeypatch.setattr("accounts.models.devices.Factor.seconds_to_wait", 0)


def test_nobody_is_active_without_all_that_a_login_takes(ilse: User, mailoutbox: list) -> None:
    ends = []
    for seed in range(WALKS):
        walk = Walk(seed, ilse, mailoutbox)
        for number in range(STEPS):
            walk.step()
            if walk.state == User.State.ACTIVE:
                assert walk.can_log_in(), f"walk {seed}, step {number}"
        ends.append(walk.state)

    assert ends.count(User.State.ACTIVE) >= 3
    assert len(set(ends)) >= 4  # the walks also end halfway
