"""What a search costs the database, without a clock. Source: performance.md, "Bars".

On a table of some thousands of people, vacuumed as PostgreSQL does by itself, and with the planner
free to choose: it must choose the index, and read next to nothing.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from accounts.models import Employer, User
from dossiers.models import Employment, SearchKey
from dossiers.search import LENGTHS, SHOWN, keys_of_staff, search
from dossiers.search_sql import hits, keys_statement
from tests.bench.search_sql import explained
from tests.crowd import many_employees, many_ill
from tests.factories import make_employer

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE, ELSEWHERE, ILL = 2_000, 1_000, 200
READ = ["dossiers_searchkey", "dossiers_dossier", "dossiers_employee", "dossiers_employment"]
READ += ["absence_trajectory"]
BUFFERS = 20  # pages of 8 kB; the bar of the search itself
BUFFERS_OF_A_HIT = 20  # its dossier, person, latest contract and open report, each by an index


@pytest.fixture
def _on_disk(anna: User) -> Iterator[None]:
    """Only what is on disk counts as visible to all; by default a test's server does not wait.

    And a page costs as much anywhere, as on the disks of today: a table of this size is else read
    whole.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = on; SET random_page_cost = 1")
        yield
        cursor.execute("RESET synchronous_commit; RESET random_page_cost")


@pytest.fixture
def employer(_on_disk: None, anna: User) -> Employer:
    """Has thousands of people, some hundreds of them ill; another employer has as many."""
    employer = anna.memberships.get().employer
    many_employees(employer, anna, PEOPLE)
    many_ill(employer, anna, ILL)
    many_employees(make_employer(), anna, ELSEWHERE)
    vacuum()
    return employer


def vacuum() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM (ANALYZE, INDEX_CLEANUP ON) {', '.join(READ)}")


def plans(user: User, text: str, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """How PostgreSQL finds the keys, and how the whole statement that also reads what is shown."""
    assert search(user=user, text=text, **options).hits
    employers = [employer.pk for employer in user.employer_roles]
    keys, asked = keys_statement(
        employers, text, **{"include_former": False, "shown": SHOWN} | options
    )
    return plan(keys, asked), plan(hits(keys, len(employers) > 1), asked)


def plan(sql: str, asked: dict[str, Any]) -> dict[str, Any]:
    """Twice: the first time PostgreSQL also reads about the tables themselves."""
    prepare, explain, values = explained(sql, asked, "(ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON)")
    with connection.cursor() as cursor:
        cursor.execute(prepare)
        for _ in range(2):
            cursor.execute(explain, values)
            found = cursor.fetchone()
        cursor.execute("DEALLOCATE asked")
    return top_of(found)


def top_of(row: tuple[Any, ...]) -> dict[str, Any]:
    found = json.loads(row[0]) if isinstance(row[0], str) else row[0]
    top: dict[str, Any] = found[0]["Plan"]
    return top


def nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", []):
        yield from nodes(child)


def scans(top: dict[str, Any]) -> list[dict[str, Any]]:
    """Of what is stored: tables and indexes, and only where anything was read."""
    return [node for node in nodes(top) if "Relation Name" in node and node["Actual Loops"]]


def buffers(top: dict[str, Any]) -> int:
    return int(top["Shared Hit Blocks"] + top["Shared Read Blocks"])


@pytest.mark.parametrize(
    ("text", "options", "index"),
    [
        ("naa", {}, "search_key_in_service"),
        ("naam2", {}, "search_key_in_service"),
        ("naam7 a", {}, "search_key_in_service"),
        ("naa", {"include_former": True}, "search_key_all"),
    ],
    ids=["everybody", "a tenth", "initials", "former"],
)
def test_the_keys_come_from_the_index_alone(
    anna: User, employer: Employer, text: str, options: dict[str, Any], index: str
) -> None:
    keys, _ = plans(anna, text, **options)

    assert {(node["Node Type"], node["Index Name"]) for node in scans(keys)} == {
        ("Index Only Scan", index)
    }
    assert sum(node["Heap Fetches"] for node in scans(keys)) == 0
    # What is left out is what a better key of the same dossier covers.
    found = sum(node["Actual Rows"] for node in scans(keys))
    assert sum(node.get("Rows Removed by Filter", 0) for node in scans(keys)) <= found
    assert buffers(keys) <= BUFFERS


def test_a_list_reads_each_hit_by_an_index(anna: User, employer: Employer) -> None:
    _, hits = plans(anna, "naa")

    big = {"dossiers_dossier", "dossiers_employee", "dossiers_employment"}
    read_whole = {node["Relation Name"] for node in scans(hits) if node["Node Type"] == "Seq Scan"}
    assert not read_whole & big
    assert buffers(hits) <= BUFFERS_OF_A_HIT * LENGTHS[0]


def test_when_nearly_everybody_left_the_few_are_found_as_fast(
    anna: User, employer: Employer
) -> None:
    here = Employment.objects.order_by("-pk").first()
    SearchKey.objects.exclude(dossier=here.employee.dossier_id).update(in_service=False)
    many_employees(employer, anna, 1)
    vacuum()
    with connection.cursor() as cursor:
        # All left at one moment: the index would be empty pages, which no search at work meets.
        cursor.execute("REINDEX INDEX search_key_in_service")

    keys, _ = plans(anna, "naa")

    assert {node["Index Name"] for node in scans(keys)} == {"search_key_in_service"}
    assert buffers(keys) <= BUFFERS


def test_the_longest_list_is_bounded_as_well(anna: User, employer: Employer) -> None:
    keys, hits = plans(anna, "naa", shown=LENGTHS[-1])

    assert {node["Node Type"] for node in scans(keys)} == {"Index Only Scan"}
    assert buffers(keys) <= BUFFERS
    assert buffers(hits) <= BUFFERS_OF_A_HIT * LENGTHS[-1]
    assert sum(node["Actual Rows"] for node in scans(keys)) <= LENGTHS[-1] + 1


def test_staff_have_an_index_of_their_own(anna: User, employer: Employer) -> None:
    sql, values = keys_of_staff("naam7 a").values_list("dossier").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", values)
        top = top_of(cursor.fetchone())

    assert "search_key_of_staff" in {node.get("Index Name") for node in scans(top)}
