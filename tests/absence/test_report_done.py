"""/verzuim/gemeld/<traject>/: what was reported, and what happens next."""

from datetime import date
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains

from accounts.models import AuditEvent
from tests.absence.pages import words
from tests.factories import make_employee, make_trajectory
from tests.login import login


@pytest.fixture
def report(anna):
    employee = make_employee(anna.memberships.get().employer, "Yıldız", created_by=anna)
    with time_machine.travel("2026-11-24T14:32:00+01:00", tick=False):
        return make_trajectory(employee, 60, first_sick_day=date(2026, 11, 23))


@pytest.fixture
def address(client, anna, report):
    login(client, anna)
    return reverse("absence:report-done", args=[report.uuid])


def test_it_confirms_with_number_and_time(client, address, report):
    page = words(client.get(address))

    assert "A.B. (Anna) Yıldız is nu ziek gemeld" in page
    assert f"Meldingsnummer {report.number}, gemeld op 24-11-2026 om 14.32 uur door Anna." in page
    assert "Gedeeltelijk ziek: 60% arbeidsongeschikt = 40% aan het werk" in page
    assert "vier weken" not in page
    assert "zes weken" not in page


def test_it_says_what_happens_next(client, address, report):
    response = client.get(address)

    for fact in ["HCS neemt contact op", "088-102 16 40", "verzuimmanagement@hcs.services"]:
        assert fact in words(response)
    assertContains(response, report.dossier.get_absolute_url())
    assertContains(response, reverse("documents:dossier-files", args=[report.dossier.uuid]))
    assertContains(response, reverse("absence:report-search"))


def test_it_can_be_read_again_and_is_audited(client, address, anna, report):
    client.get(address)
    assert client.get(address).status_code == 200

    events = AuditEvent.objects.filter(action="dossier.view", actor=anna)
    assert [event.dossier_uuid for event in events] == [report.dossier.uuid] * 2


def test_it_marks_nawerking(client, address, report):
    report.employee.employments.update(ended_on=date(2026, 11, 1))

    page = words(client.get(address))

    assert "na de laatste dag van het dienstverband (01-11-2026)" in page


@pytest.mark.parametrize("person", ["bram", "ilse", "hugo"])
def test_others_get_404_and_the_attempt_is_recorded(client, address, request, report, person):
    stranger = request.getfixturevalue(person)
    login(client, stranger)

    assert client.get(address).status_code == 404

    event = AuditEvent.objects.get(action="access.denied", actor=stranger)
    assert (event.outcome, event.dossier_uuid) == ("DENIED", report.dossier.uuid)


def test_a_made_up_report_is_404_and_no_event(client, address):
    assert client.get(reverse("absence:report-done", args=[uuid4()])).status_code == 404
    assert not AuditEvent.objects.filter(action="access.denied").exists()
