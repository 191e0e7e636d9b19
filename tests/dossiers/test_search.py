"""Finding dossiers. Source: rulebook 7.2 and 8.8; the example ids are in the test ids."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditEvent, Membership, User
from dossiers.models import Dossier, SearchKey
from dossiers.search import LENGTHS, SHOWN, keys_of_staff, rebuild_keys, refresh_in_service, search
from dossiers.search_sql import keys_statement
from tests.bench.search_sql import explained
from tests.factories import make_employee, make_employer, make_employment, make_trajectory

pytestmark = pytest.mark.django_db

# The list of rulebook 8.8.
NAMES = [
    ("de", "Vries"),
    ("van den", "Berg"),
    ("'t", "Hart"),
    ("", "d'Hondt"),
    ("", "Özdemir"),
    ("", "Łukaszewicz"),
    ("", "Wójcik"),
    ("", "Yıldız"),
    ("", "Jansen-de Boer"),
    ("van der", "Vaart"),
    ("", "Vandenberg"),
    ("", "IJsbrands"),
]


def employer_of(user: User):
    return user.memberships.get().employer


@pytest.fixture
def staffed(anna: User) -> User:
    """Anna, with the employees of rulebook 8.8."""
    for prefixes, surname in NAMES:
        make_employee(employer_of(anna), surname, prefixes=prefixes)
    return anna


def surnames(user: User, text: str, **options: bool) -> list[str]:
    uuids = [hit.uuid for hit in search(user=user, text=text, **options).hits]
    found = {dossier.uuid: dossier for dossier in Dossier.objects.filter(uuid__in=uuids)}
    return [found[uuid].employee.surname for uuid in uuids]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("dev", ["Vries"], id="E68-dev"),
        pytest.param("de v", ["Vries"], id="E68-de-v"),
        pytest.param("vri", ["Vries"], id="E67-surname-without-prefix"),
        pytest.param("van", ["Vandenberg", "Berg", "Vaart"], id="E70-surname-before-prefix"),
        pytest.param("vanden", ["Vandenberg", "Berg"], id="E71-squeezed-prefix"),
        pytest.param("van den", ["Berg"], id="E71-prefix-with-a-space"),
        pytest.param("ber", ["Berg"], id="E69-berg"),
        pytest.param("hon", ["d'Hondt"], id="E72-hon"),
        pytest.param("dho", ["d'Hondt"], id="E72-dho"),
        pytest.param("d’h", ["d'Hondt"], id="E72-curly-apostrophe"),
        pytest.param("har", ["Hart"], id="E73-hart"),
        pytest.param("'t h", ["Hart"], id="E73-with-apostrophe"),
        pytest.param("t ha", ["Hart"], id="E73-apostrophe-left-out"),
        pytest.param("luk", ["Łukaszewicz"], id="E74-luk"),
        pytest.param("łuk", ["Łukaszewicz"], id="E74-l-with-stroke"),
        pytest.param("woj", ["Wójcik"], id="E74-woj"),
        pytest.param("yil", ["Yıldız"], id="E74-yil"),
        pytest.param("yıl", ["Yıldız"], id="E74-dotless-i"),
        pytest.param("ozd", ["Özdemir"], id="E75-ozd"),
        pytest.param("ÖZD", ["Özdemir"], id="E75-capitals"),
        pytest.param("jan", ["Jansen-de Boer"], id="E75-double-name"),
        pytest.param("boe", ["Jansen-de Boer"], id="E75-second-part"),
        pytest.param("de boer", ["Jansen-de Boer"], id="E75-second-part-with-prefix"),
        pytest.param("deboer", ["Jansen-de Boer"], id="E75-second-part-squeezed"),
        pytest.param("jansen de b", ["Jansen-de Boer"], id="E75-space-for-hyphen"),
        pytest.param("ijs", ["IJsbrands"], id="E76-ijs"),
        pytest.param("ĳs", ["IJsbrands"], id="E76-digraph"),
        pytest.param("%%%", [], id="E78-percent"),
        pytest.param("___", [], id="E78-underscore"),
        pytest.param("' or '1'='1", [], id="quotes-are-text"),
        pytest.param("ries", [], id="the-middle-of-a-name"),
    ],
)
def test_dossiers_are_found(staffed: User, text: str, expected: list[str]) -> None:
    assert surnames(staffed, text) == expected


def test_the_word_dossier_finds_the_company_dossier(staffed: User) -> None:
    (hit,) = search(user=staffed, text="Dossier").hits

    assert hit.is_company
    assert hit.name == "Dossier Uitzendbureau De Brug"


def test_the_company_dossier_is_found_by_its_name_behind_the_word(staffed: User) -> None:
    assert search(user=staffed, text="dossier uitz").hits[0].is_company
    assert not search(user=staffed, text="dossier flex").hits


@pytest.mark.parametrize("text", ["", "  ", "v", "va", "-."])
def test_fewer_than_three_letters_list_nobody(staffed: User, text: str) -> None:
    result = search(user=staffed, text=text)

    assert result.too_short
    assert not result.hits


def test_a_whole_surname_of_two_letters_is_found(anna: User) -> None:
    make_employee(employer_of(anna), "Ng")
    make_employee(employer_of(anna), "Ngata")

    assert surnames(anna, "ng") == ["Ng"]
    assert surnames(anna, "nga") == ["Ngata"]


@pytest.mark.parametrize("text", ["jansen c", "Jansen C.", "jansen cornelis", "jansen, c.d."])
def test_initials_or_first_name_behind_the_surname_narrow_it(anna: User, text: str) -> None:
    make_employee(employer_of(anna), initials="AB", first_name="Bert")
    wanted = make_employee(employer_of(anna), initials="CD", first_name="Cornelis")

    assert [hit.uuid for hit in search(user=anna, text=text).hits] == [wanted.dossier.uuid]


def test_equal_surnames_are_listed_by_initials(anna: User) -> None:
    for initials in ["C", "A", "B"]:
        make_employee(employer_of(anna), initials=initials)

    names = [hit.name for hit in search(user=anna, text="jansen").hits]

    assert names == ["Jansen, A. (Anna)", "Jansen, B. (Anna)", "Jansen, C. (Anna)"]


def test_a_surname_is_listed_before_a_longer_one(anna: User) -> None:
    for surname in ["Jansen-de Boer", "Jansens", "Jansen"]:
        make_employee(employer_of(anna), surname)

    assert surnames(anna, "jan") == ["Jansen", "Jansen-de Boer", "Jansens"]


def test_a_dossier_is_listed_once_however_many_keys_match(anna: User) -> None:
    make_employee(employer_of(anna), "Jansen-Jansma")

    assert len(search(user=anna, text="jan").hits) == 1


def test_former_employees_are_found_when_asked_for(anna: User) -> None:
    make_employee(employer_of(anna), ended_on=date(2025, 1, 31))

    without = search(user=anna, text="jansen")
    (hit,) = search(user=anna, text="jansen", include_former=True).hits

    assert (without.hits, without.former_only) == ((), True)
    assert hit.left == "01-02-2025"
    assert "t/m 31-01-2025" in hit.facts


def test_nobody_at_all_is_not_called_former(anna: User) -> None:
    result = search(user=anna, text="jansen")

    assert (result.hits, result.former_only, result.too_short) == ((), False, False)


@pytest.mark.parametrize(("days", "is_found"), [(-1, False), (0, True), (1, True)])
def test_the_last_day_still_counts_as_in_service(anna: User, days: int, is_found: bool) -> None:
    last_day = timezone.localdate() + timedelta(days=days)
    make_employee(employer_of(anna), ended_on=last_day)

    assert bool(search(user=anna, text="jansen").hits) is is_found


def test_who_came_back_is_in_service(anna: User) -> None:
    employee = make_employee(employer_of(anna), ended_on=date(2025, 1, 31))
    make_employment(employee, started_on=date(2026, 1, 1), job_title="Lasser")

    (hit,) = search(user=anna, text="jansen").hits

    assert (hit.left, hit.facts) == ("", "Lasser · Nijmegen · in dienst sinds 01-01-2026")


def test_a_contract_that_has_yet_to_start_says_so(anna: User) -> None:
    start = timezone.localdate() + timedelta(days=3)
    make_employee(employer_of(anna), started_on=start)

    (hit,) = search(user=anna, text="jansen").hits

    assert hit.facts.endswith(f"start op {start:%d-%m-%Y}")


def test_who_is_ill_is_marked(anna: User) -> None:
    ill = make_employee(employer_of(anna), "Jansen")
    better = make_employee(employer_of(anna), "Jansma")
    make_employee(employer_of(anna), "Janssen")
    make_trajectory(ill)
    make_trajectory(better, recovered_on=date(2026, 11, 9))

    marks = [hit.is_ill for hit in search(user=anna, text="jan").hits]

    assert marks == [True, False, False]


def test_twenty_are_shown_and_more_is_said(anna: User) -> None:
    for number in range(SHOWN + 1):
        make_employee(employer_of(anna), f"Jansen{chr(ord('a') + number)}")

    result = search(user=anna, text="jansen")

    assert len(result.hits) == SHOWN
    assert result.has_more
    assert not search(user=anna, text="jansena").has_more


def test_a_longer_list_shows_more_until_all_is_shown_or_it_is_the_longest(anna: User) -> None:
    for number in range(45):
        make_employee(employer_of(anna), f"Jansen{chr(ord('a') + number // 26)}{number % 26}")

    results = [search(user=anna, text="jansen", shown=shown) for shown in (20, 40, 60)]

    assert [(len(one.hits), one.has_more, one.longer) for one in results] == [
        (20, True, 40),
        (40, True, 60),
        (45, False, 0),
    ]
    assert results[0].hits == results[2].hits[:20]


def test_after_the_longest_list_only_letters_help(anna: User, monkeypatch) -> None:
    monkeypatch.setattr("dossiers.search.LENGTHS", range(20, 21))
    for number in range(SHOWN + 1):
        make_employee(employer_of(anna), f"Jansen{chr(ord('a') + number)}")

    result = search(user=anna, text="jansen")

    assert (result.has_more, result.longer) == (True, 0)
    assert (LENGTHS[0], LENGTHS[-1]) == (20, 100)


def test_surnames_come_first_also_when_there_are_more_parts_than_fit(anna: User) -> None:
    for number in range(SHOWN + 5):
        make_employee(employer_of(anna), f"Aa{chr(ord('a') + number)}", prefixes="van")
    make_employee(employer_of(anna), "Vanzandt")

    assert surnames(anna, "van")[0] == "Vanzandt"


def test_another_employers_dossiers_are_never_found(staffed: User, bram: User) -> None:
    assert not search(user=bram, text="jansen").hits
    assert search(user=bram, text="dossier").hits[0].name == "Dossier Flexwerk Zuid"


@pytest.mark.parametrize("person", ["ilse", "hugo"])
def test_staff_find_nothing_here(staffed: User, person: str, request) -> None:
    assert not search(user=request.getfixturevalue(person), text="jansen").hits


def test_a_user_of_two_employers_finds_both_in_one_list(staffed: User) -> None:
    second = make_employer("Tweede")
    Membership.objects.create(employer=second, user=staffed)
    make_employee(second, "Janssen")

    hits = search(user=staffed, text="jan").hits

    assert [hit.employer for hit in hits] == ["Uitzendbureau De Brug", "Tweede"]


def test_a_search_is_recorded_without_what_was_typed(staffed: User) -> None:
    search(user=staffed, text="Özdemir")

    event = AuditEvent.objects.get(action="dossier.search")
    ozdemir = Dossier.objects.get(employee__surname="Özdemir")
    assert event.detail == {"length": 7, "former": False, "dossiers": [ozdemir.pk]}
    assert (event.actor, event.employer) == (staffed, employer_of(staffed))


def queries_of_a_search(user: User) -> int:
    user = User.objects.get(pk=user.pk)  # as in a new request
    with CaptureQueriesContext(connection) as captured:
        assert search(user=user, text="jan").hits
    return len(captured)


def test_the_number_of_queries_does_not_grow(anna: User) -> None:
    for _ in range(3):
        make_employee(employer_of(anna))
    few = queries_of_a_search(anna)
    for _ in range(57):
        make_employee(employer_of(anna))

    assert queries_of_a_search(anna) == few == 3


@pytest.mark.parametrize(
    ("include_former", "index"), [(False, "search_key_in_service"), (True, "search_key_all")]
)
def test_a_search_reads_an_index_only(anna: User, include_former: bool, index: str) -> None:
    dossier = make_employee(employer_of(anna)).dossier
    SearchKey.objects.bulk_create(
        SearchKey(
            dossier=dossier,
            employer=dossier.employer,
            key=f"jansen{number}",
            match=SearchKey.Match.SURNAME,
            covered=0,
            in_service=number % 2 == 0,
        )
        for number in range(2000)
    )
    sql, asked = keys_statement(
        [dossier.employer_id], "jansen7", include_former=include_former, shown=SHOWN
    )
    prepare, explain, values = explained(sql, asked)

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE dossiers_searchkey")
        # In so small a table, not yet vacuumed, sorting a few rows may cost less. The question is
        # whether the index can give the rows, in order, without the table.
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute(prepare)
        cursor.execute(explain, values)
        plan = "\n".join(line for (line,) in cursor.fetchall())
        cursor.execute("DEALLOCATE asked")

    assert plan.count(f"Index Only Scan using {index}") == 2  # surnames, parts
    assert "Seq Scan" not in plan


def test_a_new_name_replaces_the_old_keys(anna: User) -> None:
    employee = make_employee(employer_of(anna), "Jansen")
    employee.surname = "Bakker"
    employee.save()
    rebuild_keys(employee.dossier)

    assert surnames(anna, "bakker") == ["Bakker"]
    assert not search(user=anna, text="jansen").hits


def test_a_contract_that_ended_yesterday_takes_someone_out_of_service(anna: User) -> None:
    today = timezone.localdate()
    gone = make_employee(employer_of(anna), "Jansen", ended_on=today - timedelta(days=1))
    back = make_employee(employer_of(anna), "Janssen", ended_on=today - timedelta(days=1))
    make_employment(back, started_on=today)
    make_employee(employer_of(anna), "Jansma", ended_on=today)
    SearchKey.objects.update(in_service=True)  # as it was the day before

    refresh_in_service(since=today - timedelta(days=8))

    assert not SearchKey.objects.filter(dossier=gone.dossier, in_service=True).exists()
    assert surnames(anna, "jan") == ["Jansma", "Janssen"]
    assert surnames(anna, "jan", include_former=True) == ["Jansen", "Jansma", "Janssen"]


def test_staff_find_people_of_every_employer_by_the_same_keys(anna: User, bram: User) -> None:
    berg = make_employee(employer_of(anna), "Berg", prefixes="van den")
    bergsma = make_employee(employer_of(bram), "Bergsma")
    ng = make_employee(employer_of(bram), "Ng")
    for employee in (berg, bergsma, ng):
        rebuild_keys(employee.dossier)

    def found(text: str) -> set[int]:
        return set(keys_of_staff(text).values_list("dossier", flat=True))

    assert found("ber") == {berg.dossier_id, bergsma.dossier_id}
    assert found("van den b") == {berg.dossier_id}
    assert found("ng") == {ng.dossier_id}
    assert found("be") == found("") == found("dossier") == found("%%%") == set()
