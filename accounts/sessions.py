"""Session store: Django's database store with our own row, which names the user."""

import re
import time
from datetime import UTC, datetime
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from accounts.models import Session

KEY = re.compile(r"[a-z0-9]{8,40}")
LOGGED_IN_AT = "logged_in_at"
SEEN_AT = "seen_at"
CONFIRMED_AT = "confirmed_at"
BROWSER, NETWORK = "browser", "network"


class SessionStore(DatabaseStore):
    def _validate_session_key(self, key: str | None) -> bool:
        """Of the form that ours have: a cookie can hold text that PostgreSQL does not take."""
        return key is not None and KEY.fullmatch(key) is not None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row = super().create_model_instance(data)
        assert isinstance(row, Session)
        user_id = data.get("_auth_user_id")
        row.user_id = int(str(user_id)) if user_id else None
        if user_id and data.get(SEEN_AT):
            row.seen_at = moment(data[SEEN_AT])
            row.browser, row.network = data.get(BROWSER, ""), data.get(NETWORK, "")
        return row


def moment(seconds: float) -> datetime:
    """What a session keeps as a number."""
    return datetime.fromtimestamp(seconds, UTC)


def start_clock(session: SessionBase) -> None:
    """Notes when both steps of the login were done; the gate counts from here."""
    session[LOGGED_IN_AT] = session[SEEN_AT] = session[CONFIRMED_AT] = int(time.time())
