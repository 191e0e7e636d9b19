"""Another session id after each step; the ones before open nothing. Source: security.md D1, D6."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.models import User
from tests.accounts.steps import (
    CHECK,
    LOGIN,
    add_app,
    give_code,
    give_password,
    is_inside,
)
from tests.factories import PASSWORD
from tests.login import totp_code

pytestmark = pytest.mark.urls("tests.accounts.pages")


def cookie(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def browser_with(key: str) -> Client:
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    return client


def test_each_step_gives_another_id_and_the_old_ones_open_nothing(
    client: Client, anna: User
) -> None:
    device = add_app(anna)
    visit = client.session
    visit["seen"] = "a visitor"
    visit.save()
    ids = [cookie(client)]
    give_password(client, anna)
    ids.append(cookie(client))
    give_code(client, totp_code(device))
    ids.append(cookie(client))
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        client.get("/account/wachtwoord/")
        client.post("/account/bevestigen/", {"password": PASSWORD})
        ids.append(cookie(client))
        give_code(client, totp_code(device))
        ids.append(cookie(client))
        assert is_inside(client)
        changed = "drie nieuwe woorden 9"
        client.post("/account/wachtwoord/", {"password": changed, "again": changed})
        ids.append(cookie(client))
        assert is_inside(client)
        for old in ids[:-1]:
            assert not is_inside(browser_with(old))
            assert browser_with(old).get(CHECK).url == LOGIN
        client.post("/uitloggen/")
        ids.append(cookie(client))
        assert not is_inside(browser_with(ids[-2]))

    assert len(set(ids)) == len(ids) == 7


def test_every_cookie_is_out_of_reach_of_scripts_and_other_sites(
    client: Client, anna: User
) -> None:
    device = add_app(anna)
    client.get(LOGIN)
    give_password(client, anna)
    give_code(client, totp_code(device))

    names = {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.BROWSER_COOKIE_NAME}
    assert {*client.cookies} == names
    for morsel in client.cookies.values():
        assert morsel["httponly"], morsel.key
        assert morsel["samesite"] == "Lax", morsel.key
        assert (morsel["path"], morsel["domain"]) == ("/", ""), morsel.key
