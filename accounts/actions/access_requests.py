"""What happens to a request of somebody who got no e-mail to activate the account."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.actions.users import invite_again
from accounts.audit import Action
from accounts.models import AccessRequest, User
from accounts.outbox import send_to_desk

Outcome, State = AccessRequest.Outcome, AccessRequest.State


class NotWaitingError(Exception):
    """Somebody else took this request up, or dealt with it, in the meantime."""


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who asks, as typed: the seven data of help page 9."""

    company_name: str
    policy_number: str
    salutation: str
    initials: str
    surname: str
    email: str
    mobile: str


@transaction.atomic
def ask_for_access(*, applicant: Applicant, submission: UUID) -> AccessRequest:
    """Stores the request and tells InComfort that there is one; recorded. The same form: once.

    Nothing is looked up and nothing goes to the address that was typed: a person decides.
    """
    typed = {name: getattr(applicant, name) for name in Applicant.__slots__}
    found, is_new = AccessRequest.objects.get_or_create(submission=submission, defaults=typed)
    if is_new:
        page = reverse("admin:accounts_accessrequest_change", args=[found.pk])
        send_to_desk(
            purpose="toegangsaanvraag",
            subject="Nieuwe toegangsaanvraag in het werkgeversportaal",
            template="access_request",
            page=page,
        )
        audit.record(Action.ACCESS_ASKED, by=None, obj=found)
    return found


@transaction.atomic
def take_up(*, by: User, access_request: AccessRequest) -> AccessRequest:
    """From now on this is the work of `by`; recorded. Raises NotWaitingError."""
    found = _locked(access_request)
    if found.state != State.OPEN:
        raise NotWaitingError(found.pk)
    found.state, found.taken_by, found.taken_at = State.IN_PROGRESS, by, timezone.now()
    found.save(update_fields=["state", "taken_by", "taken_at"])
    audit.record(Action.ACCESS_TAKEN, by=by, obj=found)
    return found


@transaction.atomic
def deal_with(*, by: User, access_request: AccessRequest, outcome: str) -> AccessRequest:
    """The request is done, with this outcome; recorded. Raises NotWaitingError."""
    found = _locked(access_request)
    if not found.is_waiting:
        raise NotWaitingError(found.pk)
    found.state, found.outcome = State.DONE, outcome
    found.handled_by, found.handled_at = by, timezone.now()
    found.save(update_fields=["state", "outcome", "handled_by", "handled_at"])
    audit.record(Action.ACCESS_HANDLED, by=by, obj=found, detail={"outcome": outcome})
    return found


@transaction.atomic
def invite_applicant(*, by: User, access_request: AccessRequest, user: User) -> AccessRequest:
    """A new link to the address of this account, not to the one typed; the request is done.

    Recorded. Raises NotWaitingError, and what `invite_again` raises.
    """
    found = deal_with(by=by, access_request=access_request, outcome=Outcome.INVITED)
    invite_again(by=by, user=user)
    return found


def _locked(access_request: AccessRequest) -> AccessRequest:
    """The row, for this transaction only ours; what was typed stays sealed."""
    return (
        AccessRequest.objects.select_for_update()
        .defer(*Applicant.__slots__)
        .get(pk=access_request.pk)
    )
