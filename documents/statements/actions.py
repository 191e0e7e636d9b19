"""What InComfort does with a month of benefits: read it in, throw it away, or confirm it."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.audit import Action, record
from accounts.models import Policy
from documents.models import (
    BenefitStatement,
    MaximumDailyWage,
    StatementLine,
    StatementRun,
    StatementSheet,
)
from documents.statements.benefit import ZERO, NoMaximumError
from documents.statements.entries import judge
from documents.statements.jobs import publish
from documents.statements.preparing import Prepared, prepare
from documents.statements.reading import Row

if TYPE_CHECKING:
    from accounts.models import User

MAX_SHOWN = 100
NO_MAXIMUM = "Van deze maand is geen maximumdagloon bekend. Voeg het toe bij Maximumdaglonen."
NOTHING = "Er is in deze maand geen verzuim en er staan geen goede regels in het bestand."
CONFIRMED = "Deze maand is al bevestigd."
TAKEN = (
    "Voor {} van deze polissen is er intussen een specificatie van deze maand. Gooi deze ingelezen"
    " maand weg en lees het bestand opnieuw in."
)


@transaction.atomic
def import_month(*, by: "User", month: date, rows: Sequence[Row]) -> StatementRun:
    """Keeps what a file says of a month, to be looked at; recorded. Nobody is told anything yet.

    Everything, or with one mistake nothing: raises ValidationError with a message per row.
    PermissionDenied for who is not of InComfort.
    """
    if not by.is_incomfort:
        raise PermissionDenied
    month = month.replace(day=1)
    prepared = _prepared(month, rows)
    run = StatementRun.objects.create(month=month, row_count=len(rows), imported_by=by)
    for policy, lines in prepared.lines.items():
        _keep(run, policy, lines)
    detail = {"month": f"{month:%Y-%m}", "rows": len(rows), "sheets": len(prepared.lines)}
    record(Action.STATEMENT_IMPORT, by=by, obj=run, detail=detail)
    return run


@transaction.atomic
def confirm_run(*, by: "User", run: StatementRun) -> StatementRun:
    """From here on the worker publishes each sheet of the month; recorded.

    Raises ValidationError when it was confirmed before, or a policy has a statement by now.
    """
    if not by.is_incomfort:
        raise PermissionDenied
    run = _locked(run)
    waiting = StatementSheet.objects.filter(
        run__month=run.month, run__confirmed_at__isnull=False, statement=None
    )
    published = BenefitStatement.objects.filter(month=run.month)
    taken = set(waiting.values_list("policy", flat=True))
    taken |= set(published.values_list("policy", flat=True))
    # Those of one employer one after the other: its e-mail goes with the first.
    sheets = list(run.sheets.order_by("employer", "pk").values_list("pk", "policy"))
    if clashes := sum(policy in taken for _, policy in sheets):
        raise ValidationError(TAKEN.format(clashes))
    run.confirmed_by, run.confirmed_at = by, timezone.now()
    run.save(update_fields=["confirmed_by", "confirmed_at"])
    jobs: list[Any] = [{"sheet_id": key} for key, _ in sheets]
    publish.batch_defer(*jobs)
    detail = {"month": f"{run.month:%Y-%m}", "sheets": len(sheets)}
    record(Action.STATEMENT_CONFIRM, by=by, obj=run, detail=detail)
    return run


@transaction.atomic
def discard_run(*, by: "User", run: StatementRun) -> None:
    """Throws away a month that was not confirmed; recorded. Raises ValidationError afterwards."""
    if not by.is_incomfort:
        raise PermissionDenied
    run = _locked(run)
    record(Action.STATEMENT_DISCARD, by=by, obj=run, detail={"month": f"{run.month:%Y-%m}"})
    run.delete()


def _locked(run: StatementRun) -> StatementRun:
    """The run, with those of its month locked: two people confirm one after the other."""
    runs = StatementRun.objects.select_for_update().filter(month=run.month).order_by("pk")
    found = next((each for each in runs if each.pk == run.pk), None)
    if found is None or found.confirmed_at:
        raise ValidationError(CONFIRMED if found else "Deze maand is al weggegooid.")
    return found


def _prepared(month: date, rows: Sequence[Row]) -> Prepared:
    judged = judge(rows, month)
    try:
        prepared = prepare(judged.entries, month, MaximumDailyWage.objects.as_rules())
    except NoMaximumError:
        raise ValidationError(NO_MAXIMUM) from None
    if refused := sorted(judged.refused + prepared.refused):
        raise ValidationError(_in_words(refused))
    if not prepared.lines:
        raise ValidationError(NOTHING)
    return prepared


def _in_words(refused: list[tuple[int, str]]) -> list[ValidationError]:
    messages = [f"Regel {row}: {why}" for row, why in refused[:MAX_SHOWN]]
    if len(refused) > MAX_SHOWN:
        messages.append(f"En nog {len(refused) - MAX_SHOWN} regels met een fout.")
    return [ValidationError(message) for message in messages]


def _keep(run: StatementRun, policy: Policy, lines: list[StatementLine]) -> None:
    total = sum((line.total for line in lines), ZERO)
    sheet = StatementSheet.objects.create(
        run=run, employer_id=policy.employer_id, policy=policy, total=total
    )
    for line in lines:
        line.sheet = sheet
    StatementLine.objects.bulk_create(lines)
