"""The rows of a Trajectendossier, each with its words: a template that formats rows is slow.

Source: performance.md ("template filters in loops cost more than SQL").
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import CharField, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Cast, Coalesce, Concat, NullIf, Trim
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from accounts.audit import Action, Outcome
from accounts.http import addresses
from accounts.models import AuditEvent, key_of
from documents.files.rules import why_not_replaced, why_not_withdrawn
from documents.models import Document, DocumentQuerySet, DocumentRequest
from documents.words import day_of, euros, size_in_words

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.db.models.expressions import Combinable

    from absence.models import Trajectory
    from accounts.models import User

STATES = dict(Document.State.choices)
TAGS = {"SAFE": "tag-success", "REFUSED": "tag-error", "WAITING": "tag-info"}
FOLDERS = {value: capfirst(label) for value, label in Document.Folder.choices}
SOURCES = dict(Document.Source.choices)
PAGES = ("documents:download", "documents:replace", "documents:withdraw")
WITHDRAWN, REPLACED = "ingetrokken", "vervangen"
FOR_HCS = "voor u en HCS"  # whom else it opens for: docs/decisions/0012


@dataclass(frozen=True, slots=True)
class Row:
    """One document. `address` is empty when it does not open; `standing` says what became of it."""

    uuid: UUID
    name: str
    facts: str
    day: str
    size: str
    state: str
    tag: str
    refusal: str
    address: str
    is_new: bool
    standing: str
    standing_day: str
    by: str
    replace_address: str
    withdraw_address: str


@dataclass(frozen=True, slots=True)
class Group:
    """The documents of one sick report that a page shows, under its heading."""

    report: "Trajectory | None"
    day: str
    until: str
    rows: list[Row]
    zip_address: str

    @property
    def uuid(self) -> UUID | None:
        return self.report.uuid if self.report else None


def with_words(
    documents: DocumentQuerySet, *, user: "User | AnonymousUser", is_company: bool
) -> DocumentQuerySet:
    """With all that `rows_of` says of them, in the one query."""
    documents = documents.annotate(
        sender_name=_name("added_by"),
        withdrawer=_name("withdrawn_by"),
        replacement=F("replaced_by__name"),
        replaced_at=F("replaced_by__added_at"),
        replacer=_name("replaced_by__added_by"),
        was_opened=_opened_by(user, is_company=is_company),
    )
    if is_company:
        return documents.select_related("statement__policy", "statement__sheet")
    asked = DocumentRequest.objects.filter(dossier=OuterRef("dossier"))
    return documents.select_related("trajectory", "answer").annotate(is_asked=Exists(asked))


def rows_of(documents: Iterable[Document], *, is_company: bool) -> list[Row]:
    """The documents, from `with_words`, as rows in the same order. Asks no query."""
    documents, now = list(documents), timezone.now()
    facts = _statement_facts if is_company else _facts
    uuids = [document.uuid for document in documents]
    pages = zip(*(addresses(page, uuids) for page in PAGES), strict=True)
    return [
        _row(document, facts(document), places, now)
        for document, places in zip(documents, pages, strict=True)
    ]


def groups_of(documents: Iterable[Document], *, dossier: UUID) -> list[Group]:
    """The documents, from `with_words` and `per_report`, by sick report. Asks no query."""
    return [
        _group(report, rows_of(members, is_company=False), dossier)
        for report, members in groupby(documents, key=lambda document: document.trajectory)
    ]


def _row(document: Any, facts: str, places: tuple[str, ...], now: datetime) -> Row:
    download, replace, withdraw = places
    opens = document.is_safe and document.is_current
    from_employer = document.source == Document.Source.EMPLOYER
    standing, moment, by = _standing(document)
    return Row(
        uuid=document.uuid,
        name=document.name,
        facts=facts,
        day=day_of(document.added_at),
        size=size_in_words(document.size),
        state=standing or STATES[document.state],
        tag="" if standing else TAGS[document.state],
        refusal=document.get_refusal_display(),
        address=download if opens else "",
        is_new=opens and not from_employer and not document.was_opened,
        standing=standing.capitalize(),
        standing_day=day_of(moment) if moment else "",
        by=by,
        replace_address="" if why_not_replaced(document, now=now) else replace,
        withdraw_address="" if why_not_withdrawn(document, now=now) else withdraw,
    )


def _facts(document: Any) -> str:
    folder = FOLDERS[document.folder]
    if document.source == Document.Source.EMPLOYER:
        return f"{folder} · van {document.sender_name}"
    facts = f"{folder} · van {SOURCES[document.source]}"
    return f"{facts} · {FOR_HCS}" if document.source == Document.Source.HCS else facts


def _statement_facts(document: Any) -> str:
    statement = getattr(document, "statement", None)
    facts = [f"Polis {statement.policy.number}"] if statement else []
    facts.append(f"van {SOURCES[document.source]}")
    sheet = getattr(statement, "sheet", None)
    return " · ".join([*facts, euros(sheet.total)] if sheet else facts)


def _standing(document: Any) -> tuple[str, datetime | None, str]:
    """What became of it in a word, when and by whom."""
    if document.withdrawn_at:
        return WITHDRAWN, document.withdrawn_at, f"door {document.withdrawer}"
    if document.replaced_by_id:
        by = f"door {document.replacement} ({document.replacer})"
        return REPLACED, document.replaced_at, by
    return "", None, ""


def _group(report: "Trajectory | None", rows: list[Row], dossier: UUID) -> Group:
    if report is None:
        return Group(None, "", "", rows, "")
    until = f"hersteld per {report.recovered_on:%d-%m-%Y}" if report.recovered_on else "nog ziek"
    if report.withdrawn_at:
        until = "melding ingetrokken"
    address = reverse("documents:zip", args=[dossier, report.uuid])
    return Group(report, f"{report.first_sick_day:%d-%m-%Y}", until, rows, address)


def _name(path: str) -> "Combinable":
    """A user as `str(user)` says it, without reading the user: the full name, else the username."""
    name = Trim(Concat(f"{path}__first_name", Value(" "), f"{path}__last_name"))
    return Coalesce(NullIf(name, Value("")), f"{path}__username")


def _opened_by(user: "User | AnonymousUser", *, is_company: bool) -> Exists | Q:
    """Whether the log says that this user opened it: as a file, alone or in a ZIP, or as a page."""
    actor: Any = key_of(user)
    events = AuditEvent.objects.filter(actor=actor, outcome=Outcome.OK)
    opened = Exists(
        events.filter(
            action=Action.DOCUMENT_DOWNLOAD,
            object_type=Document._meta.label_lower,
            object_id=Cast(OuterRef("uuid"), CharField()),
        )
    )
    if not is_company:
        return opened
    seen = events.filter(
        action=Action.STATEMENT_VIEW,
        object_type="documents.benefitstatement",
        object_id=Cast(OuterRef("statement__uuid"), CharField()),
    )
    return opened | Exists(seen)
