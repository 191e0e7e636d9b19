"""Types of requests."""

from django.http import HttpRequest

from accounts.models import User


class UserRequest(HttpRequest):
    """A request that passed the gate: somebody is logged in, with both steps."""

    user: User
