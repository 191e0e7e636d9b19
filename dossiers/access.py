"""Who may open a dossier. Every page about one starts here."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from uuid import UUID

from django.db.models import QuerySet, UUIDField
from django.http import Http404
from django.http.response import HttpResponseBase

from accounts import audit
from accounts.audit import Action
from accounts.compiled import Compiled, Given
from accounts.http import UserRequest
from accounts.models import SOMEBODY, seen_by
from dossiers.actions import refuse_dossier
from dossiers.models import Dossier


def dossier_for(
    request: UserRequest, uuid: UUID, *, action: Action = Action.DOSSIER_VIEW
) -> Dossier:
    """The dossier, when it is of one of the user's employers; its opening is recorded as `action`.

    The uuid of one that was merged with another leads to the other. Otherwise the same 404 whether
    the dossier exists elsewhere or not; the first is recorded.
    """
    seen = {"uuid": uuid, **seen_by(request.user)}
    dossier = _DOSSIER.first(**seen) or _MERGED.first(**seen)
    if dossier is None:
        refuse_dossier(by=request.user, uuid=uuid)
        raise Http404
    audit.record(action, by=request.user, employer=dossier.employer, dossier=dossier)
    return dossier


def _dossiers() -> QuerySet[Dossier]:
    return Dossier.objects.visible_to(SOMEBODY).select_related("employer", "employee")


_UUID = Given("uuid", UUIDField())
_DOSSIER = Compiled(lambda: _dossiers().filter(uuid=_UUID))
_MERGED = Compiled(lambda: _dossiers().filter(merges__old_uuid=_UUID))


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
