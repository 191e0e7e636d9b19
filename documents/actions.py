"""What people do with documents: put files in a Trajectendossier, publish statements.

Files come here as a CheckedFile: see documents/checks.py.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils.formats import date_format

from absence.actions.corrections import take_up
from absence.models import Trajectory
from accounts import throttle
from accounts.audit import Action, Outcome, record
from accounts.models import Employer, Policy
from accounts.outbox import send_email
from documents.checks import CheckedFile
from documents.models import BenefitStatement, Document
from documents.scan_jobs import scan_document
from documents.storage import atomic_with_files, store
from dossiers.models import Dossier

if TYPE_CHECKING:
    from accounts.models import User


class UploadLimitError(Exception):
    """The employer's users stored as much as they may in a day; `wait` in seconds."""

    def __init__(self, wait: int) -> None:
        super().__init__(f"the day is full for {wait} seconds")
        self.wait = wait


@atomic_with_files()
def add_documents(
    *,
    by: "User",
    dossier: Dossier,
    trajectory: Trajectory,
    folder: str,
    files: Sequence[CheckedFile],
    submission: UUID,
) -> list[Document]:
    """An employer user puts files in a Trajectendossier; one event for each. Returns the documents.

    Sent again with the same `submission`, a file is not stored again: its document is returned.
    Raises PermissionDenied when the dossier is another employer's, ValidationError when the
    trajectory is of another dossier or the folder is not for employers, UploadLimitError when not
    all of it fits in the employer's day, StorageError.
    """
    if not Dossier.objects.visible_to(by).filter(pk=dossier.pk).exists():
        raise PermissionDenied
    if trajectory.dossier_id != dossier.pk:
        raise ValidationError("Kies een traject van deze werknemer.", code="trajectory")
    if folder not in Document.EMPLOYER_FOLDERS:
        raise ValidationError("Kies een submap uit de lijst.", code="folder")
    _wait_for(trajectory)
    earlier = [_stored_before(trajectory, folder, file, submission) for file in files]
    size = sum(file.size for file, known in zip(files, earlier, strict=True) if known is None)
    with _counted(dossier.employer_id, size):
        return [
            known
            or _add(
                by=by,
                dossier=dossier,
                file=file,
                trajectory=trajectory,
                folder=folder,
                source=Document.Source.EMPLOYER,
                submission=submission,
            )
            for file, known in zip(files, earlier, strict=True)
        ]


@atomic_with_files()
def add_hcs_document(
    *,
    by: "User",
    trajectory: Trajectory,
    folder: str,
    file: CheckedFile,
    submission: UUID | None = None,
) -> Document:
    """HCS puts a spreekuurverslag or oproepbrief where the employer reads it; recorded.

    Raises PermissionDenied for anyone else, ValidationError for another folder, StorageError.
    """
    if not by.is_hcs:
        raise PermissionDenied
    if folder not in Document.HCS_FOLDERS:
        raise ValidationError("Kies spreekuurverslag of oproepbrief.", code="folder")
    submission = submission or uuid4()
    take_up(by=by, trajectory=trajectory)  # and one after the other
    return _stored_before(trajectory, folder, file, submission) or _add(
        by=by,
        dossier=trajectory.dossier,
        file=file,
        trajectory=trajectory,
        folder=folder,
        source=Document.Source.HCS,
        submission=submission,
    )


@atomic_with_files()
def publish_statement(
    *, by: "User", policy: Policy, month: date, file: CheckedFile, is_told: bool = True
) -> BenefitStatement:
    """InComfort puts the statement of a policy and month in the company dossier; recorded.

    The employer's contact gets an e-mail with a link, unless `is_told` is False. Raises
    PermissionDenied for anyone else, ValidationError when it is there already or is not a PDF,
    StorageError.
    """
    if not by.is_incomfort:
        raise PermissionDenied
    if file.type != Document.Type.PDF:
        raise ValidationError("Een uitkeringsspecificatie is een PDF.", code="kind")
    month = month.replace(day=1)
    employer = Employer.objects.select_for_update(no_key=True).get(pk=policy.employer_id)
    if BenefitStatement.objects.filter(policy=policy, month=month).exists():
        raise ValidationError("Voor deze polis en maand is er al een specificatie.", code="unique")
    dossier = employer.dossiers.get(kind=Dossier.Kind.COMPANY)
    document = _add(
        by=by,
        dossier=dossier,
        file=file,
        folder=Document.Folder.STATEMENT,
        source=Document.Source.INCOMFORT,
        name=f"Uitkeringsspecificatie {date_format(month, 'F Y')}.pdf",
    )
    statement = BenefitStatement.objects.create(
        employer=employer, policy=policy, month=month, document=document, published_by=by
    )
    is_told = is_told and _tell_contact(employer, dossier)
    record(
        Action.STATEMENT_PUBLISH,
        by=by,
        employer=employer,
        dossier=dossier,
        obj=document,
        detail={"month": f"{month:%Y-%m}", "policy": policy.pk, "mailed": is_told},
    )
    return statement


def refuse_document(*, by: "User", uuid: UUID) -> None:
    """Records that somebody asked for another employer's document; a made-up uuid is no event."""
    document = Document.objects.select_related("dossier").filter(uuid=uuid).first()
    if document:
        record(
            Action.ACCESS_DENIED,
            by=by,
            dossier=document.dossier,
            obj=document,
            outcome=Outcome.DENIED,
        )


def _add(*, by: "User", dossier: Dossier, file: CheckedFile, **fields: Any) -> Document:
    """Stores one file with its row and its event."""
    document = Document(
        employer=dossier.employer,
        dossier=dossier,
        added_by=by,
        type=file.type,
        size=file.size,
        sha256=file.sha256,
        **({"name": file.name} | fields),
    )
    store(document, file.content)
    document.save(force_insert=True)
    scan_document.defer(document_id=document.pk)
    record(
        Action.DOCUMENT_UPLOAD,
        by=by,
        employer=dossier.employer,
        dossier=dossier,
        obj=document,
        # InComfort reads the log: of what HCS placed, the kind is not for it (rulebook P5).
        detail={"size": document.size}
        | ({} if document.source == Document.Source.HCS else {"folder": document.folder}),
    )
    return document


@contextmanager
def _counted(employer_id: int, size: int) -> Iterator[None]:
    """Counts these bytes for the employer's day, unless they are not stored after all."""
    if wait := throttle.bytes_to_store(employer_id=employer_id, size=size):
        raise UploadLimitError(wait)
    try:
        yield
    except BaseException:
        throttle.bytes_not_stored(employer_id=employer_id, size=size)
        raise


def _wait_for(trajectory: Trajectory) -> None:
    """Makes a second click wait for the first, so that it finds what that one stored.

    Raises ValidationError when the report was withdrawn meanwhile.
    """
    rows = Trajectory.objects.select_for_update(no_key=True).filter(pk=trajectory.pk)
    if rows.first() is None:
        raise ValidationError("Deze melding is ingetrokken.", code="trajectory")


def _stored_before(
    trajectory: Trajectory, folder: str, file: CheckedFile, submission: UUID
) -> Document | None:
    return Document.objects.filter(
        trajectory=trajectory, folder=folder, submission=submission, sha256=file.sha256
    ).first()


def _tell_contact(employer: Employer, dossier: Dossier) -> bool:
    """E-mails the contact where the statement is; False for an employer without a contact."""
    if employer.contact is None:
        return False
    address = reverse("documents:dossier-files", args=[dossier.uuid])
    send_email(
        to=employer.contact.email,
        purpose="uitkeringsspecificatie",
        subject="Er staat een nieuwe uitkeringsspecificatie voor u klaar",
        template="statement_published",
        context={"address": f"{settings.PUBLIC_URL}{address}"},
        is_repeatable=True,
    )
    return True
