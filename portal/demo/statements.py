"""The benefits of the demo: months of invented daily wages, published as InComfort does it."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from absence.models import Trajectory
from accounts.models import Policy, User
from accounts.months import months_after
from documents.models import BenefitStatement, PolicyCover
from documents.statements.actions import confirm_run, import_month
from documents.statements.benefit import rounded
from documents.statements.publishing import publish_sheet
from documents.statements.reading import Row
from portal.demo.papers import daily_wage
from portal.demo.people import invented_iban

PERCENTAGE = Decimal(70)  # of the daily wage; Source: Ziektewet art. 29 lid 7
WAITING_DAYS = 2
OF_COMPANIES = 1000  # those before are of employees


def fix_covers() -> None:
    for number, policy in enumerate(Policy.objects.zw_erd().order_by("pk"), OF_COMPANIES):
        PolicyCover.objects.create(
            policy=policy,
            percentage=PERCENTAGE,
            waiting_days=WAITING_DAYS,
            iban=invented_iban(number),
        )


def publish_month(*, by: User, month: date, day: date) -> list[BenefitStatement]:
    """Reads in, confirms and publishes a month, dated `day`; nothing is left for the worker."""
    rows = [
        Row(number, cells)
        for number, cells in enumerate(
            (cells for policy in Policy.objects.zw_erd() for cells in benefits(policy, month)),
            start=2,
        )
    ]
    run = confirm_run(by=by, run=import_month(by=by, month=month, rows=rows))
    return [publish_sheet(sheet_id=sheet.pk, day=day) for sheet in run.sheets.order_by("pk")]


def benefits(policy: Policy, month: date) -> Iterator[dict[str, str | Decimal | date | None]]:
    """A row for each former employee who is ill in the month; who works a little earns some."""
    sick = policy.employer.trajectories.filter(employment__ended_on__isnull=False)
    for report in sick.select_related("employee", "employment").order_by("first_sick_day"):
        first_day, last_day = _days(report, month)
        if first_day > last_day:
            continue
        wage = daily_wage(report)
        worked = 100 - (report.percentage_on(last_day) or 100)
        yield {
            "policy": policy.number,
            "report": report.number,
            "first_day": first_day,
            "last_day": last_day,
            "daily_wage": wage,
            "income": rounded(wage * worked / 100),
        }


def _days(report: Trajectory, month: date) -> tuple[date, date]:
    """The days of the month that are after the contract and in the illness."""
    one_day = timedelta(days=1)
    assert report.employment.ended_on is not None
    first_day = max(month, report.first_sick_day, report.employment.ended_on + one_day)
    after = months_after(month, 1)
    return first_day, min(after, report.recovered_on or after) - one_day
