"""Activeren: from the link in the e-mail to a password. The factors follow in enrolment.py."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts import enrolment
from accounts.actions.enrolment import set_password
from accounts.actions.login import check_own_password
from accounts.client import client_ip
from accounts.enrolment import Enrolment, Step
from accounts.forms import CurrentPasswordForm, NewPasswordForm
from accounts.models import OneTimeLink
from accounts.views.refusals import too_often
from accounts.views.stages import at_step, to_current_page


@login_not_required
@require_safe
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """The address in the e-mail. Uses nothing up, because mail scanners open links too.

    The token moves into the session and out of the address bar.
    """
    links = OneTimeLink.objects.activations().live().with_token(token).select_related("user")
    link = links.first()
    if link is None or not link.is_for_current_address:
        return invalid(request)
    OneTimeLink.objects.filter(pk=link.pk, opened_at=None).update(opened_at=timezone.now())
    enrolment.begin_activation(request, link)
    return _without_referrer(to_current_page(request))


@login_not_required
@require_safe
def invalid(request: HttpRequest) -> HttpResponse:
    """One answer for unknown, expired, used and revoked links, and for a set-up left too long."""
    return _without_referrer(render(request, "accounts/activation_invalid.html", status=404))


@at_step(Step.WELCOME)
@require_safe
def welcome(request: HttpRequest, found: Enrolment) -> HttpResponse:
    """The username to remember."""
    return render(request, "accounts/activation_welcome.html", {"user_name": found.user.username})


@at_step(Step.WELCOME)
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest, found: Enrolment) -> HttpResponse:
    form = NewPasswordForm(request.POST or None, user=found.user)
    if form.is_valid():
        set_password(by=found.user, password=form.cleaned_data["password"])
        enrolment.note_password(request)
        return redirect(Step.FACTORS)
    context = {"form": form, "user_name": found.user.username}
    return render(request, "accounts/activation_password.html", context)


@at_step(Step.RESUME)
@require_http_methods(["GET", "POST"])
def resume(request: HttpRequest, found: Enrolment) -> HttpResponse:
    """The link was opened again, later: who goes on must know the password that was set."""
    form = CurrentPasswordForm(request.POST or None)
    if form.is_valid():
        check = check_own_password(
            user=found.user, password=form.cleaned_data["password"], ip=client_ip(request)
        )
        if check.user:
            enrolment.note_password(request)
            return to_current_page(request)
        form.add_error(
            "password", too_often(check.wait) if check.wait else "Dit wachtwoord klopt niet."
        )
    return render(request, "accounts/activation_resume.html", {"form": form})


@login_not_required
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/activation_done.html")


def _without_referrer(response: HttpResponse) -> HttpResponse:
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
