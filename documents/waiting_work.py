"""What no job made, such as after its last attempt: a timed job makes it all the same."""

import logging
from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

logger = logging.getLogger(__name__)


def make_each(waiting: "QuerySet[Any, int]", make: Callable[[int], object], *, most: int) -> int:
    """Gives `make` the first `most` keys of what waits. Returns how many wait afterwards.

    One that fails is written down and holds up no other.
    """
    for key in waiting[:most]:
        try:
            make(key)
        except Exception:
            logger.exception("%s %d cannot be made", waiting.model.__name__, key)
    return waiting.count()
