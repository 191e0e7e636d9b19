"""What a search costs in PostgreSQL alone: the statements that the portal sends, and a clock."""

import json
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psutil
import psycopg

from tests.bench.search_table import ALL_LEFT, BIGGEST, ORDINARY

ROUNDS = 1_500
CASES = [
    ("first letters", ORDINARY, "jan", False),
    ("biggest employer", BIGGEST, "jan", False),
    ("prefix van", BIGGEST, "van", False),
    ("all left", ALL_LEFT, "jan", False),
]


@dataclass(frozen=True)
class Figures:
    """Milliseconds of a case and of `select 1` right after it; pages read; how it was read."""

    name: str
    p50: float
    p99: float
    one: float
    buffers: int
    plan: str

    @property
    def ratio(self) -> float:
        return self.p50 / self.one


def statement(employer: int, text: str, include_former: bool) -> tuple[str, dict[str, Any]]:
    """What dossiers.search asks of the keys, and its values."""
    from dossiers.search import SHOWN
    from dossiers.search_sql import keys_statement

    return keys_statement([employer], text, include_former=include_former, shown=SHOWN)


def explained(sql: str, asked: dict[str, Any], options: str = "") -> tuple[str, str, list[Any]]:
    """The statement as the portal has it planned, once for any values: to prepare it, to have that
    plan explained, and the values.
    """
    known = {"employers": "bigint[]", "employer": "bigint", "letters": "int"}
    known |= {"text": "text", "behind": "text"}
    types = {name: kind for name, kind in known.items() if name in asked}
    places = {name: f"${number}" for number, name in enumerate(types, 1)}
    prepare = f"prepare asked ({', '.join(types.values())}) as {sql % places}"
    values = [f"%s::{kind}" for kind in types.values()]
    return (
        prepare,
        f"explain {options} execute asked ({', '.join(values)})",
        [asked[name] for name in types],
    )


def figures(
    connection: "psycopg.Connection[Any]", name: str, sql: str, asked: dict[str, Any]
) -> Figures:
    connection.execute("set plan_cache_mode = force_generic_plan")
    with on_one_processor(connection):
        for _ in range(50):
            connection.execute(sql, asked, prepare=True)
        pairs = [
            (clock(connection, sql, asked), clock(connection, "select 1")) for _ in range(ROUNDS)
        ]
    searches, ones = (sorted(column) for column in zip(*pairs, strict=True))
    prepare, explain, values = explained(sql, asked, "(analyze, buffers, timing off, format json)")
    connection.execute(prepare)
    plan = psycopg.ClientCursor(connection).execute(explain, values)
    connection.execute("deallocate asked")
    top = plan.fetchone()[0][0]["Plan"]
    top = json.loads(top) if isinstance(top, str) else top
    return Figures(
        name,
        statistics.median(searches),
        searches[int(len(searches) * 0.99)],
        statistics.median(ones),
        top["Shared Hit Blocks"] + top["Shared Read Blocks"],
        ", ".join(sorted(set(scans(top)))),
    )


@contextmanager
def on_one_processor(connection: "psycopg.Connection[Any]") -> Iterator[None]:
    """Client and server: to wake another processor costs more than `select 1`."""
    both = [psutil.Process(), psutil.Process(connection.info.backend_pid)]
    free = both[0].cpu_affinity()
    for process in both:
        process.cpu_affinity(free[:1])
    try:
        yield
    finally:
        for process in both:
            process.cpu_affinity(free)


def clock(
    connection: "psycopg.Connection[Any]", sql: str, asked: dict[str, Any] | None = None
) -> float:
    begin = time.perf_counter()
    connection.execute(sql, asked, prepare=True).fetchall()
    return (time.perf_counter() - begin) * 1000


def scans(node: dict[str, Any]) -> Iterator[str]:
    if "Index Name" in node or "Relation Name" in node:
        yield f"{node['Node Type']} {node.get('Index Name', '')}".strip()
    for child in node.get("Plans", []):
        yield from scans(child)


def verdicts(found: dict[str, list[Figures]]) -> Iterator[tuple[str, bool]]:
    """The bars of performance.md on SQL, in words, and whether each is met."""
    ordinary, *worst = found["5M"]
    biggest, small = worst[0], found["50k"][1]
    yield f"5M: p50 {ordinary.ratio:.1f} x select 1 (at most 2.5)", ordinary.ratio <= 2.5
    yield f"5M: p99 {ordinary.p99:.2f} ms (at most 1)", ordinary.p99 <= 1
    yield f"5M: {ordinary.buffers} buffers (at most 20)", ordinary.buffers <= 20
    alone = all("Index Only" in part for part in ordinary.plan.split(", "))
    yield f"5M: {ordinary.plan} (index only)", alone
    # Of the biggest employer both lists are full; of an ordinary one of 50k a few people are found.
    growth = biggest.ratio / small.ratio
    yield f"5M beside 50k, full lists: {growth:.2f} (at most 1.5)", growth <= 1.5
    for one in worst:
        yield f"5M, {one.name}: p50 {one.ratio:.1f} x select 1 (at most 5)", one.ratio <= 5


def lines(size: str, rows: list[Figures]) -> list[str]:
    return [
        f"{size:6}{row.name:20}{row.p50:9.3f}{row.p99:9.3f}{row.one:11.3f}{row.ratio:8.1f}"
        f"{row.buffers:9}  {row.plan}"
        for row in rows
    ]
