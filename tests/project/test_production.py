"""What only production has: cookies that no other site or subdomain can set. security.md D6."""

import json

from tests.processes import run_python

READ = """
import django, json
django.setup()
from django.conf import settings
kinds = {kind: {part: getattr(settings, f"{kind}_COOKIE_{part}")
                for part in ("NAME", "SECURE", "HTTPONLY", "SAMESITE", "PATH", "DOMAIN")}
         for kind in ("SESSION", "CSRF")}
from django.http import HttpResponse
from django.test import RequestFactory
from accounts.client import remember_browser
from accounts.models import User
response = HttpResponse()
remember_browser(RequestFactory().get("/"), response, User(pk=1))
[browser] = response.cookies.values()
kinds["BROWSER"] = {"NAME": browser.key, "SECURE": browser["secure"],
    "HTTPONLY": browser["httponly"], "SAMESITE": browser["samesite"],
    "PATH": browser["path"], "DOMAIN": browser["domain"] or None}
print(json.dumps(kinds))
"""


def test_each_cookie_is_bound_to_this_host_and_to_https() -> None:
    kinds = json.loads(run_python(READ, production=True))

    assert kinds.keys() == {"SESSION", "CSRF", "BROWSER"}
    for kind, cookie in kinds.items():
        assert cookie.pop("NAME").startswith("__Host-"), kind
        assert cookie == {
            "SECURE": True,
            "HTTPONLY": True,
            "SAMESITE": "Lax",
            "PATH": "/",
            "DOMAIN": None,
        }, kind
