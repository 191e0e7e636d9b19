"""Recoveries asked for and decided on at the same moment."""

from copy import copy

import pytest

from accounts.actions.recovery import RecoveryRefusedError, Why, approve_recovery, withdraw_recovery
from accounts.audit import Action
from accounts.models import AccountRecovery, OneTimeLink, OutgoingMessage, User
from tests.accounts.recovery_steps import ask, events
from tests.factories import make_staff
from tests.threads import at_once

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.accounts.pages"),
    pytest.mark.usefixtures("no_tokens_taken"),
]

State = AccountRecovery.State


def as_shown(found: AccountRecovery) -> AccountRecovery:
    """As a page has it that was opened before anything was decided."""
    return copy(found)


@pytest.mark.django_db(transaction=True)
class TestAtTheSameMoment:
    def test_twelve_approvals_give_one_link_and_one_event(self, anna: User, ilse: User) -> None:
        found = ask(ilse, anna)
        colleagues = [make_staff(f"collega{number}", "InComfort") for number in range(12)]

        outcomes = at_once(
            [lambda by=by: approve_recovery(by=by, recovery=as_shown(found)) for by in colleagues]
        )

        refused = [one for one in outcomes if isinstance(one, RecoveryRefusedError)]
        assert len(refused) == 11
        assert {one.why for one in refused} == {Why.NOT_OPEN}
        assert OneTimeLink.objects.count() == 1
        assert len(events(Action.ACCOUNT_RECOVERY_APPROVED)) == 1
        assert OutgoingMessage.objects.filter(purpose="activeren").count() == 1
        anna.refresh_from_db()
        assert anna.security_epoch == 1

    def test_approved_or_withdrawn_and_never_both(self, anna: User, ilse: User, ivo: User) -> None:
        found = ask(ilse, anna)

        outcomes = at_once(
            [
                *[lambda: approve_recovery(by=ivo, recovery=as_shown(found))] * 6,
                *[lambda: withdraw_recovery(by=ilse, recovery=as_shown(found))] * 6,
            ]
        )

        assert sum(isinstance(one, RecoveryRefusedError) for one in outcomes) == 11
        found.refresh_from_db()
        is_approved = found.state == State.APPROVED
        assert User.objects.get(pk=anna.pk).has_usable_password() is not is_approved
        assert OneTimeLink.objects.count() == int(is_approved)

    def test_twelve_questions_give_one_request(self, anna: User, ilse: User, ivo: User) -> None:
        outcomes = at_once([lambda by=by: ask(by, anna) for by in (ilse, ivo) * 6])

        whys = [one.why for one in outcomes if isinstance(one, RecoveryRefusedError)]
        assert whys == [Why.ASKED_ALREADY] * 11
        assert AccountRecovery.objects.count() == 1
