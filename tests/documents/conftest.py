"""What tests of documents share: somebody who is ill, and files that end with the test."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from absence.models import Trajectory
from accounts.models import Employer, User
from dossiers.models import Dossier
from tests.factories import make_employee, make_trajectory


@pytest.fixture(autouse=True)
def store(settings: Any, tmp_path: Path) -> Path:
    """The folder in which this test's documents lie."""
    place = tmp_path / "documenten"
    options = settings.STORAGES["default"]["OPTIONS"] | {"location": str(place)}
    default = settings.STORAGES["default"] | {"OPTIONS": options}
    settings.STORAGES = settings.STORAGES | {"default": default}
    return place


def files_in(store: Path) -> list[Path]:
    return [path for path in store.rglob("*") if path.is_file()]


@pytest.fixture
def employer(anna: User) -> Employer:
    return Employer.objects.get(memberships__user=anna)


@pytest.fixture
def trajectory(anna: User, employer: Employer) -> Trajectory:
    """An employee of anna's who is ill since 2 November 2026."""
    employee = make_employee(employer, "Łukaszewicz", created_by=anna)
    return make_trajectory(employee, first_sick_day=date(2026, 11, 2))


@pytest.fixture
def dossier(trajectory: Trajectory) -> Dossier:
    return trajectory.dossier


@pytest.fixture
def company_dossier(employer: Employer) -> Dossier:
    return employer.dossiers.get(kind=Dossier.Kind.COMPANY)


@pytest.fixture
def foreign_trajectory(bram: User) -> Trajectory:
    """An employee of bram's, of another employer, who is ill."""
    employer = Employer.objects.get(memberships__user=bram)
    return make_trajectory(make_employee(employer, "De Wit", created_by=bram))
