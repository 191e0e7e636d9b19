"""What a search costs: PostgreSQL alone at three sizes, and the request beside an empty view.

    make bench-search

Bars: performance.md. The first run makes the table (search_table.py), which takes minutes.
"""

import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING

import psycopg

from portal.setup.postgres import EmbeddedPostgres
from tests.bench import search_sql
from tests.bench.client import Browser
from tests.bench.login import page
from tests.bench.search_sql import CASES, Figures
from tests.bench.search_table import BIGGEST, SIZES, is_made, make, url_of
from tests.bench.server import ROOT, configure, running_server
from tests.bench.slices import OTHERS_MAY_USE, Subject, Used, measure
from tests.bench.table import Bar, Run, ratio
from tests.bench.visitors import AT_ONCE, logged_in, many, one, token

if TYPE_CHECKING:
    from accounts.models import User

PLACE = ROOT / "var" / "bench" / "search"
SEARCH, EMPTY = "/dossiers/", "/meting/leeg/"
LONGEST = 90  # seconds of measuring over HTTP


def main() -> int:
    PLACE.mkdir(parents=True, exist_ok=True)
    server = EmbeddedPostgres(PLACE / "postgres")
    server.start()
    try:
        url = make_tables(server)
        with running_server(url) as port:
            before, begin = Used.now(), time.perf_counter()
            figures = sql_alone(server)
            others = Used.now().by_others_since(before, time.perf_counter() - begin)
            run = search_run(port)
            measure([*run.empty, *run.subjects], longest=LONGEST)
            return tell(figures, others, run)
    finally:
        server.stop()


def make_tables(server: EmbeddedPostgres) -> str:
    """The address of the biggest; makes what is not there yet."""
    biggest = url_of(server, f"people_{list(SIZES)[-1].lower()}")
    todo = {size: people for size, people in SIZES.items() if not is_made(server, size)}
    if todo:
        make_portal(server)
    for size, people in todo.items():
        begin = time.monotonic()
        make(server, size, people)
        print(f"made the table of {size} people in {time.monotonic() - begin:.0f} s", flush=True)
    return biggest


def make_portal(server: EmbeddedPostgres) -> None:
    """A database with the tables of all migrations, made in a process of its own."""
    import subprocess

    with closing(psycopg.connect(server.url, autocommit=True)) as connection:
        connection.execute("drop database if exists portal with (force)")
        connection.execute("create database portal")
    configure(url_of(server, "portal"), PLACE)
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, check=True)


def sql_alone(server: EmbeddedPostgres) -> dict[str, list[Figures]]:
    found = {}
    for size in SIZES:
        url = url_of(server, f"people_{size.lower()}")
        with closing(psycopg.connect(url, autocommit=True)) as connection:
            found[size] = [
                search_sql.figures(connection, name, *search_sql.statement(*asked))
                for name, *asked in CASES
            ]
    return found


def search_run(port: int) -> Run:
    """Eight at once are eight people: of one, each would wait for the others' counters."""
    users = searchers()
    asking = [asked_by(port, user) for user in users]
    empty = [page(port, f"empty view {letter}", EMPTY, b"ok") for letter in "ABC"]
    search = one("search", *asking[0], b"row-link")
    crowd = [Browser(port) for _ in users]
    nothing = [(browser, browser.request("GET", EMPTY)) for browser in crowd]
    empty_at_once = many("empty view, eight", nothing, b"ok")
    search_at_once = many("search, eight", [asked_by(port, user) for user in users], b"row-link")
    naive = Subject("icontains", Naive(users[0]))
    eight = "at most 7 x empty, eight at once"
    bars = [
        ratio(search, "at most 10 x empty", 10, *empty),
        ratio(search_at_once, eight, 7, empty_at_once),
        Bar(naive, "search at most 1/50 of it", 1 / 50, lambda: search.times(naive)),
    ]
    return Run(empty, [search, empty_at_once, search_at_once, naive], bars)


def asked_by(port: int, user: "User") -> tuple[Browser, bytes]:
    """The browser of this user, and what its script asks while he types."""
    browser = logged_in(port, user)
    form = {"csrfmiddlewaretoken": token(browser, SEARCH), "text": "jan"}
    request = browser.request("POST", SEARCH, form)
    return browser, request.replace(b"\r\n", b"\r\nHX-Request: true\r\n", 1)


def searchers() -> "list[User]":
    """They work for the biggest employer, and for no other."""
    from accounts.models import Employer, Membership, User

    biggest = Employer.objects.get(pk=BIGGEST)
    users = []
    for n in range(AT_ONCE):
        email = f"bench{n}@voorbeeld.test"
        user, _ = User.objects.get_or_create(
            username=f"bench{n}", defaults={"email": email, "state": User.State.ACTIVE}
        )
        Membership.objects.get_or_create(employer=biggest, user=user)
        users.append(user)
    return users


class Naive:
    """The same question without keys: `icontains` over the people of the employer, query alone."""

    def __init__(self, user: "User") -> None:
        self.user = user

    def __call__(self) -> float:
        from dossiers.models import Employee

        begin = time.perf_counter()
        found = Employee.objects.visible_to(self.user).filter(surname__icontains="jan")
        assert found.order_by("surname", "pk")[:20]
        return time.perf_counter() - begin


def tell(figures: dict[str, list[Figures]], others: float, run: Run) -> int:
    """A time that was taken while others used the machine says nothing; a plan does."""
    heads = ("people", "case", "p50 ms", "p99 ms", "select 1", "x", "buffers")
    print("{:6}{:20}{:>9}{:>9}{:>11}{:>8}{:>9}  plan".format(*heads))
    for size, rows in figures.items():
        print("\n".join(search_sql.lines(size, rows)))
    said = list(search_sql.verdicts(figures))
    print()
    for words, is_met in said:
        is_time = "p50" in words or "p99" in words or "beside" in words
        in_doubt = is_time and others > OTHERS_MAY_USE
        print(f"{words}: {'inconclusive' if in_doubt else 'met' if is_met else 'MISSED'}")
    print("\nsearch while typing, logged in, at the biggest employer of 5M people\n")
    print("\n".join(run.lines()))
    return 0 if all(is_met for _, is_met in said) and (run.is_met or run.doubt) else 1


if __name__ == "__main__":
    sys.exit(main())
