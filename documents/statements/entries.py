"""Judges the rows of a file: what each is about, and every mistake in it, in words.

Rows in, entries and refusals out; reads the database, changes nothing.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from absence.models import Trajectory
from accounts.models import Policy
from accounts.months import months_after
from documents.statements import cells
from documents.statements.benefit import ZERO
from documents.statements.reading import COLUMNS, Row

HEADS = {column.key: column.head for column in COLUMNS}
NUMBER = re.compile(r"ZM-?0*(\d{1,9})\Z", re.IGNORECASE)
CONVERTERS: dict[str, Callable[[cells.Cell], Any]] = {
    "first_day": cells.day,
    "last_day": cells.day,
    "daily_wage": cells.positive,
    "percentage": cells.percentage,
    "income": cells.positive,
    "supplement": cells.positive,
    "charges": cells.positive,
    "corrected_month": cells.month,
    "correction": cells.amount,
    "total": cells.amount,
}
OF_BENEFIT = ("first_day", "last_day", "daily_wage")
NOT_OF_CORRECTION = (*OF_BENEFIT, "percentage", "income", "supplement", "charges")


class RefusedError(Exception):
    """Why a row cannot be used, in Dutch."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One good row: a benefit over a period, or the correction of an earlier month."""

    row: int
    policy: Policy
    report: Trajectory
    values: dict[str, Any]

    @property
    def is_correction(self) -> bool:
        return "corrected_month" in self.values

    def money(self, key: str) -> Decimal:
        found: Decimal = self.values.get(key, ZERO)
        return found


@dataclass
class Judged:
    """What became of the rows: good ones, and (row number, why not) of the others."""

    entries: list[Entry] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)


def judge(rows: Iterable[Row], month: date) -> Judged:
    """Each row by itself, and against those before it. Four queries for any number of rows."""
    rows = list(rows)
    policies = _policies(rows)
    reports = _reports(rows)
    judged = Judged()
    earlier: defaultdict[tuple[int, int], list[Entry]] = defaultdict(list)
    for row in rows:
        try:
            entry = _entry(row, policies, reports)
            (_check_correction if entry.is_correction else _check_period)(entry, month)
            _check_beside(entry, earlier[entry.policy.pk, entry.report.pk])
        except RefusedError as refusal:
            judged.refused.append((row.number, str(refusal)))
        else:
            judged.entries.append(entry)
            earlier[entry.policy.pk, entry.report.pk].append(entry)
    return judged


def _policies(rows: list[Row]) -> dict[str, Policy]:
    numbers = {str(row.cells.get("policy", "")) for row in rows}
    found = Policy.objects.filter(number__in=numbers).select_related("employer", "cover")
    return {policy.number: policy for policy in found}


def _reports(rows: list[Row]) -> dict[int, Trajectory]:
    keys = {key for row in rows if (key := _key(row))}
    return Trajectory.objects.filter(pk__in=keys).with_facts().in_bulk()


def _key(row: Row) -> int | None:
    found = NUMBER.match(str(row.cells.get("report", "")))
    return int(found[1]) if found else None


def _entry(row: Row, policies: dict[str, Policy], reports: dict[int, Trajectory]) -> Entry:
    number = str(row.cells.get("policy", ""))
    policy = policies.get(number)
    if policy is None:
        raise RefusedError(f"Polisnummer {number[:30] or '(leeg)'} is niet bekend.")
    key = _key(row)
    if key is None:
        raise RefusedError("Meldingsnummer: schrijf bijvoorbeeld ZM-000123.")
    report = reports.get(key)
    if report is None or report.employer_id != policy.employer_id:
        raise RefusedError(f"Meldingsnummer ZM-{key:06d} is er niet bij {policy.employer.name}.")
    return Entry(row.number, policy, report, _values(row))


def _values(row: Row) -> dict[str, Any]:
    values = {}
    for key, convert in CONVERTERS.items():
        if key in row.cells:
            try:
                values[key] = convert(row.cells[key])
            except ValueError as error:
                raise RefusedError(f"{HEADS[key]} {error}.") from None
    return values


def _check_correction(entry: Entry, month: date) -> None:
    values = entry.values
    if values["corrected_month"] >= month:
        raise RefusedError("Correctie van: kies een eerdere maand.")
    if not values.get("correction"):
        raise RefusedError("Correctiebedrag ontbreekt of is nul.")
    if too_much := [HEADS[key] for key in NOT_OF_CORRECTION if key in values]:
        raise RefusedError(f"{too_much[0]} hoort niet bij een correctie; laat dit leeg.")


def _check_period(entry: Entry, month: date) -> None:
    values, report = entry.values, entry.report
    if missing := [HEADS[key] for key in OF_BENEFIT if key not in values]:
        raise RefusedError(f"{', '.join(missing)} ontbreekt.")
    if "correction" in values:
        raise RefusedError("Correctie van ontbreekt bij het correctiebedrag.")
    first_day, last_day = values["first_day"], values["last_day"]
    if not month <= first_day <= last_day < months_after(month, 1):
        raise RefusedError(f"Van en Tot en met liggen niet, in die volgorde, in {month:%m-%Y}.")
    if first_day < report.first_sick_day:
        raise RefusedError(f"De eerste ziektedag is {report.first_sick_day:%d-%m-%Y}, na Van.")
    if report.recovered_on and last_day >= report.recovered_on:
        raise RefusedError(
            f"Hersteld per {report.recovered_on:%d-%m-%Y}, dus Tot en met is te laat."
        )
    if entry.policy.starts_on > last_day:
        raise RefusedError(f"Deze polis ging pas in op {entry.policy.starts_on:%d-%m-%Y}.")
    if getattr(entry.policy, "cover", None) is None:
        raise RefusedError(f"Leg eerst de dekking van polis {entry.policy.number} vast.")


def _check_beside(entry: Entry, earlier: list[Entry]) -> None:
    """Nobody is paid twice for a day, nor corrected twice for a month, on one policy."""
    for other in earlier:
        if _overlap(entry, other):
            raise RefusedError(
                f"Dubbel: regel {other.row} gaat over dezelfde werknemer en periode."
            )


def _overlap(one: Entry, other: Entry) -> bool:
    if one.is_correction != other.is_correction:
        return False
    if one.is_correction:
        return bool(one.values["corrected_month"] == other.values["corrected_month"])
    latest_start = max(one.values["first_day"], other.values["first_day"])
    earliest_end = min(one.values["last_day"], other.values["last_day"])
    return bool(earliest_end - latest_start >= timedelta(0))
