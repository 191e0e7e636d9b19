"""What people do with case notes: write one, have the "Overzicht PB" made."""

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from absence.actions.corrections import take_up
from absence.models import Trajectory
from accounts.audit import Action, record
from documents.case_notes.jobs import make_overview
from documents.case_notes.models import CaseNote, OverviewPb
from documents.case_notes.overviews import State, overviews_of

if TYPE_CHECKING:
    from accounts.models import User

MAX_NOTE_LENGTH = 10_000


@transaction.atomic
def add_case_note(
    *, by: "User", trajectory: Trajectory, kind: str, text: str, submission: UUID | None = None
) -> CaseNote:
    """The HCS case manager adds a note; recorded, never changed afterwards.

    The "Overzicht PB" without it is gone at once, and the worker makes the next.

    Sent again with the same `submission`, the first note is returned and nothing is added.
    Raises PermissionDenied for anyone else, ValidationError for an empty or endless text.
    """
    if not by.is_hcs:
        raise PermissionDenied
    text = text.strip()
    if not text or len(text) > MAX_NOTE_LENGTH:
        raise ValidationError(
            f"Schrijf een notitie van 1 tot {MAX_NOTE_LENGTH} tekens.", code="text"
        )
    submission = submission or uuid4()
    take_up(by=by, trajectory=trajectory)  # and one after the other
    if earlier := CaseNote.objects.filter(trajectory=trajectory, submission=submission).first():
        return earlier
    note = CaseNote(
        **_of(trajectory),
        trajectory=trajectory,
        kind=CaseNote.Kind(kind),
        text=text,
        written_by=by,
        submission=submission,
    )
    note.save()
    _ask(trajectory)
    detail = {"kind": note.kind}
    record(Action.CASE_NOTE_ADD, by=by, obj=note, detail=detail, **_of(trajectory))
    return note


@transaction.atomic
def ask_overview(*, by: "User", trajectory: Trajectory) -> None:
    """Somebody of the employer has the "Overzicht PB" made, when it is out of date or late.

    Otherwise it is there or on its way, and nothing happens; else recorded. Raises
    PermissionDenied for a report of another employer.
    """
    notes = CaseNote.objects.visible_to(by).filter(trajectory=trajectory)
    overviews = overviews_of(trajectory.dossier, notes.per_report())
    if not overviews:
        raise PermissionDenied
    if overviews[0].state not in {State.CHANGED, State.LATE}:
        return
    _ask(trajectory)
    record(Action.OVERVIEW_PB_ASKED, by=by, obj=trajectory, **_of(trajectory))


def _ask(trajectory: Trajectory) -> None:
    """Takes away the PDF, if there is one, and has the worker make another."""
    OverviewPb.objects.get_or_create(trajectory=trajectory, defaults=_of(trajectory))
    OverviewPb.objects.filter(trajectory=trajectory).ask_again()
    make_overview.defer(trajectory_id=trajectory.pk)


def _of(trajectory: Trajectory) -> dict[str, Any]:
    """Whose it is."""
    return {"employer": trajectory.employer, "dossier": trajectory.dossier}
