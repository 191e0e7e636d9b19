"""The portal's addresses, and below /meting/ what a bench measures beside them."""

from django.contrib.auth.hashers import check_password, make_password
from django.http import HttpRequest, HttpResponse
from django.urls import path

from portal.urls import handler400, handler403, handler404, handler500  # noqa: F401
from portal.urls import urlpatterns as portal_urlpatterns

PASSWORD = "bench: vier losse woorden"
ENCODED = make_password(PASSWORD)
# CommonMiddleware, which these views do without, would say how long the answer is.
LENGTH = {"Content-Length": "2"}


def empty(_request: HttpRequest) -> HttpResponse:
    """The least that Django can do."""
    return HttpResponse("ok", headers=LENGTH)


def hash_only(_request: HttpRequest) -> HttpResponse:
    """What looking at a password costs, with nothing else around it."""
    return HttpResponse("ok" if check_password(PASSWORD, ENCODED) else "no", headers=LENGTH)


urlpatterns = [
    path("meting/leeg/", empty),
    path("meting/hash/", hash_only),
    *portal_urlpatterns,
]
