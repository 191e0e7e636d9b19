"""Forms that were sent too late: kept, and shown again after a new login or confirmation.

A kept form is sealed in the session, bound to the user who was logged in, and only for the pages
named here: those on which people type much. Files cannot be kept.
"""

import json
import time
from base64 import b64decode, b64encode
from typing import Any

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from accounts.models import User
from accounts.sealed import seal, unseal

SESSION_KEY = "kept_form"
PURPOSE = "session.kept_form"
# Long enough to look up a password and a phone; the form may hold somebody's BSN.
KEEP_SECONDS = 30 * 60
MAX_CHARACTERS = 50_000
PAGES = frozenset(
    {
        "absence:report-create",
        "absence:report-paste",
        "accounts:colleague-invite",
        "accounts:email-change",
        "accounts:stand-in-give",
        "admin:accounts_accountrecovery_add",
        "admin:accounts_accountrecovery_refuse",
        "admin:accounts_user_recover",
        "admin:documents_casenote_add",
        "documents:request-item",
        "documents:upload",
        "dossiers:employee-change",
        "dossiers:employee-create",
        "dossiers:employee-fields",
        "dossiers:employment-create",
    }
)
# Sent to another address than the page that shows the form.
SHOWN_AT = {"dossiers:employee-fields": "dossiers:employee-create"}


def keep(request: HttpRequest, user_id: object) -> bool:
    """Keeps the form that was just posted, for this user. False when it is not one to keep."""
    match = request.resolver_match
    fields = {
        name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"
    }
    text = json.dumps(fields)
    if match is None or match.view_name not in PAGES or len(text) > MAX_CHARACTERS:
        return False
    request.session[SESSION_KEY] = {
        "user_id": user_id,
        "path": _page_of_form(request, match.view_name),
        "had_files": bool(request.FILES),
        "sealed": b64encode(seal(text, PURPOSE)).decode(),
        "at": int(time.time()),
    }
    return True


def _page_of_form(request: HttpRequest, sent_to: str) -> str:
    return reverse(SHOWN_AT[sent_to]) if sent_to in SHOWN_AT else request.get_full_path()


def kept_data(request: HttpRequest) -> QueryDict | None:
    """What was typed in this page's form before the session ended, for a bound form; else None."""
    kept = _kept_for(request, request.user.pk)
    if kept is None or kept["path"] != request.get_full_path():
        return None
    data = QueryDict(mutable=True)
    for name, values in json.loads(unseal(b64decode(kept["sealed"]), PURPOSE)).items():
        data.setlist(name, values)
    return data


def kept_path(request: HttpRequest, user: User) -> str:
    """The page whose form is kept for this user; "" when there is none."""
    kept = _kept_for(request, user.pk)
    return kept["path"] if kept else ""


def had_files(request: HttpRequest) -> bool:
    return bool(request.session.get(SESSION_KEY, {}).get("had_files"))


def keep_only_for(request: HttpRequest, user: User) -> None:
    """Drops a form of somebody else, and one that is too old."""
    if _kept_for(request, user.pk) is None:
        request.session.pop(SESSION_KEY, None)


def forget_when_sent(request: HttpRequest) -> None:
    """The kept form has done its work once its page is posted again."""
    kept = request.session.get(SESSION_KEY)
    if kept and request.method == "POST" and kept["path"] == request.get_full_path():
        del request.session[SESSION_KEY]


def _kept_for(request: HttpRequest, user_id: object) -> dict[str, Any] | None:
    kept: dict[str, Any] | None = request.session.get(SESSION_KEY)
    if not kept or kept["user_id"] != user_id or time.time() - kept["at"] >= KEEP_SECONDS:
        return None
    return kept
