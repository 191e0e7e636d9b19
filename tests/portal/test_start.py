"""The start page: search, report, who is ill now, whom to call."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from absence.models import Trajectory
from accounts.models import AuditEvent, Employer, Membership, User
from tests.factories import make_employee, make_employer, make_incapacity, make_trajectory
from tests.login import login

pytestmark = pytest.mark.django_db

FIRST_SICK_DAY = date(2026, 1, 5)


def make_ill(user: User, count: int) -> list[Trajectory]:
    employer = Employer.objects.visible_to(user).get()
    return [
        make_trajectory(
            make_employee(employer, f"Bakker{number:02}", created_by=user),
            first_sick_day=FIRST_SICK_DAY.replace(day=number % 28 + 1),
        )
        for number in range(count)
    ]


def start(client: Client, user: User, query: str = "") -> str:
    login(client, user)
    response = client.get(f"/start/{query}")
    assert response.status_code == 200
    return response.content.decode()


def test_it_shows_who_is_ill_since_when_and_for_how_much(client: Client, anna: User) -> None:
    [report] = make_ill(anna, 1)
    make_incapacity(report, effective_on=date(2026, 1, 20), percentage=60)

    html = start(client, anna)

    assert f'href="/dossiers/{report.dossier.uuid}/verzuim/">A.B. (Anna) Bakker00</a>' in html
    assert "Ziek sinds 01-01-2026" in html
    assert "Gedeeltelijk ziek: 60%" in html


def test_the_log_says_whose_illness_was_shown(client: Client, anna: User) -> None:
    start(client, anna)  # nobody is ill: nothing was shown
    reports = make_ill(anna, 2)
    start(client, anna)

    [event] = AuditEvent.objects.filter(action="report.list", actor=anna)
    assert set(event.detail["dossiers"]) == {report.dossier_id for report in reports}


def test_who_recovered_is_not_in_the_list(client: Client, anna: User, hugo: User) -> None:
    [report] = make_ill(anna, 1)
    Trajectory.objects.filter(pk=report.pk).update(
        recovered_on=date(2026, 2, 1), recovered_by=hugo, recovery_recorded_at=report.reported_at
    )

    assert "Er is nu niemand ziek gemeld" in start(client, anna)


def test_bram_sees_nothing_of_anna(client: Client, anna: User, bram: User) -> None:
    make_ill(anna, 2)

    html = start(client, bram)

    assert "Bakker" not in html
    assert "De Brug" not in html
    assert "Er is nu niemand ziek gemeld" in html


def test_staff_go_to_the_back_office(client: Client, hugo: User) -> None:
    login(client, hugo)

    response = client.get("/start/")

    assert (response.status_code, response["Location"]) == (302, "/beheer/")


def test_a_visitor_goes_to_the_login(client: Client) -> None:
    assert client.get("/start/")["Location"].startswith("/inloggen/")


def test_a_name_cannot_bring_markup(client: Client, anna: User) -> None:
    employer = Employer.objects.visible_to(anna).get()
    make_trajectory(make_employee(employer, "<script>alert(1)</script>", created_by=anna))

    html = start(client, anna)

    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_the_employer_is_named_only_for_who_works_for_several(client: Client, anna: User) -> None:
    make_ill(anna, 1)
    assert start(client, anna).count("De Brug") == 1

    Membership.objects.create(employer=make_employer("Flexwerk Noord"), user=anna)

    html = start(client, anna)
    assert "Flexwerk Noord en Uitzendbureau De Brug" in html
    assert html.count("De Brug") == 2


def test_visma_nmbrs_is_for_zw_erd_only(client: Client, anna: User, bram: User) -> None:
    assert "Naar Visma Nmbrs" in start(client, anna)
    assert "Nmbrs" not in start(client, bram)


def test_more_than_twenty_go_over_pages(client: Client, anna: User) -> None:
    make_ill(anna, 21)

    first, second = start(client, anna), start(client, anna, "?pagina=2")

    assert first.count("Ziek sinds") == 20
    assert second.count("Ziek sinds") == 1
    assert 'href="?pagina=2#nu-ziek"' in first
    assert 'href="?pagina=1#nu-ziek"' in second
    assert 'href="?pagina=3' not in second


@pytest.mark.parametrize("page", ["0", "-1", "x", "²", "99999", "9" * 5000, "0000" + "9" * 40, ""])
def test_a_page_number_that_is_none_shows_the_first(client: Client, anna: User, page: str) -> None:
    make_ill(anna, 1)

    assert "Bakker00" in start(client, anna, f"?pagina={page}")


def test_a_page_beyond_the_last_leads_back(client: Client, anna: User) -> None:
    make_ill(anna, 1)

    html = start(client, anna, "?pagina=7")

    assert "Hier staat niemand meer" in html
    assert 'href="?pagina=6#nu-ziek"' in html


def test_thirty_ill_cost_as_many_queries_as_three(client: Client, anna: User) -> None:
    login(client, anna)
    counts = []
    for more in (3, 27):
        make_ill_more(anna, more)
        with CaptureQueriesContext(connection) as queries:
            client.get("/start/")
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[0] <= 8  # the bar of the start page


def test_the_sealed_columns_stay_closed(client: Client, anna: User) -> None:
    make_ill(anna, 2)
    login(client, anna)

    with CaptureQueriesContext(connection) as queries:
        client.get("/start/")

    assert not [query["sql"] for query in queries if '"bsn"' in query["sql"]]


def make_ill_more(user: User, count: int) -> None:
    employer = Employer.objects.visible_to(user).get()
    for _ in range(count):
        make_trajectory(make_employee(employer, created_by=user), first_sick_day=FIRST_SICK_DAY)
