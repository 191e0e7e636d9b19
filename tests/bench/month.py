"""A month of statements of 3,000 employers, published by real workers to the last e-mail."""

import sys
import time
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import psutil

from portal.setup.children import Child, start_child, stop_child
from tests.bench.server import ROOT

if TYPE_CHECKING:
    from documents.models import StatementRun, StatementSheet

EMPLOYERS = 3_000
MONTH = date(2026, 9, 1)
RATE_SECONDS = 25
WARM = 20  # statements of a new worker before its rate counts
LONGEST = 300  # seconds for the whole month: whatever is not there by then is said
GROWTH = 8 * 1024**2  # what a worker may have more at the end than halfway
LARGEST = 120 * 1024**2  # of its own memory
TWICE = 1.8


@dataclass
class Workers:
    """Those that run, and the memory that each had: when warm, halfway, at the end."""

    running: list[Child] = field(default_factory=list)
    memory: list[list[tuple[int, int]]] = field(default_factory=list)

    def start(self) -> None:
        command = [sys.executable, "manage.py", "procrastinate", "worker"]
        self.running.append(start_child(command, cwd=ROOT))

    def weigh(self) -> None:
        """Of its own, and with what it shares with every other process of the portal."""
        sizes = (psutil.Process(worker.pid).memory_full_info() for worker in self.running)
        self.memory.append([(size.uss, size.rss) for size in sizes])

    def stop(self) -> None:
        for worker in self.running:
            stop_child(worker)


@dataclass(frozen=True)
class Month:
    """What came of it."""

    alone: float
    together: float
    memory: list[list[tuple[int, int]]]
    sheets: int
    published: int
    is_whole: bool
    seconds: float

    def rows(self) -> list[tuple[str, str, str]]:
        """What, figure, verdict."""
        times = self.together / self.alone if self.alone else 0.0
        own = [[size for size, _ in sizes] for sizes in self.memory]
        growth = max(end - middle for middle, end in zip(own[1], own[2], strict=True))
        largest = max(max(sizes) for sizes in own)
        shared = max(rss for sizes in self.memory for _, rss in sizes)
        in_words = ", ".join(" and ".join(megabytes(size) for size in sizes) for sizes in own)
        return [
            ("statements a minute, 1 worker", f"{self.alone:.0f}", ""),
            ("statements a minute, 2 workers", f"{self.together:.0f}", ""),
            ("  two beside one", f"{times:.2f} x", verdict(times >= TWICE, f">= {TWICE} x")),
            (
                f"month of {self.sheets} employers",
                f"{self.published} in {self.seconds:.0f} s",
                verdict(self.published == self.sheets, "all of them"),
            ),
            (
                "  each one statement and one e-mail",
                "yes" if self.is_whole else "no",
                verdict(self.is_whole, "yes"),
            ),
            (
                "  own memory of the workers, MB",
                in_words,
                verdict(largest <= LARGEST, "<= 120 each"),
            ),
            (
                "  growth from halfway to the end, MB",
                megabytes(growth),
                verdict(growth <= GROWTH, "<= 8"),
            ),
            ("  with what they share, MB", megabytes(shared), ""),
        ]


def verdict(is_met: bool, bar: str) -> str:
    return f"{'met' if is_met else 'MISSED'} ({bar})"


def megabytes(size: float) -> str:
    return f"{size / 1024**2:.0f}"


def publish_month() -> Month:
    """One worker alone, then two until the last statement, or until the time is over."""
    run = make_month(EMPLOYERS)
    sheets, began, workers = run.sheets.count(), time.monotonic(), Workers()
    try:
        workers.start()
        alone = rate(run)
        workers.start()
        together = rate(run)
        workers.weigh()
        wait_for(run, (published(run) + sheets) // 2, began + LONGEST * 3 / 4)
        workers.weigh()
        wait_for(run, sheets, began + LONGEST)
        seconds = time.monotonic() - began
        wait_for_mails(sheets, began + LONGEST + 10)
        workers.weigh()
    finally:
        workers.stop()
    return Month(alone, together, workers.memory, sheets, published(run), whole(run), seconds)


def rate(run: "StatementRun") -> float:
    """Statements a minute, once a new worker is warm."""
    wait_for(run, published(run) + WARM, time.monotonic() + RATE_SECONDS)
    before, begin = published(run), time.perf_counter()
    time.sleep(RATE_SECONDS)
    return (published(run) - before) / (time.perf_counter() - begin) * 60


def published(run: "StatementRun") -> int:
    return int(run.sheets.filter(statement__isnull=False).count())


def wait_for(run: "StatementRun", count: int, deadline: float) -> None:
    """Until so many are there or the time is over; the table says which."""
    while published(run) < count and time.monotonic() < deadline:
        time.sleep(0.5)


def mails() -> int:
    from accounts.models import OutgoingMessage

    sent = OutgoingMessage.objects.filter(state=OutgoingMessage.State.SENT)
    return sent.filter(purpose="uitkeringsspecificatie").count()


def wait_for_mails(count: int, deadline: float) -> None:
    while mails() < count and time.monotonic() < deadline:
        time.sleep(0.5)


def whole(run: "StatementRun") -> bool:
    """Every employer has one statement of the month, and got one e-mail about it."""
    from documents.models import BenefitStatement

    statements = BenefitStatement.objects.filter(month=run.month)
    employers = statements.values("employer").distinct().count()
    return statements.count() == employers == mails() == run.sheets.count() == EMPLOYERS


def make_sheet(lines: int) -> "StatementSheet":
    """Read in from rows as staff send them: one for each person who is ill."""
    rows = make_insured(employers=1, people=lines)
    return make_run(rows).sheets.get(policy__number=rows[0]["policy"])


def make_month(employers: int) -> "StatementRun":
    """Confirmed, with a job for each sheet. Of the employers of other sheets nobody is ill then."""
    from absence.models import Trajectory
    from documents.models import StatementRun
    from documents.statements.actions import confirm_run

    StatementRun.objects.all().delete()
    Trajectory.objects.update(
        recovered_on=MONTH, recovered_by_id=1, recovery_recorded_at="2026-09-01T12:00Z"
    )
    run = make_run(make_insured(employers=employers, people=1))
    return confirm_run(by=run.imported_by, run=run)


def make_run(cells: list[dict[str, Any]]) -> "StatementRun":
    from accounts.models import User
    from documents.statements.actions import import_month
    from documents.statements.reading import Row
    from tests.factories import make_staff

    staff = User.objects.filter(username="incomfort").first()
    rows = [Row(number, row) for number, row in enumerate(cells, start=2)]
    return import_month(by=staff or make_staff("incomfort", "InComfort"), month=MONTH, rows=rows)


def make_insured(*, employers: int, people: int) -> list[dict[str, Any]]:
    """Rows of a month: employers with a policy and a contact, whose people are ill afterwards."""
    from django.db import transaction

    with transaction.atomic():
        return _insured(employers, people)


def _insured(employers: int, people: int) -> list[dict[str, Any]]:
    from accounts.models import Policy
    from documents.models import PolicyCover
    from tests.crowd import many_contacts, many_left_ill

    made = many_contacts(employers)
    policies = Policy.objects.bulk_create(
        Policy(
            employer=employer,
            number=f"ZW-{employer.kvk_number}",
            product=Policy.Product.ZW_ERD,
            starts_on=date(2024, 1, 1),
        )
        for employer in made
    )
    PolicyCover.objects.bulk_create(
        PolicyCover(policy=policy, percentage=Decimal(70), waiting_days=2) for policy in policies
    )
    numbers = {policy.employer_id: policy.number for policy in policies}
    reports = many_left_ill(made, people, first_sick_day=date(2026, 7, 6))
    return [
        {
            "policy": numbers[report.employer_id],
            "report": report.number,
            "first_day": "01-09-2026",
            "last_day": "30-09-2026",
            "daily_wage": "120,00",
        }
        for report in reports
    ]
