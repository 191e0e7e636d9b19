"""The timeline of an illness: what is due when, what staff noted, and in which words."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse, reverse_lazy

from absence.actions.course import mark_milestone
from absence.agenda import State, timeline_of
from absence.case import cases_of
from absence.models import MilestoneMark
from accounts.models import AuditEvent
from tests.absence.pages import words
from tests.factories import make_employee, make_trajectory
from tests.login import login

pytestmark = pytest.mark.usefixtures("on_24_november")

TODAY = date(2026, 11, 24)


@pytest.fixture
def employee(anna):
    employer = anna.memberships.get().employer
    employer.policies.all().delete()
    return make_employee(employer, created_by=anna, started_on=date(2020, 1, 1))


@pytest.fixture
def report(employee):
    """Eight weeks ill on 26-11: the analysis is due 12-11, the plan 26-11."""
    return make_trajectory(employee, first_sick_day=date(2026, 10, 1))


def states(*reports):
    [case] = cases_of(reports, today=TODAY)
    return {entry.milestone.key: entry.state for entry in timeline_of(case).entries}


def test_a_term_that_passed_is_late_one_that_comes_is_soon(report):
    found = states(report)

    assert found["PA"] == State.LATE
    assert found["PvA"] == State.SOON
    assert found["EJE"] == State.AHEAD
    assert found["ZM"] == State.REPORTED  # the report itself
    assert "W104" not in found  # a line, not a task


def test_what_staff_noted_counts_before_the_calendar(report, hugo, ilse):
    mark_milestone(by=hugo, trajectory=report, key="PA", done_on=date(2026, 11, 20))
    mark_milestone(by=ilse, trajectory=report, key="PvA", deviation="SHORT")

    assert (states(report)["PA"], states(report)["PvA"]) == (State.DONE, State.DEVIATES)
    events = AuditEvent.objects.filter(action="milestone.mark")
    assert [event.detail["milestone"] for event in events.order_by("pk")] == ["PA", "PvA"]


def test_noted_again_it_replaces(report, hugo):
    mark_milestone(by=hugo, trajectory=report, key="PA", deviation="WAITS")
    mark_milestone(by=hugo, trajectory=report, key="PA", done_on=TODAY)

    mark = MilestoneMark.objects.get()
    assert (mark.done_on, mark.deviation) == (TODAY, "")


def test_marks_of_every_report_of_the_illness_count(employee, hugo):
    first = make_trajectory(
        employee, first_sick_day=date(2026, 9, 1), recovered_on=date(2026, 10, 1)
    )
    mark_milestone(by=hugo, trajectory=first, key="PA", done_on=date(2026, 9, 20))
    second = make_trajectory(employee, first_sick_day=date(2026, 10, 20))

    assert states(first, second)["PA"] == State.DONE


@pytest.mark.parametrize(
    ("note", "field"),
    [
        ({"key": "XX", "done_on": TODAY}, "key"),
        ({"key": "PA"}, "__all__"),
        ({"key": "PA", "done_on": TODAY, "deviation": "WAITS"}, "__all__"),
        ({"key": "EJE", "deviation": "WAITS"}, "deviation"),
        ({"key": "PA", "done_on": date(2026, 11, 25)}, "done_on"),
        ({"key": "PA", "done_on": date(2026, 9, 30)}, "done_on"),
    ],
)
def test_what_cannot_be_is_refused(report, hugo, note, field):
    with pytest.raises(ValidationError) as refused:
        mark_milestone(by=hugo, trajectory=report, **note)

    found = refused.value.message_dict if hasattr(refused.value, "error_dict") else {"__all__": 1}
    assert list(found) == [field]
    assert not MilestoneMark.objects.exists()


def test_an_employer_marks_nothing(report, anna):
    with pytest.raises(PermissionDenied):
        mark_milestone(by=anna, trajectory=report, key="PA", done_on=TODAY)


def test_the_dossier_shows_it_in_words(client, anna, employee, report, hugo):
    mark_milestone(by=hugo, trajectory=report, key="PvA", deviation="SHORT")
    login(client, anna)

    text = words(client.get(reverse("absence:dossier-absence", args=[employee.dossier.uuid])))

    assert "Nog 673 van de 728 dagen (104 weken) tot en met 27-09-2028" in text
    assert "Probleemanalyse Uiterlijk 12-11-2026 · arbodienst · Regeling procesgang" in text
    assert "art. 2 Te laat, nog niet afgevinkt" in text
    assert "Later: " in text
    assert "Afgeweken Volgens de arbodienst is het verzuim niet langdurig" in text


def test_after_recovery_there_is_no_timeline(client, anna, employee):
    make_trajectory(employee, first_sick_day=date(2026, 10, 1), recovered_on=date(2026, 11, 2))
    login(client, anna)

    text = words(client.get(reverse("absence:dossier-absence", args=[employee.dossier.uuid])))

    assert "Wat er wanneer moet gebeuren" not in text


def test_the_query_count_does_not_grow_with_the_reports(client, anna, employee):
    login(client, anna)
    address = reverse("absence:dossier-absence", args=[employee.dossier.uuid])
    make_trajectory(employee, first_sick_day=date(2026, 11, 20))
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get(address)
    for month in range(1, 10):
        make_trajectory(
            employee, first_sick_day=date(2025, month, 1), recovered_on=date(2025, month, 8)
        )
    with CaptureQueriesContext(connection) as many:
        client.get(address)

    assert len(many) == len(one)


def test_staff_mark_on_a_page_of_the_back_office(client, hugo, report):
    login(client, hugo)
    address = reverse("admin:absence_trajectory_milestone", args=[report.pk])

    assert "Probleemanalyse, uiterlijk 12-11-2026" in client.get(address).content.decode()
    wrong = client.post(address, {"key": "PA", "done_on": "25-11-2026", "deviation": ""})
    assert "tussen de eerste ziektedag en vandaag" in wrong.content.decode()
    client.post(address, {"key": "PA", "done_on": "20-11-2026", "deviation": ""})

    assert MilestoneMark.objects.get().done_on == date(2026, 11, 20)


# --- the agenda of an employer ---------------------------------------------------------------

AGENDA = reverse_lazy("absence:agenda")


def test_the_agenda_lists_what_is_due_and_what_was_just_missed(client, anna, employee, report):
    old = make_employee(employee.employer, "Oud", created_by=anna, started_on=date(2020, 1, 1))
    make_trajectory(old, first_sick_day=date(2026, 8, 1))  # its analysis was due 12-09
    login(client, anna)

    text = words(client.get(AGENDA))

    assert "Probleemanalyse: A.B. (Anna) Jansen Uiterlijk 12-11-2026 · arbodienst" in text
    assert "Plan van aanpak: A.B. (Anna) Jansen Uiterlijk 26-11-2026" in text
    assert "Probleemanalyse: A.B. (Anna) Oud" not in text
    assert AuditEvent.objects.get(action="report.list").detail["dossiers"] == [employee.dossier.pk]


def test_what_was_ticked_off_is_not_on_the_agenda(client, anna, report, hugo):
    mark_milestone(by=hugo, trajectory=report, key="PA", done_on=TODAY)
    login(client, anna)

    assert "Probleemanalyse" not in words(client.get(AGENDA))


def test_an_empty_agenda_says_so(client, anna, employee):
    login(client, anna)

    assert "hoeft er niets te gebeuren" in words(client.get(AGENDA))


@pytest.mark.parametrize(
    ("ended_on", "is_said"),
    [
        (date(2026, 11, 24), True),
        (date(2026, 12, 8), True),
        (date(2026, 12, 9), False),
        (date(2026, 11, 23), False),
    ],
)
def test_who_leaves_ill_within_fourteen_days_has_a_checklist(
    client, anna, employee, report, ended_on, is_said
):
    employee.employments.update(ended_on=ended_on)
    login(client, anna)

    text = words(client.get(AGENDA))

    assert (f"gaat ziek uit dienst op {ended_on:%d-%m-%Y}" in text) is is_said
    assert ("de einddatum van het dienstverband doorgeven aan InComfort" in text) is is_said


def test_the_start_page_asks_for_the_first_few(client, anna, employee):
    for number in range(8):
        other = make_employee(
            employee.employer, f"Ziek{number}", created_by=anna, started_on=date(2020, 1, 1)
        )
        make_trajectory(other, first_sick_day=date(2026, 10, 1))
    login(client, anna)

    assert 'hx-get="/verzuim/agenda/" hx-trigger="load"' in client.get("/start/").content.decode()
    part = client.get(AGENDA, headers={"HX-Request": "true"}).content.decode()

    assert "<main" not in part
    assert part.count("<li>") == 6
    assert "Alle 16 punten in de agenda" in part


def test_the_query_count_of_the_agenda_does_not_grow(client, anna, employee):
    employer = employee.employer
    login(client, anna)
    counts = []
    for number in (10, 40):
        for _ in range(number):
            other = make_employee(employer, created_by=anna, started_on=date(2020, 1, 1))
            make_trajectory(other, first_sick_day=date(2026, 10, 1))
        with CaptureQueriesContext(connection) as queries:
            client.get(AGENDA)
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 14


def test_bram_sees_nothing_of_it(client, bram, report):
    login(client, bram)

    assert "Jansen" not in words(client.get(AGENDA))
