"""Makes a PDF from a Django template."""

from typing import Any

from django.template.loader import render_to_string


def render_pdf(template: str, context: dict[str, Any]) -> bytes:
    """The template as PDF/UA. User text gets in through autoescape only.

    Raises FatalURLFetchingError when the template asks for anything but our static files.
    """
    # Loading WeasyPrint takes as long as all the rest of the portal: who makes no PDF, such as a
    # migration or the start of a server, does not wait for it.
    from documents.typesetting import write_pdf

    return write_pdf(render_to_string(template, context))
