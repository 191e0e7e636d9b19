"""The gate: nothing but the public pages without both steps; sessions that end; ways back."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts import audit
from accounts.models import AuditEvent, Session, TotpDevice, User
from accounts.targets import Target
from tests.accounts.steps import LOGIN, add_app, give_code, give_password, is_inside
from tests.factories import PASSWORD
from tests.login import login, totp_code

pytestmark = pytest.mark.urls("tests.accounts.pages")
PAGE = "/proef/pagina/"

# What anybody may open. A view that is not named here asks for both steps.
PUBLIC = {
    "accounts:access-asked",
    "accounts:access-request",
    "accounts:activate",
    "accounts:activation-done",
    "accounts:activation-invalid",
    "accounts:activation-password",
    "accounts:activation-resume",
    "accounts:activation-welcome",
    "accounts:email-confirm",
    "accounts:email-link",
    "accounts:enrol-app",
    "accounts:enrol-app-check",
    "accounts:enrol-backup",
    "accounts:enrol-choose",
    "accounts:enrol-no-extra",
    "accounts:enrol-sms",
    "accounts:enrol-sms-check",
    "accounts:enrol-sms-resend",
    "accounts:login",
    "accounts:login-backup",
    "accounts:login-check",
    "accounts:login-choice",
    "accounts:login-passkey",
    "accounts:login-resend",
    "accounts:logout",
    "accounts:password-forgotten",
    "accounts:password-link",
    "accounts:password-new",
    "accounts:password-sent",
    "accounts:sms-kannel",
    "accounts:sms-receipt",
    "accounts:session-state",
    "accounts:session-extend",
    "accounts:username-forgotten",
    "accounts:username-sent",
    "health",
    "mailbox",  # in development only
    "portal:help",
    "portal:landing",
}


def views(
    resolver: URLResolver, namespace: str = "", prefix: str = "/"
) -> list[tuple[str, str, URLPattern]]:
    """Name, address (with converters still in it) and pattern of each view."""
    found = []
    for entry in resolver.url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            found += views(entry, inner, address)
        else:
            found.append((f"{namespace}{entry.name or entry.pattern}", address, entry))
    return found


def test_only_the_pages_named_here_are_public() -> None:
    public = {
        name
        for name, _, pattern in views(get_resolver("portal.urls"))
        if not getattr(pattern.callback, "login_required", True)
    }

    assert public == PUBLIC


def test_the_list_of_views_is_not_empty() -> None:
    assert len(views(get_resolver("portal.urls"))) > 40


def test_django_s_own_login_page_leads_to_ours(client: Client, hugo: User) -> None:
    add_app(hugo)
    response = client.post("/beheer/login/", {"username": "hugo", "password": PASSWORD})

    assert response.url.startswith(LOGIN)
    assert "_auth_user_id" not in client.session


def test_a_visitor_goes_to_the_login_and_back_to_the_page(client: Client, anna: User) -> None:
    device = add_app(anna)
    address = client.get("/start/").url
    assert address == "/inloggen/?volgende=%2Fstart%2F"
    address = client.get("/help/").status_code
    give_password(client, anna, path="/inloggen/?volgende=/help/")

    assert give_code(client, totp_code(device)).url == "/help/"


def test_the_password_step_is_not_inside(client: Client, anna: User) -> None:
    add_app(anna)
    give_password(client, anna)

    closed = [
        address
        for name, address, _ in views(get_resolver("portal.urls"))
        if name not in PUBLIC and not re.search(r"[<(]", address)
    ]
    assert "/start/" in closed
    assert "/beheer/" in closed
    for address in closed:
        for response in (client.get(address), client.post(address)):
            assert response.status_code == 302, address
            assert response.url.startswith(LOGIN), address


def test_logged_in_without_a_second_step_is_logged_out(client: Client, anna: User) -> None:
    """However that came to be: Django's own login alone is not enough."""
    client.force_login(anna)

    assert client.get(PAGE).status_code == 302
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("loss", ["unconfirmed", "deleted"])
def test_a_factor_that_is_gone_ends_its_sessions(client: Client, anna: User, loss: str) -> None:
    device = login(client, anna)
    assert is_inside(client)
    if loss == "deleted":
        device.delete()
    else:
        TotpDevice.objects.filter(pk=device.pk).update(confirmed=False)

    assert not is_inside(client)
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("change", ["epoch", "password", "blocked", "state"])
def test_a_change_of_the_account_ends_its_sessions(client: Client, anna: User, change: str) -> None:
    login(client, anna)
    if change == "epoch":
        anna.security_epoch += 1
    elif change == "password":
        anna.set_password("een heel ander wachtwoord")
    elif change == "blocked":
        anna.is_active = False
    else:
        anna.state = User.State.INVITED
    anna.save()

    assert not is_inside(client)


def test_the_device_of_somebody_else_does_not_count(client, anna: User, bram: User) -> None:
    login(client, anna)
    session = client.session
    session["otp_device_id"] = add_app(bram).persistent_id
    session.save()

    assert not is_inside(client)


def inside_for(client: Client, user: User, minutes: int, step: int) -> float:
    """Minutes for which somebody who does something every `step` minutes stays inside."""
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        login(client, user)
        for passed in range(0, minutes, step):
            if not is_inside(client):
                return passed
            clock.shift(timedelta(minutes=step))
    return minutes


def test_an_employer_user_is_out_after_half_an_hour_of_nothing(client, anna: User) -> None:
    assert inside_for(client, anna, 60, step=29) == 60
    assert inside_for(client, anna, 60, step=31) == 31


def test_an_employer_user_is_out_after_twelve_hours(client: Client, anna: User) -> None:
    assert inside_for(client, anna, 13 * 60, step=20) == 12 * 60


def test_staff_are_out_after_a_quarter_of_an_hour_and_eight_hours(client, hugo: User) -> None:
    assert inside_for(client, hugo, 60, step=14) == 60
    assert inside_for(client, hugo, 60, step=16) == 16
    assert inside_for(client, hugo, 9 * 60, step=10) == 8 * 60


def test_use_is_noted_at_most_once_a_minute(client: Client, anna: User) -> None:
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        login(client, anna)
        noted = []
        for _ in range(4):
            clock.shift(25)
            client.get(PAGE)
            noted.append(client.session["seen_at"] - 1_800_000_000)

    assert noted == [0, 0, 75, 75]


def test_after_the_end_the_old_session_is_gone(client: Client, anna: User) -> None:
    login(client, anna)
    key = client.session.session_key
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        page = client.get(PAGE, follow=True).content.decode()

    assert "U bent uitgelogd" in page
    assert not Session.objects.filter(session_key=key).exists()
    event = AuditEvent.objects.get(action="logout")
    assert event.detail == {"reason": "idle"}
    assert (event.ip, event.session_ref) == ("127.0.0.1", audit.session_ref(key))
    assert event.request_id


def test_logging_out_leaves_nothing(client: Client, anna: User) -> None:
    login(client, anna)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    response = client.post("/uitloggen/")

    assert response.url == "/"
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    client.cookies[settings.SESSION_COOKIE_NAME] = cookie
    assert not is_inside(client)
    assert AuditEvent.objects.filter(action="logout", actor=anna).count() == 1


def test_logging_out_is_a_post_and_works_twice(client: Client, anna: User) -> None:
    login(client, anna)
    assert client.get("/uitloggen/").status_code == 405

    assert client.post("/uitloggen/").url == client.post("/uitloggen/").url == "/"


def test_logging_out_needs_the_csrf_token(anna: User) -> None:
    client = Client(enforce_csrf_checks=True)
    login(client, anna)

    assert client.post("/uitloggen/").status_code == 403
    assert is_inside(client)


@pytest.mark.parametrize("path", [PAGE, "/", LOGIN, "/bestaat-niet/"])
def test_no_page_is_kept_by_a_browser(client: Client, anna: User, path: str) -> None:
    login(client, anna)
    headers = client.get(path).headers

    assert headers["Cache-Control"] == "no-store"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


def test_a_search_while_typing_leads_to_the_login_too(client: Client, db: None) -> None:
    response = client.get(
        PAGE, headers={"hx-request": "true", "hx-current-url": "http://testserver/start/?q=x"}
    )

    assert response.status_code == 204
    assert response.headers["HX-Redirect"] == "/inloggen/?volgende=%2Fstart%2F"


@pytest.mark.parametrize("address", ["http://[", "", "https://evil.example/", "\\\\x"])
def test_a_current_page_that_is_none_leads_to_the_login_only(
    client: Client, db: None, address: str
) -> None:
    response = client.get(PAGE, headers={"hx-request": "true", "hx-current-url": address})

    assert response.headers["HX-Redirect"] == "/inloggen/"


@pytest.mark.parametrize("value", ['"\\000aaaaaaaaaaaa"', "é" * 40, "x" * 300, "a b c d e f"])
def test_a_session_id_that_we_never_gave_is_no_session(
    client: Client, db: None, value: str
) -> None:
    response = client.get(PAGE, headers={"cookie": f"{settings.SESSION_COOKIE_NAME}={value}"})

    assert response.url == "/inloggen/"


def test_a_refusal_to_a_user_is_an_event(anna: User) -> None:
    client = Client(enforce_csrf_checks=True)
    login(client, anna)
    client.post(PAGE)

    event = AuditEvent.objects.get(action="access.denied")
    assert (event.actor, event.outcome, event.detail) == (anna, "DENIED", {"page": "proef:page"})


NOT_OURS = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "http:evil.example",
    "/%2f%2fevil.example",
    "/start/../../evil",
    "javascript:alert(1)",
    "/uitloggen/",
    "/inloggen/",
    "/proef/pagina/",
    "/documenten/0e7b4f0e-0000-4000-8000-000000000000/",
    "/beheer/logout/",
    "/start",
    "start/",
    "/start/\x00",
    "/start/\r\nSet-Cookie: x=1",
    "x" * 3000,
    "",
    "http://[",
]


@pytest.mark.parametrize("path", NOT_OURS)
def test_a_login_leads_nowhere_else(client: Client, anna: User, path: str) -> None:
    device = add_app(anna)
    client.post(
        LOGIN,
        {"username": "anna", "password": "een lang wachtwoord 12"},
        query_params={"volgende": path},
    )
    response = give_code(client, totp_code(device))

    assert response.url == "/start/"


def test_the_host_of_a_target_is_ignored(db: None) -> None:
    """The page counts, not where it is said to be: the address is made anew from its name."""
    target = Target.from_path("https://evil.example/start/")

    assert target is not None
    assert target.address == "/start/"


def test_staff_do_not_land_on_an_employer_s_page(client: Client, hugo: User) -> None:
    device = add_app(hugo)
    give_password(client, hugo, path="/inloggen/?volgende=/start/")

    assert give_code(client, totp_code(device)).url == "/beheer/"


def test_employer_users_do_not_land_in_the_back_office(client: Client, anna: User) -> None:
    device = add_app(anna)
    give_password(client, anna, path="/inloggen/?volgende=/beheer/")

    assert give_code(client, totp_code(device)).url == "/start/"


def test_staff_come_back_to_their_page_in_the_back_office(client: Client, hugo: User) -> None:
    device = add_app(hugo)
    page = reverse("admin:accounts_auditevent_changelist")
    give_password(client, hugo, path=client.get(page).url)

    assert give_code(client, totp_code(device)).url == page
