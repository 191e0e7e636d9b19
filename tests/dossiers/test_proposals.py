"""Whose a file may be, by its name: one person or nobody. Source: rulebook 7.2."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEvent, Membership, User
from dossiers.names import MAX_WORDS, words_of_file
from dossiers.search import propose
from tests.dossiers.test_search import NAMES, employer_of, staffed  # noqa: F401 - a fixture
from tests.factories import make_employee, make_employer

pytestmark = pytest.mark.django_db


def proposed(user: User, file_name: str) -> str:
    hit = propose(user=user, file_name=file_name)
    return hit.name if hit else ""


@pytest.mark.parametrize(
    ("file_name", "words"),
    [
        ("Loonstrook_J.Jansen-2026.10.pdf", ["loonstrook", "j", "jansen"]),
        ("O\u0308zdemir contract.PDF", ["ozdemir", "contract"]),  # as macOS writes it
        ("\u2019t Hart (2).jpg", ["'t", "hart"]),
        ("scan0001.pdf", ["scan"]),
        (".pdf", ["pdf"]),
        ("12345.pdf", []),
        ("a " * 200, ["a"] * MAX_WORDS),
    ],
)
def test_the_words_of_a_file_name(file_name: str, words: list[str]) -> None:
    assert words_of_file(file_name) == words


@pytest.mark.parametrize(
    ("file_name", "surname"),
    [
        ("loonstrook vries oktober.pdf", "Vries"),
        ("Loonstrook_deVries_2026-10.pdf", "Vries"),
        ("contract van den Berg.pdf", "Berg"),
        ("OZDEMIR.pdf", "zdemir"),
        ("Lukaszewicz-contract.png", "ukaszewicz"),
        ("verzuim 't Hart.pdf", "Hart"),
        ("dhondt.pdf", "Hondt"),
        ("jansen-de-boer.pdf", "Jansen-de Boer"),
        ("loonstrook boer.pdf", "Jansen-de Boer"),
    ],
)
def test_the_only_one_whose_surname_stands_in_the_name_is_proposed(
    staffed: User,  # noqa: F811
    file_name: str,
    surname: str,
) -> None:
    assert surname.casefold() in proposed(staffed, file_name).casefold()
    assert proposed(staffed, file_name)


@pytest.mark.parametrize(
    "file_name",
    ["scan.pdf", "vri.pdf", "vriesland.pdf", "vries en hart.pdf", "dossier uitzendbureau.pdf", ""],
)
def test_part_of_a_name_two_names_or_none_is_no_sign(
    staffed: User,  # noqa: F811
    file_name: str,
) -> None:
    assert propose(user=staffed, file_name=file_name) is None


def test_two_with_that_surname_are_not_guessed_between(anna: User) -> None:
    make_employee(employer_of(anna), "Jansen")
    assert proposed(anna, "jansen.pdf")

    make_employee(employer_of(anna), "Jansen", ended_on=date(2026, 1, 31))
    assert propose(user=anna, file_name="jansen.pdf") is None


@pytest.mark.parametrize(
    ("file_name", "proposal"),
    [
        ("ziekmelding Jansen Piet.pdf", "P. (Piet)"),
        ("ziekmelding Piet Jansen.pdf", "P. (Piet)"),
        ("Jansen, Anna - loonstrook.pdf", "A. (Anna)"),
        ("jansen_jan-willem.pdf", "J.W. (Jan-Willem)"),
        ("loonstrook jan willem jansen mei.pdf", "J.W. (Jan-Willem)"),
        ("jansen jan.pdf", ""),  # nobody is called just that
        ("jansen pieter.pdf", ""),
        ("jansen piet en anna jansen.pdf", ""),  # two are named
        ("piet loonstrook jansen.pdf", ""),  # not beside the surname
        ("jansen.pdf", ""),
    ],
)
def test_of_those_with_one_surname_the_first_name_beside_it_says_who(
    anna: User, file_name: str, proposal: str
) -> None:
    for first_name, initials in (("Piet", "P"), ("Anna", "A"), ("Jan-Willem", "JW")):
        make_employee(employer_of(anna), "Jansen", first_name=first_name, initials=initials)
    make_employee(employer_of(anna), "Jansen Pieters", first_name="Piet", initials="P")

    assert proposed(anna, file_name) == (proposal and f"Jansen, {proposal}")


def test_a_first_name_of_two_people_says_nothing(anna: User) -> None:
    for _ in range(2):
        make_employee(employer_of(anna), "Jansen", first_name="Piet", initials="P")

    assert proposed(anna, "jansen piet.pdf") == ""


def test_a_first_name_of_bram_s_people_changes_nothing(anna: User, bram: User) -> None:
    for first_name in ("Anna", "Els"):
        make_employee(employer_of(anna), "Jansen", first_name=first_name)
    make_employee(employer_of(bram), "Jansen", first_name="Piet")

    assert proposed(anna, "jansen piet.pdf") == ""
    assert proposed(bram, "jansen piet.pdf")


def test_nor_between_the_people_of_two_employers(anna: User) -> None:
    make_employee(employer_of(anna), "Jansen")
    other = make_employer("Tweede Kans B.V.")
    Membership.objects.create(user=anna, employer=other)
    assert proposed(User.objects.get(pk=anna.pk), "jansen.pdf")
    make_employee(other, "Jansen")

    assert propose(user=User.objects.get(pk=anna.pk), file_name="jansen.pdf") is None


def test_a_longer_name_hides_those_within_it(anna: User) -> None:
    for surname in ("Jansen", "Boer", "Jansen-de Boer"):
        make_employee(employer_of(anna), surname)

    assert proposed(anna, "loon jansen de boer.pdf").startswith("Jansen-de Boer")
    assert proposed(anna, "loon jansen.pdf").startswith("Jansen,")
    assert proposed(anna, "jansen de boer, jansen.pdf") == ""


def test_who_left_is_proposed_too(anna: User) -> None:
    make_employee(employer_of(anna), "Jansen", ended_on=date(2026, 1, 31))

    hit = propose(user=anna, file_name="jansen.pdf")

    assert hit
    assert hit.left


def test_bram_is_proposed_nobody_of_annas(staffed: User, bram: User, ilse: User) -> None:  # noqa: F811
    assert proposed(staffed, "vries.pdf")
    assert propose(user=bram, file_name="vries.pdf") is None
    assert propose(user=ilse, file_name="vries.pdf") is None


def test_it_is_recorded_as_a_search_without_the_name(staffed: User) -> None:  # noqa: F811
    propose(user=staffed, file_name="loon vries.pdf")

    event = AuditEvent.objects.get(action="dossier.search")
    assert (event.detail["length"], event.detail["former"]) == (len("loon vries"), True)
    assert len(event.detail["dossiers"]) == 1
    assert "vries" not in str(event.detail)


def queries_of_a_proposal(
    user: User, file_name: str = "loon jansen de boer mei.pdf", *, named: int = 0
) -> tuple[int, str]:
    """How many, and how PostgreSQL finds the names; `named`: of which statement."""
    with CaptureQueriesContext(connection) as asked:
        propose(user=User.objects.get(pk=user.pk), file_name=file_name)
    sql = [query["sql"] for query in asked if "unnest" in query["sql"]][named]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute(f"EXPLAIN {sql}")
        return len(asked), "\n".join(row[0] for row in cursor.fetchall())


def test_it_reads_an_index_only_and_asks_the_same_for_many(anna: User) -> None:
    employer = employer_of(anna)
    make_employee(employer, "Jansen")
    few, _ = queries_of_a_proposal(anna)
    for number in range(300):
        make_employee(employer, f"Naam{number}", created_by=anna)

    many, plan = queries_of_a_proposal(anna)

    assert few == many == 5
    assert_from_the_index(plan)


def test_first_names_are_one_question_more_by_the_same_index(anna: User) -> None:
    employer = employer_of(anna)
    for number in range(300):
        make_employee(employer, "Jansen", first_name=f"Naam{number}", created_by=anna)

    many, plan = queries_of_a_proposal(anna, "loon jansen els mei.pdf", named=1)

    assert many == 5
    assert_from_the_index(plan)


def assert_from_the_index(plan: str) -> None:
    assert "Index Only Scan using search_key_all" in plan
    assert "Seq Scan" not in plan
