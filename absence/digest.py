"""When the weekly e-mail goes out and what it says: counts, never a name or a day.

Pure rules. Source: features.md, section 5 (reminders without personal data).
"""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from absence.agenda import Agenda, State

SENT_FROM = time(7)  # on Monday, by the clock of the Netherlands: read as the working week begins
# A worker that stood still makes it good until Thursday; after that the next e-mail is nearer.
DAYS_LATE = 3


def week_to_send(now: datetime) -> date | None:
    """The Monday whose e-mail may go out now: from 07.00 that day until Thursday 07.00.

    Told by the clock on the wall, so an hour more or less in the night before moves nothing.
    """
    on_the_wall = timezone.localtime(now).replace(tzinfo=None)
    day = (on_the_wall - timedelta(hours=SENT_FROM.hour)).date()
    return day - timedelta(days=day.weekday()) if day.weekday() < DAYS_LATE else None


def begins_at(monday: date) -> datetime:
    """The first moment at which the e-mail of that week may go out."""
    return timezone.make_aware(datetime.combine(monday, SENT_FROM))


def in_words(agenda: Agenda) -> str:
    """How much there is to do: "3 stappen binnen twee weken, 1 te laat"; "" when there is nothing.

    Late are those that the agenda still lists.
    """
    late = sum(item.entry.state == State.LATE for item in agenda.items)
    soon = len(agenda.items) - late
    parts = [f"{_steps(soon)} binnen twee weken"] if soon else []
    if late:
        parts.append(f"{late if soon else _steps(late)} te laat")
    if leaving := len(agenda.leaving):
        runs_out = "dienstverband dat afloopt" if leaving == 1 else "dienstverbanden die aflopen"
        parts.append(f"{leaving} {runs_out}")
    return ", ".join(parts)


def _steps(count: int) -> str:
    return f"{count} {'stap' if count == 1 else 'stappen'}"
