"""Mijn account: what is set up, and changing it. Changes ask for both steps first."""

import re
from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import activity, audit, enrolment, factors
from accounts.actions import account as actions
from accounts.audit import Action
from accounts.confirmation import needs_confirmation
from accounts.factors import LoginDevice
from accounts.forms import AddressForm, NewPasswordForm
from accounts.http import UserRequest
from accounts.kept_forms import kept_data
from accounts.models import AccessOffer, PasskeyDevice, SmsDevice, TotpDevice
from accounts.sign_in import stay_signed_in
from accounts.views.enrolment import to_backup

SHOWN_EVENTS = 8
EVENTS_PER_PAGE = 50


@require_safe
def account(request: UserRequest) -> HttpResponse:
    user = request.user
    devices = factors.login_devices(user)
    events = activity.security_events(user, count=SHOWN_EVENTS)
    audit.record(Action.ACCOUNT_VIEW, by=user, obj=user)
    context = {
        "offers": AccessOffer.objects.visible_to(user).select_related("employer"),
        "sms": next((device for device in devices if isinstance(device, SmsDevice)), None),
        "app": next((device for device in devices if isinstance(device, TotpDevice)), None),
        "passkeys": [device for device in devices if isinstance(device, PasskeyDevice)],
        "most_passkeys": PasskeyDevice.MOST,
        "can_remove": len(devices) > 1,
        "backup": factors.live_backup_code(user),
        "sessions": activity.shown_sessions(request, user),
        "events": [activity.shown_event(event, user) for event in events],
    }
    return render(request, "accounts/account.html", context)


@require_safe
def events(request: UserRequest) -> HttpResponse:
    """Everything of the last 90 days, a page at a time: `voor` is the last one shown."""
    before = request.GET.get("voor", "")
    if before and not re.fullmatch(r"[0-9]{1,18}", before):
        raise Http404
    rows = activity.security_events(
        request.user, count=EVENTS_PER_PAGE + 1, before=int(before) if before else None
    )
    audit.record(Action.ACCOUNT_VIEW, by=request.user, obj=request.user)
    context = {
        "events": [activity.shown_event(event, request.user) for event in rows[:EVENTS_PER_PAGE]],
        "next": str(rows[EVENTS_PER_PAGE - 1].pk) if len(rows) > EVENTS_PER_PAGE else None,
    }
    return render(request, "accounts/account_events.html", context)


@needs_confirmation
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password_change(request: UserRequest) -> HttpResponse:
    form = NewPasswordForm(request.POST or None, user=request.user)
    if form.is_valid():
        user = actions.change_password(by=request.user, password=form.cleaned_data["password"])
        stay_signed_in(request, user)
        messages.success(
            request, "Uw wachtwoord is gewijzigd. Op andere apparaten bent u uitgelogd."
        )
        return redirect("accounts:account")
    context = {"form": form, "user_name": request.user.username}
    return render(request, "accounts/account_password.html", context)


@needs_confirmation
@require_http_methods(["GET", "POST"])
def email_change(request: UserRequest) -> HttpResponse:
    """Asks for the new address; it counts once the link in the e-mail there has been used."""
    form = AddressForm(request.POST or kept_data(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask_address_change(by=request.user, address=form.cleaned_data["email"])
        except ValidationError as error:
            form.add_error("email", error)
        else:
            text = "Wij hebben een e-mail gestuurd naar het nieuwe adres. Open de link daarin."
            messages.success(request, f"{text} De link werkt een uur.")
            return redirect("accounts:account")
    return render(request, "accounts/account_email.html", {"form": form})


@needs_confirmation
@require_safe
def factor_change(request: UserRequest) -> HttpResponse:
    """To the same pages as at the activation: what is set up there replaces what there was."""
    enrolment.begin_change(request, request.user)
    return redirect("accounts:enrol-choose")


@needs_confirmation
@require_http_methods(["GET", "POST"])
def sms_remove(request: UserRequest) -> HttpResponse:
    return remove(request, lambda device: isinstance(device, SmsDevice))


@needs_confirmation
@require_http_methods(["GET", "POST"])
def app_remove(request: UserRequest) -> HttpResponse:
    return remove(request, lambda device: isinstance(device, TotpDevice))


def remove(request: UserRequest, is_meant: Callable[[LoginDevice], bool]) -> HttpResponse:
    """Asks once more, then removes; the last factor stays."""
    devices = factors.login_devices(request.user)
    device = next(filter(is_meant, devices), None)
    if device is None:
        raise Http404
    context = {"device": device, "is_last": len(devices) == 1}
    if request.method != "POST" or context["is_last"]:
        status = 200 if request.method != "POST" else 409
        return render(request, "accounts/account_factor_remove.html", context, status=status)
    try:
        stay_signed_in(request, actions.remove_factor(by=request.user, device=device))
    except actions.LastFactorError:
        return redirect(request.path)
    messages.success(request, "De inlogoptie is verwijderd. Op andere apparaten bent u uitgelogd.")
    return redirect("accounts:account")


@needs_confirmation
@require_http_methods(["GET", "POST"])
def backup_renew(request: UserRequest) -> HttpResponse:
    """A new back-up code; the old one works until the new one is noted."""
    if request.method != "POST":
        return render(request, "accounts/account_backup.html")
    enrolment.begin_change(request, request.user)
    found = enrolment.load(request)
    assert found is not None
    return to_backup(request, found)


@require_POST
def digest(request: UserRequest) -> HttpResponse:
    """Switches the weekly e-mail on or off: `aan` is 1 or 0. Staff have no agenda, so 404."""
    choice = {"1": True, "0": False}.get(request.POST.get("aan", ""))
    if choice is None or request.user.is_staff:
        raise Http404
    actions.switch_digest(by=request.user, is_on=choice)
    on = "Het weekoverzicht staat aan. De eerste e-mail komt op maandagochtend."
    messages.success(request, on if choice else "Het weekoverzicht staat uit.")
    return redirect("accounts:account")


@require_POST
@needs_confirmation
def session_end(request: UserRequest, ref: str) -> HttpResponse:
    """Logs out one other browser."""
    session = activity.session_named(request.user, ref)
    if session is None or session.session_key == request.session.session_key:
        raise Http404
    actions.end_session(by=request.user, session=session)
    messages.success(request, "Die sessie is beëindigd.")
    return redirect("accounts:account")


@require_POST
@needs_confirmation
def sessions_end(request: UserRequest) -> HttpResponse:
    """Logs out every other browser."""
    stay_signed_in(request, actions.end_other_sessions(by=request.user))
    messages.success(request, "U bent uitgelogd op alle andere apparaten.")
    return redirect("accounts:account")
