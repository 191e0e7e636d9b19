"""What a page asks of the database depends on what it shows, not on how many rows there are.

Source: performance.md, "Peers" and "Bars". Each list and each tab, with ten and with a thousand.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Employer, User
from dossiers.models import Employment
from tests.crowd import (
    many_colleagues,
    many_documents,
    many_employees,
    many_ill,
    many_notes,
    many_requests,
    many_spells,
    many_statements,
)
from tests.factories import make_employee, make_trajectory
from tests.login import login

pytestmark = pytest.mark.django_db


class World:
    """Anna's employer with one employee, who was ill, and rows beside them by the hundred."""

    def __init__(self, anna: User, hugo: User, ilse: User) -> None:
        self.anna, self.hugo, self.ilse = anna, hugo, ilse
        self.employer: Employer = anna.memberships.get().employer
        self.employee = make_employee(self.employer, "Dossierhouder", created_by=anna)
        self.contract: Employment = self.employee.employments.get()
        self.report = make_trajectory(self.employee)

    def ill(self, number: int) -> None:
        many_ill(self.employer, self.anna, number)

    def employees(self, number: int) -> None:
        many_employees(self.employer, self.anna, number)

    def spells(self, number: int) -> None:
        many_spells(self.contract, self.anna, number)

    def papers(self, number: int) -> None:
        many_documents(self.report, self.anna, number)
        many_notes(self.report, self.hugo, number)

    def statements(self, number: int) -> None:
        many_statements(self.employer, self.ilse, number)

    def requests(self, number: int) -> None:
        many_requests(self.report, self.ilse, number)

    def papers_and_requests(self, number: int) -> None:
        self.papers(number)
        self.requests(number)

    def colleagues(self, number: int) -> None:
        many_colleagues(self.employer, number)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel("2026-11-24T12:00:00+01:00", tick=False):
        yield


@pytest.fixture
def world(anna: User, hugo: User, ilse: User) -> World:
    return World(anna, hugo, ilse)


def queries(ask: Callable[[], Any]) -> list[str]:
    """On both connections: the counters of security.md 2.5 have one of their own."""
    with (
        CaptureQueriesContext(connections["default"]) as asked,
        CaptureQueriesContext(connections["security"]) as counted,
    ):
        response = ask()
    assert response.status_code == 200
    return [query["sql"] for query in (*asked, *counted)]


def analyse() -> None:
    """What the database does by itself once rows are committed: without it, it plans for ten."""
    with connections["default"].cursor() as cursor:
        cursor.execute("ANALYZE")


LISTS = [
    ("/start/", World.ill, 8),
    ("/verzuim/overzicht/", World.ill, 12),
    ("/verzuim/overzicht/alle/", World.ill, 12),
    ("/verzuim/overzicht/cijfers/", World.ill, 8),
    ("/verzuim/agenda/", World.ill, 14),
    ("{dossier}", World.spells, 8),
    ("{dossier}", World.ill, 8),
    ("{dossier}verzuim/", World.spells, 19),
    ("{dossier}wijzigingen/", World.ill, 8),
    ("{dossier}trajectendossier/", World.papers, 8),
    ("{dossier}trajectendossier/", World.spells, 8),
    ("/verzuim/melden/{uuid}/", World.ill, 8),
    ("{dossier}trajectendossier/", World.requests, 8),
    ("{dossier}trajectendossier/", World.papers_and_requests, 8),
    ("/start/", World.requests, 11),
    ("/gevraagde-documenten/", World.requests, 9),
    ("/uitkeringsspecificaties/", World.statements, 9),
    ("/collegas/", World.colleagues, 9),
]


@pytest.mark.parametrize(
    ("path", "fill", "most"), LISTS, ids=[f"{path} {fill.__name__}" for path, fill, _ in LISTS]
)
def test_a_list_asks_the_same_at_ten_rows_and_at_a_thousand(
    client: Client, world: World, path: str, fill: Callable[[World, int], None], most: int
) -> None:
    login(client, world.anna)
    dossier = world.employee.dossier
    address = path.format(dossier=dossier.get_absolute_url(), uuid=dossier.uuid)

    fill(world, 10)
    few = queries(lambda: client.get(address))
    fill(world, 990)
    analyse()
    many = queries(lambda: client.get(address))

    assert len(many) == len(few), many
    assert len(many) <= most, many


@pytest.mark.parametrize("address", ["/dossiers/", "/verzuim/melden/"])
@pytest.mark.parametrize("former", [{}, {"former": "on"}], ids=["in service", "all"])
def test_a_search_asks_the_same_at_ten_people_and_at_a_thousand(
    client: Client, world: World, address: str, former: dict[str, str]
) -> None:
    login(client, world.anna)
    search = {"text": "naa"} | former

    world.employees(10)
    few = queries(lambda: client.post(address, search, headers={"HX-Request": "true"}))
    world.employees(990)
    analyse()
    many = queries(lambda: client.post(address, search, headers={"HX-Request": "true"}))

    # Session, user, second factor; two counters; employers, keys, hits, event.
    assert len(few) == len(many) <= 9, many
