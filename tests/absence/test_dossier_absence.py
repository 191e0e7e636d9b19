"""/dossiers/<uuid>/verzuim/: the sick reports of one employee."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains

from accounts.models import AuditEvent
from tests.absence.pages import words
from tests.factories import make_employee, make_employment, make_incapacity, make_trajectory
from tests.login import login

pytestmark = pytest.mark.usefixtures("on_24_november")


@pytest.fixture
def address(client, anna, employee):
    login(client, anna)
    return reverse("absence:dossier-absence", args=[employee.dossier.uuid])


def test_without_reports_it_says_so_and_offers_one(client, address, employee):
    response = client.get(address)

    assertContains(response, "Nog geen ziekmeldingen")
    assertContains(response, reverse("absence:report-create", args=[employee.dossier.uuid]))
    assertContains(response, "Verzuim melden")


def test_it_shows_a_report_in_words(client, address, employee, anna):
    report = make_trajectory(employee, first_sick_day=date(2026, 11, 2))

    page = words(client.get(address))

    assert "Ziekmelding van 02-11-2026 Volledig ziek" in page
    assert f"Meldingsnummer {report.number}" in page
    assert "Verzuimclassificatie Ziekte" in page
    assert "Duur tot en met vandaag 3 weken en 2 dagen (ziekteweek 4)" in page
    assert "Dienstverband Orderpicker, vanaf 01-01-2020" in page
    assert f"door {anna}" in page


def test_e52_it_shows_the_course_as_a_table(client, address, employee):
    report = make_trajectory(
        employee, first_sick_day=date(2026, 2, 2), recovered_on=date(2026, 3, 16)
    )
    make_incapacity(report, effective_on=date(2026, 2, 16), percentage=50)
    make_incapacity(report, effective_on=date(2026, 3, 2), percentage=25)

    response = client.get(address)

    page = words(response)
    assert "Hersteld per 16-03-2026" in page
    assert "Duur 6 weken" in page
    assert (
        "Vanaf Tot en met Arbeidsongeschikt Aan het werk"
        " 02-02-2026 15-02-2026 100% 0%"
        " 16-02-2026 01-03-2026 50% 50%"
        " 02-03-2026 15-03-2026 25% 75%"
    ) in page


def test_a_partial_illness_says_of_what(client, address, employee):
    make_trajectory(employee, 60, first_sick_day=date(2026, 11, 2))

    page = words(client.get(address))

    assert "Gedeeltelijk ziek: 60%" in page
    assert "02-11-2026 nu 60% 40%" in page


def test_the_newest_report_comes_first(client, address, employee):
    make_trajectory(employee, first_sick_day=date(2026, 1, 5), recovered_on=date(2026, 1, 12))
    make_trajectory(employee, first_sick_day=date(2026, 11, 2))
    make_trajectory(employee, first_sick_day=date(2026, 5, 4), recovered_on=date(2026, 5, 11))

    cases = client.get(address).context["cases"]
    reports = [report for case, _ in cases for report in case.reports]

    assert [report.first_sick_day.month for report in reports] == [11, 5, 1]


def test_reports_of_a_former_employment_stay_and_are_named(client, address, employee):
    former = employee.employments.get()
    former.ended_on = date(2026, 6, 30)
    former.save()
    make_employment(employee, job_title="Chauffeur", started_on=date(2026, 8, 3))
    make_trajectory(
        employee,
        employment=former,
        first_sick_day=date(2026, 7, 10),
        recovered_on=date(2026, 7, 20),
    )

    page = words(client.get(address))

    assert "Orderpicker, vanaf 01-01-2020 tot en met 30-06-2026 (ziek binnen vier weken" in page


def test_it_says_how_to_report_a_recovery_and_has_no_button_for_it(client, address, employee):
    make_trajectory(employee, first_sick_day=date(2026, 11, 2))

    response = client.get(address)

    assert "088-102 16 40 verzuimmanagement@hcs.services" in words(response)
    main = response.content.decode().split("<main")[1].split("</main>")[0]
    assert "<form" not in main


def test_after_recovery_there_is_nothing_to_hand_on(client, address, employee):
    make_trajectory(employee, first_sick_day=date(2026, 11, 2), recovered_on=date(2026, 11, 9))

    assert "088-102 16 40" not in words(client.get(address))


def test_viewing_is_audited(client, address, anna, employee):
    client.get(address)

    event = AuditEvent.objects.get(action="dossier.view")
    assert (event.actor, event.dossier_uuid) == (anna, employee.dossier.uuid)


def test_the_query_count_does_not_grow(client, address, employee):
    def queries(total):
        for number in range(employee.trajectories.count(), total):
            day = date(2020, 1, 6) + timedelta(weeks=4 * number)
            report = make_trajectory(
                employee, first_sick_day=day, recovered_on=day + timedelta(weeks=2)
            )
            make_incapacity(report, effective_on=day + timedelta(weeks=1), percentage=50)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assertContains(client.get(address), "Ziekmelding van", count=total)
        return len(captured)

    few, many = queries(3), queries(60)

    assert few == many <= 14


def test_bram_gets_404(client, address, bram):
    login(client, bram)

    assert client.get(address).status_code == 404
    assert AuditEvent.objects.filter(action="access.denied", actor=bram).count() == 1


@pytest.mark.parametrize("person", ["ilse", "hugo"])
def test_staff_get_404(client, address, request, person):
    login(client, request.getfixturevalue(person))

    assert client.get(address).status_code == 404


def test_the_company_dossier_has_no_such_tab(client, address, employee):
    company = employee.employer.dossiers.get(kind="COMPANY")

    response = client.get(reverse("absence:dossier-absence", args=[company.uuid]))

    assert response.status_code == 404


def test_nobody_else_shows_up(client, address, employee):
    colleague = make_employee(employee.employer, "Zwart")
    make_trajectory(colleague, first_sick_day=date(2026, 11, 9))

    assert "09-11-2026" not in words(client.get(address))
