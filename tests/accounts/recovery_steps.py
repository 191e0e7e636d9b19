"""Steps and questions that the tests of recovery share."""

import re

import pytest
from django.core import mail

from accounts.actions.recovery import RecoveryRefusedError, Why, ask_for_recovery
from accounts.audit import Action
from accounts.models import AccountRecovery, AuditEvent, User
from tests.jobs import run_jobs

EVIDENCE = "Teruggebeld; geboortedatum en de namen van twee collega's klopten met de polis."
NUMBER = "+31243741660"
REASON = "Op het nummer van de polis wist niemand hiervan."


def ask(by: User, user: User) -> AccountRecovery:
    return ask_for_recovery(by=by, user=user, evidence=EVIDENCE, called_number=NUMBER)


def why(act, **kwargs) -> Why:
    with pytest.raises(RecoveryRefusedError) as refused:
        act(**kwargs)
    return refused.value.why


def events(action: Action) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(action=action))


def mailed() -> list[tuple[str, str]]:
    """To whom and about what, in order."""
    run_jobs()
    return [(message.to[0], message.subject) for message in mail.outbox]


def link_in_mail() -> str:
    run_jobs()
    paths = [re.search(r"(/activeren/[^/\s]+/)", str(message.body)) for message in mail.outbox]
    return [found.group(1) for found in paths if found][-1]
