"""The database and the walls around every test. People: tests/people.py; rows: factories.py."""

import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from tests import settings as run
from tests.browser.portal import stop_portal

pytest_plugins = ["tests.people"]

BROWSER = Path(__file__).parent / "browser"
DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}


def pytest_sessionstart() -> None:
    """Starts this run's embedded server; with DATABASE_URL, and in a worker, there is none."""
    if run.EMBEDDED:
        run.remove_what_killed_runs_left()
        run.EMBEDDED.start()


def pytest_unconfigure() -> None:
    if run.IS_CONTROLLER:
        stop_portal()
    if run.EMBEDDED:
        run.EMBEDDED.stop()
    if run.IS_CONTROLLER:
        shutil.rmtree(run.RUN_DIR, ignore_errors=True)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: Playwright keeps an event loop running in this thread, and Django
    keeps other connections for code inside one.
    """
    open_database_to(items)
    items.sort(key=lambda item: BROWSER in item.path.parents)


def open_database_to(items: list[pytest.Item]) -> None:
    """Lets every database test use both aliases, and gives transactional tests the seeded rows.

    `security` mirrors `default` (the same test database) over a connection of its own. In a
    plain test each connection has its own transaction, rolled back at the end: rows of `security`
    (throttle counters, which refer to nothing) survive a rollback in the code under test, exactly
    as they do in production. Neither connection sees what the other did not commit; a test about
    that, or with threads, a live server or a second process, is a transactional test.

    A transactional test ends by emptying all tables, the rows of our migrations included
    (classifications, groups): `serialized_rollback` puts those back before the next one.
    """
    for item in items:
        marker = item.get_closest_marker("django_db")
        fixtures = DATABASE_FIXTURES & set(getattr(item, "fixturenames", ()))
        if marker is None and not fixtures:
            continue
        options: dict[str, Any] = dict(marker.kwargs) if marker else {}
        if options.get("transaction") or fixtures & {"transactional_db", "live_server"}:
            options |= {"transaction": True, "serialized_rollback": True}
        item.add_marker(pytest.mark.django_db(databases="__all__", **options), append=False)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """The test database can only be dropped once its second connection is gone as well."""
    yield
    connections["security"].close()


@pytest.fixture(autouse=True)
def _can_be_emptied(request: pytest.FixtureRequest) -> Iterator[None]:
    """Just before a transactional test's tables are emptied: what Django cannot empty itself.

    The audit log refuses it by trigger, so triggers rest until this connection closes (a moment
    later); the tables of the task queue are not Django's.
    """
    marker = request.node.get_closest_marker("django_db")
    if marker is None or not marker.kwargs.get("transaction"):
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


@pytest.fixture(autouse=True)
def _own_mailbox(settings: Any, tmp_path: Path) -> None:
    """The messages that one test sends are not there in the next."""
    settings.MAILBOX_DIR = tmp_path / "postvak"


def refuse_strangers(host: Any) -> None:
    """Raises PermissionError unless `host` is this machine."""
    if host in {None, "", "localhost", "127.0.0.1", "::1"}:
        return
    raise PermissionError(f"a test tried to reach {host}")


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    """A test talks to this machine only: a name server or another host is a mistake."""
    connect, getaddrinfo = socket.socket.connect, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX:
            refuse_strangers(address[0])
        connect(self, address)

    def guarded_getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        refuse_strangers(host)
        return getaddrinfo(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket, "getaddrinfo", guarded_getaddrinfo)
        yield
