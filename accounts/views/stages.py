"""Which page of the set-up may open: the one where somebody is, and no other."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters

from accounts import confirmation, enrolment
from accounts.actions.enrolment import StaleError
from accounts.enrolment import Enrolment, Kind, Step

EnrolmentView = Callable[Concatenate[HttpRequest, Enrolment, ...], HttpResponse]


def at_step(step: Step) -> Callable[[EnrolmentView], Callable[[HttpRequest], HttpResponse]]:
    """Hands the view the enrolment of this session; anybody elsewhere goes to his own page.

    An act that came too late (done in another window) leads to the current page as well.
    The addresses hold no token, so the Referrer-Policy stays the ordinary one: with "no-referrer"
    browsers post `Origin: null`, which the CSRF check refuses.
    """

    def decorate(view: EnrolmentView) -> Callable[[HttpRequest], HttpResponse]:
        @login_not_required
        @sensitive_post_parameters()
        @wraps(view)
        def wrapped(request: HttpRequest) -> HttpResponse:
            found = enrolment.load(request)
            if found is None:
                return _nothing_to_set_up(request)
            if found.kind == Kind.ACCOUNT and not confirmation.is_confirmed(request):
                return confirmation.ask(request)
            if found.step != step:
                return redirect(found.step)
            if request.method == "POST":
                enrolment.touch(request)
            try:
                return view(request, found)
            except StaleError:
                return to_current_page(request)

        return wrapped

    return decorate


def to_current_page(request: HttpRequest) -> HttpResponse:
    found = enrolment.load(request)
    return redirect(found.step) if found else _nothing_to_set_up(request)


def _nothing_to_set_up(request: HttpRequest) -> HttpResponse:
    """It was done or took too long: who is logged in starts again at the account page."""
    inside = request.user.is_authenticated
    return redirect("accounts:account" if inside else "accounts:activation-invalid")
