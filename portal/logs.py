"""A log line carries the number that an error page shows, so that support finds its cause."""

import logging
from typing import Any

from accounts.origin import origin

# These tell of each step of each PDF, and of each task at each start.
QUIET = ("procrastinate.blueprints", "procrastinate.periodic", "weasyprint", "fontTools")


def logging_to_console(*, level: str) -> dict[str, Any]:
    """Django's LOGGING: everything of `level` and above to standard error, a line each."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": "portal.logs.Line"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {name: {"level": "WARNING"} for name in QUIET},
    }


class Line(logging.Formatter):
    """Time, level, request (a dash outside one), logger, message."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {request} {name} {message}", style="{")

    def format(self, record: logging.LogRecord) -> str:
        record.request = origin.get().reference or "-"
        return super().format(record)
