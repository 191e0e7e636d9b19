"""What staff do with document requests, and what follows when a virus scanner refuses a file.

Each act locks its request first, so that of two at once the second sees what the first did.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from absence.actions.corrections import take_up
from absence.models import Trajectory
from accounts.audit import Action, Outcome, record
from documents.models import Document, DocumentRequest, RequestAnswer, RequestItem, RequestPurpose
from documents.requests import terms
from documents.requests.models import MONTHLY
from documents.requests.reminders import locked, tell
from documents.requests.terms import Step

if TYPE_CHECKING:
    from accounts.models import User

State = RequestItem.State
Refusal = RequestItem.Refusal

NO_DUE_DAY = f"Kies een dag na vandaag, hoogstens {terms.MOST_DAYS} dagen verder."
NOTHING_RUNS = "Van dit verzoek staat niets meer open."
STILL_SCANNED = "Dit bestand wordt nog gecontroleerd op virussen. Probeer het over een minuut."
SETTLED = "InComfort heeft dit document niet meer nodig, of heeft het al goedgekeurd."


class ItemChangedError(Exception):
    """Something happened to the item since the page to decide on it was opened."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One document to ask for; `month` is its first day, for a payslip only."""

    folder: str
    month: date | None = None


@transaction.atomic
def ask_documents(
    *,
    by: "User",
    trajectory: Trajectory,
    wanted: Sequence[Wanted],
    due_on: date,
    purpose: RequestPurpose,
    submission: UUID,
) -> DocumentRequest:
    """InComfort asks an employer for documents; recorded, and told by e-mail.

    The same form: once. Raises PermissionDenied for anyone else, ValidationError when the report
    was withdrawn or ended too long ago, when the day is no good, or when it was asked already.
    """
    _only_incomfort(by)
    found = take_up(by=by, trajectory=trajectory)  # and one after the other
    if earlier := found.document_requests.filter(submission=submission).first():
        return earlier
    _check_trajectory(found)
    _check_wanted(found, wanted)
    _check_due(due_on)
    owners = {"employer": found.employer, "trajectory": found}
    asked = DocumentRequest.objects.create(
        dossier=found.dossier,
        purpose=purpose,
        due_on=due_on,
        asked_by=by,
        submission=submission,
        **owners,
    )
    RequestItem.objects.bulk_create(
        RequestItem(request=asked, folder=one.folder, month=one.month, **owners) for one in wanted
    )
    tell(asked, Step.ASKED, day=due_on)
    _record(Action.REQUEST_ASK, by, asked, items=len(wanted))
    return asked


@transaction.atomic
def accept_item(*, by: "User", item: RequestItem, seen: int) -> RequestItem:
    """InComfort can use what was given: the item is done; recorded.

    `seen` is the key of the newest answer that the person looked at. Raises PermissionDenied,
    ItemChangedError when another one came or a colleague was first, and ValidationError while a
    file is not known to be safe.
    """
    request, found, answers = _to_decide(by, item, seen)
    _decide(answers, by, is_accepted=True)
    _settle(found, State.ACCEPTED, by)
    _record(Action.REQUEST_ACCEPT, by, request, item=found.pk)
    return found


@transaction.atomic
def refuse_item(
    *, by: "User", item: RequestItem, seen: int, refusal: str, due_on: date
) -> RequestItem:
    """What was given will not do: the item is open again, until that day; recorded and e-mailed.

    Raises as `accept_item` does, and ValidationError for a reason that is not in the list of staff
    or a day that has passed.
    """
    if refusal not in Refusal.values or refusal == Refusal.SCAN:
        raise ValidationError({"refusal": "Kies een reden uit de lijst."}, code="refusal")
    request, found, answers = _to_decide(by, item, seen)
    _move_due(request, due_on, by)
    _decide(answers, by, is_accepted=False, refusal=refusal)
    _reopen(found, refusal)
    tell(request, Step.REFUSED, day=timezone.localdate())
    _record(Action.REQUEST_REFUSE, by, request, item=found.pk, refusal=refusal)
    return found


@transaction.atomic
def move_due(*, by: "User", request: DocumentRequest, due_on: date) -> DocumentRequest:
    """The employer gets until another day; recorded. Its reminders start anew.

    Raises PermissionDenied, and ValidationError for a day that is no good or when nothing is open.
    """
    _only_incomfort(by)
    found = locked(request.pk)
    if not found.items.running().exists():
        raise ValidationError(NOTHING_RUNS, code="settled")
    _move_due(found, due_on, by)
    return found


@transaction.atomic
def withdraw_items(
    *, by: "User", request: DocumentRequest, items: Sequence[RequestItem]
) -> DocumentRequest:
    """InComfort needs these no more: nobody owes them, whatever was given stays; recorded.

    Raises PermissionDenied, and ValidationError when all of them were settled before.
    """
    _only_incomfort(by)
    found = locked(request.pk)
    running = list(found.items.running().filter(pk__in=[item.pk for item in items]))
    if not running:
        raise ValidationError(NOTHING_RUNS, code="settled")
    for item in running:
        _settle(item, State.WITHDRAWN, by)
    _record(Action.REQUEST_WITHDRAW, by, found, items=[item.pk for item in running])
    return found


def lock_request_of(*, document: Document) -> None:
    """Nobody decides meanwhile on what the document was given for, if it was given for anything.

    To be called before the document itself is locked: acts on a request lock in that order.
    """
    answer = RequestAnswer.objects.filter(document=document).select_related("item").first()
    if answer:
        locked(answer.item.request_id)


@transaction.atomic
def replace_answer(*, by: "User", document: Document, replacement: Document) -> None:
    """What was given for an item is another document from now on; InComfort did not see it yet.

    Nothing happens when nobody waits for the first one. To be called in a transaction.
    """
    answer = RequestAnswer.objects.waiting().filter(document=document).first()
    if answer is None:
        return
    answer.delete()
    RequestAnswer.objects.create(
        employer=answer.employer, item=answer.item, document=replacement, given_by=by
    )


@transaction.atomic
def take_back_answer(*, document: Document) -> None:
    """A scanner refused a file: what it was given for is open again, unless more was given.

    Nothing happens for any other document. Recorded as the system's, and e-mailed.
    """
    waiting = RequestAnswer.objects.waiting().filter(document=document)
    answer = waiting.select_related("item").first()
    if answer is None:
        return
    request = locked(answer.item.request_id)
    item = request.items.get(pk=answer.item_id)
    _decide([answer], None, is_accepted=False, refusal=Refusal.SCAN)
    if item.is_settled or item.answers.waiting().exists():
        return
    _reopen(item, Refusal.SCAN)
    tell(request, Step.REFUSED, day=timezone.localdate())
    _record(Action.REQUEST_REFUSE, None, request, item=item.pk, refusal=Refusal.SCAN)


def _only_incomfort(by: "User") -> None:
    if not by.is_incomfort:
        raise PermissionDenied("InComfort asks for documents and decides on them.")


def _check_trajectory(trajectory: Trajectory) -> None:
    ended = trajectory.recovered_on
    if ended and not terms.may_ask(ended, today=timezone.localdate()):
        raise ValidationError(
            f"De werknemer is hersteld per {ended:%d-%m-%Y}, langer dan twee jaar geleden. Over dit"
            " traject kunt u geen documenten meer vragen.",
            code="closed",
        )


def _check_wanted(trajectory: Trajectory, wanted: Sequence[Wanted]) -> None:
    """Raises ValidationError unless each is of a kind that employers have, once, and new."""
    today = timezone.localdate()
    for one in wanted:
        if one.folder not in Document.EMPLOYER_FOLDERS or (one.folder in MONTHLY) != bool(
            one.month
        ):
            raise ValidationError("Kies wat u vraagt uit de lijst.", code="folder")
        if one.month and (one.month.day != 1 or one.month > today):
            raise ValidationError("Vraag alleen maanden die begonnen zijn.", code="month")
    if not wanted or len(set(wanted)) < len(wanted):
        raise ValidationError("Kies wat u vraagt, elk document één keer.", code="wanted")
    running = RequestItem.objects.running().filter(trajectory=trajectory)
    asked = [str(item) for item in running if Wanted(item.folder, item.month) in wanted]
    if asked:
        raise ValidationError(f"Hier is al om gevraagd: {', '.join(asked)}.", code="asked")


def _check_due(due_on: date) -> None:
    if not terms.is_due_day(due_on, today=timezone.localdate()):
        raise ValidationError({"due_on": NO_DUE_DAY}, code="due_on")


def _move_due(request: DocumentRequest, due_on: date, by: "User") -> None:
    _check_due(due_on)
    if due_on == request.due_on:
        return
    request.due_on = due_on
    request.save(update_fields=["due_on"])
    _record(Action.REQUEST_DUE, by, request, due_on=str(due_on))


def _to_decide(
    by: "User", item: RequestItem, seen: int
) -> tuple[DocumentRequest, RequestItem, list[RequestAnswer]]:
    """The locked request, and the item with what waits of it, all of it seen and safe."""
    _only_incomfort(by)
    request = locked(item.request_id)
    found = request.items.get(pk=item.pk)
    waiting = list(found.answers.waiting().select_related("document"))
    if found.is_settled or not waiting or waiting[-1].pk != seen:
        raise ItemChangedError
    if not all(answer.document.is_safe for answer in waiting):
        raise ValidationError(STILL_SCANNED, code="unscanned")
    return request, found, waiting


def _decide(answers: Sequence[RequestAnswer], by: "User | None", **outcome: Any) -> None:
    rows = RequestAnswer.objects.filter(pk__in=[answer.pk for answer in answers])
    rows.update(decided_by=by, decided_at=timezone.now(), **outcome)


def _settle(item: RequestItem, state: State, by: "User") -> None:
    item.state, item.refusal = state, ""
    item.settled_by, item.settled_at = by, timezone.now()
    item.save(update_fields=["state", "refusal", "settled_by", "settled_at"])


def _reopen(item: RequestItem, refusal: str) -> None:
    item.state, item.refusal, item.answered_at = State.OPEN, refusal, None
    item.save(update_fields=["state", "refusal", "answered_at"])


def _record(action: Action, by: "User | None", request: DocumentRequest, **detail: Any) -> None:
    record(
        action,
        by=by,
        employer=request.employer,
        dossier=request.dossier,
        obj=request,
        outcome=Outcome.OK,
        detail=detail,
    )
