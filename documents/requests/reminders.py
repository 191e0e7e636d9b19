"""E-mails about document requests: at each step one, whatever happens. No personal data in them."""

from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from accounts.outbox import send_email
from documents.models import DocumentRequest, RequestEmail
from documents.requests import terms
from documents.requests.terms import Step

SENT_FROM = 7  # o'clock in the Netherlands: nobody's telephone wakes him for a payslip
SUBJECTS = {
    Step.ASKED: "InComfort vraagt documenten van u",
    Step.SOON: "De termijn voor documenten is bijna voorbij",
    Step.OVERDUE: "De termijn voor documenten is voorbij",
    Step.REFUSED: "Een document moet opnieuw",
}


def who_waits(*, now: datetime) -> list[int]:
    """The keys of the requests for which a reminder is due and was not dealt with."""
    on_the_wall = timezone.localtime(now)
    if on_the_wall.hour < SENT_FROM:
        return []
    today = on_the_wall.date()
    near = DocumentRequest.objects.open().filter(due_on__lte=today + terms.SOON)
    told = RequestEmail.objects.filter(request=OuterRef("pk"), day=OuterRef("due_on"))
    late = near.filter(due_on__lt=today).exclude(Exists(told.filter(step=Step.OVERDUE)))
    soon = near.filter(due_on__gte=today).exclude(Exists(told.filter(step=Step.SOON)))
    return [request.pk for request in (*late, *soon) if _step(request, today)]


@transaction.atomic
def remind(*, request_id: int) -> None:
    """Puts the e-mail that today asks for in the outbox; nothing when all was sent meanwhile."""
    request = locked(request_id)
    today = timezone.localdate()
    step = _step(request, today)
    if step and DocumentRequest.objects.open().filter(pk=request.pk).exists():
        tell(request, step, day=request.due_on)


def tell(request: DocumentRequest, step: Step, *, day: date) -> None:
    """The e-mail of this step and day to the employer's contact, unless it went out before.

    To be called with the request locked: that makes it one.
    """
    if request.emails.filter(step=step, day=day).exists():
        return
    contact = request.employer.contact
    if contact:
        address = reverse("documents:dossier-files", args=[request.dossier.uuid])
        send_email(
            to=contact.email,
            purpose=f"documentverzoek {step.label}",
            subject=SUBJECTS[step],
            template=f"document_request_{step.lower()}",
            context={"address": f"{settings.PUBLIC_URL}{address}"},
            is_repeatable=True,
        )
    request.emails.create(
        employer=request.employer, step=step, day=day, is_sent=contact is not None
    )


def locked(request_id: int) -> DocumentRequest:
    """The request, for this transaction only ours: each act on it or its items starts here."""
    found = DocumentRequest.objects.select_related("employer__contact", "dossier", "trajectory")
    return found.select_for_update(of=("self",), no_key=True).get(pk=request_id)


def _step(request: DocumentRequest, today: date) -> Step | None:
    asked_on = timezone.localdate(request.asked_at)
    return terms.step_due(request.due_on, asked_on=asked_on, today=today)
