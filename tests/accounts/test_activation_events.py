"""What an invitation and an activation leave in the audit log, and who is not invited."""

import pytest
from django.core import mail
from django.test import Client

from accounts.actions.users import AlreadyActiveError, invite
from accounts.models import AuditEvent, OneTimeLink, OutgoingMessage, User
from tests.accounts.activation_steps import done
from tests.jobs import run_jobs

pytestmark = pytest.mark.urls("tests.accounts.pages")


def test_an_invitation_is_an_event_and_says_nothing_personal(noor: User, ilse: User) -> None:
    link = invite(by=ilse, user=noor)
    run_jobs()
    event = AuditEvent.objects.get(action="user.invite")
    text = str(mail.outbox[0].body)

    assert (event.actor, event.object_id) == (ilse, str(noor.pk))
    assert link.message == OutgoingMessage.objects.get()
    assert mail.outbox[0].to == [noor.email]
    assert "noor" not in text.lower()


def test_an_active_account_is_not_invited(anna: User, ilse: User) -> None:
    with pytest.raises(AlreadyActiveError):
        invite(by=ilse, user=anna)

    assert not OneTimeLink.objects.exists()


def test_each_step_is_an_event_without_secrets(client: Client, noor: User, link: str) -> None:
    done(client, link)
    actions = list(AuditEvent.objects.order_by("id").values_list("action", flat=True))

    assert actions == [
        "user.invite",
        "account.password",
        "account.factor_added",
        "account.backup",
        "account.activation",
    ]
