"""What papers cost: PDFs, a month of statements, an upload, and a dossier with a thousand of them.

    make bench-documents

Bars: performance.md and the speed of statements. All is on one machine in one run; the month is
that of 3,000 employers, published by real workers. It ends within ten minutes, whatever it finds.
"""

import sys
import time
from datetime import date
from typing import TYPE_CHECKING, Any

from tests.bench.login import page
from tests.bench.month import make_sheet, publish_month, verdict
from tests.bench.server import running_server
from tests.bench.slices import Subject, measure
from tests.bench.table import Run, ratio
from tests.bench.uploads import Copy, Upload, WebMemory
from tests.bench.visitors import logged_in, one

if TYPE_CHECKING:
    from accounts.models import User
    from dossiers.models import Dossier

LONGEST, ROUNDS = 180, 15  # seconds of measuring, and slices of each subject; of both tables
FEW, MANY = 20, 1_000
QUERIES = 8
WEB_GROWTH = 8 * 1024**2
EMPTY_PDF = '<!doctype html><html lang="nl"><title>Leeg</title><p>ok'

type Row = tuple[str, str, str]


def main() -> int:
    with running_server() as port:
        user, few, many = make_dossiers()
        papers = pdf_run()
        measure([*papers.empty, *papers.subjects], longest=LONGEST, rounds=ROUNDS)
        show("PDFs beside an empty document of WeasyPrint", papers.lines())
        web = web_run(port, user, few, many)
        measure([*web.empty, *web.subjects], longest=LONGEST, rounds=ROUNDS)
        show("pages and an upload", web.lines())
        growth = WebMemory(port, user, few).growth()
        asked = [queries(user, dossier) for dossier in (few, many)]
        rows = [*rows_of(papers), *rows_of(web), *rows_of_pages(growth, asked)]
        rows += publish_month().rows()
    show("all of it", ["{:40}{:>34}  {}".format(*row) for row in rows])
    return int(any("MISSED" in says for _, _, says in rows))


def show(title: str, lines: list[str]) -> None:
    print(f"\n{title}\n", *lines, sep="\n", flush=True)


def rows_of(run: Run) -> list[Row]:
    """What, how many times its anchor, verdict."""
    doubt = run.doubt.partition(":")[0]
    rows = []
    for bar in run.bars:
        figure = bar.figure()
        says = doubt or ("met" if figure <= bar.limit else "MISSED")
        rows.append((bar.subject.name, f"{figure:.1f} x", f"{says} ({bar.words})"))
    return rows


def rows_of_pages(growth: int, asked: list[int]) -> list[Row]:
    is_same = asked[0] == asked[1] <= QUERIES
    few_and_many = f"{asked[0]} with {FEW}, {asked[1]} with {MANY:,}"
    grown = f"{growth / 1024**2:.1f} more"
    return [
        ("queries of a Trajectendossier", few_and_many, verdict(is_same, f"<= {QUERIES}, equal")),
        ("web process in an upload of 15 MB, MB", grown, verdict(growth <= WEB_GROWTH, "<= 8")),
    ]


def pdf_run() -> Run:
    """In this process, by the function with which the worker makes them.

    Empty is what WeasyPrint makes of a page by itself, tagged as ours and with the same fonts. It
    then reads the certificates of the machine each time, which we do once for all: the last subject
    is an empty page in our own way, against which nothing is promised.
    """
    from documents.typesetting import write_pdf

    empty = [timed(f"empty document {letter}", plain_pdf) for letter in "ABC"]
    five, sixty = (timed(f"statement, {lines} lines", maker(lines)) for lines in (5, 60))
    ours = timed("empty, made as ours", lambda: write_pdf(EMPTY_PDF))
    bars = [
        ratio(five, "at most 3 x empty", 3, *empty),
        ratio(sixty, "at most 12 x empty", 12, *empty),
    ]
    return Run(empty, [five, sixty, ours], bars)


def plain_pdf() -> bytes:
    from weasyprint import HTML

    from documents import typesetting

    pdf: bytes = HTML(string=EMPTY_PDF).write_pdf(
        font_config=typesetting._font_config(), pdf_variant=typesetting.PDF_VARIANT
    )
    return pdf


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
        ratio(long, f"at most 1.5 x with {FEW}", 1.5, short),
        ratio(upload, "at most 4 x copy and sha256", 4, copy),
    ]
    return Run(empty, [short, long, copy, upload], bars)


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


if __name__ == "__main__":
    sys.exit(main())
