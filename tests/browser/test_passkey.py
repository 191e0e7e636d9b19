"""Passkeys in Chromium, with the virtual authenticator of its DevTools. Source: security.md C16."""

import re
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.browser.axe import overflow, violations
from tests.browser.conftest import Visit
from tests.browser.newcomers import arrive
from tests.browser.portal import Portal
from tests.browser.steps import fill, follow, give_password, press

NAME = "Laptop kantoor"
MAKING = "/account/passkey-toevoegen/"


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
