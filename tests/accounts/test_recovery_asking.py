"""Lost everything: a member of staff asks to set an account back; nothing changes yet."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from accounts.actions.access import end_staff
from accounts.actions.recovery import Why, approve_recovery
from accounts.activity import security_events, shown_event
from accounts.audit import Action
from accounts.models import AccountRecovery, TotpDevice, User
from tests.accounts.recovery_steps import EVIDENCE, ask, events, mailed, why
from tests.accounts.steps import add_app
from tests.factories import make_member

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.accounts.pages"),
    pytest.mark.usefixtures("no_tokens_taken"),
]

State = AccountRecovery.State


class TestAsking:
    def test_nothing_changes_yet_and_the_user_is_told(self, anna: User, ilse: User) -> None:
        device = add_app(anna)
        before = User.objects.get(pk=anna.pk)

        found = ask(ilse, anna)

        anna.refresh_from_db()
        assert (anna.password, anna.state, anna.security_epoch) == (before.password, "ACTIVE", 0)
        assert TotpDevice.objects.filter(pk=device.pk).exists()
        assert (found.state, found.requested_by, found.evidence) == (State.OPEN, ilse, EVIDENCE)
        assert found.expires_at - found.requested_at == timedelta(hours=24)
        assert mailed() == [(anna.email, "Er is gevraagd om uw account te herstellen")]
        assert "Was u dit niet zelf? Bel" in mail.outbox[0].body

    def test_it_is_an_event_that_the_user_sees_without_a_name(self, anna: User, ilse: User) -> None:
        found = ask(ilse, anna)

        [event] = security_events(anna, count=10)
        assert (event.action, event.actor) == (Action.ACCOUNT_RECOVERY_ASKED, ilse)
        assert event.detail == {"recovery": found.pk}
        assert shown_event(event, anna).what == "Accountherstel aangevraagd"
        assert shown_event(event, anna).who == "InComfort"

    def test_nobody_asks_for_himself(self, ilse: User) -> None:
        assert why(ask, by=ilse, user=ilse) == Why.OWN_ACCOUNT

    def test_one_at_a_time(self, anna: User, ilse: User, ivo: User) -> None:
        ask(ilse, anna)

        assert why(ask, by=ivo, user=anna) == Why.ASKED_ALREADY
        assert AccountRecovery.objects.count() == 1

    def test_after_a_day_it_can_be_asked_anew(self, anna: User, ilse: User) -> None:
        old = ask(ilse, anna)

        with time_machine.travel(timezone.now() + timedelta(hours=24, seconds=1)):
            new = ask(ilse, anna)

        old.refresh_from_db()
        assert (old.state, new.state) == (State.EXPIRED, State.OPEN)
        assert len(events(Action.ACCOUNT_RECOVERY_EXPIRED)) == 1

    @pytest.mark.parametrize("who", ["hugo", "anna", "bram", "left"])
    def test_it_takes_the_right(self, request, anna: User, ilse: User, ivo: User, who) -> None:
        """HCS has no part in accounts; who left since the page was opened has none either."""
        if who == "left":
            end_staff(user=ilse)
        by = ilse if who == "left" else request.getfixturevalue(who)

        assert why(ask, by=by, user=make_member(anna.memberships.get().employer)) == Why.NO_RIGHT

    def test_a_superuser_has_every_permission_and_no_part_in_it(self, anna: User, ivo) -> None:
        User.objects.filter(pk=ivo.pk).update(is_superuser=True)

        assert why(ask, by=ivo, user=anna) == Why.NO_RIGHT

    @pytest.mark.parametrize(
        "fields", [{"is_active": False}, {"state": "INVITED"}, {"is_superuser": True}]
    )
    def test_who_has_nothing_to_recover(self, anna: User, ilse: User, fields) -> None:
        User.objects.filter(pk=anna.pk).update(**fields)

        assert why(ask, by=ilse, user=anna) == Why.NOTHING_TO_RECOVER

    def test_who_forgot_the_password_halfway_through_the_activation_can_start_again(
        self, anna: User, ilse: User, ivo: User
    ) -> None:
        """The link alone asks for that password, and a new one is for active accounts only."""
        User.objects.filter(pk=anna.pk).update(state=User.State.PASSWORD_SET)

        approve_recovery(by=ivo, recovery=ask(ilse, anna))

        anna.refresh_from_db()
        assert anna.state == User.State.INVITED
