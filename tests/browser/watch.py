"""Listens to what a browser complains about while a test clicks on."""

from playwright.sync_api import BrowserContext, ConsoleMessage, Response, WebError

EXPECTED = (
    # Of every page that answers 4xx, also where a test wants exactly that.
    "Failed to load resource",
    # Of a font, when a slow machine took some seconds to draw the page.
    "The resource http://localhost",
    # Of a question that a newer one replaced, or whose page was left. One that failed says more.
    "htmx:sendAbort",
    "htmx:afterRequest",
)


class Watch:
    """What went wrong in a browser context: script errors, refusals by the CSP, missing parts."""

    def __init__(self, context: BrowserContext) -> None:
        self.problems: list[str] = []
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        """The CSP's refusals are console errors too."""
        if message.type in {"error", "warning"} and not message.text.startswith(EXPECTED):
            self.problems.append(f"console: {message.text}")

    def _error(self, error: WebError) -> None:
        self.problems.append(f"script: {error.error}")

    def _response(self, response: Response) -> None:
        is_page = response.request.resource_type == "document"
        if response.status >= (500 if is_page else 400):
            self.problems.append(f"{response.status}: {response.url}")
