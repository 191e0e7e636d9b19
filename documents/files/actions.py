"""An employer takes back what it uploaded: withdrawn, or replaced by another file. All audited.

Row and file stay as they were, for staff and the log; the employer sees that they no longer count.
"""

from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.audit import Action, record
from documents.actions import add_documents
from documents.checks import CheckedFile
from documents.files.rules import NOT_YOURS, why_not_replaced, why_not_withdrawn
from documents.models import Document
from documents.requests.actions import lock_request_of, replace_answer
from documents.storage import atomic_with_files

if TYPE_CHECKING:
    from accounts.models import User

SAME_FILE = "Dit is hetzelfde bestand. Kies het bestand dat ervoor in de plaats komt."


@transaction.atomic
def withdraw_document(*, by: "User", document: Document) -> Document:
    """The document no longer counts; recorded. A second click finds it done and changes nothing.

    Raises PermissionDenied for another employer's document, ValidationError when it cannot be
    taken back (any more): see documents/files/rules.py.
    """
    _check_access(by, document)
    lock_request_of(document=document)
    found = _locked(document)
    if found.withdrawn_at is not None:
        return found
    if reason := why_not_withdrawn(found, now=timezone.now()):
        raise ValidationError(reason, code="stays")
    found.withdrawn_at, found.withdrawn_by = timezone.now(), by
    found.save(update_fields=["withdrawn_at", "withdrawn_by"])
    _record(Action.DOCUMENT_WITHDRAWN, by, found)
    return found


@atomic_with_files()
def replace_document(
    *, by: "User", document: Document, file: CheckedFile, submission: UUID
) -> Document:
    """Another file takes the place of the document, for the same report and folder; recorded.

    Given for a request on which nobody decided yet, the new one is what was given.

    Returns the new document; sent again with the same `submission`, that of before. Raises as
    `withdraw_document` and `add_documents` do, and ValidationError for the same file once more.
    """
    _check_access(by, document)
    if document.trajectory is None:
        raise ValidationError(NOT_YOURS, code="stays")
    lock_request_of(document=document)
    [new] = add_documents(
        by=by,
        dossier=document.dossier,
        trajectory=document.trajectory,
        folder=document.folder,
        files=[file],
        submission=submission,
    )
    found = _locked(document)
    if found.replaced_by_id == new.pk:
        return new
    if reason := why_not_replaced(found, now=timezone.now()):
        raise ValidationError(reason, code="stays")
    if file.sha256 == found.sha256 or Document.objects.filter(replaced_by=new).exists():
        raise ValidationError(SAME_FILE, code="same")
    found.replaced_by = new
    found.save(update_fields=["replaced_by"])
    replace_answer(by=by, document=found, replacement=new)
    _record(Action.DOCUMENT_REPLACED, by, found, replacement=str(new.uuid))
    return new


@transaction.atomic
def take_up_document(*, by: "User", document: Document) -> Document:
    """InComfort works with an employer's document from now on; the first time is recorded.

    One that was taken back just before stays as it is. Raises PermissionDenied for anyone else.
    """
    if not by.is_incomfort:
        raise PermissionDenied
    found = _locked(document)
    is_new = found.taken_up_at is None and found.is_current
    if found.source == Document.Source.EMPLOYER and is_new:
        found.taken_up_at = timezone.now()
        found.save(update_fields=["taken_up_at"])
        _record(Action.DOCUMENT_TAKEN_UP, by, found)
    return found


def _check_access(by: "User", document: Document) -> None:
    if not Document.objects.visible_to(by).filter(pk=document.pk).exists():
        raise PermissionDenied


def _locked(document: Document) -> Document:
    """The row as it is now, for this transaction only ours."""
    rows = Document.objects.select_related("employer", "dossier", "trajectory")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=document.pk)


def _record(action: Action, by: "User", document: Document, **detail: str) -> None:
    record(
        action,
        by=by,
        employer=document.employer,
        dossier=document.dossier,
        obj=document,
        detail={"folder": document.folder, **detail},
    )
