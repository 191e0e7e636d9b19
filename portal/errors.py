"""Error pages: what happened, what to do now, and a number to quote. Never a cause or a value."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token

from accounts.origin import origin


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, "400.html", 400)


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, "403.html", 403)


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, "404.html", 404)


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open too long, or whose login ended in another tab."""
    return _page(request, "403_csrf.html", 403)


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """Without the request: no context processor, session or database may be needed here."""
    html = render_to_string("500.html", {"reference": origin.get().reference})
    return HttpResponse(html, status=500)


def _page(request: HttpRequest, template: str, status: int) -> HttpResponse:
    context = {"reference": origin.get().reference}
    return render(request, template, context, status=status)
