"""What papers cost: PDFs, a month of statements, an upload, and a dossier with a thousand of them.

    make bench-documents

Bars: performance.md and the speed of statements. All is on one machine in one run; the month is
that of 3,000 employers, published by real workers.
"""

import hashlib
import shutil
import sys
import tempfile
import time
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from portal.setup.children import Child, start_child, stop_child
from tests.bench.login import page
from tests.bench.server import ROOT, running_server
from tests.bench.slices import Subject, measure
from tests.bench.table import Bar, Run
from tests.bench.visitors import logged_in, one

if TYPE_CHECKING:
    from accounts.models import User
    from documents.models import StatementRun, StatementSheet
    from dossiers.models import Dossier

EMPLOYERS = 3_000
LONGEST = 90  # seconds of measuring, of each of both tables
RATE_SECONDS, WARM_SECONDS = 30, 8
FEW, MANY = 20, 1_000
UPLOAD_BYTES = 15 * 1024 * 1024 - 1024
GROWTH = 8 * 1024 * 1024  # what a worker may have more at the end than after the first hundreds
EMPTY_PDF = '<!doctype html><html lang="nl"><title>Leeg</title><p>Leeg'
MONTH = date(2026, 9, 1)


def main() -> int:
    with running_server() as port:
        user, few, many = make_dossiers()
        papers = pdf_run()
        measure([*papers.empty, *papers.subjects], longest=LONGEST)
        web = web_run(port, user, few, many)
        measure([*web.empty, *web.subjects], longest=LONGEST)
        print("\nPDFs beside an empty document\n", *papers.lines(), sep="\n")
        print("\npages and an upload\n", *web.lines(), sep="\n")
        asked = [queries(user, dossier) for dossier in (few, many)]
        print(f"\nqueries with {FEW} and with {MANY} documents: {asked}")
        is_month_met = month_is_published()
    return 0 if all(run.is_met or run.doubt for run in (papers, web)) and is_month_met else 1


def pdf_run() -> Run:
    """In this process, by the function with which the worker makes them."""
    from documents.typesetting import write_pdf

    empty = [timed(f"empty document {letter}", lambda: write_pdf(EMPTY_PDF)) for letter in "ABC"]
    five, sixty = (timed(f"statement, {lines} lines", maker(lines)) for lines in (5, 60))
    bars = [
        Bar(five, "at most 3 x empty", 3, lambda seconds: five.p50 / seconds),
        Bar(sixty, "at most 12 x empty", 12, lambda seconds: sixty.p50 / seconds),
    ]
    return Run(empty, [five, sixty], bars)


def maker(lines: int) -> Any:
    """Makes the PDF of a statement with so many lines."""
    from documents.statements.publishing import facts_of, on_paper

    sheet = make_sheet(lines)
    sheet.facts = facts_of(sheet, date(2026, 10, 2))
    return lambda: on_paper(sheet)


def timed(name: str, act: Any) -> Subject:
    def once() -> float:
        begin = time.perf_counter()
        assert act()
        return time.perf_counter() - begin

    return Subject(name, once)


def web_run(port: int, user: "User", few: "Dossier", many: "Dossier") -> Run:
    empty = [page(port, f"empty view {letter}", "/meting/leeg/", b"ok") for letter in "ABC"]
    browser = logged_in(port, user)
    short, long = (
        one(
            f"{count} documents",
            browser,
            browser.request("GET", f"{dossier.get_absolute_url()}trajectendossier/"),
            b"loonstrook.pdf",
        )
        for count, dossier in ((FEW, few), (MANY, many))
    )
    copy, upload = Subject("copy and sha256", Copy()), Subject("upload of 15 MB", Upload(user, few))
    bars = [
        Bar(long, f"at most 1.5 x with {FEW}", 1.5, lambda _: long.p50 / short.p50),
        Bar(upload, "at most 4 x copy and sha256", 4, lambda _: upload.p50 / copy.p50),
    ]
    return Run(empty, [short, long, copy, upload], bars)


class Copy:
    """The same bytes: copied to another file, and their sha256."""

    def __init__(self) -> None:
        self.place = Path(tempfile.mkdtemp(prefix="portaal-bench."))
        (self.place / "a").write_bytes(fifteen_megabytes())

    def __call__(self) -> float:
        begin = time.perf_counter()
        shutil.copyfile(self.place / "a", self.place / "b")
        with (self.place / "b").open("rb") as copied:
            hashlib.file_digest(copied, "sha256")
        return time.perf_counter() - begin


class Upload:
    """The view, once the body is read: everything that the portal does with a file."""

    def __init__(self, user: "User", dossier: "Dossier") -> None:
        self.user, self.dossier, self.number = user, dossier, 0

    def __call__(self) -> float:
        from uuid import uuid4

        from django.contrib.sessions.backends.signed_cookies import SessionStore
        from django.core.files.uploadedfile import SimpleUploadedFile
        from django.test import RequestFactory

        from documents.models import Document
        from documents.upload_views import upload

        self.number += 1
        content = fifteen_megabytes(self.number)
        data = {
            "submission": uuid4(),
            "trajectory": self.dossier.trajectories.get().uuid,
            "folder": Document.Folder.PAYSLIP,
            "uploads": SimpleUploadedFile("loonstrook.pdf", content, "application/pdf"),
        }
        request = RequestFactory().post("/", data, headers={"accept": "application/json"})
        request.user, request.session = self.user, SessionStore()
        assert request.FILES
        begin = time.perf_counter()
        answer = upload(request, uuid=self.dossier.uuid)
        seconds = time.perf_counter() - begin
        assert answer.content == b'{"reasons": []}', answer.content
        return seconds


def fifteen_megabytes(number: int = 0) -> bytes:
    """A PDF; another number gives other bytes, as the same ones are stored once."""
    from tests.documents.files import pdf

    begin = f"{number:08d}"
    return pdf(text=begin + "x" * (UPLOAD_BYTES - 10_000))


def queries(user: "User", dossier: "Dossier") -> int:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from tests.login import login

    client = Client(headers={"host": "portaal.example.test", "x-forwarded-proto": "https"})
    login(client, user)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(f"{dossier.get_absolute_url()}trajectendossier/")
    assert answer.status_code == 200, answer.status_code
    return len(captured)


def month_is_published() -> bool:
    """One worker alone, then two; both until the last statement. Prints what it found."""
    run = make_month(EMPLOYERS)
    workers = [start_worker()]
    try:
        alone = rate(run)
        workers.append(start_worker())
        together = rate(run)
        early = [memory(worker) for worker in workers]
        wait_for_all(run)
        late = [memory(worker) for worker in workers]
    finally:
        for worker in workers:
            stop_child(worker)
    growth = [end - begin for begin, end in zip(early, late, strict=True)]
    is_whole = whole(run)
    print(f"\nstatements a minute: {alone:.0f} by one worker, {together:.0f} by two")
    print(f"two workers: {together / alone:.2f} x one (at least 1.8)")
    print(
        f"memory of the workers: {megabytes(early)} after the first hundreds, {megabytes(late)} MB"
    )
    print(
        f"{EMPLOYERS} employers: each one statement and one e-mail: {'yes' if is_whole else 'NO'}"
    )
    return together / alone >= 1.8 and max(growth) <= GROWTH and is_whole


def start_worker() -> Child:
    return start_child([sys.executable, "manage.py", "procrastinate", "worker"], cwd=ROOT)


def rate(run: "StatementRun") -> float:
    """Statements a minute, once a new worker is warm."""
    time.sleep(WARM_SECONDS)
    before, begin = published(run), time.perf_counter()
    time.sleep(RATE_SECONDS)
    return (published(run) - before) / (time.perf_counter() - begin) * 60


def published(run: "StatementRun") -> int:
    return int(run.sheets.filter(statement__isnull=False).count())


def wait_for_all(run: "StatementRun") -> None:
    deadline = time.monotonic() + 1800
    while published(run) < run.sheets.count():
        assert time.monotonic() < deadline, "the month was not published in half an hour"
        time.sleep(1)


def whole(run: "StatementRun") -> bool:
    from accounts.models import OutgoingMessage
    from documents.models import BenefitStatement

    statements = BenefitStatement.objects.filter(month=run.month)
    employers = statements.values("employer").distinct().count()
    mails = OutgoingMessage.objects.filter(purpose__icontains="specificatie").count()
    return statements.count() == employers == mails == run.sheets.count() >= EMPLOYERS


def memory(worker: Child) -> int:
    return int(psutil.Process(worker.pid).memory_info().rss)


def megabytes(sizes: list[int]) -> str:
    return " and ".join(f"{size / 1024**2:.0f}" for size in sizes)


def make_dossiers() -> "tuple[User, Dossier, Dossier]":
    """Who looks, and two dossiers at the same employer."""
    from accounts import throttle
    from accounts.throttle import Limit
    from documents.models import Document
    from tests.crowd import many_documents
    from tests.factories import make_employee, make_employer, make_member, make_trajectory

    for name in ("SINGLE_UPLOADS_PER_USER", "BYTES_PER_EMPLOYER"):
        setattr(throttle, name, Limit(f"bench.{name}", 1e12, 1e-9))
    user = make_member(make_employer(), "bench")
    employer = user.memberships.get().employer
    dossiers = []
    for count in (FEW, MANY):
        employee = make_employee(employer, "Dossierhouder", created_by=user)
        report = make_trajectory(employee, first_sick_day=date(2026, 3, 2))
        papers = [paper.pk for paper in many_documents(report, user, count)]
        Document.objects.filter(pk__in=papers).update(state=Document.State.SAFE)
        dossiers.append(report.dossier)
    return user, dossiers[0], dossiers[1]


def make_sheet(lines: int) -> "StatementSheet":
    """Read in from rows as staff send them: one for each person who is ill."""
    rows = make_insured(lines)
    return make_run([rows]).sheets.get(policy__number=rows[0]["policy"])


def make_month(employers: int) -> "StatementRun":
    from documents.statements.actions import confirm_run

    run = make_run([make_insured(1) for _ in range(employers)])
    return confirm_run(by=run.imported_by, run=run)


def make_run(insured: "list[list[dict[str, Any]]]") -> "StatementRun":
    from accounts.models import User
    from documents.statements.actions import import_month
    from documents.statements.reading import Row
    from tests.factories import make_staff

    staff = User.objects.filter(username="incomfort").first()
    cells = [cell for rows in insured for cell in rows]
    rows = [Row(number, row) for number, row in enumerate(cells, start=2)]
    return import_month(by=staff or make_staff("incomfort", "InComfort"), month=MONTH, rows=rows)


def make_insured(people: int) -> list[dict[str, Any]]:
    """An employer with a policy and a contact, whose people are ill after their contract."""
    from documents.models import PolicyCover
    from tests.factories import (
        make_employee,
        make_employer,
        make_member,
        make_policy,
        make_trajectory,
    )

    employer = make_employer()
    employer.contact = make_member(employer)
    employer.save()
    policy = make_policy(employer, product="ZW_ERD")
    PolicyCover.objects.create(policy=policy, percentage=Decimal(70), waiting_days=2)
    reports = [
        make_trajectory(
            make_employee(employer, created_by=employer.contact, ended_on=date(2026, 8, 10)),
            first_sick_day=date(2026, 7, 6),
        )
        for _ in range(people)
    ]
    return [
        {
            "policy": policy.number,
            "report": report.number,
            "first_day": "01-09-2026",
            "last_day": "30-09-2026",
            "daily_wage": "120,00",
        }
        for report in reports
    ]


if __name__ == "__main__":
    sys.exit(main())
