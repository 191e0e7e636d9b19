"""Types of requests, and addresses."""

from collections.abc import Iterable
from functools import cache
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse

from accounts.models import User


class UserRequest(HttpRequest):
    """A request that passed the gate: somebody is logged in, with both steps."""

    user: User


def addresses(view_name: str, uuids: Iterable[UUID]) -> list[str]:
    """The address of a page about each of these; Django looks the pattern up once for all."""
    before, behind = _around(view_name)
    return [f"{before}{uuid}{behind}" for uuid in uuids]


@cache
def _around(view_name: str) -> tuple[str, str]:
    """What stands before and behind the uuid in these addresses."""
    nobody = UUID(int=0)
    before, behind = reverse(view_name, args=[nobody]).split(str(nobody))
    return before, behind
