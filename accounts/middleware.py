"""The gate, the session limits, and what each request leaves in the audit log."""

import uuid
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib.auth.middleware import (
    AuthenticationMiddleware,
    LoginRequiredMiddleware,
    get_user,
)
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.middleware import OTPMiddleware

from accounts import audit, kept_forms
from accounts.backends import read_already
from accounts.client import client_ip
from accounts.models import User
from accounts.sessions import SessionStore
from accounts.sign_in import end_when_due, ended_login, is_inside, note_use
from accounts.targets import PARAMETER, Target

GetResponse = Callable[[HttpRequest], HttpResponse]

PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
)


class SecurityHeadersMiddleware:
    """Headers that Django has no setting for. Static files do not come here.

    No page is kept by a browser or proxy, so that the back button shows nothing after logging out.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = PERMISSIONS_POLICY
        return response


class SessionUserMiddleware(AuthenticationMiddleware):
    """The user whom Django finds for the session, from the row that was read with the session.

    Every page asks who it is. So it is found at once, and is no lazy object: on one of those a look
    at an attribute takes some thirty times as long.
    """

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = cast(User, _user_of(request))


def _user_of(request: HttpRequest) -> User | AnonymousUser:
    session = cast(SessionStore, request.session)
    with read_already(session.user):
        return get_user(request)


class FactorMiddleware(OTPMiddleware):
    """django_otp's own, for a device that was found with the session. Not for async."""

    async_capable = False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.user = self._verify_user_sync(request, request.user)
        own: Any = self  # it is not typed
        response: HttpResponse = own.get_response(request)
        return response

    def _verify_user_sync(self, request: HttpRequest, user: Any) -> Any:
        own: Any = self  # it is not typed
        own._init_user_fields(user)
        if user.is_authenticated:
            session = cast(SessionStore, request.session)
            device = session.factor(session.get(DEVICE_ID_SESSION_KEY) or "")
            user.otp_device = own._finalize_device(request, user, device)
        return user


class SessionLimitsMiddleware:
    """Ends logins that are idle, too old, or whose second factor is gone."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        end_when_due(request)
        return self.get_response(request)


class AuditContextMiddleware:
    """Tells the audit log where this request comes from, and logs what a user was refused."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        source = audit.Origin(
            ip=client_ip(request),
            session_ref=audit.session_ref(request.session.session_key),
            request_id=uuid.uuid4().hex,
        )
        token = audit.origin.set(source)
        try:
            response = self.get_response(request)
            if response.status_code == 403:
                _log_refusal(request)
            return response
        finally:
            audit.origin.reset(token)


def _log_refusal(request: HttpRequest) -> None:
    """Of somebody who is logged in. The back office logs its own, with what was refused."""
    page = request.resolver_match
    if not request.user.is_authenticated or page is None or page.app_name == "admin":
        return
    audit.record(
        audit.Action.ACCESS_DENIED,
        by=request.user,
        outcome=audit.Outcome.DENIED,
        detail={"page": page.view_name},
    )


class GateMiddleware(LoginRequiredMiddleware):
    """Nothing but the public pages for who did not pass both steps of the login.

    A page is public when its view says `@login_not_required`; forgetting that closes it.
    """

    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any
    ) -> HttpResponse | None:
        if is_inside(request):
            kept_forms.forget_when_sent(request)
            if not getattr(view_func, "is_no_use", False):
                note_use(request)
            return None
        if not getattr(view_func, "login_required", True):
            return None
        return _to_login(request)


def _to_login(request: HttpRequest) -> HttpResponse:
    """To the login page, and from there back to this page, with the form that was just sent."""
    login = reverse("accounts:login")
    ended = ended_login(request)
    is_kept = request.method == "POST" and ended and kept_forms.keep(request, ended["user_id"])
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=204)
        response.headers["HX-Redirect"] = _with_target(
            login, request.headers.get("HX-Current-URL", "")
        )
        return response
    return redirect(login if is_kept else _with_target(login, request.path))


def _with_target(login: str, address: str) -> str:
    target = Target.from_path(address)
    return f"{login}?{urlencode({PARAMETER: target.address})}" if target else login
