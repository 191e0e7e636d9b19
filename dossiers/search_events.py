"""What a search leaves behind: it is counted, recorded, and told when it is one of far too many."""

from typing import TYPE_CHECKING

from django.db import transaction
from django.urls import reverse

from accounts import audit, throttle
from accounts.audit import Action
from accounts.outbox import send_to_desk

if TYPE_CHECKING:
    from accounts.models import User


class TooManySearchesError(Exception):
    """More in a minute than anybody types. `wait`: seconds until the next may be done."""

    def __init__(self, wait: int) -> None:
        super().__init__(wait)
        self.wait = wait


def record_search(*, user: "User", length: int, include_former: bool, dossiers: list[int]) -> None:
    """Counts this search and records how long the text was, never the text, and what was found.

    Raises TooManySearchesError: then nothing is recorded, and nothing of it may be shown.
    """
    employers = list(user.roles)
    event = audit.unsaved(
        Action.SEARCH,
        by=user,
        employer_id=employers[0] if len(employers) == 1 else None,
        detail={"length": length, "former": include_former, "dossiers": dossiers},
    )
    count = throttle.search(event)
    if count.wait:
        raise TooManySearchesError(count.wait)
    if count.is_alarming:
        _tell_of_many_searches(by=user)


@transaction.atomic
def _tell_of_many_searches(*, by: "User") -> None:
    """InComfort hears that this user searched far more than people do; recorded.

    The e-mail names nobody: it leads to what the user did in the log.
    """
    log = reverse("admin:accounts_auditevent_changelist", query={"actor": by.pk})
    audit.record(Action.SEARCH_ALERT, by=by)
    send_to_desk(
        purpose="veel gezocht",
        subject="Een gebruiker van het werkgeversportaal zoekt opvallend vaak",
        template="many_searches",
        page=log,
    )
