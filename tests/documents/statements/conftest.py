"""A month at anna's employer: somebody ill after the contract, with a policy that covers it."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from absence.models import Trajectory
from accounts.models import Employer, Policy, User
from documents.models import BenefitStatement, PolicyCover
from documents.statements.actions import confirm_run, import_month
from documents.statements.reading import Row
from tests.documents.conftest import store  # noqa: F401 - a fixture
from tests.factories import make_employee, make_trajectory
from tests.jobs import run_jobs

MONTH = date(2026, 3, 1)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel("2026-04-02 12:00+02:00"):
        yield


@pytest.fixture
def employer(anna: User) -> Employer:
    """Anna's employer, of which she is the contact."""
    found = anna.memberships.get().employer
    found.contact = anna
    found.save()
    return found


@pytest.fixture
def policy(employer: Employer) -> Policy:
    """Pays 70 % after two days."""
    policy = employer.policies.get()
    PolicyCover.objects.create(policy=policy, percentage=Decimal(70), waiting_days=2)
    return policy


@pytest.fixture
def report(employer: Employer) -> Trajectory:
    """Ill since January; the contract ended in February."""
    employee = make_employee(employer, "Wiśniewska", ended_on=date(2026, 2, 10))
    return make_trajectory(employee, first_sick_day=date(2026, 1, 5))


def row(policy: Policy, report: Trajectory, number: int = 2, **cells: Any) -> Row:
    """A whole month at a daily wage of 120, unless `cells` say otherwise; None leaves one out."""
    filled = {
        "policy": policy.number,
        "report": report.number,
        "first_day": "01-03-2026",
        "last_day": "31-03-2026",
        "daily_wage": "120,00",
    } | cells
    return Row(number, {key: cell for key, cell in filled.items() if cell is not None})


def published(ilse: User, *rows: Any) -> list[BenefitStatement]:
    """What the worker makes of a confirmed month."""
    confirm_run(by=ilse, run=import_month(by=ilse, month=MONTH, rows=rows))
    run_jobs()
    return list(BenefitStatement.objects.order_by("pk"))


def text_of(statement: BenefitStatement) -> str:
    """The words of the PDF, a form feed after each page."""
    pdftotext = shutil.which("pdftotext")
    assert pdftotext
    with statement.document.file.open() as file:
        done = subprocess.run(
            [pdftotext, "-layout", "-", "-"], input=file.read(), capture_output=True, check=True
        )
    return re.sub(r"[ \u00a0]+", " ", done.stdout.decode())
