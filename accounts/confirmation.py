"""Before a change that guards the account: both steps once more, unless that was just done.

A session that is left open, or stolen, can look but not take over. Source: security.md 2.4
("sudo"), ASVS 7.5.1. A login counts as a confirmation.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from accounts import audit, kept_forms
from accounts.audit import Action
from accounts.http import UserRequest
from accounts.sessions import CONFIRMED_AT
from accounts.targets import Target

VALID_SECONDS = 15 * 60
TARGET_KEY = "confirmation_target"
SENT_KEY = "confirmation_of_form"  # a form was sent: it is not carried out by itself
KEPT = "Bevestigd. Wat u had ingevuld staat er nog; het is nog niet opgeslagen."
NOT_DONE = "Bevestigd. Uw wijziging is nog niet gedaan: kies nog een keer wat u wilde doen."
HOME = Target("accounts:account", {})

View = Callable[Concatenate[UserRequest, ...], HttpResponseBase]


def is_confirmed(request: HttpRequest) -> bool:
    """Whether both steps were done in this session within the last quarter of an hour."""
    confirmed_at: float = request.session.get(CONFIRMED_AT, 0)
    return 0 <= time.time() - confirmed_at < VALID_SECONDS


def needs_confirmation(view: View) -> View:
    """For GET and POST alike. What was sent is kept where the page keeps forms, never replayed."""

    @wraps(view)
    def wrapped(request: UserRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if is_confirmed(request):
            return view(request, *args, **kwargs)
        return ask(request)

    return wrapped


def ask(request: HttpRequest) -> HttpResponse:
    """To the confirmation, and from there back to this page, or to the account page when this
    address takes a form only.
    """
    request.session[SENT_KEY] = request.method == "POST"
    if request.method == "POST":
        kept_forms.keep(request, request.user.pk)
    target = Target.from_path(request.path) or HOME
    request.session[TARGET_KEY] = target.as_json()
    return redirect("accounts:confirm")


def target_of(request: HttpRequest) -> Target:
    """The page to go on to; the account page when none was asked for."""
    return Target.from_json(request.session.get(TARGET_KEY)) or HOME


def note(request: UserRequest) -> None:
    """Both steps were done: from now on the session has another id (ASVS 7.2.4)."""
    if request.session.pop(SENT_KEY, False):
        is_kept = kept_forms.kept_path(request, request.user) == target_of(request).address
        messages.info(request, KEPT if is_kept else NOT_DONE)
    request.session.pop(TARGET_KEY, None)
    request.session.cycle_key()
    request.session[CONFIRMED_AT] = int(time.time())
    audit.enter_session(request.session.session_key)
    audit.record(Action.CONFIRMED, by=request.user)
