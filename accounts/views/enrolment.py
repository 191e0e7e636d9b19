"""Setting up the second step, at the activation and after a lost phone."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import enrolment, factors
from accounts.actions import enrolment as actions
from accounts.actions.account import use_new_backup_code
from accounts.actions.codes import send_code
from accounts.client import client_ip
from accounts.enrolment import Enrolment, Kind, State, Step
from accounts.factors import LoginDevice
from accounts.forms import BackupNotedForm, CodeForm, HasAppForm, MobileForm
from accounts.models import SmsDevice, User
from accounts.qr import app_key
from accounts.sign_in import stay_signed_in
from accounts.views.login import enter
from accounts.views.refusals import INSTEAD_OF_SETTING_UP, why_not_sent, why_refused
from accounts.views.stages import at_step


@at_step(Step.FACTORS)
@require_safe
def choose(request: HttpRequest, found: Enrolment) -> HttpResponse:
    """Which step to set up: the first, or one more, or none."""
    context = {"found": found, "kinds": _kinds_to_add(found), "has": _kinds(found)}
    return render(request, "accounts/enrol_choose.html", context)


@at_step(Step.FACTORS)
@require_http_methods(["GET", "POST"])
def sms(request: HttpRequest, found: Enrolment) -> HttpResponse:
    """The mobile number."""
    if "sms" not in _kinds_to_add(found):
        return redirect(Step.FACTORS)
    form = MobileForm(request.POST or None)
    if form.is_valid():
        device = actions.start_sms(by=found.user, number=form.cleaned_data["number"])
        return _send(request, found, device)
    return render(request, "accounts/enrol_sms.html", {"form": form, "found": found})


@at_step(Step.FACTORS)
@require_http_methods(["GET", "POST"])
def sms_check(request: HttpRequest, found: Enrolment) -> HttpResponse:
    """The code from the sms."""
    device = factors.sms_being_set_up(found.user)
    if device is None:
        return redirect("accounts:enrol-sms")
    form = CodeForm(request.POST or None, label="Sms-code")
    if form.is_valid():
        token = SmsDevice.token_for(found.challenge, form.cleaned_data["code"])
        if _confirm(found, device, token, form):
            return _go_on(request, found)
    context = {"form": form, "device": device, "found": found}
    return render(request, "accounts/enrol_sms_check.html", context)


@at_step(Step.FACTORS)
@require_POST
def sms_resend(request: HttpRequest, found: Enrolment) -> HttpResponse:
    """Opnieuw sms versturen."""
    device = factors.sms_being_set_up(found.user)
    if device is None:
        return redirect("accounts:enrol-sms")
    return _send(request, found, device)


@at_step(Step.FACTORS)
@require_http_methods(["GET", "POST"])
def app(request: HttpRequest, found: Enrolment) -> HttpResponse:
    """Whether there is an app on the phone; if not, which to install."""
    if "app" not in _kinds_to_add(found):
        return redirect(Step.FACTORS)
    form = HasAppForm(request.POST or None)
    has_no_app = form.is_valid() and form.cleaned_data["has_app"] == "nee"
    if form.is_valid() and not has_no_app:
        actions.start_app(by=found.user)
        return redirect("accounts:enrol-app-check")
    if has_no_app:
        form = HasAppForm()
    context = {"form": form, "found": found, "has_no_app": has_no_app}
    return render(request, "accounts/enrol_app.html", context)


@at_step(Step.FACTORS)
@require_http_methods(["GET", "POST"])
def app_check(request: HttpRequest, found: Enrolment) -> HttpResponse:
    """The QR code, and the code that the app shows then."""
    device = factors.app_being_set_up(found.user)
    if device is None:
        return redirect("accounts:enrol-app")
    form = CodeForm(request.POST or None, label="Authenticatiecode")
    if form.is_valid() and _confirm(found, device, form.cleaned_data["code"], form):
        return _go_on(request, found)
    context = {"form": form, "key": app_key(device), "found": found}
    return render(request, "accounts/enrol_app_check.html", context)


@at_step(Step.FACTORS)
@require_POST
def no_extra(request: HttpRequest, found: Enrolment) -> HttpResponse:
    """Geen extra authenticatie optie toevoegen: on to the back-up code."""
    if not found.has_factor or found.kind == Kind.ACCOUNT:
        return redirect(Step.FACTORS)
    return to_backup(request, found)


@at_step(Step.BACKUP)
@require_http_methods(["GET", "POST"])
def backup(request: HttpRequest, found: Enrolment) -> HttpResponse:
    """Shows the back-up code until the user says that it is kept safe; then the account works."""
    form = BackupNotedForm(request.POST or None)
    if not form.is_valid():
        context = {"form": form, "code": found.backup_code, "found": found}
        return render(request, "accounts/enrol_backup.html", context)
    if found.link:
        actions.activate(by=found.user, link=found.link, code=found.backup_code)
        request.session.flush()
        return redirect("accounts:activation-done")
    if found.kind == Kind.ACCOUNT:
        user = use_new_backup_code(by=found.user, code=found.backup_code)
        return _back_to_account(request, user, "Uw nieuwe back-up code geldt vanaf nu.")
    device = actions.finish_recovery(by=found.user, code=found.backup_code)
    enrolment.drop(request)
    messages.success(request, "Uw 2-stappen controle is opnieuw ingesteld. U bent ingelogd.")
    return enter(request, found.user, device, target=None)


def _kinds(found: Enrolment) -> list[str]:
    """What was set up in this enrolment: factors from before a recovery do not count, and on the
    account page each may be replaced.
    """
    if not found.has_factor:
        return []
    devices = [] if found.kind == Kind.ACCOUNT else factors.login_devices(found.user)
    return [device.kind for device in devices]


def _kinds_to_add(found: Enrolment) -> list[str]:
    possible = ["app"] if found.user.is_staff else ["sms", "app"]
    return [kind for kind in possible if kind not in _kinds(found)]


def _send(request: HttpRequest, found: Enrolment, device: SmsDevice) -> HttpResponse:
    sending = send_code(
        by=found.user, device=device, challenge=found.challenge, ip=client_ip(request)
    )
    if not sending.is_sent:
        messages.warning(request, why_not_sent(sending, INSTEAD_OF_SETTING_UP))
    if sending.is_stopped and device.sent_at is None:  # there is no code to type
        return redirect(Step.FACTORS)
    return redirect("accounts:enrol-sms-check")


def _confirm(found: Enrolment, device: LoginDevice, token: str, form: CodeForm) -> bool:
    """The first factor after a lost phone replaces all that were on it."""
    replaces = [] if found.has_factor else list(factors.login_devices(found.user))
    check = actions.confirm(
        by=found.user,
        device=device,
        token=token,
        replaces=replaces,
        ends_sessions=found.kind == Kind.ACCOUNT,
    )
    if not check.is_right:
        form.add_error("code", why_refused(check))
    return check.is_right


def _go_on(request: HttpRequest, found: Enrolment) -> HttpResponse:
    """After a factor: one more may be added, unless there is none left to add."""
    if found.kind == Kind.ACCOUNT:
        return _back_to_account(request, found.user, "Uw 2-stappen controle is gewijzigd.")
    if found.kind == Kind.RECOVERY:
        enrolment.note_state(request, State.FACTOR_CONFIRMED)
    fresh = enrolment.load(request)
    assert fresh is not None
    return redirect(Step.FACTORS) if _kinds_to_add(fresh) else to_backup(request, fresh)


def _back_to_account(request: HttpRequest, user: User, text: str) -> HttpResponse:
    """The change is done, and every other session of the user has ended."""
    enrolment.drop(request)
    stay_signed_in(request, User.objects.get(pk=user.pk))
    messages.success(request, f"{text} Op andere apparaten bent u uitgelogd.")
    return redirect("accounts:account")


def to_backup(request: HttpRequest, found: Enrolment) -> HttpResponse:
    code = actions.make_backup_code(by=found.user)
    enrolment.show_backup_code(request, code)
    return redirect(Step.BACKUP)
