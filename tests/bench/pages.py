"""What the pages of a day's work cost beside an empty view, at an employer of a thousand people.

    make bench-pages

Bars: performance.md.
"""

import re
import sys
from datetime import date
from typing import TYPE_CHECKING

from tests.absence.pages import report_answers
from tests.bench.client import Browser
from tests.bench.login import page
from tests.bench.server import running_server
from tests.bench.slices import Subject, measure
from tests.bench.table import Run, ratio
from tests.bench.visitors import logged_in, one, token

if TYPE_CHECKING:
    from accounts.models import User
    from dossiers.models import Dossier

LONGEST = 150  # seconds of measuring
ILL, HEALTHY, PAPERS, STATEMENTS = 1_000, 4_000, 60, 36
PER_SLICE = 100  # sick reports
DONE = re.compile(r"/verzuim/gemeld/[0-9a-f-]+/$")


def main() -> int:
    with running_server() as port:
        run = pages_run(port)
        measure([*run.empty, *run.subjects], longest=LONGEST)
        print("\n".join(run.lines()))
        return 0 if run.is_met or run.doubt else 1


def pages_run(port: int) -> Run:
    user, dossier, healthy = make_people()
    browser, here = logged_in(port, user), dossier.get_absolute_url()
    pages = [
        ("start page", "/start/", "Dossier zoeken", 26),
        ("dossier", here, "Dossierhouder", 26),
        ("Trajectendossier", f"{here}trajectendossier/", "loonstrook.pdf", 26),
        ("sick form", address(healthy[0]), "Eerste ziektedag", 22),
        ("statement list", "/uitkeringsspecificaties/", "Polis", 16),
        ("Nu ziek", "/verzuim/overzicht/", "Nu ziek", 0),
        ("agenda", "/verzuim/agenda/", "genda", 0),
    ]
    empty = [page(port, f"empty view {letter}", "/meting/leeg/", b"ok") for letter in "ABC"]
    subjects, bars = [], []
    for name, path, words, limit in pages:
        subject = one(name, browser, browser.request("GET", path), words.encode())
        subjects.append(subject)
        if limit:
            bars.append(ratio(subject, f"at most {limit} x empty", limit, *empty))
    report = SickReport(logged_in(port, user), healthy[1:])  # the first stays well, for the form
    subjects.append(Subject("sick report (POST)", report, report.prepare))
    bars.append(ratio(subjects[-1], "at most 24 x empty", 24, *empty))
    return Run(empty, subjects, bars)


class SickReport:
    """Somebody who is not ill yet is reported: stored and logged, on to the confirmation."""

    def __init__(self, browser: Browser, healthy: "list[Dossier]") -> None:
        self.browser = browser
        self.token = token(browser, address(healthy[0]))
        self.healthy = list(healthy)
        self.requests: list[bytes] = []

    def prepare(self) -> None:
        """Nobody is reported twice."""
        self.browser.close()
        now, self.healthy = self.healthy[:PER_SLICE], self.healthy[PER_SLICE:]
        assert now, "everybody is ill: make more people"
        self.requests = [self._request(dossier) for dossier in now]

    def _request(self, dossier: "Dossier") -> bytes:
        today = f"{date.today():%d-%m-%Y}"  # noqa: DTZ011 - the client's day
        form = report_answers(first_sick_day=today, csrfmiddlewaretoken=self.token)
        return self.browser.request("POST", address(dossier), form)

    def __call__(self) -> float | None:
        if not self.requests:
            return None
        answer = self.browser.send(self.requests.pop())
        assert answer.status == 302, answer.body
        assert DONE.search(answer.location), answer.location
        return answer.seconds


def address(dossier: "Dossier") -> str:
    return f"/verzuim/melden/{dossier.uuid}/"


def make_people() -> "tuple[User, Dossier, list[Dossier]]":
    """Who looks, a dossier with a year's papers, and the people who will be reported."""
    from tests.crowd import many_documents, many_employees, many_ill, many_statements
    from tests.factories import (
        make_employee,
        make_employer,
        make_member,
        make_policy,
        make_trajectory,
    )

    user = make_member(make_employer(), "bench", role="BEHEERDER")
    employer = user.memberships.get().employer
    make_policy(employer, product="ZW_ERD")
    employee = make_employee(employer, "Dossierhouder", created_by=user)
    report = make_trajectory(employee, first_sick_day=date(2026, 3, 2))
    many_documents(report, user, PAPERS)
    many_statements(employer, user, STATEMENTS)
    many_ill(employer, user, ILL)
    contracts = many_employees(employer, user, HEALTHY)
    return user, report.dossier, [one.employee.dossier for one in contracts]


if __name__ == "__main__":
    sys.exit(main())
