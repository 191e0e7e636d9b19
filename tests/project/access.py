"""The table of access.txt, and what it takes to ask the portal for each of its lines."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from accounts.models import AuditEvent, Bucket, Session
from tests.project.urls import routes

VISITORS = ("anna", "bram", "ilse", "hugo", "nobody", "half", "recovering")
World = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """One line of the table. `about`: what its address names; `event`: what a visit leaves."""

    name: str
    about: tuple[str, ...]
    event: str
    outcomes: dict[str, tuple[str, str]]  # visitor -> (GET, POST)


def read_table() -> dict[str, Row]:
    rows = {}
    for line in Path(__file__).with_name("access.txt").read_text().splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        name, about, event, *cells = line.split()
        answers = [(cell.split("/") * 2)[:2] for cell in cells]
        assert name not in rows, f"{name} is in the table twice"
        rows[name] = Row(
            name,
            about=tuple(what for what in about.split(",") if what != "-"),
            event=event,
            outcomes=dict(zip(VISITORS, map(tuple, answers), strict=True)),
        )
    return rows


TABLE = read_table()
ROUTES = routes()


def address_of(row: Row, value: Callable[[str], object]) -> str:
    """The row's address, with `value(what)` for each thing that it is about."""
    values = [str(value(what)) for what in row.about]
    if row.name not in ROUTES or ROUTES[row.name] != row.name:
        return reverse(row.name, args=values)
    filled = iter(values)  # a pattern without a name, in Django's own back office
    path = row.name.replace("(?P<url>.*)$", "geen-pagina")
    return "/" + re.sub(r"<[^>]+>", lambda _: next(filled), path)


def key_in(world: World) -> Callable[[str], object]:
    """What an address needs of a row: the public uuid, or in the back office the primary key."""

    def key(what: str) -> object:
        if what.startswith("="):
            return what[1:]
        if "." in what:
            return (
                world.get(what.split(".")[1]) or apps.get_model(what).objects.order_by("pk").first()
            ).pk
        return world[what].uuid

    return key


def ask(client: Client, method: str, address: str) -> Any:
    """The response, a file read to its end: that closes it."""
    response = getattr(client, method)(address)
    if response.streaming:
        response.getvalue()
    return response


def outcome(client: Client, method: str, address: str) -> str:
    """The status, or for a redirect ">" and the name of the page it leads to."""
    response = ask(client, method, address)
    if "Location" not in response.headers:
        return str(response.status_code)
    path = response.headers["Location"].split("?")[0]
    try:
        return f">{(resolve(path).url_name or '').split('_')[-1]}"
    except Resolver404:
        return f">{path}"


@contextmanager
def undone() -> Iterator[None]:
    """What a request changes is gone after it, so that the order of the table has no effect."""
    with transaction.atomic(), transaction.atomic(using="security"):
        yield
        transaction.set_rollback(True)
        transaction.set_rollback(True, using="security")


def client_with(cookies: Any) -> Client:
    client = Client(raise_request_exception=False)
    client.cookies.update(cookies)
    return client


# Looking leaves a trace, keeps a session alive, and is counted against harvesting.
MAY_GROW = {AuditEvent, Session, Bucket}


def sizes() -> dict[str, int]:
    """How many rows each table has, but for those that grow by looking."""
    tables = [model._meta.db_table for model in apps.get_models() if model not in MAY_GROW]
    counts = ", ".join(f"(select count(*) from {table})" for table in tables)  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"select {counts}")
        return dict(zip(tables, cursor.fetchone(), strict=True))
