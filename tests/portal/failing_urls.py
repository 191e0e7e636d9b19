"""The portal's addresses and a few pages that fail, for the tests of the error pages."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.urls import path

from portal import urls

SECRET = "geheim: de waarde die nergens mag verschijnen"


@login_not_required
def broken(request: HttpRequest) -> HttpResponse:
    raise ValueError(SECRET)


@login_not_required
def refused(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied(SECRET)


@login_not_required
def suspicious(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation(SECRET)


@login_not_required
def form(request: HttpRequest) -> HttpResponse:
    return HttpResponse("opgeslagen")


urlpatterns = [
    path("kapot/", broken),
    path("geweigerd/", refused),
    path("verdacht/", suspicious),
    path("formulier/", form),
    *urls.urlpatterns,
]
handler400 = urls.handler400
handler403 = urls.handler403
handler404 = urls.handler404
handler500 = urls.handler500
