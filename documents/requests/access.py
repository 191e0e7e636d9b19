"""Which documents that were asked for a user may open. The page of one starts here."""

from uuid import UUID

from django.http import Http404

from accounts.audit import Action
from accounts.http import UserRequest
from documents.models import RequestItem
from documents.requests.answering import deny_item
from dossiers.access import dossier_for
from dossiers.models import Dossier


def item_for(request: UserRequest, uuid: UUID) -> tuple[RequestItem, Dossier]:
    """An item of one of the user's employers, and its dossier; the opening is recorded.

    Raises Http404 for anybody else's, as for one that does not exist (the first is recorded), and
    once the sick report was withdrawn.
    """
    items = RequestItem.objects.visible_to(request.user).of_valid_reports()
    related = ["request__dossier", "request__purpose", "trajectory"]
    item = items.select_related(*related).filter(uuid=uuid).first()
    if item is None:
        deny_item(by=request.user, uuid=uuid)
        raise Http404
    return item, dossier_for(request, item.request.dossier.uuid, action=Action.DOCUMENT_LIST)
