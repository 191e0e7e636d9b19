"""Where the work at hand comes from. Apart from the audit log, so that logging can import it."""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an act comes from. Set per request by the middleware; empty in the worker."""

    ip: str | None = None
    session_ref: str = ""
    request_id: str = ""

    @property
    def reference(self) -> str:
        """The start of the request id: short enough to read out on the telephone."""
        return self.request_id[:8]


origin: ContextVar[Origin] = ContextVar("origin", default=Origin())  # noqa: B039 - frozen
