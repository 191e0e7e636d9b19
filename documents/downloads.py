"""How a file leaves the portal: as a download that no browser shows or runs.

Source: security.md 2.10 point 7.
"""

from django.http import FileResponse, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.timezone import localdate

from absence.models import Trajectory
from documents.models import Document
from documents.storage import open_file

EXTENSIONS = {Document.Type.PDF: "pdf", Document.Type.JPEG: "jpg", Document.Type.PNG: "png"}
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


class QuarantinedError(Exception):
    """Nobody may open this document: it was not scanned yet, or the scanner refused it."""


class TakenBackError(Exception):
    """The employer withdrew or replaced this document: for its own people it does not open."""


def employer_response(document: Document) -> FileResponse:
    """For who works for the employer: as `document_response`; raises TakenBackError too."""
    if not document.is_current:
        raise TakenBackError(document.uuid)
    return document_response(document)


def document_response(document: Document) -> FileResponse:
    """The stored bytes, streamed. Before the first one it raises QuarantinedError,
    FileMissingError or StorageError.
    """
    if not document.is_safe:
        raise QuarantinedError(document.uuid)
    return FileResponse(
        open_file(document),
        as_attachment=True,
        filename=file_name(document),
        content_type=document.type,
        headers=HEADERS,
    )


def pdf_response(pdf: bytes, name: str) -> HttpResponse:
    """A PDF that was made just now."""
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers=HEADERS | {"Content-Disposition": disposition},
    )


def file_name(document: Document) -> str:
    """Made by us: never what a user typed, and nobody's name. "loonstrook_2026-11-23_1f0c9a2b.pdf".

    A statement is named after its month: a year of them sorts as one expects.
    """
    statement = getattr(document, "statement", None)
    day = f"{statement.month:%Y-%m}" if statement else f"{localdate(document.added_at):%Y-%m-%d}"
    extension = EXTENSIONS[Document.Type(document.type)]
    return f"{document.get_folder_display()}_{day}_{document.uuid.hex[:8]}.{extension}"


def overview_name(trajectory: Trajectory) -> str:
    """ "overzicht-pb_2026-11-02.pdf", after the first sick day."""
    return f"overzicht-pb_{trajectory.first_sick_day:%Y-%m-%d}.pdf"


def casefile_name(trajectory: Trajectory, kind: str) -> str:
    """ "inspectiedossier_2026-11-02.pdf" (or "zip"), after the first sick day."""
    return f"inspectiedossier_{trajectory.first_sick_day:%Y-%m-%d}.{kind}"


def zip_name(trajectory: Trajectory) -> str:
    """ "trajectendossier_2026-11-02.zip", after the first sick day."""
    return f"trajectendossier_{trajectory.first_sick_day:%Y-%m-%d}.zip"
