"""Inloggen: help page 2, by the labels on the screen."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.portal import Portal
from tests.browser.steps import fill, follow, give_app_code, give_password, press, sms_code


def is_in(page: Page) -> None:
    expect(page).to_have_url(re.compile("/start/$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Welkom")


def test_by_sms_after_asking_for_another_one(visit: Visit, portal: Portal) -> None:
    anna = portal.users["anna"]
    seen = len(portal.mailbox(anna["mobile"]))
    page = visit()
    page.goto("/")
    follow(page, "Inloggen voor uitzendorganisaties")
    fill(page, "Gebruikersnaam", "anna")
    fill(page, "Wachtwoord", anna["password"])
    press(page, "Inloggen")
    press(page, "sms")
    first = sms_code(portal.next_message(anna["mobile"], seen=seen))

    press(page, "Opnieuw sms versturen")
    expect(page.get_by_text("een nieuwe sms krijgen")).to_be_visible()  # not so soon
    portal.change("update accounts_smsdevice set sent_at = sent_at - interval '1 minute'")
    press(page, "Opnieuw sms versturen")
    second = sms_code(portal.next_message(anna["mobile"], seen=seen + 1))

    if first != second:  # one in a million
        fill(page, "Sms-code", first)
        press(page, "Inloggen")
        expect(page.get_by_role("alert")).to_be_visible()
        expect(page).to_have_title(re.compile("^Fout: "))
        portal.change(  # who types it over takes longer than the second that one failure costs
            "update accounts_smsdevice set throttling_failure_timestamp ="
            " throttling_failure_timestamp - interval '1 minute'"
        )
    fill(page, "Sms-code", second)
    press(page, "Inloggen")
    is_in(page)


def test_by_app_for_who_has_both(visit: Visit, portal: Portal) -> None:
    page = visit()
    give_password(page, portal, "anna")
    give_app_code(page, portal, "anna")
    is_in(page)


def test_without_a_choice_for_who_has_sms_only(visit: Visit, portal: Portal) -> None:
    bram = portal.users["bram"]
    seen = len(portal.mailbox(bram["mobile"]))
    page = visit()
    give_password(page, portal, "bram")
    fill(page, "Sms-code", sms_code(portal.next_message(bram["mobile"], seen=seen)))
    press(page, "Inloggen")
    is_in(page)


def test_a_wrong_password_says_the_same_as_an_unknown_name(visit: Visit, portal: Portal) -> None:
    page = visit()
    said = []
    for name in ("anna", "wie-is-dat"):
        page.goto("/inloggen/")
        fill(page, "Gebruikersnaam", name)
        fill(page, "Wachtwoord", "dit is het niet")
        press(page, "Inloggen")
        said.append(page.get_by_role("alert").inner_text())

    assert said[0] == said[1]
