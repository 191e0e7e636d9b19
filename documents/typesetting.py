"""Sets HTML as a PDF: our letters, our static files, nothing from the network.

Imported by documents.pdf, once somebody asks for a PDF.
"""

import mimetypes
import threading
from functools import cache
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

# A host that cannot exist: relative addresses in the template need one to start from.
BASE_URL = "http://static.invalid"
PDF_VARIANT = "pdf/ua-1"  # tagged, with a language and a title: readable by a screen reader

# One at a time in a process: WeasyPrint holds the GIL anyway, and two threads that share a
# FontConfiguration corrupt memory (performance.md). More at once: more processes.
_one_at_a_time = threading.Lock()


def write_pdf(html: str) -> bytes:
    """The PDF of `html`, in the look of static/css/pdf.css.

    Raises FatalURLFetchingError when it asks for anything but our static files.
    """
    with _one_at_a_time:
        document = HTML(string=html, base_url=BASE_URL, url_fetcher=_fetcher())
        pdf: bytes = document.write_pdf(
            stylesheets=[_stylesheet()], font_config=_font_config(), pdf_variant=PDF_VARIANT
        )
    return pdf


class StaticFilesOnly(URLFetcher):  # type: ignore[misc]  # has no types
    """Answers from our static files; every other address is an error in our template."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        parts = urlsplit(url)
        if f"{parts.scheme}://{parts.netloc}" != BASE_URL:
            raise FatalURLFetchingError(f"a PDF may not fetch {url}")
        name = parts.path.removeprefix(settings.STATIC_URL)
        type_ = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return URLFetcherResponse(url, body=_static_file(name), headers={"Content-Type": type_})


# These three are kept for the life of the process. A new fetcher reads all certificates of the
# machine, which takes longer than an empty document; the stylesheet would be parsed, and its fonts
# be unpacked, for each PDF; and a new FontConfiguration never gives its memory back.
@cache
def _fetcher() -> StaticFilesOnly:
    return StaticFilesOnly()


@cache
def _font_config() -> FontConfiguration:
    return FontConfiguration()


@cache
def _stylesheet() -> CSS:
    address = urljoin(BASE_URL, staticfiles_storage.url("css/pdf.css"))
    return CSS(url=address, url_fetcher=_fetcher(), font_config=_font_config())


def _static_file(name: str) -> bytes:
    """The collected file in production (its name has a hash), the source file in development."""
    if staticfiles_storage.exists(name):
        return Path(staticfiles_storage.path(name)).read_bytes()
    path = finders.find(name)
    if path is None:
        raise FatalURLFetchingError(f"no static file {name}")
    return Path(path).read_bytes()
