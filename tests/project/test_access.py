"""Who gets what from each address: the portal's answers against the table in access.txt.

Every address of the resolver must be in the table, the back office's included, so a new page fails
here until somebody has said who may see it. Source: security.md E9, C11, C12, C10, G1.
"""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import AuditEvent, User
from tests.login import login
from tests.project.access import (
    ROUTES,
    TABLE,
    VISITORS,
    World,
    address_of,
    ask,
    client_with,
    key_in,
    outcome,
    undone,
)

# What lies in a dossier: who sees it, sees something of that person or company.
IN_A_DOSSIER = {"dossier", "company", "trajectory", "document"} | {
    "dossiers.employee",
    "absence.trajectory",
    "documents.document",
    "documents.casenote",
}


def test_every_address_is_in_the_table() -> None:
    missing, gone = ROUTES.keys() - TABLE.keys(), TABLE.keys() - ROUTES.keys()

    assert not missing, "say in access.txt who may see these"
    assert not gone, "these are no addresses any more"


@pytest.mark.parametrize("visitor", VISITORS, indirect=True)
def test_each_address_answers_as_the_table_says(
    visitor: Any, world: World, request: pytest.FixtureRequest
) -> None:
    who = request.node.callspec.params["visitor"]
    wrong = []
    for row in TABLE.values():
        address = address_of(row, key_in(world))
        for method, expected in zip(("get", "post"), row.outcomes[who], strict=True):
            with undone():
                got = outcome(client_with(visitor), method, address)
            if got != expected:
                wrong.append(f"{row.name} {method.upper()}: {got}, not {expected}")

    assert wrong == []


@pytest.mark.parametrize("visitor", ["anna", "ilse", "hugo"], indirect=True)
def test_each_visit_leaves_the_event_that_the_table_names(
    visitor: Any, world: World, request: pytest.FixtureRequest
) -> None:
    """Also which dossier it was, wherever the address names one (NEN 7513)."""
    who = request.getfixturevalue(request.node.callspec.params["visitor"])
    dossiers = {world["dossier"].uuid, world["company"].uuid}
    silent = []
    for row in TABLE.values():
        if row.event == "-" or row.outcomes[who.username][0] != "200":
            continue
        with undone():
            ask(client_with(visitor), "get", address_of(row, key_in(world)))
            events = AuditEvent.objects.filter(actor=who, action=row.event, outcome="OK")
            if IN_A_DOSSIER & {*row.about}:
                events = events.filter(dossier_uuid__in=dossiers, employer=world["employer"])
            if not events.exists():
                silent.append(f"{row.name}: no event {row.event}")

    assert silent == []


def test_every_address_about_a_dossier_names_its_event() -> None:
    silent = [
        row.name
        for row in TABLE.values()
        if IN_A_DOSSIER & {*row.about} and row.event == "-" and not row.name.startswith("beheer/")
    ]

    assert silent == []


def nothing(what: str) -> object:
    """A key of the right shape that no row has."""
    if what.startswith("="):
        return what[1:]
    return 10**9 if "." in what else uuid4()


def comparable(body: bytes) -> str:
    """Without what differs at each request: reference, CSRF token, seconds left."""
    text = re.sub(r"<code>[0-9a-f]{8}</code>", "", body.decode())
    text = re.sub(r'data-(idle|absolute)="\d+"', "", text)
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)


def test_what_is_not_yours_looks_exactly_like_what_is_not_there(
    client: Client, world: World, bram: User
) -> None:
    login(client, bram)
    hidden = different = 0
    for row in TABLE.values():
        for method, expected in zip(("get", "post"), row.outcomes["bram"], strict=True):
            if row.about and expected == "404":
                theirs = ask(client, method, address_of(row, key_in(world)))
                nobodys = ask(client, method, address_of(row, nothing))
                hidden += 1
                different += comparable(theirs.content) != comparable(nobodys.content)
                assert theirs.status_code == nobodys.status_code == 404, f"{row.name} {method}"

    assert hidden > 20
    assert different == 0
