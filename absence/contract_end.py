"""The clock of a contract that ends while the employee is ill (ziek uit dienst).

Pure rules: days in, frozen values out; calendar days, first and last day included.
Source: rulebook 3.1 and 3.4 point 3; features.md, section 6, idea 5.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from absence.payer import Facts, Route
from absence.terms import ONE_DAY

WARNING_DAYS = 14
DAYS_WITHOUT_PLAN = 42
DAYS_OF_SHORT_REPORT = 70


class Task(StrEnum):
    """What is to be arranged for who leaves ill."""

    END_DATE = "einddatum"
    REPORT_TO_UWV = "ziekmelding-uwv"
    CONTACT_DETAILS = "contactgegevens"
    BSN_AND_IBAN = "bsn-en-iban"
    EMPLOYMENT_CONTRACT = "arbeidsovereenkomst"
    PAYSLIPS = "loonstroken"
    SHORT_REINTEGRATION_REPORT = "verkort-re-integratieverslag"
    REINTEGRATION_REPORT = "re-integratieverslag"


@dataclass(frozen=True, slots=True)
class Item:
    """One task of the checklist and its last day."""

    task: Task
    due: date


@dataclass(frozen=True, slots=True)
class Contract:
    """The days of one employment; without `ended_on` its end is not known."""

    started_on: date
    ended_on: date | None = None


def end_of_service(contracts: Iterable[Contract], *, since: date) -> date | None:
    """The last day of the unbroken service that had begun by `since`; None while no end is known.

    A contract that begins on the day after another, or earlier, continues it: then nobody leaves.
    """
    runs: list[Contract] = []
    for contract in sorted(contracts, key=lambda contract: contract.started_on):
        last_day = runs[-1].ended_on if runs else date.min
        if last_day is None:
            break
        if contract.started_on - last_day > ONE_DAY:
            runs.append(contract)
        else:
            ended_on = contract.ended_on and max(contract.ended_on, last_day)
            runs[-1] = Contract(runs[-1].started_on, ended_on)
    begun = [run.ended_on for run in runs if run.started_on <= since]
    return begun[-1] if begun else None


def days_left(ended_on: date, *, today: date) -> int:
    """0 on the last day of the employment, negative after it."""
    return (ended_on - today).days


def ends_soon(ended_on: date | None, *, today: date) -> bool:
    """Whether the last day is today or at most fourteen days on."""
    return ended_on is not None and 0 <= days_left(ended_on, today=today) <= WARNING_DAYS


def checklist(facts: Facts, route: Route) -> list[Item]:
    """What to do for who leaves ill, by last day; nothing while no end is known or after nawerking.

    Only the term at UWV is law. The rest is due on the last day of the employment: after it the
    employee is hard to reach and the benefit begins.
    """
    if facts.ended_on is None or facts.is_after_employment:
        return []
    items = [Item(task, facts.ended_on) for task in _tasks(facts, route, facts.ended_on)]
    if route.uwv_due:
        items.append(Item(Task.REPORT_TO_UWV, route.uwv_due))
    return sorted(items, key=lambda item: item.due)


def _tasks(facts: Facts, route: Route, ended_on: date) -> Iterator[Task]:
    """An eigenrisicodrager goes on with the re-integration himself: he hands over no report.

    For UWV there is none under six weeks of illness, a short one up to ten. Source: practice of UWV
    (docs/decisions/0020-absence-rules.md).
    """
    yield Task.END_DATE
    yield Task.CONTACT_DETAILS
    if route.is_zw_erd:
        yield from (Task.BSN_AND_IBAN, Task.EMPLOYMENT_CONTRACT, Task.PAYSLIPS)
        return
    sick_days = facts.chain.duration(today=ended_on).days
    if sick_days > DAYS_OF_SHORT_REPORT:
        yield Task.REINTEGRATION_REPORT
    elif sick_days >= DAYS_WITHOUT_PLAN:
        yield Task.SHORT_REINTEGRATION_REPORT
