"""Session store: Django's database store with our own row, which names the user."""

import re
import time
from datetime import UTC, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db.models import CharField, DateTimeField, OuterRef, QuerySet
from django.utils import timezone
from django_otp.models import Device

from accounts.compiled import Compiled, Given
from accounts.models import PasskeyDevice, Session, SmsDevice, TotpDevice, User
from accounts.models.employers import roles_in, work_of

KEY = re.compile(r"[a-z0-9]{8,40}")
LOGGED_IN_AT = "logged_in_at"
SEEN_AT = "seen_at"
CONFIRMED_AT = "confirmed_at"
BROWSER, NETWORK = "browser", "network"

KINDS_OF_FACTOR: dict[str, type[SmsDevice | TotpDevice | PasskeyDevice]] = {
    kind._meta.label_lower: kind for kind in (SmsDevice, TotpDevice, PasskeyDevice)
}


def _with_user() -> QuerySet[Any, Any]:
    """The session, its user, the keys of that user's factors, by kind, and where he works."""
    found = Session.objects.select_related("user").filter(
        session_key=Given("key", CharField()), expire_date__gt=Given("now", DateTimeField())
    )
    return found.annotate(
        **{
            str(kind._meta.model_name): ArraySubquery(
                kind.objects.filter(user=OuterRef("user"), confirmed=True).values("pk")
            )
            for kind in KINDS_OF_FACTOR.values()
        },
        **work_of(OuterRef("user")),
    )


_WITH_USER = Compiled(_with_user)


class SessionStore(DatabaseStore):
    """Reads the row of the user, his factors and where he works with that of the session."""

    _row: Any = None

    @property
    def user(self) -> User | None:
        """Whose session it was when it was read; says nothing of whether it is still good."""
        self.keys()  # reads it, if that was not done yet
        user: User | None = self._row and self._row.user
        return user

    def factor(self, persistent_id: str) -> Device | None:
        """The factor with this id of the session's user, as it was when the session was read.

        Its columns are not: only whose it is, and that it is confirmed.
        """
        label, _, key = persistent_id.rpartition("/")
        kind, user = KINDS_OF_FACTOR.get(label), self.user
        if kind is None or user is None or not key.isdecimal():
            return None
        keys: list[int] = getattr(self._row, str(kind._meta.model_name))
        return kind(pk=int(key), user_id=user.pk, confirmed=True) if int(key) in keys else None

    def _get_session_from_db(self) -> Session | None:
        found = _WITH_USER(key=self.session_key, now=timezone.now(), today=timezone.localdate())
        if not found:
            self._session_key = None
            return None
        row: Session = found[0]
        if row.user:
            row.user.roles = roles_in(row)
        self._row = row
        return row

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
