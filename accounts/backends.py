"""Who a username and password belong to, and a session."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser

from accounts.models import User

_read_already: ContextVar[User | None] = ContextVar("read_already", default=None)


@contextmanager
def read_already(user: User | None) -> Iterator[None]:
    """Within it this user is not read again; whether he may come in is judged all the same."""
    token = _read_already.set(user)
    try:
        yield
    finally:
        _read_already.reset(token)


class AccountBackend(ModelBackend):
    """Django's backend: hashes a password also when there is no such user, so that both take as
    long. Only an activated account may log in, and only as long as it is not blocked.
    """

    def user_can_authenticate(self, user: User | AnonymousUser | None) -> bool:
        return isinstance(user, User) and user.is_active and user.state == User.State.ACTIVE

    def get_user(self, user_id: int) -> User | None:
        user = _read_already.get()
        if user is None or user.pk != user_id:
            found: User | None = super().get_user(user_id)
            return found
        return user if self.user_can_authenticate(user) else None
