"""What employers told HCS and asked of staff: one of each waits."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

from absence.actions.corrections import Correction, ask_correction, take_up
from absence.actions.course import mark_milestone
from absence.actions.recovery import tell_recovery
from absence.models import Trajectory
from accounts.models import User
from portal.demo.accounts import BRUG

Latest = Mapping[tuple[str, str], Trajectory]


def tell_and_ask(latest: Latest, *, hcs: User) -> None:
    """A recovery message, a correction request and a ticked-off milestone at De Brug."""
    yesterday = timezone.localdate() - timedelta(days=1)
    ill = sorted(
        (each for (employer, _), each in latest.items() if employer == BRUG and each.is_open),
        key=lambda report: report.first_sick_day,
    )
    told = next(one for one in reversed(ill) if one.first_sick_day < yesterday)
    tell_recovery(
        by=told.reported_by,
        trajectory=told,
        fit_from=yesterday,
        percentage=None,
        submission=uuid5(NAMESPACE_URL, "demo/told"),
    )
    asked = ill[0]
    take_up(by=hcs, trajectory=asked)
    ask_correction(
        by=asked.reported_by,
        trajectory=asked,
        to=Correction(asked.classification, asked.first_sick_day - timedelta(days=1), 100),
        explanation="De werknemer was een dag eerder ziek dan wij meldden.",
        submission=uuid5(NAMESPACE_URL, "demo/asked"),
    )
    mark_milestone(
        by=hcs, trajectory=asked, key="PA", done_on=asked.first_sick_day + timedelta(days=30)
    )
