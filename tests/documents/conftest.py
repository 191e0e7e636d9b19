"""What tests of documents share: somebody who is ill, and files that end with the test."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.test import Client

from absence.models import Trajectory
from accounts.models import Employer, User
from documents.models import Document
from dossiers.models import Dossier
from tests.factories import make_employee, make_trajectory
from tests.login import login

S3 = "storages.backends.s3.S3Storage"


@pytest.fixture(autouse=True)
def store(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this test's documents lie: a folder, or how their keys begin in S3 (make test-s3)."""
    place = tmp_path / "documenten"
    if settings.STORAGES["default"]["BACKEND"] == S3:
        place = Path("proeven") / str(uuid4())
        monkeypatch.setattr("botocore.auth.get_current_datetime", real_time)
    options = settings.STORAGES["default"]["OPTIONS"] | {"location": str(place)}
    default = settings.STORAGES["default"] | {"OPTIONS": options}
    settings.STORAGES = settings.STORAGES | {"default": default}
    return place


def real_time() -> datetime:
    """S3 refuses a request that is a quarter of an hour off, and some tests move our clock."""
    if not time_machine.escape_hatch.is_travelling():
        return datetime.now(UTC)
    now: datetime = time_machine.escape_hatch.datetime.datetime.now(UTC)
    return now


def files_in(store: Path, folder: str = "") -> list[str]:
    """The names of all files in this test's store."""
    try:
        folders, names = default_storage.listdir(folder)
    except FileNotFoundError:  # no file was ever stored
        return []
    inner = [name for each in folders for name in files_in(store, f"{folder}{each}/")]
    return [f"{folder}{name}" for name in names] + inner


def content_of(document: Document) -> bytes:
    assert document.file.name
    with default_storage.open(document.file.name) as file:
        content: bytes = file.read()
        return content


@pytest.fixture
def in_as_anna(client: Client, anna: User) -> Client:
    login(client, anna)
    return client


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
