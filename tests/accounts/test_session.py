"""/sessie/: how long the login still lasts. Looking extends nothing, "Blijf ingelogd" does."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from accounts.models import AuditEvent, User
from tests.accounts.steps import add_app, give_code, give_password, is_inside
from tests.login import login, totp_code

pytestmark = pytest.mark.urls("tests.accounts.pages")
STATE, EXTEND, PAGE = "/sessie/", "/sessie/verlengen/", "/proef/pagina/"
NOW = 1_800_000_000
MINUTE, HOUR = 60, 3600


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def left(client: Client) -> tuple[int, int]:
    answer = client.get(STATE).json()
    return answer["idle"], answer["absolute"]


def test_an_employer_user_has_half_an_hour_and_twelve_hours(client, anna: User, clock) -> None:
    login(client, anna)

    assert left(client) == (30 * MINUTE, 12 * HOUR)


def test_staff_have_a_quarter_of_an_hour_and_eight_hours(client, hugo: User, clock) -> None:
    login(client, hugo)

    assert left(client) == (15 * MINUTE, 8 * HOUR)


def test_looking_does_not_keep_a_login_alive(client: Client, anna: User, clock) -> None:
    login(client, anna)
    for minute in range(1, 30):
        clock.shift(timedelta(minutes=1))
        assert left(client) == ((30 - minute) * MINUTE, 12 * HOUR - minute * MINUTE)
    clock.shift(timedelta(minutes=1))

    assert client.get(STATE).json() == {"user": ""}
    assert not is_inside(client)
    assert AuditEvent.objects.get(action="logout").detail == {"reason": "idle"}


def test_the_button_does(client: Client, anna: User, clock) -> None:
    login(client, anna)
    for _ in range(4):
        clock.shift(timedelta(minutes=28))
        assert client.post(EXTEND).json()["idle"] == 30 * MINUTE

    assert is_inside(client)


def test_nothing_goes_beyond_twelve_hours(client: Client, anna: User, clock) -> None:
    login(client, anna)
    for _ in range(12 * 3 - 1):
        clock.shift(timedelta(minutes=20))
        client.post(EXTEND)
    assert left(client) == (30 * MINUTE, 20 * MINUTE)
    clock.shift(timedelta(minutes=20))

    assert client.post(EXTEND).json() == {"user": ""}


def test_the_button_brings_back_no_login_that_ended(client: Client, anna: User, clock) -> None:
    login(client, anna)
    clock.shift(timedelta(minutes=31))

    assert client.post(EXTEND).json() == {"user": ""}
    assert not is_inside(client)


def test_the_button_needs_the_csrf_token(anna: User, clock) -> None:
    client = Client(enforce_csrf_checks=True)
    login(client, anna)
    clock.shift(timedelta(minutes=10))

    assert client.post(EXTEND).status_code == 403
    assert left(client)[0] == 20 * MINUTE
    token = client.get(STATE).json()["token"]
    assert client.post(EXTEND, headers={"x-csrftoken": token}).json()["idle"] == 30 * MINUTE


def test_a_visitor_learns_nothing(client: Client, db: None) -> None:
    assert client.get(STATE).json() == client.post(EXTEND).json() == {"user": ""}


def test_between_the_steps_nobody_is_inside(client: Client, anna: User) -> None:
    add_app(anna)
    give_password(client, anna)

    assert client.get(STATE).json() == {"user": ""}


def page_data(client: Client, path: str) -> dict[str, str]:
    """What the page gives its script: the attributes of the part about the end of the login."""
    tag = re.search(r"<div class=\"login-end\"[^>]*>", client.get(path).content.decode())
    return dict(re.findall(r'data-(\w+)="([^"]*)"', tag[0])) if tag else {}


@pytest.mark.parametrize(("name", "path"), [("anna", "/help/"), ("hugo", "/beheer/")])
def test_a_page_says_how_long_the_login_lasts(client, request, clock, name, path) -> None:
    login(client, request.getfixturevalue(name))
    clock.shift(timedelta(minutes=10))
    data = page_data(client, path)
    answer = client.get(STATE).json()

    assert (int(data["idle"]), int(data["absolute"])) == (answer["idle"], answer["absolute"])
    assert (data["user"], data["state"]) == (answer["user"], STATE)


def test_a_page_without_login_says_nothing(client: Client, db: None) -> None:
    assert page_data(client, "/help/") == {}


def test_the_mark_tells_users_apart_and_survives_a_new_login(anna: User, bram: User) -> None:
    marks = []
    for user in (anna, bram, anna):
        client = Client()
        login(client, user)
        marks.append(client.get(STATE).json()["user"])

    assert marks[0] == marks[2] != marks[1]
    assert all(str(user.pk) != mark for user, mark in zip((anna, bram), marks, strict=False))


def test_the_token_that_it_gives_suits_a_page_from_before_a_new_login(anna: User) -> None:
    client = Client(enforce_csrf_checks=True)
    device = login(client, anna)
    old = client.get(STATE).json()["token"]
    client.post("/uitloggen/", headers={"x-csrftoken": old})
    page = client.get("/inloggen/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    client.defaults["HTTP_X_CSRFTOKEN"] = token[1]
    give_password(client, anna)
    give_code(client, totp_code(device))
    del client.defaults["HTTP_X_CSRFTOKEN"]
    renewed = client.get(STATE).json()["token"]

    assert client.post(PAGE, headers={"x-csrftoken": old}).status_code == 403
    assert client.post(PAGE, headers={"x-csrftoken": renewed}).status_code == 200
