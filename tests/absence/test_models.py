"""What the database itself refuses, whatever the code above it does."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from absence.models import Incapacity, Trajectory
from tests.factories import make_employee, make_employer, make_employment, make_trajectory


@pytest.fixture
def trajectory(db: None) -> Trajectory:
    employee = make_employee(make_employer())
    return make_trajectory(employee, first_sick_day=date(2026, 11, 2))


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: rows.update(percentage=50),
        lambda rows: rows.delete(),
        lambda rows: rows.first().delete(),
    ],
    ids=["update", "delete", "delete one"],
)
def test_a_percentage_is_never_changed_or_removed(trajectory, change):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        change(Incapacity.objects.filter(trajectory=trajectory))

    assert trajectory.incapacities.get().percentage == 100


def test_the_percentages_are_never_emptied(db):
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("TRUNCATE absence_incapacity")


def test_a_recovery_has_somebody_who_recorded_it(trajectory):
    trajectory.recovered_on = date(2026, 11, 9)

    with pytest.raises(IntegrityError, match="trajectory_recovery_with_who_and_when"):
        trajectory.save()


def test_a_recovery_lies_after_the_first_sick_day(trajectory):
    with pytest.raises(IntegrityError, match="trajectory_recovers_after_first_sick_day"):
        make_trajectory(
            trajectory.employee,
            first_sick_day=date(2026, 10, 1),
            recovered_on=date(2026, 10, 1),
        )


@pytest.mark.parametrize(
    ("first_sick_day", "recovered_on"),
    [
        (date(2026, 11, 2), None),
        (date(2026, 11, 20), None),
        (date(2026, 10, 1), None),
        (date(2026, 10, 1), date(2026, 11, 3)),
    ],
    ids=["same day", "E20 later, while open", "earlier, without an end", "earlier, ends inside"],
)
def test_two_reports_of_one_employment_never_overlap(trajectory, first_sick_day, recovered_on):
    with pytest.raises(IntegrityError, match="trajectory_no_overlap_per_employment"):
        make_trajectory(
            trajectory.employee, first_sick_day=first_sick_day, recovered_on=recovered_on
        )


def test_a_report_may_end_on_the_day_the_next_begins(trajectory):
    make_trajectory(
        trajectory.employee, first_sick_day=date(2026, 10, 1), recovered_on=date(2026, 11, 2)
    )

    assert trajectory.employee.trajectories.count() == 2


def test_two_employments_of_one_person_are_apart(trajectory):
    other = make_employment(trajectory.employee, job_title="Chauffeur")

    make_trajectory(trajectory.employee, employment=other, first_sick_day=date(2026, 11, 2))

    assert trajectory.employee.trajectories.count() == 2
