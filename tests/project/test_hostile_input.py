"""Values that no browser sends, in every field and every address: refused, never an error.

What each form says about each wrong value is tested with its page; this holds for all of them, and
for those that are still to come.
"""

from collections.abc import Iterator
from itertools import cycle, product
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from tests.factories import make_employee, make_trajectory
from tests.project.access import (
    TABLE,
    Row,
    World,
    address_of,
    ask,
    client_with,
    key_in,
    sizes,
    undone,
)
from tests.project.pages import PageForm, own_forms

HOSTILE = [
    "",
    "\x00",
    "Jan\x00sen",
    "x" * 300,
    "x" * 20_000,
    "-1",
    "9" * 40,
    "1e9",
    "31-02-2026",
    "01-01-0000",
    "٣٤٥",  # digits, but not 0-9
    "😀‮\u2028",
    "'; drop table dossiers_dossier; --",
    "<script>alert(1)</script>",
    "%_\\",
    str(uuid4()),
]
WORST = ["\x00", "x" * 5_000, "9" * 40]
# Every name that some page reads from the address, and Django's own of the back office.
QUERY = ["pagina", "na", "naar", "volgende", "traject", "polis", "p", "q", "o", "e", "all", "id"]
QUERY += ["volgorde", "ziek", "jaar", "werkgever"]
QUERY += ["aanvraag", "gebruiker", "id__in", "_popup", "_to_field"]
FORM_VISITORS = ["anna", "ilse", "hugo", "nobody", "half", "recovering"]


def rows_with_forms(who: str) -> list[Row]:
    return [row for row in TABLE.values() if row.outcomes[who] == ("200", "200")]


def forms_on(cookies: Any, address: str) -> list[PageForm]:
    page = ask(client_with(cookies), "get", address)
    return [] if page.streaming else own_forms(page.content.decode(), address)


def hostile_posts(form: PageForm) -> Iterator[dict[str, Any]]:
    """All fields at once, then each field alone with one of the worst.

    Neighbours get different values, each field every second one of the list.
    """
    for turn in range(0, len(HOSTILE), 2):
        values = [HOSTILE[(at + turn) % len(HOSTILE)] for at in range(len(form.fields))]
        files = {name: SimpleUploadedFile("x" * 300, HOSTILE[turn].encode()) for name in form.files}
        yield {**dict(zip(form.fields, values, strict=True)), **files}
    for name, value in zip(form.fields, cycle(WORST), strict=False):
        yield {**form.fields, name: value}


@pytest.mark.parametrize("visitor", FORM_VISITORS, indirect=True)
def test_no_form_stores_half_or_breaks(
    visitor: Any, world: World, request: pytest.FixtureRequest
) -> None:
    who = request.node.callspec.params["visitor"]
    before, posted = sizes(), 0
    for row in rows_with_forms(who):
        address = address_of(row, key_in(world))
        for form in forms_on(visitor, address):
            for data in hostile_posts(form):
                with undone():
                    answer = client_with(visitor).post(address, data)
                    assert answer.status_code < 500, f"{row.name}: {data}"
                    if answer.status_code == 200:
                        assert sizes() == before, f"{row.name} stored something of {data}"
                posted += 1

    assert posted > 20


@pytest.mark.parametrize("visitor", ["anna", "ilse", "hugo"], indirect=True)
def test_no_address_breaks_on_its_query(
    visitor: Any, world: World, request: pytest.FixtureRequest
) -> None:
    who = request.node.callspec.params["visitor"]
    for row in [row for row in TABLE.values() if row.outcomes[who][0] == "200"]:
        for value in ["", "\x00", "9" * 40]:
            query = urlencode(dict.fromkeys(QUERY, value))
            address = f"{address_of(row, key_in(world))}?{query}"
            assert ask(client_with(visitor), "get", address).status_code < 500, address


@pytest.mark.parametrize("visitor", ["anna", "ilse"], indirect=True)
@pytest.mark.parametrize(
    "value", ["0", "9" * 40, "_00", "é%00", "..%2F..", "x" * 300, str(UUID(int=7))]
)
def test_no_address_breaks_on_its_object(visitor: Any, world: World, value: str) -> None:
    for row in TABLE.values():
        if (row.about and "<path:" in row.name) or "<str:" in row.name:
            address = address_of(row, lambda _: value)
            assert ask(client_with(visitor), "get", address).status_code < 500, address


@pytest.fixture
def theirs(bram: User) -> list[str]:
    """Every key of bram's employer that a form could be given."""
    employer = bram.memberships.get().employer
    trajectory = make_trajectory(make_employee(employer, created_by=bram))
    rows = [employer, trajectory, trajectory.dossier, trajectory.employment]
    return [str(key) for row in rows for key in (row.pk, row.uuid)]


@pytest.mark.parametrize("visitor", ["anna"], indirect=True)
def test_a_key_of_another_employer_changes_nothing_in_any_choice_or_hidden_field(
    visitor: Any, world: World, theirs: list[str], bram: User
) -> None:
    before = sizes()
    for row in rows_with_forms("anna"):
        address = address_of(row, key_in(world))
        for form in forms_on(visitor, address):
            for name, key in product(sorted(form.keys), theirs):
                with undone():
                    client_with(visitor).post(address, {**form.fields, name: key})
                    assert sizes() == before, f"{row.name} took {name}={key}"


def test_there_are_forms_to_try() -> None:
    assert {row.name for row in rows_with_forms("anna")} >= {
        "dossiers:employee-create",
        "absence:report-create",
        "documents:upload",
    }


def test_the_reader_of_forms_finds_every_field(client: Client) -> None:
    page = client.get("/inloggen/").content.decode()

    assert [set(form.fields) for form in own_forms(page, "/inloggen/")] == [
        {"username", "password"}
    ]
