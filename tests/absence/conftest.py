"""What most tests of absence begin with: a day on which nothing moves, and somebody employed."""

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine

from accounts.models import User
from dossiers.models import Employee
from tests.factories import make_employee


@pytest.fixture
def on_24_november() -> Iterator[None]:
    """Tuesday 24 November 2026, noon in the Netherlands; the clock stands still."""
    with time_machine.travel("2026-11-24T12:00:00+01:00", tick=False):
        yield


@pytest.fixture
def employee(anna: User) -> Employee:
    """Somebody at anna's employer since 2020: long enough for any illness of these tests."""
    employer = anna.memberships.get().employer
    return make_employee(employer, created_by=anna, started_on=date(2020, 1, 1))
