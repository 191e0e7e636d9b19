"""The query sets that lists are made of: whose rows, and how many queries."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser

from absence.models import Incapacity, Trajectory
from tests.factories import make_employee, make_incapacity, make_trajectory

pytestmark = pytest.mark.usefixtures("on_24_november")


@pytest.fixture
def employer(anna):
    return anna.memberships.get().employer


@pytest.mark.parametrize("model", [Trajectory, Incapacity])
def test_only_who_works_for_the_employer_sees_its_rows(model, anna, bram, ilse, hugo, employer):
    make_trajectory(make_employee(employer))

    assert model.objects.visible_to(anna).count() == 1
    for stranger in [bram, ilse, hugo, AnonymousUser()]:
        assert not model.objects.visible_to(stranger).exists()


def test_open_leaves_out_who_recovered(anna, employer):
    ill = make_trajectory(make_employee(employer))
    make_trajectory(
        make_employee(employer), first_sick_day=date(2026, 1, 5), recovered_on=date(2026, 1, 12)
    )

    assert list(Trajectory.objects.visible_to(anna).open()) == [ill]


@pytest.mark.parametrize(
    ("day", "percentage"),
    [
        (date(2026, 11, 1), None),
        (date(2026, 11, 2), 100),
        (date(2026, 11, 15), 100),
        (date(2026, 11, 16), 40),
        (None, 40),
    ],
)
def test_with_percentage_knows_each_day(employer, day, percentage):
    report = make_trajectory(make_employee(employer), first_sick_day=date(2026, 11, 2))
    make_incapacity(report, effective_on=date(2026, 11, 16), percentage=40)

    assert Trajectory.objects.with_percentage(day).get().percentage == percentage
    assert report.percentage_on(day or date(2026, 11, 24)) == percentage


def test_the_list_of_who_is_ill_takes_one_query_however_long(
    anna, employer, django_assert_num_queries
):
    for total in [3, 60]:
        while employer.trajectories.count() < total:
            make_trajectory(make_employee(employer, created_by=anna))
        ill = (
            Trajectory.objects.visible_to(anna)
            .open()
            .newest_first()
            .with_percentage()
            .select_related("dossier", "employee")
        )
        with django_assert_num_queries(1):
            rows = [
                (row.employee.display_name, row.percentage, row.get_absolute_url()) for row in ill
            ]
        assert len(rows) == total
