"""Bevestigen dat u het bent: the password, then the same code page as at the login."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import confirmation, pending
from accounts.actions.login import check_own_password
from accounts.client import client_ip, known_browser
from accounts.forms import CurrentPasswordForm
from accounts.http import UserRequest
from accounts.views.login import to_second_step
from accounts.views.refusals import too_often


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def confirm(request: UserRequest) -> HttpResponse:
    """The first of both steps; the second is `login-check`."""
    target = confirmation.target_of(request)
    if confirmation.is_confirmed(request):
        return redirect(target.address)
    form = CurrentPasswordForm(request.POST or None)
    if form.is_valid():
        check = check_own_password(
            user=request.user,
            password=form.cleaned_data["password"],
            ip=client_ip(request),
            browser=known_browser(request, request.user),
        )
        if check.user:
            return to_second_step(
                request, pending.begin_confirmation(request, request.user, target)
            )
        wrong = too_often(check.wait) if check.wait else "Dit wachtwoord klopt niet."
        form.add_error("password", wrong)
    return render(request, "accounts/confirm.html", {"form": form})
