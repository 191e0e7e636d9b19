"""Wachtwoord of gebruikersnaam vergeten: an e-mail to who has an account, one answer to all."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts import throttle
from accounts.client import client_ip
from accounts.forms import ForgottenForm
from accounts.tasks import ask_password_link, ask_username


@login_not_required
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    return _ask(request, "accounts/password_forgotten.html", ask_password_link, "password-sent")


@login_not_required
@require_safe
def password_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/password_sent.html")


@login_not_required
@require_http_methods(["GET", "POST"])
def username(request: HttpRequest) -> HttpResponse:
    return _ask(request, "accounts/username_forgotten.html", ask_username, "username-sent")


@login_not_required
@require_safe
def username_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/username_sent.html")


def _ask(
    request: HttpRequest, template: str, ask: Callable[[str], None], done: str
) -> HttpResponse:
    """Asks for the name or address; whether there is such an account, the worker finds out."""
    form = ForgottenForm(request.POST or None)
    if not form.is_valid():
        return render(request, template, {"form": form})
    name = form.cleaned_data["username"]
    if not throttle.link_by_mail(address=name, ip=client_ip(request)):
        ask(name)
    return redirect(f"accounts:{done}")
