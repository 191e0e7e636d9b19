"""The weekly e-mail with counts from the agenda, to who asked for it."""

from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from absence import digest
from absence.agenda import agenda_of
from absence.models import Trajectory, WeeklyDigest
from accounts.models import User
from accounts.outbox import send_email


def who_waits(*, now: datetime) -> tuple[date | None, list[int]]:
    """The Monday of the e-mail that may go out now, and the keys of who was not dealt with yet."""
    monday = digest.week_to_send(now)
    if monday is None:
        return None, []
    waiting = _who_wants(monday).exclude(
        pk__in=WeeklyDigest.objects.filter(monday=monday).values("user")
    )
    return monday, list(waiting.values_list("pk", flat=True))


@transaction.atomic
def send_digest(*, user_id: int, monday: date) -> WeeklyDigest | None:
    """Puts the e-mail of one user and one week in the outbox; none when nothing is due.

    None when there is nobody any more to send it to, or the week was dealt with. What the user may
    see is asked now, so also as a stand-in. Not in the log: nobody saw anything of a person.
    """
    user = _who_wants(monday).select_for_update().filter(pk=user_id).first()
    if user is None or WeeklyDigest.objects.filter(user=user, monday=monday).exists():
        return None
    reports = Trajectory.objects.visible_to(user).open().with_facts()
    counts = digest.in_words(agenda_of(reports, today=timezone.localdate()))
    if counts:
        _send(user, counts)
    return WeeklyDigest.objects.create(user=user, monday=monday, is_sent=bool(counts))


def _who_wants(monday: date) -> QuerySet[User]:
    """Who switched it on before the e-mails of that week began, and can log in."""
    return User.objects.filter(
        is_active=True,
        is_staff=False,
        state=User.State.ACTIVE,
        digest_since__lt=digest.begins_at(monday),
    )


def _send(user: User, counts: str) -> None:
    send_email(
        to=user.email,
        purpose="weekoverzicht",
        subject="Uw weekoverzicht van het werkgeversportaal",
        template="weekly_digest",
        context={
            "counts": counts,
            "address": settings.PUBLIC_URL + reverse("absence:agenda"),
            "account": f"{settings.PUBLIC_URL}{reverse('accounts:account')}#weekoverzicht",
        },
    )
