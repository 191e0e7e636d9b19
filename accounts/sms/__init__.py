"""Sends sms messages: `send(number, text) -> message_id`, by one of several backends.

SMS_BACKEND names the backend's function. Each raises RefusedError when trying again is of no use,
and OSError or ValueError when it may be. What became of a message comes back later: receipts.py.
"""

from http.client import HTTPResponse
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

TIMEOUT_SECONDS = 10
# "Too slow" and "too many": the only refusals that time mends.
TEMPORARY = {408, 429}
LOOPBACK = ("http://127.0.0.1:", "http://localhost:", "http://[::1]:")


class RefusedError(Exception):
    """The provider will not send this message, now or later."""


class _NoRedirects(HTTPRedirectHandler):
    """The key must not travel to another address."""

    def redirect_request(self, *args: Any) -> None:
        return None


def provider_url() -> str:
    """SMS_HTTP_URL: over https, or on this machine (a Kannel beside us speaks plain http).

    Raises ImproperlyConfigured for any other address: numbers and codes would travel readable.
    """
    url: str = settings.SMS_HTTP_URL
    if not url.startswith(("https://", *LOOPBACK)):
        raise ImproperlyConfigured("SMS_HTTP_URL: say https://..., see .env.example")
    return url


def exchange(request: Request) -> bytes:
    """The provider's answer. Raises RefusedError for a final refusal, OSError for all else."""
    try:
        with build_opener(_NoRedirects).open(request, timeout=TIMEOUT_SECONDS) as response:
            assert isinstance(response, HTTPResponse)
            return response.read()
    except HTTPError as error:
        error.close()
        if 300 <= error.code < 500 and error.code not in TEMPORARY:
            raise RefusedError(f"status {error.code}") from None
        raise
