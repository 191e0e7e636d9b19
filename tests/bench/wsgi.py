"""What gunicorn serves in a bench: the portal, and beside it /meting/ without any middleware."""

from collections.abc import Iterable
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.test.utils import override_settings

from accounts import throttle
from accounts.throttle import Limit

portal = get_wsgi_application()
# A bench searches more often than anybody may; each search still is counted.
throttle.SEARCHES_PER_MINUTE = Limit("search.minute", 1e9, 1)
throttle.SEARCHES_PER_DAY = Limit("search.day", 1e9, 1)
with override_settings(MIDDLEWARE=[]):
    bare = WSGIHandler()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    handler = bare if environ["PATH_INFO"].startswith("/meting/") else portal
    return handler(environ, start_response)
