"""Inloggen: the password, then a code by sms or from the app, or the back-up code.

A passkey as second step: accounts/views/passkeys.py.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import confirmation, enrolment, kept_forms, pending
from accounts.actions.codes import check_code, send_code
from accounts.actions.enrolment import use_backup_code
from accounts.actions.login import check_password
from accounts.audit import Action
from accounts.client import client_ip, known_browser, remember_browser
from accounts.factors import LoginDevice
from accounts.forms import BackupCodeForm, CodeForm, LoginForm
from accounts.http import UserRequest
from accounts.models import PasskeyDevice, SmsDevice, User
from accounts.pending import PendingLogin
from accounts.sign_in import ended_login, is_inside, sign_in, sign_out
from accounts.targets import Target, landing_address
from accounts.views.refusals import too_often, why_not_sent, why_refused

NO_SUCH_LOGIN = (
    "Deze gebruikersnaam en dit wachtwoord horen niet bij elkaar. Controleer beide en probeer het "
    "opnieuw."
)

PendingView = Callable[Concatenate[HttpRequest, PendingLogin, ...], HttpResponse]


def between_steps(view: PendingView) -> Callable[[HttpRequest], HttpResponse]:
    """For the pages after the password: hands the view the login in progress, or starts over."""

    @login_not_required
    @wraps(view)
    def wrapped(request: HttpRequest) -> HttpResponse:
        found = pending.load(request)
        if found is None:
            return redirect("accounts:login")
        return view(request, found)

    return wrapped


@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """The first step: username and password."""
    if request.method == "GET" and is_inside(request):
        return redirect(landing_address(_user_of(request), Target.asked_by(request)))
    form = LoginForm(request.POST or None)
    if not form.is_valid():
        return _login_page(request, form)
    name = form.cleaned_data["username"]
    known_user = User.objects.named(name)
    check = check_password(
        name=name,
        password=form.cleaned_data["password"],
        ip=client_ip(request),
        known_user=known_user,
        browser=known_browser(request, known_user),
    )
    if check.user is None:
        form.add_error(None, too_often(check.wait) if check.wait else NO_SUCH_LOGIN)
        return _login_page(request, form, wait=check.wait)
    return to_second_step(request, pending.begin(request, check.user, Target.asked_by(request)))


def to_second_step(request: HttpRequest, begun: PendingLogin) -> HttpResponse:
    """After the password: to the second step, or first to the choice between several."""
    if begun.device is None:
        return redirect("accounts:login-choice")
    return _to_step_page(request, begun, begun.device)


def _login_page(request: HttpRequest, form: LoginForm, wait: int = 0) -> HttpResponse:
    context = {
        "form": form,
        "ended": ended_login(request),
        "has_kept_form": kept_forms.SESSION_KEY in request.session,
    }
    response = render(request, "accounts/login.html", context, status=429 if wait else 200)
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response


@between_steps
@require_http_methods(["GET", "POST"])
def choice(request: HttpRequest, begun: PendingLogin) -> HttpResponse:
    """Sms, app or passkey, when the user has more than one of them."""
    devices = begun.options
    asked = request.POST.get("device", "")
    for device in devices:
        if device.persistent_id == asked:
            pending.choose(request, device)
            return _to_step_page(request, begun, device)
    context = {"devices": devices, "is_confirmation": begun.is_confirmation}
    return render(request, "accounts/login_choice.html", context)


@between_steps
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, begun: PendingLogin) -> HttpResponse:
    """The second step: the code. Right: the user is in, with both steps at once."""
    device = begun.device
    if device is None or isinstance(device, PasskeyDevice):
        return redirect(page_of_step(device))
    is_sms = isinstance(device, SmsDevice)
    form = CodeForm(request.POST or None, label="Sms-code" if is_sms else "Authenticatiecode")
    if form.is_valid():
        token = form.cleaned_data["code"]
        token = SmsDevice.token_for(begun.challenge, token) if is_sms else token
        found = check_code(user=begun.user, device=device, token=token, action=Action.LOGIN_CODE)
        # Once more: the account may have been blocked or changed while the code was checked.
        if found.is_right and pending.load(request):
            return finish(request, begun, device)
        form.add_error("code", why_refused(found))
    context = {
        "form": form,
        "device": device,
        "is_sms": is_sms,
        "has_choice": has_choice(begun),
        "is_confirmation": begun.is_confirmation,
    }
    return render(request, "accounts/login_check.html", context)


def finish(request: HttpRequest, begun: PendingLogin, device: LoginDevice) -> HttpResponse:
    """Both steps were done: in, or on to what was to be confirmed."""
    if not begun.is_confirmation:
        return enter(request, begun.user, device, begun.target)
    pending.drop(request)
    confirmation.note(cast(UserRequest, request))
    return redirect(landing_address(begun.user, begun.target))


@between_steps
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def backup(request: HttpRequest, begun: PendingLogin) -> HttpResponse:
    """The phone is lost: the back-up code leads to setting up a new second step, nothing else."""
    if begun.is_confirmation:  # who is logged in would lose that login: first log out
        return redirect("accounts:login-choice")
    form = BackupCodeForm(request.POST or None)
    if form.is_valid():
        found = use_backup_code(user=begun.user, code=form.cleaned_data["code"])
        if found.is_right:
            enrolment.begin_recovery(request, begun.user)
            return redirect(enrolment.Step.FACTORS)
        form.add_error("code", why_refused(found))
    return render(request, "accounts/login_backup.html", {"form": form})


@between_steps
@require_POST
def resend(request: HttpRequest, begun: PendingLogin) -> HttpResponse:
    """Opnieuw sms versturen."""
    if not isinstance(begun.device, SmsDevice):
        return redirect("accounts:login-choice")
    return _to_step_page(request, begun, begun.device, again=True)


@login_not_required
@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Ends the login, and has the browser forget what it kept of the pages."""
    sign_out(request)
    response = redirect("portal:landing")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _to_step_page(
    request: HttpRequest, begun: PendingLogin, device: LoginDevice, *, again: bool = False
) -> HttpResponse:
    """To the page of the second step; for sms this sends the code."""
    if isinstance(device, SmsDevice):
        sending = send_code(
            by=begun.user, device=device, challenge=begun.challenge, ip=client_ip(request)
        )
        if sending.is_sent:
            pending.restart_clock(request)
        else:
            messages.warning(request, why_not_sent(sending))
        if again and sending.is_sent:
            messages.success(request, "Wij hebben een nieuwe sms gestuurd. De vorige code vervalt.")
    return redirect(page_of_step(device))


def page_of_step(device: LoginDevice | None) -> str:
    if device is None:
        return "accounts:login-choice"
    is_passkey = isinstance(device, PasskeyDevice)
    return "accounts:login-passkey" if is_passkey else "accounts:login-check"


def enter(
    request: HttpRequest, user: User, device: LoginDevice, target: Target | None
) -> HttpResponse:
    """Both steps are done: in, and on to the form that was kept, the page asked for, or home."""
    sign_in(request, user, device)
    path = kept_forms.kept_path(request, user)
    if path:
        messages.info(request, _kept_notice(request))
    response = redirect(path or landing_address(user, target))
    remember_browser(request, response, user)
    return response


def _kept_notice(request: HttpRequest) -> str:
    files = " Kies de bestanden opnieuw." if kept_forms.had_files(request) else ""
    return (
        f"U bent weer ingelogd. Wat u had ingevuld staat er nog; het is nog niet opgeslagen.{files}"
    )


def has_choice(begun: PendingLogin) -> bool:
    return len(begun.options) > 1


def _user_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
