"""What an employer does for a document that was asked for: gives one or more files."""

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Case, When
from django.utils import timezone

from accounts.audit import Action, Outcome, record
from documents.actions import add_documents
from documents.checks import CheckedFile
from documents.models import (
    Document,
    DocumentRequest,
    RequestAnswer,
    RequestItem,
)
from documents.requests.actions import SETTLED
from documents.requests.reminders import locked
from documents.storage import atomic_with_files

if TYPE_CHECKING:
    from accounts.models import User
    from documents.models import DocumentQuerySet

NOT_TO_GIVE = "Dit document kan hier niet meer bij. Kies een ander, of voeg het bestand toe."
WITHDRAWN_REPORT = "Deze melding is ingetrokken."


@atomic_with_files()
def answer_item(
    *, by: "User", item: RequestItem, files: Sequence[CheckedFile], submission: UUID
) -> list[Document]:
    """An employer user puts files in the Trajectendossier for an item; recorded, each of them too.

    More may come until InComfort decides. Sent again with the same `submission`: once. Raises
    PermissionDenied for another employer's item, ValidationError when it was settled meanwhile or
    the report was withdrawn, and as `add_documents` does.
    """
    request, found = _to_answer(by, item)
    documents = add_documents(
        by=by,
        dossier=request.dossier,
        trajectory=request.trajectory,
        folder=found.folder,
        files=files,
        submission=submission,
    )
    _give(by, request, found, documents)
    return documents


@transaction.atomic
def give_document(*, by: "User", item: RequestItem, document: Document) -> Document:
    """A document of the employer's that lies in the Trajectendossier is what was asked; recorded.

    A second click finds it given. Raises PermissionDenied for another employer's item,
    ValidationError when it was settled meanwhile or the document is none to give.
    """
    request, found = _to_answer(by, item)
    if request.trajectory.withdrawn_at:
        raise ValidationError(WITHDRAWN_REPORT, code="trajectory")
    rows = Document.objects.select_for_update(of=("self",), no_key=True)
    locked_document = rows.get(pk=document.pk)
    if not found.answers.filter(document=document).exists():
        if not documents_to_give(found, by=by).filter(pk=document.pk).exists():
            raise ValidationError(NOT_TO_GIVE, code="document")
        _give(by, request, found, [locked_document])
    return locked_document


def documents_to_give(item: RequestItem, *, by: "User") -> "DocumentQuerySet":
    """What the employer put there for that report and given for nothing yet, safe and current.

    Of the kind that was asked first, then the newest first.
    """
    own = Document.objects.visible_to(by).filter(
        trajectory=item.trajectory_id, source=Document.Source.EMPLOYER, answer=None
    )
    return own.safe().current().order_by(Case(When(folder=item.folder, then=0), default=1), "-pk")


def deny_item(*, by: "User", uuid: UUID) -> None:
    """Records that somebody asked for another employer's item; a made-up uuid is no event."""
    item = RequestItem.objects.select_related("request__dossier").filter(uuid=uuid).first()
    if item:
        record(
            Action.ACCESS_DENIED,
            by=by,
            dossier=item.request.dossier,
            obj=item,
            outcome=Outcome.DENIED,
        )


def _to_answer(by: "User", item: RequestItem) -> tuple[DocumentRequest, RequestItem]:
    """The locked request, and the item as it is now."""
    if not RequestItem.objects.visible_to(by).filter(pk=item.pk).exists():
        raise PermissionDenied("Only who works for the employer answers.")
    request = locked(item.request_id)
    found = request.items.get(pk=item.pk)
    if found.is_settled:
        raise ValidationError(SETTLED, code="settled")
    return request, found


def _give(
    by: "User", request: DocumentRequest, item: RequestItem, documents: Sequence[Document]
) -> None:
    """Ties the documents that were not given before to the item; InComfort looks at them now."""
    known = RequestAnswer.objects.filter(document__in=documents).values_list("document", flat=True)
    new = [document for document in documents if document.pk not in set(known)]
    if not new:
        return
    RequestAnswer.objects.bulk_create(
        RequestAnswer(employer=item.employer, item=item, document=document, given_by=by)
        for document in new
    )
    item.state, item.refusal = RequestItem.State.ANSWERED, ""
    item.answered_at = timezone.now()
    item.save(update_fields=["state", "refusal", "answered_at"])
    record(
        Action.REQUEST_ANSWER,
        by=by,
        employer=request.employer,
        dossier=request.dossier,
        obj=request,
        detail={"item": item.pk, "documents": [document.pk for document in new]},
    )
