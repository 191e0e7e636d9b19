"""What staff look at before they confirm a month: totals, differences, who gets nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet

from documents.models import StatementRun, StatementSheet
from documents.statements.benefit import ZERO
from documents.statements.preparing import uninsured_in

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One sheet beside the one of the month before; `before` is None when there was none."""

    sheet: StatementSheet
    before: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        return None if self.before is None else self.sheet.total - self.before


@dataclass(frozen=True, slots=True)
class Summary:
    """Of the whole month: amounts, and how many sheets there are, pay nothing, are published."""

    total: Decimal
    before: Decimal
    sheets: int
    without_benefit: int
    without_row: int
    published: int
    uninsured: list[str]


def summary_of(run: StatementRun) -> Summary:
    """`without_row` are the employers with absence in the month whom the file does not name.

    `uninsured` have absence but no policy in the month: they get no statement.
    """
    sheets = list(sheets_of(run))
    return Summary(
        total=sum((sheet.total for sheet in sheets), ZERO),
        before=sum(totals_before(run.month, [sheet.policy_id for sheet in sheets]).values(), ZERO),
        sheets=len(sheets),
        without_benefit=sum(sheet.total <= 0 for sheet in sheets),
        without_row=sum(sheet.given == 0 for sheet in sheets),
        published=sum(sheet.statement_id is not None for sheet in sheets),
        uninsured=uninsured_in(run.month),
    )


def rows_of(run: StatementRun, sheets: Iterable[StatementSheet]) -> list[PreviewRow]:
    sheets = list(sheets)
    before = totals_before(run.month, [sheet.policy_id for sheet in sheets])
    return [PreviewRow(sheet, before.get(sheet.policy_id)) for sheet in sheets]


def sheets_of(run: StatementRun) -> QuerySet[Any]:
    """With `given`, how many lines the file has of each, and `all_lines`. By employer."""
    counted = run.sheets.select_related("employer", "policy").annotate(
        all_lines=Count("lines"), given=Count("lines", filter=~Q(lines__kind="NOTHING"))
    )
    return counted.order_by("employer__name", "policy__number")


def totals_before(month: date, policies: Iterable[int]) -> dict[int, Decimal]:
    """What each policy paid the month before, as published."""
    before = (month - ONE_DAY).replace(day=1)
    found = StatementSheet.objects.filter(statement__month=before, policy__in=policies)
    return dict(found.values_list("policy", "total"))
