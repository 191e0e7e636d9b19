"""Passkeys: logging in with one, making one and removing one.

These are ordinary pages with an ordinary form: static/js/passkey.js has the browser answer what the
page asks, and sends the answer. Without script they say that another way is needed.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import factors, passkeys, pending
from accounts.actions.account import TooManyPasskeysError, add_passkey
from accounts.actions.codes import check_passkey
from accounts.confirmation import needs_confirmation
from accounts.factors import LoginDevice
from accounts.forms import NewPasskeyForm, PasskeyForm
from accounts.http import UserRequest
from accounts.models import PasskeyDevice, User
from accounts.passkeys import Ceremony
from accounts.pending import PendingLogin
from accounts.sign_in import stay_signed_in
from accounts.views.account import remove as remove_device
from accounts.views.login import between_steps, finish, has_choice, page_of_step
from accounts.views.refusals import EXPIRED, why_passkey_refused


@between_steps
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def login(request: HttpRequest, begun: PendingLogin) -> HttpResponse:
    """The second step: one of the passkeys of whoever gave the password."""
    if not isinstance(begun.device, PasskeyDevice):
        return redirect(page_of_step(begun.device))
    form = PasskeyForm(request.POST or None)
    if form.is_valid():
        device = _who_answered(request, begun, form)
        # Once more: the account may have been blocked or changed while it was checked.
        if device and pending.load(request):
            return finish(request, begun, device)
    context = {
        "form": form,
        "options": passkeys.login_options(request, begun.user),
        "has_choice": has_choice(begun),
        "is_confirmation": begun.is_confirmation,
    }
    return render(request, "accounts/login_passkey.html", context)


def _who_answered(
    request: HttpRequest, begun: PendingLogin, form: PasskeyForm
) -> LoginDevice | None:
    """The passkey whose answer is right; None, and why not on the form."""
    challenge = passkeys.take_challenge(request, begun.user, Ceremony.LOGIN)
    if not challenge:
        form.add_error(None, EXPIRED)
        return None
    answer = form.cleaned_data["answer"]
    check, device = check_passkey(user=begun.user, challenge=challenge, answer=answer)
    if check.is_right:
        return device
    form.add_error(None, why_passkey_refused(check))
    return None


@needs_confirmation
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def add(request: UserRequest) -> HttpResponse:
    """A passkey more, under a name of the user's choice."""
    if len(factors.passkeys(request.user)) >= PasskeyDevice.MOST:
        return _too_many(request)
    form = NewPasskeyForm(request.POST or None)
    if form.is_valid():
        try:
            added = _add(request, form)
        except TooManyPasskeysError:
            return _too_many(request)
        if added:
            return redirect("accounts:account")
    context = {"form": form, "options": passkeys.making_options(request, request.user)}
    return render(request, "accounts/account_passkey_add.html", context)


def _add(request: UserRequest, form: NewPasskeyForm) -> bool:
    """Whether the passkey was stored; if not, why on the form."""
    challenge = passkeys.take_challenge(request, request.user, Ceremony.MAKING)
    if not challenge:
        form.add_error(None, EXPIRED)
        return False
    check = add_passkey(by=request.user, challenge=challenge, **form.cleaned_data)
    if not check.is_right:
        form.add_error(None, why_passkey_refused(check))
        return False
    stay_signed_in(request, User.objects.get(pk=request.user.pk))
    messages.success(request, "Uw passkey is toegevoegd. Op andere apparaten bent u uitgelogd.")
    return True


def _too_many(request: UserRequest) -> HttpResponse:
    text = f"U hebt al {PasskeyDevice.MOST} passkeys. Verwijder er eerst een."
    messages.warning(request, text)
    return redirect("accounts:account")


@needs_confirmation
@require_http_methods(["GET", "POST"])
def remove(request: UserRequest, pk: int) -> HttpResponse:
    return remove_device(
        request, lambda device: isinstance(device, PasskeyDevice) and device.pk == pk
    )
