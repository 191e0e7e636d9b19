"""Makes the PDF "Overzicht PB": in the worker, and bears being done twice or broken off."""

from itertools import islice
from typing import Any

from django.utils import timezone

from documents.case_notes.models import CaseNote, OverviewPb
from documents.case_notes.overviews import basis_of
from documents.pdf import render_pdf
from documents.waiting_work import make_each

MOST_AT_ONCE = 100


def make_overview(*, trajectory_id: int) -> bool:
    """Makes the PDF that was asked for. Returns whether it was stored.

    Not stored is what was asked for again meanwhile, by a next note: that has a job of its own,
    and of two jobs the one that knows less never has the last word.
    """
    waiting = OverviewPb.objects.waiting().filter(trajectory=trajectory_id)
    overview = waiting.select_related(*RELATED).defer(*UNREAD).first()
    if overview is None:
        return False
    made_at = timezone.now()
    notes = list(CaseNote.objects.filter(trajectory=trajectory_id).select_related("written_by"))
    pdf = render_pdf("pdf/overview_pb.html", _context(overview, notes) | {"made_at": made_at})
    basis = _basis(overview, notes=len(notes), last_note=max(note.pk for note in notes))
    still_asked = OverviewPb.objects.filter(pk=overview.pk, turn=overview.turn, made_at=None)
    return bool(still_asked.update(made_at=made_at, basis=basis, pdf=pdf))


def ask_changed() -> int:
    """Has made anew what shows other facts than we know now, such as no day of recovery.

    What a note or somebody of the employer asked for meanwhile stays theirs. Returns how many.
    """
    made = OverviewPb.objects.filter(made_at__isnull=False).with_notes()
    rows = made.select_related(*RELATED).defer("pdf", *UNREAD).iterator(chunk_size=1000)
    changed = list(islice((row for row in rows if row.basis != _basis_now(row)), MOST_AT_ONCE))
    return sum(OverviewPb.objects.filter(pk=row.pk, turn=row.turn).ask_again() for row in changed)


def make_waiting() -> int:
    """Makes what no job made. Returns how many still wait."""
    waiting = OverviewPb.objects.waiting().order_by("asked_at", "pk")
    reports = waiting.values_list("trajectory_id", flat=True)
    return make_each(reports, lambda key: make_overview(trajectory_id=key), most=MOST_AT_ONCE)


RELATED = ["trajectory", "dossier__employer", "dossier__employee"]
UNREAD = ("dossier__employee__bsn", "dossier__employee__iban")


def _context(overview: OverviewPb, notes: list[CaseNote]) -> dict[str, Any]:
    return {"dossier": overview.dossier, "trajectory": overview.trajectory, "notes": notes}


def _basis_now(overview: Any) -> str:
    """Of what we know now, of a row with its notes."""
    return _basis(overview, notes=overview.notes, last_note=overview.last_note)


def _basis(overview: OverviewPb, *, notes: int, last_note: int) -> str:
    return basis_of(
        overview.dossier,
        first_sick_day=overview.trajectory.first_sick_day,
        recovered_on=overview.trajectory.recovered_on,
        notes=notes,
        last_note=last_note,
    )
