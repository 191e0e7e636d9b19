"""What holds for every address there is. Source: security.md D5, D9, D11, D13."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.project.access import TABLE, VISITORS, World, address_of, ask, client_with, key_in, sizes

# Posted to by another computer, which signs what it says: it has no form of ours.
SIGNED = {"accounts:sms-receipt"}
PEOPLE = ["anna", "ilse", "hugo", "half", "recovering"]
STRICT = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": {"same-origin", "no-referrer"},
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


# Asking for every page is what takes the time: what each kind of visitor was answered, by page.
ANSWERS: dict[str, dict[str, Any]] = {}


def look_at_all(cookies: Any, world: World) -> dict[str, Any]:
    return {
        row.name: ask(client_with(cookies), "get", address_of(row, key_in(world)))
        for row in TABLE.values()
    }


@pytest.fixture
def answers(visitor: Any, world: World, request: pytest.FixtureRequest) -> dict[str, Any]:
    """What this visitor is answered on every page."""
    who = request.node.callspec.params["visitor"]
    if who not in ANSWERS:
        ANSWERS[who] = look_at_all(visitor, world)
    return ANSWERS[who]


@pytest.mark.parametrize("visitor", PEOPLE, indirect=True)
def test_looking_changes_nothing(
    visitor: Any, world: World, request: pytest.FixtureRequest
) -> None:
    before = sizes()
    seen = look_at_all(visitor, world)

    assert len(seen) == len(TABLE)
    assert sizes() == before
    ANSWERS[request.node.callspec.params["visitor"]] = seen


@pytest.mark.parametrize("visitor", VISITORS, indirect=True)
def test_nothing_is_changed_without_the_token_of_our_own_form(visitor: Any, world: World) -> None:
    before = sizes()
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    strict.cookies.update(visitor)
    for row in TABLE.values():
        answer = strict.post(address_of(row, key_in(world)))
        assert answer.status_code == 403, f"{row.name}: {answer.status_code}"
        assert row.name in SIGNED or "formulier" in answer.content.decode(), row.name
    assert sizes() == before


@pytest.mark.parametrize("visitor", ["anna", "ilse", "nobody"], indirect=True)
def test_nothing_is_changed_from_another_site_also_with_our_token(
    visitor: Any, world: World
) -> None:
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    strict.cookies.update(visitor)
    token = strict.get(reverse("accounts:password-forgotten")).context["csrf_token"]
    data = {"csrfmiddlewaretoken": str(token)}
    before = sizes()
    for row in TABLE.values():
        if row.name in SIGNED:
            continue
        address = address_of(row, key_in(world))
        answer = strict.post(address, data, headers={"origin": "https://evil.example"})
        assert answer.status_code == 403, f"{row.name}: {answer.status_code}"
    assert sizes() == before
    own = {"origin": "http://testserver"}
    assert strict.post(reverse("accounts:logout"), data, headers=own).status_code == 302


@pytest.mark.parametrize("visitor", ["anna", "ilse", "nobody"], indirect=True)
def test_every_answer_carries_the_strict_headers(answers: dict[str, Any]) -> None:
    for name, response in answers.items():
        for header, allowed in STRICT.items():
            value = response.headers.get(header)
            assert value in allowed if isinstance(allowed, set) else value == allowed, (
                f"{name}: {header} is {value}"
            )
        policy = response.headers.get("Content-Security-Policy", "")
        assert "default-src 'none'" in policy, f"{name}: {policy}"
        assert "unsafe" not in policy, f"{name}: {policy}"


def test_a_static_file_is_for_our_own_pages_only(client: Client) -> None:
    response = client.get("/static/js/search.js")

    assert response.getvalue()
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert not {"server", "access-control-allow-origin"} & {
        name.lower() for name in response.headers
    }


@pytest.mark.parametrize("visitor", PEOPLE, indirect=True)
def test_no_page_behind_the_login_stays_in_a_cache(answers: dict[str, Any]) -> None:
    kept = [
        name
        for name, response in answers.items()
        if response.status_code == 200 and "no-store" not in response.headers["Cache-Control"]
    ]

    assert kept == []
