"""Passkeys in Chromium, with the virtual authenticator of its DevTools. Source: security.md C16."""

import re
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from portal.demo.accounts import BRUG, PASSWORD, DemoUser
from tests.browser.axe import overflow, violations
from tests.browser.conftest import Visit
from tests.browser.portal import Portal, portal_database
from tests.browser.steps import fill, follow, give_app_code, give_password, press
from tests.processes import run_python

# One for each test: what they change of their accounts ends their sessions, and their choices grow.
PEOPLE = {
    "paula": DemoUser("paula", "Paula", "Prins", totp_secret="PAUL" * 8),
    "pim": DemoUser("pim", "Pim", "Prins", totp_secret="PIMP" * 8),
    "stan": DemoUser("stan", "Stan", "Smit", group="HCS", totp_secret="STAN" * 8),
}
CREATE = """
import django; django.setup()
from accounts.models import Employer, Membership
from portal.demo.accounts import create_user
from tests.browser.test_passkey import PEOPLE
user = create_user(PEOPLE[{username!r}])
if not user.is_staff:
    employer = Employer.objects.get(name={employer!r})
    Membership.objects.create(employer=employer, user=user, role="GEBRUIKER")
"""
NAME = "Laptop kantoor"
MAKING = "/account/passkey-toevoegen/"


def arrive(visit: Visit, portal: Portal, username: str) -> Page:
    """Somebody new, logged in with the app."""
    run_python(
        CREATE.format(username=username, employer=BRUG),
        DJANGO_SETTINGS_MODULE="portal.settings",  # with the portal's own password hasher
        DATABASE_URL=portal_database(),
        PUBLIC_URL=portal.url,
    )
    facts = {"username": username, "password": PASSWORD, "mobile": None}
    portal.users[username] = facts | {"totp_secret": PEOPLE[username].totp_secret}
    page = visit()
    give_password(page, portal, username)
    give_app_code(page, portal, username)
    return page


class Fingerprint:
    """An authenticator as built into a laptop, with the user's finger on it."""

    def __init__(self, page: Page) -> None:
        self.devtools: CDPSession = page.context.new_cdp_session(page)
        self.devtools.send("WebAuthn.enable")
        kind = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
        finger = {"hasUserVerification": True, "isUserVerified": True}
        options = kind | finger | {"automaticPresenceSimulation": True}
        added = self.devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self.id = added["authenticatorId"]

    def send(self, command: str, **values: Any) -> Any:
        return self.devtools.send(f"WebAuthn.{command}", {"authenticatorId": self.id, **values})


def make_passkey(page: Page) -> None:
    fill(page, "Naam", NAME)
    press(page, "Passkey maken")
    expect(page.get_by_text("Uw passkey is toegevoegd.")).to_be_visible()


@pytest.mark.parametrize(
    ("username", "home"), [("paula", "/start/"), ("stan", "/beheer/")], ids=["employer", "staff"]
)
def test_from_the_account_page_to_a_login_without_a_code(
    visit: Visit, portal: Portal, username: str, home: str
) -> None:
    page = arrive(visit, portal, username)
    finger = Fingerprint(page)
    page.goto("/account/")
    follow(page, "Passkey toevoegen")
    make_passkey(page)
    expect(page.get_by_role("main")).to_contain_text(NAME)
    assert violations(page) == []
    press(page, "Uitloggen")

    give_password(page, portal, username)
    press(page, "passkey")
    assert violations(page) == []
    press(page, "Passkey gebruiken")
    expect(page).to_have_url(re.compile(f"{home}$"))
    expect(page.get_by_role("button", name="Uitloggen")).to_be_attached()

    page.goto(MAKING)
    fill(page, "Naam", "Dezelfde laptop")
    press(page, "Passkey maken")
    expect(page.get_by_role("alert")).to_contain_text("Op dit apparaat staat al een passkey")
    assert len(finger.send("getCredentials")["credentials"]) == 1


def test_a_ceremony_that_is_cancelled_says_so_and_may_be_done_again(
    visit: Visit, portal: Portal
) -> None:
    page = arrive(visit, portal, "pim")
    finger = Fingerprint(page)
    finger.send("setUserVerified", isUserVerified=False)
    page.goto(MAKING)
    press(page, "Passkey maken")
    expect(page.get_by_role("alert")).to_contain_text("Geef de passkey een naam.")
    fill(page, "Naam", NAME)
    press(page, "Passkey maken")
    expect(page.get_by_role("alert")).to_contain_text("U hebt geannuleerd")
    assert violations(page) == []
    assert overflow(page) == []

    finger.send("setUserVerified", isUserVerified=True)
    page.evaluate("() => { window.PublicKeyCredential = undefined }")
    press(page, "Passkey maken")
    expect(page.get_by_role("alert")).to_contain_text("kan geen passkeys gebruiken")

    page.goto(MAKING)
    make_passkey(page)
    follow(page, "Verwijderen van passkey Laptop kantoor")
    expect(page.get_by_role("heading", level=1)).to_have_text("Passkey verwijderen")
    assert violations(page) == []
    press(page, "Verwijderen")
    expect(page.get_by_text("De inlogoptie is verwijderd.")).to_be_visible()
