"""Two staff, or two workers, at one month: each statement exists once."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from absence.models import Trajectory
from accounts.models import AuditEvent, OutgoingMessage, Policy, User
from documents.models import BenefitStatement, Document, StatementRun, StatementSheet
from documents.statements.actions import confirm_run, discard_run, import_month
from documents.statements.publishing import publish_sheet
from tests.documents.statements.conftest import MONTH, row
from tests.factories import make_staff
from tests.jobs import run_jobs
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def refusals(outcomes: list[Any]) -> list[str]:
    assert all(isinstance(each, ValidationError | StatementRun | None) for each in outcomes)
    return [each.messages[0] for each in outcomes if isinstance(each, ValidationError)]


def test_two_who_confirm_one_month_publish_it_once(
    ilse: User, policy: Policy, report: Trajectory
) -> None:
    iris = make_staff("iris", "InComfort")
    run = import_month(by=ilse, month=MONTH, rows=[row(policy, report)])

    found = at_once([lambda by=by: confirm_run(by=by, run=run) for by in (ilse, iris) * 4])

    assert refusals(found) == ["Deze maand is al bevestigd."] * 7
    assert ProcrastinateJob.objects.filter(task_name__endswith="jobs.publish").count() == 1
    assert AuditEvent.objects.filter(action="statement.confirm").count() == 1


def test_two_who_read_in_and_confirm_the_same_month_publish_it_once(
    ilse: User, policy: Policy, report: Trajectory
) -> None:
    iris = make_staff("iris", "InComfort")

    def publish(by: User) -> StatementRun:
        run = import_month(by=by, month=MONTH, rows=[row(policy, report)])
        return confirm_run(by=by, run=run)

    found = at_once([lambda by=by: publish(by) for by in (ilse, iris) * 3])
    with transaction.atomic():
        run_jobs()

    assert len(refusals(found)) == 5
    assert BenefitStatement.objects.count() == OutgoingMessage.objects.count() == 1


def test_one_confirms_while_the_other_throws_away(
    ilse: User, policy: Policy, report: Trajectory
) -> None:
    iris = make_staff("iris", "InComfort")
    run = import_month(by=ilse, month=MONTH, rows=[row(policy, report)])

    found = at_once([lambda: confirm_run(by=ilse, run=run), lambda: discard_run(by=iris, run=run)])

    [words] = refusals(found)
    is_gone = not StatementRun.objects.exists()
    assert words == ("Deze maand is al weggegooid." if is_gone else "Deze maand is al bevestigd.")
    assert StatementSheet.objects.exists() is not is_gone


def test_of_many_workers_at_one_sheet_one_makes_the_statement(
    ilse: User, policy: Policy, report: Trajectory
) -> None:
    run = confirm_run(by=ilse, run=import_month(by=ilse, month=MONTH, rows=[row(policy, report)]))
    sheet = run.sheets.get()

    found = at_once([lambda: publish_sheet(sheet_id=sheet.pk)] * 4)

    assert {type(each) for each in found} == {BenefitStatement}
    assert BenefitStatement.objects.count() == OutgoingMessage.objects.count() == 1
    assert Document.objects.count() == 1
