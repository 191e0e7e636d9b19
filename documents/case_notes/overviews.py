"""Whether the "Overzicht PB" of a report is there, and still says what we know."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils import timezone

from accounts.sealed import keyed_hash
from dossiers.models import Dossier

# To be raised when templates/pdf/overview_pb.html changes: what was made before is made anew.
LAYOUT = 1
# The worker needs a second; after this long something is wrong with it, and the page says so.
LATE = timedelta(minutes=5)


class State(StrEnum):
    """What somebody who wants the PDF is told."""

    READY = "klaar"
    MAKING = "wordt-gemaakt"
    LATE = "vertraagd"
    CHANGED = "gewijzigd"


@dataclass(frozen=True, slots=True)
class Overview:
    """The overview of one report, as a list shows it. `basis` is that of a PDF made now."""

    report: UUID
    first_sick_day: date
    last_note_at: datetime
    basis: str
    state: State

    @property
    def is_ready(self) -> bool:
        return self.state == State.READY


def overviews_of(dossier: Dossier, reports: Iterable[dict[str, Any]]) -> list[Overview]:
    """One for each report of the dossier that there are notes about: rows of `per_report`."""
    return [_overview(dossier, row) for row in reports]


def basis_of(
    dossier: Dossier,
    *,
    first_sick_day: date,
    recovered_on: date | None,
    notes: int,
    last_note: int,
) -> str:
    """Names what the PDF shows without holding it; notes are added only, never changed."""
    shown = [dossier.title, dossier.employer.name, first_sick_day, recovered_on, notes, last_note]
    return keyed_hash("overview_pb", LAYOUT, *shown)


def state_of(*, basis: str, made_of: str | None, asked_at: datetime | None, now: datetime) -> State:
    """`basis` is of what we know now, `made_of` of the PDF: empty until it is made.

    Nobody asked for it yet is as good as changed: it has to be asked for.
    """
    if made_of:
        return State.READY if made_of == basis else State.CHANGED
    if asked_at is None:
        return State.CHANGED
    return State.LATE if now - asked_at > LATE else State.MAKING


def _overview(dossier: Dossier, row: dict[str, Any]) -> Overview:
    parts: Iterable[str] = ("first_sick_day", "recovered_on", "notes", "last_note")
    basis = basis_of(dossier, **{part: row[part] for part in parts})
    return Overview(
        report=row["report"],
        first_sick_day=row["first_sick_day"],
        last_note_at=row["last_note_at"],
        basis=basis,
        state=state_of(
            basis=basis, made_of=row["basis"], asked_at=row["asked_at"], now=timezone.now()
        ),
    )
