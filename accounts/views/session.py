"""How long the login lasts, for the script that warns before its end: static/js/session.js."""

from dataclasses import asdict
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.http import require_POST, require_safe

from accounts.sign_in import is_inside, is_no_use, time_left, user_mark


@login_not_required
@is_no_use
@require_safe
def state(request: HttpRequest) -> HttpResponse:
    """Asked before a warning, at the end and by a tab that is looked at again. Extends nothing."""
    return JsonResponse(_state(request))


@login_not_required
@require_POST
def extend(request: HttpRequest) -> HttpResponse:
    """Blijf ingelogd: a request like any other, so the time without one begins anew."""
    return JsonResponse(_state(request))


def _state(request: HttpRequest) -> dict[str, Any]:
    """Who is inside and for how long; `token` because a new login voids that of open forms."""
    if not is_inside(request):
        return {"user": ""}
    left = asdict(time_left(request))
    return {"user": user_mark(request), "token": get_token(request), **left}
