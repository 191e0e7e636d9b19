"""A new password by the link from an e-mail. The second step stays as it was."""

import time

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actions.enrolment import StaleError
from accounts.actions.passwords import reset_password
from accounts.forms import NewPasswordForm
from accounts.models import OneTimeLink

SESSION_KEY = "password_link"
VALID_SECONDS = 15 * 60


@login_not_required
@require_safe
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """The address in the e-mail: uses nothing up, and moves the token into the session."""
    link = OneTimeLink.objects.password_resets().live().with_token(token).first()
    if link is None or not link.is_for_current_address:
        return _invalid(request)
    OneTimeLink.objects.filter(pk=link.pk, opened_at=None).update(opened_at=timezone.now())
    request.session.flush()
    request.session[SESSION_KEY] = {"link_id": link.pk, "at": int(time.time())}
    response = redirect("accounts:password-new")
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The new password. Its link is used up here."""
    link = _link_of(request)
    if link is None:
        return _invalid(request)
    form = NewPasswordForm(request.POST or None, user=link.user)
    if not form.is_valid():
        context = {"form": form, "user_name": link.user.username}
        return render(request, "accounts/password_new.html", context)
    try:
        reset_password(link=link, password=form.cleaned_data["password"])
    except StaleError:
        return _invalid(request)
    request.session.flush()
    messages.success(request, "Uw wachtwoord is gewijzigd. U kunt nu inloggen.")
    return redirect("accounts:login")


def _link_of(request: HttpRequest) -> OneTimeLink | None:
    """The link that was opened in this session, if it still is one."""
    kept = request.session.get(SESSION_KEY)
    if not kept or not 0 <= time.time() - kept["at"] < VALID_SECONDS:
        return None
    links = OneTimeLink.objects.password_resets().live().select_related("user")
    link = links.filter(pk=kept["link_id"]).first()
    return link if link and link.is_for_current_address else None


def _invalid(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/password_invalid.html", status=404)
