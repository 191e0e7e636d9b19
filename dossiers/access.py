"""Who may open a dossier. Every page about one starts here."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from uuid import UUID

from django.http import Http404
from django.http.response import HttpResponseBase

from accounts import audit
from accounts.audit import Action
from accounts.http import UserRequest
from dossiers.actions import refuse_dossier
from dossiers.models import Dossier


def dossier_for(
    request: UserRequest, uuid: UUID, *, action: Action = Action.DOSSIER_VIEW
) -> Dossier:
    """The dossier, when it is of one of the user's employers; its opening is recorded as `action`.

    The uuid of one that was merged with another leads to the other. Otherwise the same 404 whether
    the dossier exists elsewhere or not; the first is recorded.
    """
    dossiers = Dossier.objects.visible_to(request.user).select_related("employer", "employee")
    dossier = dossiers.filter(uuid=uuid).first() or dossiers.filter(merges__old_uuid=uuid).first()
    if dossier is None:
        refuse_dossier(by=request.user, uuid=uuid)
        raise Http404
    audit.record(action, by=request.user, employer=dossier.employer, dossier=dossier)
    return dossier


def employee_dossier_for(request: UserRequest, uuid: UUID) -> Dossier:
    """The dossier of an employee; that of a company is a 404 too."""
    dossier = dossier_for(request, uuid)
    if dossier.is_company:
        raise Http404
    return dossier


def employers_only[View: Callable[..., HttpResponseBase]](view: View) -> View:
    """Staff work in the back office: for them an employer's page does not exist."""

    @wraps(view)
    def guarded(request: UserRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_staff:
            raise Http404
        return view(request, *args, **kwargs)

    return cast(View, guarded)
