"""What InComfort asked employers for: something late, something refused, something to look at."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

from absence.models import Trajectory
from accounts.models import User
from accounts.months import months_after
from documents.folders import Folder
from documents.models import DocumentRequest, RequestItem, RequestPurpose
from documents.quarantine import scan_waiting
from documents.requests.actions import Wanted, ask_documents, refuse_item
from documents.requests.answering import answer_item
from portal.demo.accounts import BRUG, ZUID
from portal.demo.papers import DemoPaper, make_paper

Latest = Mapping[tuple[str, str], Trajectory]

NOON = time(12)


def ask_for_documents(latest: Latest, today: date, *, by: User) -> None:
    """At De Brug one request that is late, one with an answer; at Zuid one that is fresh."""
    month = today.replace(day=1)
    payslips = [Wanted(Folder.PAYSLIP, months_after(month, -back)) for back in (2, 1)]
    late = _ask(latest[BRUG, "Wiśniewska"], [*payslips, Wanted(Folder.ABSENCE_OVERVIEW)], by=by)
    _answer(late.items.all()[0], today)
    answered = _ask(latest[BRUG, "Yılmaz"], payslips[1:], by=by)
    _answer(answered.items.all()[0], today)
    _ask(latest[ZUID, "Smeets"], [Wanted(Folder.CONTRACT)], by=by)
    scan_waiting()
    _refuse(late.items.all()[0], by=by)
    _set_back(late, asked_on=today - timedelta(days=20), due_on=today - timedelta(days=6))
    _set_back(answered, asked_on=today - timedelta(days=3), due_on=today + timedelta(days=11))


def _ask(trajectory: Trajectory, wanted: list[Wanted], *, by: User) -> DocumentRequest:
    return ask_documents(
        by=by,
        trajectory=trajectory,
        wanted=wanted,
        due_on=timezone.localdate() + timedelta(days=14),
        purpose=RequestPurpose.objects.get(code="uitkering"),
        submission=uuid5(NAMESPACE_URL, f"demo/request/{trajectory.uuid}"),
    )


def _answer(item: RequestItem, today: date) -> None:
    report = item.trajectory
    paper = DemoPaper("", "", 0, Folder(item.folder), f"{item}.pdf")
    answer_item(
        by=report.reported_by,
        item=item,
        files=[make_paper(paper, report, item.month or today)],
        submission=uuid5(NAMESPACE_URL, f"demo/answer/{item.uuid}"),
    )


def _refuse(item: RequestItem, *, by: User) -> None:
    refuse_item(
        by=by,
        item=item,
        seen=item.answers.get().pk,
        refusal=RequestItem.Refusal.UNREADABLE,
        due_on=item.request.due_on,
    )


def _set_back(request: DocumentRequest, *, asked_on: date, due_on: date) -> None:
    """To when it would have happened; its e-mails went out then."""
    asked_at = timezone.make_aware(datetime.combine(asked_on, NOON))
    DocumentRequest.objects.filter(pk=request.pk).update(asked_at=asked_at, due_on=due_on)
