"""What somebody does on the upload page."""

from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from absence.models import Trajectory
from accounts.models import User
from documents.actions import add_documents
from documents.models import Document
from dossiers.models import Dossier
from tests.documents import files


def address(dossier: Dossier) -> str:
    return reverse("documents:upload", args=[dossier.uuid])


def send(
    client: Client,
    report: Trajectory,
    *uploads: SimpleUploadedFile,
    from_tray: bool = False,
    **fields: Any,
) -> Any:
    """Fills in the form of the report's dossier and sends it, as the page or as its tray does."""
    data = {
        "submission": uuid4(),
        "trajectory": report.uuid,
        "folder": Document.Folder.PAYSLIP,
        "uploads": list(uploads),
    }
    headers = {"accept": "application/json"} if from_tray else {}
    return client.post(address(report.dossier), data | fields, headers=headers)


def add_payslip(trajectory: Trajectory, by: User, **checked: str) -> Document:
    """What the form does in the end, for a test that begins after it."""
    (added,) = add_documents(
        by=by,
        dossier=trajectory.dossier,
        trajectory=trajectory,
        folder=Document.Folder.PAYSLIP,
        files=[files.checked(**checked)],
        submission=uuid4(),
    )
    return added


def pdf(name: str = "loonstrook.pdf", text: str = "oktober") -> SimpleUploadedFile:
    return files.upload(files.pdf(text=text), name)
