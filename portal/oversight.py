"""What waits in the portal, counted for InComfort: documents, specifications, messages, requests.

Counts and moments only: no name, and nothing of what HCS wrote.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from accounts.models import OutgoingMessage
from documents.models import Document, DocumentRequest, StatementSheet
from documents.quarantine import LATE
from portal.tasks import SILENT_SECONDS

Channel, State = OutgoingMessage.Channel, OutgoingMessage.State
Delivery = OutgoingMessage.Delivery
MESSAGE_LATE = timedelta(minutes=30)  # all attempts of a message take some twenty
SHEET_LATE = timedelta(hours=1)


@dataclass(frozen=True)
class Waiting:
    """One line: how many wait, since when, where to look. `is_wrong`: somebody must act.

    `again` is where all that can be sent again is sent again.
    """

    label: str
    count: int
    address: str
    since: datetime | None = None
    is_wrong: bool = False
    advice: str = ""
    again: str = ""


def waiting() -> Iterator[Waiting]:
    yield _documents()
    yield _sheets()
    yield from _messages()
    yield from _requests()


def worker_seen_at() -> datetime | None:
    """When a worker last said that it lives; None when none runs."""
    seen_at: datetime | None = ProcrastinateWorker.objects.aggregate(at=Max("last_heartbeat"))["at"]
    return seen_at


def is_worker_away(seen_at: datetime | None) -> bool:
    return seen_at is None or seen_at < timezone.now() - timedelta(seconds=SILENT_SECONDS)


def due_jobs() -> int:
    """What a worker could do now."""
    due = Q(scheduled_at=None) | Q(scheduled_at__lte=timezone.now())
    return ProcrastinateJob.objects.filter(due, status="todo").count()


def _documents() -> Waiting:
    count, since = _count_and_first(Document.objects.waiting(), "added_at")
    return Waiting(
        "Documenten die op de controle op virussen wachten",
        count,
        _list("documents_document", state__exact=Document.State.WAITING),
        since,
        is_wrong=_is_older(since, LATE),
        advice="De virusscanner antwoordt niet of kan een bestand niet lezen.",
    )


def _sheets() -> Waiting:
    sheets = StatementSheet.objects.filter(statement=None, run__confirmed_at__isnull=False)
    count, since = _count_and_first(sheets, "run__confirmed_at")
    return Waiting(
        "Uitkeringsspecificaties die nog worden geplaatst",
        count,
        _list("documents_statementrun"),
        since,
        is_wrong=_is_older(since, SHEET_LATE),
        advice="Kijk hieronder of het plaatsen is mislukt.",
    )


def _messages() -> Iterator[Waiting]:
    for channel, words in ((Channel.EMAIL, "E-mails"), (Channel.SMS, "Sms-berichten")):
        messages = OutgoingMessage.objects.filter(channel=channel)
        queued, since = _count_and_first(messages.filter(state=State.QUEUED), "created_at")
        yield Waiting(
            f"{words} in de wachtrij",
            queued,
            _list("accounts_outgoingmessage", channel__exact=channel, state__exact=State.QUEUED),
            since,
            is_wrong=_is_older(since, MESSAGE_LATE),
            advice="De aanbieder antwoordt niet.",
        )
        can_again = messages.to_resend().exists()
        yield Waiting(
            f"{words} die niet zijn verzonden",
            messages.filter(state=State.FAILED).count(),
            _list("accounts_outgoingmessage", channel__exact=channel, state__exact=State.FAILED),
            again=reverse("admin:accounts_outgoingmessage_resend_all") if can_again else "",
        )
    yield Waiting(
        "Sms-berichten die niet zijn aangekomen",
        OutgoingMessage.objects.filter(delivery=Delivery.FAILED).count(),
        _list("accounts_outgoingmessage", delivery__exact=Delivery.FAILED),
    )


def _requests() -> Iterator[Waiting]:
    yield Waiting(
        "Documentverzoeken met iets om te beoordelen",
        DocumentRequest.objects.answered().count(),
        _list("documents_documentrequest"),
    )
    yield Waiting(
        "Documentverzoeken die te laat zijn",
        DocumentRequest.objects.overdue().count(),
        _list("documents_documentrequest", stand="te-laat"),
    )


def _count_and_first(rows: "QuerySet[Any]", moment: str) -> tuple[int, datetime | None]:
    found = rows.order_by().aggregate(count=Count("pk"), first=Min(moment))
    return found["count"], found["first"]


def _is_older(since: datetime | None, age: timedelta) -> bool:
    return since is not None and since < timezone.now() - age


def _list(name: str, **filters: str) -> str:
    return reverse(f"admin:{name}_changelist", query=filters)
