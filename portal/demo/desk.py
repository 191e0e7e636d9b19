"""What InComfort's desk has to deal with, and what it dealt with before."""

from datetime import timedelta
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

from accounts.actions.access_requests import Applicant, ask_for_access, deal_with, take_up
from accounts.actions.recovery import ask_for_recovery, refuse_recovery
from accounts.models import AccessRequest, SmsStop, User
from portal.demo.accounts import BRUG, HART, ZUID

Salutation = AccessRequest.Salutation
WAITING = Applicant(
    company_name=BRUG,
    policy_number="ZW-2024-0117",
    salutation=Salutation.MRS,
    initials="N.",
    surname="Hendriks",
    email="noa@voorbeeld.test",
    mobile="+31612345678",
)
TAKEN_UP = Applicant(
    company_name=HART,
    policy_number="ZW-2024-0308",
    salutation=Salutation.NEUTRAL,
    initials="L.",
    surname="van den Heuvel-Aarnoudse",
    email="lotte@voorbeeld.test",
    mobile="+31687654321",
)
DEALT_WITH = Applicant(
    company_name=ZUID,
    policy_number="VZ-2024-0242",
    salutation=Salutation.MR,
    initials="E.",
    surname="Şahin",
    email="emre@voorbeeld.test",
    mobile="+31611223344",
)


def fill_desk(by: User) -> None:
    """One request of each state, accounts to recover, and a stop on sms codes of three weeks ago,
    ended since.
    """
    _ask(WAITING, days_ago=0)
    take_up(by=by, access_request=_ask(TAKEN_UP, days_ago=1))
    deal_with(
        by=by,
        access_request=_ask(DEALT_WITH, days_ago=4),
        outcome=AccessRequest.Outcome.ANSWERED,
    )
    _recover(by)
    stopped = timezone.now() - timedelta(days=21)
    SmsStop.objects.create(
        reason=SmsStop.Reason.VOLUME,
        stopped_at=stopped,
        reopened_at=stopped + timedelta(hours=2),
        reopened_by=by,
    )


def _recover(by: User) -> None:
    """A colleague of `by` asked for two accounts: one waits, one was refused."""
    colleague = User.objects.get(username="iris")
    for username in ("fatma", "cees"):
        asked = ask_for_recovery(
            by=colleague,
            user=User.objects.get(username=username),
            evidence="Teruggebeld. Noemde de geboortedatum, de polis en drie collega's.",
            called_number="+31243741660",
        )
        if username == "cees":
            refuse_recovery(
                by=by,
                recovery=asked,
                reason="Op dit nummer zei een collega dat Cees vandaag gewoon is ingelogd.",
            )


def _ask(applicant: Applicant, *, days_ago: int) -> AccessRequest:
    asked = ask_for_access(
        applicant=applicant, submission=uuid5(NAMESPACE_URL, f"access/{applicant.email}")
    )
    asked.received_at -= timedelta(days=days_ago)
    asked.save(update_fields=["received_at"])
    return asked
