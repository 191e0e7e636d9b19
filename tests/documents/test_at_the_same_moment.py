"""Two clicks at once, from two connections: stored once, and nobody sees an error."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connections

from absence.models import Trajectory
from accounts.models import User
from documents import actions
from documents.models import BenefitStatement, Document
from dossiers.models import Dossier
from tests.documents import files
from tests.documents.conftest import files_in

pytestmark = pytest.mark.django_db(transaction=True)
CLICKS = 4


def at_once(act: Callable[[], Any]) -> list[Any]:
    """What each of the simultaneous acts returned or raised."""
    barrier = Barrier(CLICKS)

    def click(_: int) -> Any:
        barrier.wait()
        try:
            return act()
        except ValidationError as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(CLICKS) as pool:
        return list(pool.map(click, range(CLICKS)))


def test_one_submission_is_stored_once(anna: User, trajectory: Trajectory, store: Path) -> None:
    submission = uuid4()

    def add() -> Document:
        return actions.add_documents(
            by=anna,
            dossier=trajectory.dossier,
            trajectory=trajectory,
            folder=Document.Folder.PAYSLIP,
            files=[files.checked()],
            submission=submission,
        )[0]

    assert len({document.pk for document in at_once(add)}) == 1
    assert Document.objects.count() == len(files_in(store)) == 1


def test_one_statement_per_month(ilse: User, company_dossier: Dossier, store: Path) -> None:
    policy = company_dossier.employer.policies.get()

    def publish() -> BenefitStatement:
        return actions.publish_statement(
            by=ilse, policy=policy, month=date(2026, 10, 1), file=files.checked()
        )

    outcomes = at_once(publish)

    assert [type(outcome) for outcome in outcomes].count(BenefitStatement) == 1
    assert [type(outcome) for outcome in outcomes].count(ValidationError) == CLICKS - 1
    assert len(files_in(store)) == 1
