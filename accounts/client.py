"""Who is at the other end of a request: address, and whether the browser is a known one."""

import ipaddress
import secrets
from functools import lru_cache

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from accounts.models import User

BROWSER_SALT = "accounts.known_browser"
BROWSER_SECONDS = 180 * 24 * 60 * 60


def client_ip(request: HttpRequest) -> str | None:
    """The client's address: with N proxies of ours the Nth of X-Forwarded-For, from the right.

    What stands further to the left was written by the client, who may write anything. Without
    proxies the header means nothing. None when there is no valid address (a unix socket).
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        header = request.headers.get("x-forwarded-for", "")
        chain = header.split(",")
        if header and len(chain) >= settings.TRUSTED_PROXIES:
            address = chain[-settings.TRUSTED_PROXIES].strip()
    return _written(address)


@lru_cache(maxsize=4096)
def _written(address: str) -> str | None:
    """The address in its one way of writing, or None when it is none."""
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return None


# The first that occurs: most browsers name others as well.
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "Windows": "Windows",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Mac OS": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


def browser_name(request: HttpRequest) -> str:
    """ "Chrome op Windows": what a user recognises his own browser by, and no more than that."""
    said = request.headers.get("user-agent", "")
    browser = next((name for sign, name in BROWSERS.items() if sign in said), "Onbekende browser")
    system = next((name for sign, name in SYSTEMS.items() if sign in said), "")
    return f"{browser} op {system}" if system else browser


def shown_network(ip: str | None) -> str:
    """Where a session comes from, without the last part of the address: "192.0.2.x"."""
    if not ip:
        return ""
    address = ipaddress.ip_address(ip)
    if isinstance(address, ipaddress.IPv4Address):
        return f"{ip.rpartition('.')[0]}.x"
    return f"{ipaddress.ip_network(f'{ip}/48', strict=False).network_address}x"


def known_browser(request: HttpRequest, user: User | None) -> str:
    """The mark of a browser in which this user logged in before; "" for any other.

    It only decides which throttle applies and never replaces a step (OWASP "device cookies").
    """
    try:
        user_id, mark = signing.loads(
            request.COOKIES.get(settings.BROWSER_COOKIE_NAME, ""),
            salt=BROWSER_SALT,
            max_age=BROWSER_SECONDS,
        )
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return str(mark) if user is not None and user_id == user.pk else ""


def remember_browser(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Marks the browser as known, after a login with both steps."""
    mark = known_browser(request, user) or secrets.token_urlsafe(16)
    response.set_cookie(
        settings.BROWSER_COOKIE_NAME,
        signing.dumps([user.pk, mark], salt=BROWSER_SALT),
        max_age=BROWSER_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
