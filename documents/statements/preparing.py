"""Makes the lines of a month: those of the file, and a line of zero for who was ill without one.

Entries in, unsaved lines per policy out. Reads the database, changes nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Q

from absence import payer
from absence.case import outlook_of, spell_of
from absence.chains import Chain, chain_of
from absence.models import Trajectory
from absence.models.trajectories import TrajectoryQuerySet
from accounts.models import Employer, Policy
from accounts.months import months_after
from documents.statements.benefit import Benefit, Claim, Maximum, benefit
from documents.statements.entries import Entry
from documents.statements.models import BenefitStatement, StatementLine
from documents.statements.reasons import Why
from documents.words import euros

Kind = StatementLine.Kind
ONE_DAY = timedelta(days=1)
# Which policy a statement without any benefit is about, when there are more.
BY_PRODUCT = (Policy.Product.ZW_ERD, Policy.Product.AANVULLENDE_ZW, Policy.Product.VERZUIM)
WHO_PAYS = {
    payer.Reason.WAGES: Why.WAGES,
    payer.Reason.NO_ZW_ERD: Why.UWV,
    payer.Reason.OUTSIDE_ZW_ERD: Why.UWV,
    payer.Reason.SAFETY_NET: Why.UWV,
    payer.Reason.NO_RISK: Why.UWV,
}


@dataclass
class Prepared:
    """The lines of each policy, and what is wrong with rows of the file."""

    lines: dict[Policy, list[StatementLine]] = field(default_factory=dict)
    refused: list[tuple[int, str]] = field(default_factory=list)


def prepare(entries: Iterable[Entry], month: date, maximums: list[Maximum]) -> Prepared:
    """All lines of the month. An employer that has a statement of it already gets none beside.

    Raises NoMaximumError when no maximum daily wage is known.
    """
    prepared = Prepared()
    done = set(BenefitStatement.objects.filter(month=month).values_list("policy", flat=True))
    named = set()
    for entry in entries:
        named.add(entry.report.pk)
        line = _corrected(entry) if entry.is_correction else _paid(entry, maximums)
        if refusal := _refusal(entry, line, done):
            prepared.refused.append((entry.row, refusal))
        prepared.lines.setdefault(entry.policy, []).append(line)
    _add_those_without(prepared, month, named)
    return prepared


def _refusal(entry: Entry, line: StatementLine, done: set[int]) -> str:
    if entry.policy.pk in done:
        return f"Voor polis {entry.policy.number} en deze maand is er al een specificatie."
    given = entry.values.get("total")
    if given is not None and given != line.total:
        return f"Totaal is {euros(given)} in het bestand; het portaal komt op {euros(line.total)}."
    return ""


def _paid(entry: Entry, maximums: list[Maximum]) -> StatementLine:
    values, cover = entry.values, entry.policy.cover
    claim = Claim(
        values["first_day"],
        values["last_day"],
        values["daily_wage"],
        values.get("percentage", cover.percentage),
        entry.money("income"),
    )
    found = benefit(claim, _chain(entry.report), cover.waiting_days, maximums)
    line = _line(
        entry.report,
        Kind.BENEFIT,
        claim.first_day,
        claim.last_day,
        daily_wage=claim.daily_wage,
        percentage=claim.percentage,
        income=claim.income,
        maximum=found.maximum,
        days=found.days,
        waiting_days=found.waiting_days,
        day_gross=found.day_gross,
        gross=found.gross,
        deduction=found.deduction,
        supplement=entry.money("supplement"),
        charges=entry.money("charges"),
    )
    line.total = line.gross - line.deduction + line.supplement + line.charges
    line.reasons = list(_reasons(line, found))
    return line


def _reasons(line: StatementLine, found: Benefit) -> Iterator[Why]:
    holds = {
        Why.WAITING: found.waiting_days,
        Why.WEEKEND: not found.days,
        Why.CAPPED: line.is_capped,
        Why.DAYS: found.days,
        Why.INCOME: found.deduction,
        Why.SUPPLEMENT: line.supplement,
        Why.CHARGES: line.charges,
    }
    return (why for why, does_hold in holds.items() if does_hold)


def _corrected(entry: Entry) -> StatementLine:
    month, amount = entry.values["corrected_month"], entry.values["correction"]
    return _line(
        entry.report,
        Kind.CORRECTION,
        month,
        months_after(month, 1) - ONE_DAY,
        corrected_month=month,
        correction=amount,
        total=amount,
        reasons=[Why.CORRECTION],
    )


def _add_those_without(prepared: Prepared, month: date, named: set[int]) -> None:
    """A line of zero for each report of the month that the file does not name."""
    after = months_after(month, 1)
    ill = _ill_in(month).exclude(pk__in=named)
    of_employer: defaultdict[Employer, list[Trajectory]] = defaultdict(list)
    for report in ill.with_facts().order_by("employer", "first_sick_day"):
        of_employer[report.employer].append(report)
    sheets = {policy.employer_id: policy for policy in reversed(prepared.lines)}
    done = BenefitStatement.objects.filter(month=month).values_list("employer", flat=True)
    done_already = set(done) - set(sheets)
    for employer, reports in of_employer.items():
        if employer.pk in done_already:
            continue
        policy = sheets.get(employer.pk) or _policy_of(employer, month, after)
        if policy:
            lines = [_nothing(report, month, after) for report in reports]
            prepared.lines.setdefault(policy, []).extend(lines)


def uninsured_in(month: date) -> list[str]:
    """The employers with absence in the month and no policy to put a statement on, by name."""
    after = months_after(month, 1)
    still = Q(ends_on=None) | Q(ends_on__gte=month)
    insured = Policy.objects.filter(still, starts_on__lt=after).values("employer")
    employers = Employer.objects.filter(pk__in=_ill_in(month).values("employer"))
    return list(employers.exclude(pk__in=insured).order_by("name").values_list("name", flat=True))


def _ill_in(month: date) -> TrajectoryQuerySet:
    """The reports of who was ill on a day of the month."""
    began = Trajectory.objects.filter(first_sick_day__lt=months_after(month, 1))
    return began.filter(Q(recovered_on=None) | Q(recovered_on__gt=month))


def _policy_of(employer: Employer, month: date, after: date) -> Policy | None:
    """The policy that runs in the month, ZW-ERD first."""
    running = [
        policy
        for policy in employer.policies.all()
        if policy.starts_on < after and (policy.ends_on is None or policy.ends_on >= month)
    ]
    return min(running, key=lambda each: BY_PRODUCT.index(each.product), default=None)


def _nothing(report: Trajectory, month: date, after: date) -> StatementLine:
    first_day = max(month, report.first_sick_day)
    last_day = min(after, report.recovered_on or after) - ONE_DAY
    outlook = outlook_of(report, today=last_day)
    stages = [
        stage
        for stage in outlook.route.stages
        if stage.first_day <= last_day and stage.last_day >= first_day
    ]
    why = {WHO_PAYS.get(stage.reason, Why.NOT_SETTLED) for stage in stages} or {Why.WAITING}
    reasons = [each for each in Why if each in why]
    return _line(report, Kind.NOTHING, first_day, last_day, reasons=reasons)


def _line(
    report: Trajectory, kind: str, first_day: date, last_day: date, **fields: object
) -> StatementLine:
    return StatementLine(
        trajectory=report,
        employer_id=report.employer_id,
        kind=kind,
        first_sick_day=_chain(report).first_sick_day,
        first_day=first_day,
        last_day=last_day,
        **fields,
    )


def _chain(report: Trajectory) -> Chain:
    spells = [spell_of(each) for each in report.employee.trajectories.all()]
    return chain_of(spell_of(report), spells)
