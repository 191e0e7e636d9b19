"""The one way in which a page gets a document: scoped, and a refused try is recorded."""

from uuid import UUID

from django.http import Http404

from accounts.http import UserRequest
from documents.actions import refuse_document
from documents.models import Document


def document_for(request: UserRequest, uuid: UUID) -> Document:
    """The document with this uuid, for its download and for the pages about it.

    Raises Http404 for a document of another employer as for one that does not exist; only the
    audit log knows the difference.
    """
    documents = Document.objects.visible_to(request.user)
    documents = documents.select_related(
        "employer", "dossier__employer", "dossier__employee", "trajectory", "statement", "answer"
    ).defer("dossier__employee__bsn", "dossier__employee__iban")
    document = documents.filter(uuid=uuid).first()
    if document is None:
        refuse_document(by=request.user, uuid=uuid)
        raise Http404
    return document
