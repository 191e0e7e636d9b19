"""What stands in a casefile: nothing that the employer's own pages do not show."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from absence.agenda import Timeline, timeline_of
from absence.case import cases_of
from absence.models import Trajectory
from documents.casefile.models import Casefile
from documents.casefile.trail import acts_of, looks_of
from documents.models import Document

UNREAD = ("dossier__employee__bsn", "dossier__employee__iban", "employee__bsn", "employee__iban")


def report_of(casefile: Casefile) -> Trajectory | None:
    """The sick report with all that the page of one shows; None when it was withdrawn."""
    reports = Trajectory.objects.with_course().select_related(
        "dossier__employer", "dossier__employee", "employer", "employee", "recovered_by"
    )
    return reports.defer(*UNREAD).filter(pk=casefile.trajectory_id).first()


def documents_of(report: Trajectory) -> list[Document]:
    """Those that count, newest first: not what the employer took back."""
    documents = Document.objects.filter(trajectory=report).current().newest_first()
    return list(documents.select_related("added_by"))


def context_of(
    casefile: Casefile, report: Trajectory, documents: list[Document], *, made_at: datetime
) -> dict[str, Any]:
    """All that the template shows."""
    notes = list(report.case_notes.order_by("-written_at").values_list("written_at", flat=True))
    return {
        "asked_by": casefile.asked_by,
        "made_at": made_at,
        "dossier": report.dossier,
        "report": report,
        "steps": report.steps(),
        "timeline": _timeline(report),
        "documents": documents,
        "notes": notes,
        "acts": acts_of(report),
        "looks": looks_of(report),
    }


def _timeline(report: Trajectory) -> Timeline:
    """Of the illness that the report is part of."""
    others = report.dossier.trajectories.with_course().select_related("employer", "employee")
    cases = cases_of(
        list(others.defer("employee__bsn", "employee__iban")), today=timezone.localdate()
    )
    (case,) = (case for case in cases if report in case.reports)
    return timeline_of(case)
