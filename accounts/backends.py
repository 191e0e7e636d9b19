"""Who a username and password belong to."""

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser

from accounts.models import User


class AccountBackend(ModelBackend):
    """Django's backend: hashes a password also when there is no such user, so that both take as
    long. Only an activated account may log in, and only as long as it is not blocked.
    """

    def user_can_authenticate(self, user: User | AnonymousUser | None) -> bool:
        return isinstance(user, User) and user.is_active and user.state == User.State.ACTIVE
