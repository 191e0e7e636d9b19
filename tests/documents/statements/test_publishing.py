"""A month from the file to the statement: every amount with its reason, nothing twice or missing.

Source: rulebook 6 (B10 to B13), help page 7.
"""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction

from absence.models import Trajectory
from accounts.models import AuditEvent, Employer, OutgoingMessage, Policy, User
from accounts.outbox import send_email
from documents.models import (
    BenefitStatement,
    Document,
    PolicyCover,
    StatementLine,
    StatementRun,
    StatementSheet,
)
from documents.statements.actions import confirm_run, discard_run, import_month
from documents.statements.preview import summary_of
from documents.statements.publishing import publish_sheet
from documents.statements.reasons import Why
from tests.documents.conftest import files_in
from tests.documents.statements.conftest import MONTH, published, row, text_of
from tests.factories import make_employee, make_employer, make_policy, make_trajectory
from tests.jobs import run_jobs

pytestmark = pytest.mark.django_db


def test_a_month_is_published_with_its_amount_and_pay_date(
    ilse: User, anna: User, policy: Policy, report: Trajectory
) -> None:
    (statement,) = published(ilse, row(policy, report))

    line = statement.sheet.lines.get()
    assert (line.days, line.day_gross, line.total) == (22, Decimal("84.00"), Decimal("1848.00"))
    assert line.reasons == [Why.DAYS]
    assert statement.sheet.total == Decimal("1848.00")
    # Thursday 2 April, then Easter Monday is none: Friday, Tuesday to Friday.
    assert statement.sheet.pay_by == date(2026, 4, 10)
    assert (statement.policy, statement.month) == (policy, MONTH)
    (message,) = OutgoingMessage.objects.all()
    assert message.recipient == anna.email
    assert "Wi" not in message.text.replace("InComfort", "").partition("Bekijk")[0]
    assert "1.848" not in message.text


def test_who_was_ill_without_a_benefit_is_on_it_with_the_reason(
    ilse: User, policy: Policy, report: Trajectory, employer: Employer
) -> None:
    employed = make_trajectory(make_employee(employer, "Bos"), first_sick_day=date(2026, 3, 9))

    (statement,) = published(ilse, row(policy, report))

    line = statement.sheet.lines.get(trajectory=employed)
    assert (line.kind, line.total, line.reasons) == ("NOTHING", Decimal(0), [Why.WAGES])
    assert (line.first_day, line.last_day) == (date(2026, 3, 9), date(2026, 3, 31))
    assert "u betaalt het loon door" in text_of(statement)


def test_an_employer_with_absence_and_no_row_gets_a_statement_of_zero_without_a_promise(
    ilse: User, policy: Policy, report: Trajectory, bram: User
) -> None:
    other = bram.memberships.get().employer
    make_trajectory(make_employee(other, "De Wit"), first_sick_day=date(2026, 3, 2))

    published(ilse, row(policy, report))

    statement = BenefitStatement.objects.get(employer=other)
    assert (statement.sheet.total, statement.sheet.pay_by) == (Decimal(0), None)
    text = text_of(statement)
    assert "€ 0,00" in text
    assert "binnen vijf werkdagen" not in text


def test_who_recovered_before_the_month_is_not_on_it(
    ilse: User, policy: Policy, report: Trajectory, employer: Employer
) -> None:
    make_trajectory(
        make_employee(employer, "Bos"),
        first_sick_day=date(2026, 2, 2),
        recovered_on=date(2026, 3, 1),
    )

    (statement,) = published(ilse, row(policy, report))

    assert statement.sheet.lines.count() == 1


@pytest.mark.parametrize(
    ("cells", "total", "reasons"),
    [
        ({"daily_wage": "400"}, "4685.56", [Why.CAPPED, Why.DAYS]),
        ({"daily_wage": "400", "income": "200"}, "2342.78", [Why.CAPPED, Why.DAYS, Why.INCOME]),
        ({"percentage": "100"}, "2640.00", [Why.DAYS]),
        ({"supplement": "50,50"}, "1898.50", [Why.DAYS, Why.SUPPLEMENT]),
        ({"charges": "100"}, "1948.00", [Why.DAYS, Why.CHARGES]),
        ({"first_day": "07-03-2026", "last_day": "08-03-2026"}, "0.00", [Why.WEEKEND]),
    ],
)
def test_each_amount_names_the_rules_that_made_it(
    ilse: User,
    policy: Policy,
    report: Trajectory,
    cells: dict[str, str],
    total: str,
    reasons: list[Why],
) -> None:
    (statement,) = published(ilse, row(policy, report, **cells))

    line = statement.sheet.lines.get()
    assert (line.total, line.reasons) == (Decimal(total), reasons)
    assert len(line.why) == len(reasons)
    assert statement.sheet.total == line.total


def test_a_correction_of_an_earlier_month_is_a_line_of_its_own(
    ilse: User, policy: Policy, report: Trajectory
) -> None:
    (statement,) = published(
        ilse,
        row(policy, report),
        row(
            policy,
            report,
            3,
            first_day=None,
            last_day=None,
            daily_wage=None,
            corrected_month="02-2026",
            correction="-100,00",
        ),
    )

    assert statement.sheet.total == Decimal("1748.00")
    assert "Correctie februari 2026" in text_of(statement)
    assert "te veel uitgekeerd" in text_of(statement)


# --- Once, and all of it -----------------------------------------------------------------------


def test_done_twice_a_job_makes_one_statement_and_one_mail(
    ilse: User, policy: Policy, report: Trajectory
) -> None:
    (statement,) = published(ilse, row(policy, report))

    assert publish_sheet(sheet_id=statement.sheet.pk) == statement
    assert BenefitStatement.objects.count() == OutgoingMessage.objects.count() == 1


def test_broken_off_halfway_nothing_is_left_and_again_it_is_whole(
    ilse: User,
    policy: Policy,
    report: Trajectory,
    store: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = confirm_run(by=ilse, run=import_month(by=ilse, month=MONTH, rows=[row(policy, report)]))
    sheet = run.sheets.get()

    def broken(*args: Any, **kwargs: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(StatementSheet, "save", broken)  # after the statement and its e-mail
        with pytest.raises(KeyboardInterrupt):
            publish_sheet(sheet_id=sheet.pk)

    assert not BenefitStatement.objects.exists()
    assert not OutgoingMessage.objects.exists()
    assert not Document.objects.exists()
    assert not files_in(store)

    publish_sheet(sheet_id=sheet.pk)
    assert BenefitStatement.objects.count() == OutgoingMessage.objects.count() == 1


def test_two_policies_of_one_employer_are_told_in_one_mail(
    ilse: User, policy: Policy, report: Trajectory, employer: Employer
) -> None:
    second = make_policy(employer, product=Policy.Product.AANVULLENDE_ZW)
    PolicyCover.objects.create(policy=second, percentage=Decimal(10), waiting_days=0)

    statements = published(ilse, row(policy, report), row(second, report, 3))

    assert len(statements) == 2
    assert OutgoingMessage.objects.count() == 1


def test_a_month_is_confirmed_once(ilse: User, policy: Policy, report: Trajectory) -> None:
    run = import_month(by=ilse, month=MONTH, rows=[row(policy, report)])
    confirm_run(by=ilse, run=run)

    with pytest.raises(ValidationError, match="al bevestigd"):
        confirm_run(by=ilse, run=run)
    with pytest.raises(ValidationError, match="al bevestigd"):
        discard_run(by=ilse, run=run)


def test_of_two_files_for_one_month_the_second_is_refused(
    ilse: User, policy: Policy, report: Trajectory
) -> None:
    first, second = (
        import_month(by=ilse, month=MONTH, rows=[row(policy, report)]) for _ in range(2)
    )
    confirm_run(by=ilse, run=first)

    with pytest.raises(ValidationError, match="Voor 1 van deze polissen"):
        confirm_run(by=ilse, run=second)


def test_what_is_thrown_away_is_gone(ilse: User, policy: Policy, report: Trajectory) -> None:
    run = import_month(by=ilse, month=MONTH, rows=[row(policy, report)])

    discard_run(by=ilse, run=run)

    assert not StatementRun.objects.exists()
    assert not StatementLine.objects.exists()
    assert AuditEvent.objects.filter(action="statement.discard").count() == 1


def test_nothing_is_published_that_nobody_confirmed(
    ilse: User, policy: Policy, report: Trajectory
) -> None:
    run = import_month(by=ilse, month=MONTH, rows=[row(policy, report)])

    with pytest.raises(PermissionDenied):
        publish_sheet(sheet_id=run.sheets.get().pk)
    assert run_jobs() == []


@pytest.mark.parametrize("person", ["hugo", "anna"])
def test_it_is_for_incomfort_only(
    person: str, request: pytest.FixtureRequest, ilse: User, policy: Policy, report: Trajectory
) -> None:
    by = request.getfixturevalue(person)
    with pytest.raises(PermissionDenied):
        import_month(by=by, month=MONTH, rows=[row(policy, report)])
    run = import_month(by=ilse, month=MONTH, rows=[row(policy, report)])
    with pytest.raises(PermissionDenied):
        confirm_run(by=by, run=run)
    with pytest.raises(PermissionDenied):
        discard_run(by=by, run=run)


def test_an_employer_sees_lines_once_they_are_published(
    ilse: User, anna: User, bram: User, policy: Policy, report: Trajectory
) -> None:
    run = import_month(by=ilse, month=MONTH, rows=[row(policy, report)])
    assert not StatementLine.objects.visible_to(anna).exists()
    confirm_run(by=ilse, run=run)
    run_jobs()

    assert StatementLine.objects.visible_to(anna).count() == 1
    assert not StatementLine.objects.visible_to(bram).exists()
    assert not StatementSheet.objects.visible_to(bram).exists()


@pytest.mark.parametrize(
    "change",
    [
        {"total": Decimal("1.00")},
        {"gross": Decimal("1.00"), "total": Decimal("1.00")},
        {"deduction": Decimal("-1.00"), "total": Decimal("1849.00")},
        {"last_day": date(2026, 2, 1)},
        {"kind": "NOTHING"},
    ],
    ids=str,
)
def test_the_database_refuses_a_line_that_does_not_add_up(
    ilse: User, policy: Policy, report: Trajectory, change: dict[str, Any]
) -> None:
    import_month(by=ilse, month=MONTH, rows=[row(policy, report)])

    with pytest.raises(IntegrityError), transaction.atomic():
        StatementLine.objects.update(**change)


def test_the_database_refuses_to_promise_nothing(
    ilse: User, policy: Policy, report: Trajectory
) -> None:
    import_month(by=ilse, month=MONTH, rows=[row(policy, report, daily_wage="0")])

    with pytest.raises(IntegrityError), transaction.atomic():
        StatementSheet.objects.update(pay_by=date(2026, 4, 10))


def test_a_month_holds_up_no_message_that_is_sent_meanwhile(
    ilse: User, policy: Policy, report: Trajectory
) -> None:
    """Its thousands of sheets were there first, and a login code is waited for."""
    confirm_run(by=ilse, run=import_month(by=ilse, month=MONTH, rows=[row(policy, report)]))
    context = {"address": "https://portaal.example.test/"}
    send_email(
        to=ilse.email,
        purpose="proef",
        subject="Proef",
        template="statement_published",
        context=context,
    )

    with connection.cursor() as cursor:
        cursor.execute("select task_name from procrastinate_fetch_job_v2(null, null)")
        assert cursor.fetchall() == [("accounts.delivery.send_message",)]


def test_an_employer_without_a_policy_is_no_reason_to_stop_and_is_named(
    ilse: User, policy: Policy, report: Trajectory
) -> None:
    """Also when the policy ended before; who was better by then is not named."""
    ended = make_policy(make_employer("Bos Flex"), ends_on=date(2026, 2, 28))
    make_trajectory(make_employee(ended.employer, "Bos"), first_sick_day=date(2026, 3, 2))
    better = make_employee(make_employer("Weer Beter"), "Beter")
    make_trajectory(better, first_sick_day=date(2026, 2, 2), recovered_on=date(2026, 3, 1))

    assert len(published(ilse, row(policy, report))) == 1
    assert summary_of(StatementRun.objects.get()).uninsured == ["Bos Flex"]
