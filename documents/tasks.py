"""Work of the documents app for the worker."""

from documents.case_notes.jobs import make_overview, make_waiting_overviews
from documents.casefile.jobs import make_casefile, tidy_casefiles
from documents.file_jobs import take_out_left_files
from documents.requests.jobs import send_reminder, send_reminders
from documents.scan_jobs import scan_document, scan_waiting
from documents.statements.jobs import publish

__all__ = [
    "make_casefile",
    "make_overview",
    "make_waiting_overviews",
    "publish",
    "scan_document",
    "scan_waiting",
    "send_reminder",
    "send_reminders",
    "take_out_left_files",
    "tidy_casefiles",
]
