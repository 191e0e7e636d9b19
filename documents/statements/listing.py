"""The list of benefit statements of whoever looks: rows with their words, per employer."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db.models import Sum
from django.urls import reverse

from accounts.compiled import Compiled
from accounts.http import addresses
from accounts.models import SOMEBODY, User, seen_by
from documents.models import BenefitStatement, Document
from documents.words import amount_in_words, day_of, euros, month_in_words

STATEMENTS_PER_EMPLOYER = 12  # a year; older ones are in the company dossier
ONLY_IN_PDF = "Zie de PDF"  # of a statement that was uploaded as one
STATES = dict(Document.State.choices)
PAGES = {"uuid": "documents:statement", "document__uuid": "documents:download"}


@dataclass(frozen=True, slots=True)
class Row:
    """One statement. `page` is empty for one that has none to open, `pdf` while that is not safe;
    `state` says why.
    """

    uuid: UUID
    month: str
    policy: str
    published: str
    pay_by: str
    amount: str
    page: str
    pdf: str
    state: str
    is_refused: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The statements of one employer, and per year what they add up to."""

    employer: str
    files: str
    rows: list[Row]
    totals: list[tuple[int, str]]


def groups_for(user: User) -> list[Group]:
    """The latest statements, per employer by name, newest month first. Two queries."""
    seen = seen_by(user)
    found, totals = _LATEST(**seen), _TOTALS(**seen)
    pages = zip(*(addresses(PAGES[key], [row[key] for row in found]) for key in PAGES), strict=True)
    rows = zip(found, pages, strict=True)
    return [
        _group([_row(*one) for one in members], employer, totals)
        for employer, members in groupby(rows, key=lambda row: _employer(row[0]))
    ]


_employer = itemgetter("employer", "employer__name", "document__dossier__uuid")


def _group(rows: list[Row], employer: tuple[int, str, UUID], totals: Iterable[Any]) -> Group:
    key, name, dossier = employer
    return Group(
        employer=name,
        files=reverse("documents:dossier-files", args=[dossier]),
        rows=rows,
        totals=[
            (year["month__year"], amount_in_words(year["total"]))
            for year in totals
            if year["employer"] == key
        ],
    )


def _row(found: dict[str, Any], pages: tuple[str, str]) -> Row:
    page, pdf = pages
    state, pay_by = found["document__state"], found["sheet__pay_by"]
    is_safe, has_sheet = state == Document.State.SAFE, found["sheet"] is not None
    unpaid = "Geen betaling" if has_sheet else ONLY_IN_PDF
    return Row(
        uuid=found["uuid"],
        month=month_in_words(found["month"]),
        policy=found["policy__number"],
        published=day_of(found["published_at"]),
        pay_by=f"{pay_by:%d-%m-%Y}" if pay_by else unpaid,
        amount=euros(found["sheet__total"]) if has_sheet else ONLY_IN_PDF,
        page=page if has_sheet else pdf if is_safe else "",
        pdf=pdf if is_safe else "",
        state=STATES[state],
        is_refused=state == Document.State.REFUSED,
    )


_LATEST: Compiled[dict[str, Any]] = Compiled(
    lambda: (
        BenefitStatement.objects.visible_to(SOMEBODY)
        .latest_per_employer(STATEMENTS_PER_EMPLOYER)
        .values(
            *("employer", "employer__name", "uuid", "month", "policy__number", "published_at"),
            *("document__uuid", "document__state", "document__dossier__uuid"),
            *("sheet", "sheet__total", "sheet__pay_by"),
        )
    )
)
_TOTALS: Compiled[Any] = Compiled(
    lambda: (
        BenefitStatement.objects.visible_to(SOMEBODY)
        .order_by("-month__year")
        .values("employer", "month__year")
        .annotate(total=Sum("sheet__total"))
        .exclude(total=None)
    )
)
