"""What people do with sick reports: who may, what is stored, what the audit log says."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction

from absence.actions.course import add_incapacity, record_recovery
from absence.actions.reports import report_absence
from absence.models import Classification, Incapacity, Trajectory
from accounts.models import AuditEvent
from tests.factories import (
    make_employee,
    make_employment,
    make_incapacity,
    make_trajectory,
    make_user,
)

pytestmark = pytest.mark.usefixtures("on_24_november")


@pytest.fixture
def employee(anna):
    return make_employee(anna.memberships.get().employer, created_by=anna)


def report(anna, employee, **fields):
    values = {
        "employment": employee.employments.first(),
        "classification": Classification.objects.get(code="ziekte"),
        "first_sick_day": date(2026, 11, 23),
        "percentage": 100,
        "submission": uuid4(),
    }
    return report_absence(by=anna, **values | fields)


# --- report_absence ------------------------------------------------------------------------


def test_a_report_is_stored_with_its_first_percentage(anna, employee):
    trajectory = report(anna, employee, percentage=60)

    trajectory.refresh_from_db()
    assert trajectory.employer == employee.employer
    assert trajectory.dossier == employee.dossier
    assert trajectory.employee == employee
    assert trajectory.reported_by == anna
    assert trajectory.is_open
    row = trajectory.incapacities.get()
    assert (row.effective_on, row.percentage) == (date(2026, 11, 23), 60)
    assert (row.employer, row.recorded_by) == (employee.employer, anna)


def test_a_report_is_audited(anna, employee):
    trajectory = report(anna, employee)

    event = AuditEvent.objects.get(action="report.create")
    assert (event.actor, event.employer) == (anna, employee.employer)
    assert event.dossier_uuid == employee.dossier.uuid
    assert event.object_id == str(trajectory.uuid)
    assert event.detail == {}


def test_sent_twice_it_is_reported_once(anna, employee):
    submission = uuid4()
    first = report(anna, employee, submission=submission)

    assert report(anna, employee, submission=submission) == first
    assert report(anna, employee, submission=submission, percentage=50) == first
    assert Trajectory.objects.count() == Incapacity.objects.count() == 1
    assert AuditEvent.objects.filter(action="report.create").count() == 1


def test_the_submission_of_somebody_else_gives_nothing_away(anna, bram, employee):
    submission = uuid4()
    report(anna, employee, submission=submission)
    theirs = make_employee(bram.memberships.get().employer, created_by=bram)

    with pytest.raises(ValidationError, match="al eerder verstuurd"):
        report(bram, theirs, submission=submission)

    assert not theirs.trajectories.exists()


def test_a_submission_belongs_to_one_employee(anna, employee):
    submission = uuid4()
    report(anna, employee, submission=submission)
    colleague = make_employee(employee.employer, created_by=anna)

    with pytest.raises(ValidationError, match="al eerder verstuurd"):
        report(anna, colleague, submission=submission)


@pytest.mark.parametrize("person", ["bram", "ilse", "hugo"])
def test_only_who_works_for_the_employer_reports(request, employee, person):
    with pytest.raises(PermissionDenied):
        report(request.getfixturevalue(person), employee)

    assert not Trajectory.objects.exists()


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2026, 11, 25), "future"),
        (date(2023, 12, 31), "before_employment"),
    ],
)
def test_an_impossible_day_stores_nothing(anna, employee, day, code):
    with pytest.raises(ValidationError) as caught:
        report(anna, employee, first_sick_day=day)

    assert caught.value.code == code
    assert not Trajectory.objects.exists()
    assert not AuditEvent.objects.filter(action="report.create").exists()


def test_today_is_the_day_in_the_netherlands(anna, employee):
    with time_machine.travel("2026-11-24T23:30:00+00:00", tick=False):
        assert report(anna, employee, first_sick_day=date(2026, 11, 25)).is_open


@pytest.mark.parametrize(
    ("day", "accepted"),
    [(date(2026, 10, 31), True), (date(2026, 11, 28), True), (date(2026, 11, 29), False)],
    ids=["last day", "28 days after", "29 days after"],
)
def test_nawerking_lasts_four_weeks(anna, day, accepted):
    former = make_employee(
        anna.memberships.get().employer, ended_on=date(2026, 10, 31), created_by=anna
    )
    with time_machine.travel("2026-12-10T12:00:00+01:00", tick=False):
        if accepted:
            report(anna, former, first_sick_day=day)
        else:
            with pytest.raises(ValidationError, match="meer dan vier weken na het einde"):
                report(anna, former, first_sick_day=day)


def test_e20_a_second_report_while_one_is_open_is_refused(anna, employee):
    make_trajectory(employee, first_sick_day=date(2026, 1, 5))

    with pytest.raises(ValidationError, match="al ziek gemeld vanaf 05-01-2026"):
        report(anna, employee, first_sick_day=date(2026, 2, 20))


def test_another_employment_of_the_same_person_is_apart(anna, employee):
    first = report(anna, employee)
    second = make_employment(employee, job_title="Chauffeur", started_on=date(2026, 1, 1))

    assert first.employment != second
    assert report(anna, employee, employment=second).employment == second


# --- two at the same moment ----------------------------------------------------------------


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Runs each act in a thread of its own; gives what each returned or raised."""
    barrier = Barrier(len(acts), timeout=10)

    def run(act: Callable[[], object]) -> object:
        try:
            barrier.wait()
            return act()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.mark.django_db(transaction=True)
def test_two_people_at_the_same_moment_make_one_report(anna, employee):
    results = at_once(*[lambda: report(anna, employee)] * 4)

    refused = [result for result in results if isinstance(result, ValidationError)]
    assert [error.code for error in refused] == ["already_ill"] * 3
    assert Trajectory.objects.count() == Incapacity.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_twice_at_the_same_moment_is_one_report(anna, employee):
    submission = uuid4()

    results = at_once(*[lambda: report(anna, employee, submission=submission)] * 3)

    assert results == [Trajectory.objects.get()] * 3


@pytest.mark.django_db(transaction=True)
def test_what_only_the_database_sees_reads_the_same(anna, employee):
    """A report that another way stores, not locking the employment, meets the constraint."""
    barrier = Barrier(2, timeout=10)

    def unlocked() -> None:
        with transaction.atomic():
            make_trajectory(employee, first_sick_day=date(2026, 11, 2))
            barrier.wait()
            # Until the other waits for this transaction, at the constraint.
            wait_until_blocked()

    def through_the_action() -> Trajectory:
        barrier.wait()
        return report(anna, employee)

    _, refused = at_once(unlocked, through_the_action)

    assert isinstance(refused, ValidationError)
    assert "zojuist ook ziek gemeld" in str(refused)
    assert Trajectory.objects.get().first_sick_day == date(2026, 11, 2)


def wait_until_blocked() -> None:
    with connection.cursor() as cursor:
        for _ in range(500):
            cursor.execute(
                "select count(*) from pg_locks"
                " where not granted and transactionid = pg_current_xact_id()::xid"
            )
            if cursor.fetchone()[0]:
                return
            cursor.execute("select pg_sleep(0.01)")
    raise AssertionError("nobody waits for this transaction")


@pytest.mark.django_db(transaction=True)
def test_one_submission_for_two_people_at_the_same_moment(anna, employee):
    submission = uuid4()
    colleague = make_employee(employee.employer, created_by=anna)

    results = at_once(
        lambda: report(anna, employee, submission=submission),
        lambda: report(anna, colleague, submission=submission),
    )

    refused = [result for result in results if isinstance(result, ValidationError)]
    assert [error.code for error in refused] == ["sent_before"]
    assert Trajectory.objects.count() == 1


# --- add_incapacity ------------------------------------------------------------------------


@pytest.fixture
def trajectory(employee):
    return make_trajectory(employee, first_sick_day=date(2026, 11, 2))


def test_hcs_adds_a_percentage(hugo, trajectory):
    row = add_incapacity(
        by=hugo, trajectory=trajectory, effective_on=date(2026, 11, 16), percentage=50
    )

    assert row.recorded_by == hugo
    assert row.employer == trajectory.employer
    assert trajectory.percentage_on(date(2026, 11, 15)) == 100
    assert trajectory.percentage_on(date(2026, 11, 16)) == 50
    event = AuditEvent.objects.get(action="incapacity.add")
    assert (event.actor, event.actor_role) == (hugo, "hcs")
    assert event.dossier_uuid == trajectory.dossier.uuid
    assert event.object_id == str(trajectory.uuid)
    assert event.detail == {"incapacity": row.pk}


@pytest.mark.parametrize("person", ["anna", "bram", "ilse", "superuser"])
def test_only_hcs_adds_a_percentage(request, trajectory, person):
    with pytest.raises(PermissionDenied):
        add_incapacity(
            by=somebody(request, person),
            trajectory=trajectory,
            effective_on=date(2026, 11, 16),
            percentage=50,
        )

    assert trajectory.incapacities.count() == 1


def somebody(request, person):
    if person == "superuser":
        return make_user("root", is_staff=True, is_superuser=True)
    return request.getfixturevalue(person)


def test_a_percentage_follows_the_newest_one(hugo, trajectory):
    make_incapacity(trajectory, effective_on=date(2026, 11, 16), percentage=50)

    with pytest.raises(ValidationError, match="al 50% sinds 16-11-2026"):
        add_incapacity(
            by=hugo, trajectory=trajectory, effective_on=date(2026, 11, 20), percentage=50
        )

    assert trajectory.incapacities.count() == 2
    assert not AuditEvent.objects.filter(action="incapacity.add").exists()


@pytest.mark.django_db(transaction=True)
def test_two_percentages_at_the_same_moment_come_one_after_the_other(hugo, trajectory):
    day = date(2026, 11, 16)

    results = at_once(
        *[lambda: add_incapacity(by=hugo, trajectory=trajectory, effective_on=day, percentage=50)]
        * 3
    )

    refused = [result for result in results if isinstance(result, ValidationError)]
    assert [error.code for error in refused] == ["not_after_last"] * 2
    assert trajectory.incapacities.count() == 2


# --- record_recovery -----------------------------------------------------------------------


def test_hcs_records_the_recovery(hugo, trajectory):
    recovered = record_recovery(by=hugo, trajectory=trajectory, recovered_on=date(2026, 11, 23))

    trajectory.refresh_from_db()
    assert recovered == trajectory
    assert not trajectory.is_open
    assert (trajectory.recovered_on, trajectory.recovered_by) == (date(2026, 11, 23), hugo)
    assert trajectory.recovery_recorded_at is not None
    event = AuditEvent.objects.get(action="recovery.record")
    assert (event.actor, event.object_id) == (hugo, str(trajectory.uuid))
    assert event.detail == {"recovered_on": "2026-11-23"}


@pytest.mark.parametrize("person", ["anna", "bram", "ilse", "superuser"])
def test_only_hcs_records_a_recovery(request, trajectory, person):
    with pytest.raises(PermissionDenied):
        record_recovery(
            by=somebody(request, person), trajectory=trajectory, recovered_on=date(2026, 11, 23)
        )

    trajectory.refresh_from_db()
    assert trajectory.is_open


@pytest.mark.parametrize(
    ("day", "code"),
    [(date(2026, 11, 16), "not_after_last"), (date(2026, 11, 25), "future")],
)
def test_an_impossible_recovery_is_refused(hugo, trajectory, day, code):
    make_incapacity(trajectory, effective_on=date(2026, 11, 16), percentage=50)

    with pytest.raises(ValidationError) as caught:
        record_recovery(by=hugo, trajectory=trajectory, recovered_on=day)

    assert caught.value.code == code


def test_after_recovery_the_report_is_closed(hugo, trajectory):
    record_recovery(by=hugo, trajectory=trajectory, recovered_on=date(2026, 11, 20))

    with pytest.raises(ValidationError, match="al vastgelegd, per 20-11-2026"):
        record_recovery(by=hugo, trajectory=trajectory, recovered_on=date(2026, 11, 23))
    with pytest.raises(ValidationError, match="volledig hersteld per 20-11-2026"):
        add_incapacity(
            by=hugo, trajectory=trajectory, effective_on=date(2026, 11, 23), percentage=50
        )


def test_after_recovery_the_employee_can_fall_ill_again(anna, hugo, employee, trajectory):
    record_recovery(by=hugo, trajectory=trajectory, recovered_on=date(2026, 11, 20))

    again = report(anna, employee, first_sick_day=date(2026, 11, 20))

    assert again.is_open
