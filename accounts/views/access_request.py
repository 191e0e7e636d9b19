"""Geen e-mail ontvangen: who got no invitation asks InComfort for help, without an account."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts import throttle
from accounts.actions.access_requests import Applicant, ask_for_access
from accounts.client import client_ip
from accounts.forms import AccessRequestForm
from accounts.views.refusals import in_words

TOO_OFTEN = (
    "Dit formulier is al een paar keer verstuurd. Wacht {} en probeer het opnieuw, of bel "
    "InComfort: 024-374 16 60."
)


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The form. The answer is the same whether or not company, policy or person exists."""
    form = AccessRequestForm(request.POST or None)
    if not form.is_valid():
        return render(request, "accounts/access_request.html", {"form": form})
    typed = form.cleaned_data
    if wait := throttle.access_request(address=typed["email"], ip=client_ip(request)):
        form.add_error(None, TOO_OFTEN.format(in_words(wait)))
        response = render(request, "accounts/access_request.html", {"form": form}, status=429)
        response.headers["Retry-After"] = str(wait)
        return response
    if not form.is_from_a_program:
        submission = typed.pop("submission")
        ask_for_access(applicant=Applicant(**typed), submission=submission)
    return redirect("accounts:access-asked")


@login_not_required
@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/access_asked.html")
