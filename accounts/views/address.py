"""The link that was sent to a new e-mail address: used there, the account has that address."""

import time

from django.contrib import auth, messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actions.account import change_address
from accounts.actions.enrolment import StaleError
from accounts.models import OneTimeLink
from accounts.pending import is_bound
from accounts.sign_in import is_inside, stay_signed_in

SESSION_KEY = "address_link"
VALID_SECONDS = 15 * 60


@login_not_required
@require_safe
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Uses nothing up, and moves the token into the session; the user's own login goes on."""
    links = OneTimeLink.objects.address_changes().live().select_related("user")
    link = links.with_token(token).first()
    if link is None or not is_bound(link.user, link.binding):
        return _invalid(request)
    OneTimeLink.objects.filter(pk=link.pk, opened_at=None).update(opened_at=timezone.now())
    if request.user != link.user:
        auth.logout(request)  # of somebody else in this browser
    request.session[SESSION_KEY] = {"link_id": link.pk, "at": int(time.time())}
    response = redirect("accounts:email-confirm")
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@login_not_required
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """The button with which the new address counts."""
    link = _link_of(request)
    if link is None:
        return _invalid(request)
    if request.method != "POST":
        context = {"address": link.new_address, "user_name": link.user.username}
        return render(request, "accounts/email_confirm.html", context)
    del request.session[SESSION_KEY]
    try:
        user = change_address(link=link)
    except StaleError:
        return _invalid(request)
    messages.success(request, "Uw nieuwe e-mailadres is bevestigd.")
    if is_inside(request) and request.user.pk == user.pk:
        stay_signed_in(request, user)
        return redirect("accounts:account")
    return redirect("accounts:login")


def _link_of(request: HttpRequest) -> OneTimeLink | None:
    """The link that was opened in this session, if it still is one."""
    kept = request.session.get(SESSION_KEY)
    if not kept or not 0 <= time.time() - kept["at"] < VALID_SECONDS:
        return None
    links = OneTimeLink.objects.address_changes().live().select_related("user")
    link = links.filter(pk=kept["link_id"]).first()
    return link if link and is_bound(link.user, link.binding) else None


def _invalid(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/email_invalid.html", status=404)
