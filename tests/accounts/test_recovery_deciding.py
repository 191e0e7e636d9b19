"""Another member of staff decides on a recovery: approved, refused, withdrawn or too late."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.actions.access import end_staff
from accounts.actions.recovery import Why, approve_recovery, refuse_recovery, withdraw_recovery
from accounts.actions.upkeep import tidy
from accounts.audit import Action
from accounts.models import (
    AccountRecovery,
    BackupCodeDevice,
    OneTimeLink,
    PasskeyDevice,
    Session,
    SmsDevice,
    TotpDevice,
    User,
)
from tests.accounts.authenticator import with_passkey
from tests.accounts.recovery_steps import EVIDENCE, REASON, ask, events, mailed, why
from tests.accounts.steps import add_app, add_sms
from tests.accounts.test_lost_phone import note_backup_code
from tests.factories import make_member
from tests.login import login

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.accounts.pages"),
    pytest.mark.usefixtures("no_tokens_taken"),
]

State = AccountRecovery.State


class TestApproving:
    @pytest.fixture
    def found(self, anna: User, ilse: User) -> AccountRecovery:
        return ask(ilse, anna)

    def test_everything_that_opened_the_account_is_gone(self, anna, found, ivo: User) -> None:
        add_app(anna)
        add_app(anna, confirmed=False)
        add_sms(anna)
        add_sms(anna, "+31687654321", confirmed=False)
        with_passkey(anna)
        note_backup_code(anna)
        login(Client(), anna)
        epoch = User.objects.get(pk=anna.pk).security_epoch

        approve_recovery(by=ivo, recovery=found)

        for model in (TotpDevice, SmsDevice, PasskeyDevice, BackupCodeDevice, Session):
            assert not model.objects.filter(user=anna).exists()
        anna.refresh_from_db()
        assert not anna.has_usable_password()
        assert (anna.state, anna.security_epoch) == (User.State.INVITED, epoch + 1)
        found.refresh_from_db()
        assert (found.state, found.decided_by) == (State.APPROVED, ivo)

    def test_other_people_keep_theirs(self, anna: User, bram: User, found, ivo: User) -> None:
        add_app(bram)
        note_backup_code(bram)

        approve_recovery(by=ivo, recovery=found)

        assert TotpDevice.objects.filter(user=bram).exists()
        assert BackupCodeDevice.objects.filter(user=bram).exists()
        bram.refresh_from_db()
        assert bram.has_usable_password()
        assert (bram.state, bram.security_epoch) == ("ACTIVE", 0)

    def test_the_old_links_open_nothing(self, anna: User, found, ivo: User) -> None:
        for purpose in OneTimeLink.Purpose:
            OneTimeLink.objects.create(
                user=anna,
                purpose=purpose,
                digest=OneTimeLink.digest_of(purpose),
                sent_to_hash=OneTimeLink.address_hash(anna.email),
                expires_at=timezone.now() + timedelta(hours=1),
            )

        approve_recovery(by=ivo, recovery=found)

        [link] = OneTimeLink.objects.live()
        assert (link.purpose, link.created_by) == (OneTimeLink.Purpose.ACTIVATION, ivo)
        assert link.expires_at - link.created_at == pytest.approx(
            timedelta(hours=72), abs=timedelta(seconds=1)
        )

    def test_user_and_contact_are_told_and_the_link_goes_to_the_address_on_file(
        self, anna: User, found, ivo: User
    ) -> None:
        employer = anna.memberships.get().employer
        employer.contact = make_member(employer, "cato")
        employer.save()
        mailed()
        mail.outbox.clear()

        approve_recovery(by=ivo, recovery=found)

        assert mailed() == [
            (anna.email, "Uw account is hersteld"),
            ("cato@voorbeeld.test", "Het account van een gebruiker is hersteld"),
            (anna.email, "Activeer uw account voor het werkgeversportaal"),
        ]
        for message in mail.outbox:
            for personal in ("Anna", "anna", "De Brug", "+31", EVIDENCE):
                assert personal not in message.body.replace("/activeren/", "")

    def test_it_leaves_events_without_a_secret(self, anna: User, found, ilse, ivo: User) -> None:
        add_sms(anna)
        add_app(anna)

        approve_recovery(by=ivo, recovery=found)

        [event] = events(Action.ACCOUNT_RECOVERY_APPROVED)
        assert (event.actor, event.object_id) == (ivo, str(anna.pk))
        assert event.detail == {"recovery": found.pk, "factors": ["smsdevice", "totpdevice"]}
        assert len(events(Action.SESSIONS_ENDED)) == len(events(Action.USER_INVITE)) == 1

    def test_who_asked_cannot_approve_or_refuse(self, anna: User, found, ilse: User) -> None:
        assert why(approve_recovery, by=ilse, recovery=found) == Why.OWN_REQUEST
        assert why(refuse_recovery, by=ilse, recovery=found, reason=REASON) == Why.OWN_REQUEST
        anna.refresh_from_db()
        assert anna.has_usable_password()

    def test_of_himself_nobody_approves_or_refuses(self, ilse: User, ivo: User) -> None:
        found = ask(ilse, ivo)

        assert why(approve_recovery, by=ivo, recovery=found) == Why.OWN_ACCOUNT
        assert why(refuse_recovery, by=ivo, recovery=found, reason=REASON) == Why.OWN_ACCOUNT

    @pytest.mark.parametrize("who", ["hugo", "anna", "bram"])
    def test_it_takes_the_right(self, request, found, who: str) -> None:
        by = request.getfixturevalue(who)

        assert why(approve_recovery, by=by, recovery=found) == Why.NO_RIGHT
        assert why(refuse_recovery, by=by, recovery=found, reason=REASON) == Why.NO_RIGHT

    def test_after_a_day_it_is_too_late(self, anna: User, found, ivo: User) -> None:
        with time_machine.travel(found.expires_at):
            assert why(approve_recovery, by=ivo, recovery=found) == Why.NOT_OPEN
            assert why(refuse_recovery, by=ivo, recovery=found, reason=REASON) == Why.NOT_OPEN
        anna.refresh_from_db()
        assert anna.has_usable_password()

    @pytest.mark.parametrize(
        "change", ["another address", "account blocked", "requester left", "requester no staff"]
    )
    def test_what_changed_since_is_asked_anew(
        self, anna: User, found, ilse: User, ivo: User, change: str
    ) -> None:
        """Somebody who changes the address meanwhile would get the link that was meant for it."""
        match change:
            case "another address":
                User.objects.filter(pk=anna.pk).update(email="dief@elders.test")
            case "account blocked":
                User.objects.filter(pk=anna.pk).update(is_active=False)
            case "requester left":
                end_staff(user=ilse)
            case "requester no staff":
                User.objects.filter(pk=ilse.pk).update(is_staff=False)

        assert why(approve_recovery, by=ivo, recovery=found) == Why.CHANGED
        assert not OneTimeLink.objects.exists()

    def test_hcs_comes_back_the_same_way(self, hugo: User, ilse: User, ivo: User) -> None:
        add_app(hugo)

        approve_recovery(by=ivo, recovery=ask(ilse, hugo))

        assert not TotpDevice.objects.filter(user=hugo).exists()
        assert OneTimeLink.objects.live().get().user == hugo


class TestOtherEnds:
    def test_refused_the_account_stays_as_it_is(self, anna: User, ilse: User, ivo: User) -> None:
        found = ask(ilse, anna)
        refuse_recovery(by=ivo, recovery=found, reason=REASON)

        found = AccountRecovery.objects.get()
        assert (found.state, found.decided_by, found.reason) == (State.REFUSED, ivo, REASON)
        anna.refresh_from_db()
        assert anna.has_usable_password()
        assert why(approve_recovery, by=ivo, recovery=found) == Why.NOT_OPEN
        assert len(events(Action.ACCOUNT_RECOVERY_REFUSED)) == 1
        assert mailed()[-1] == (anna.email, "Het herstel van uw account gaat niet door")

    def test_who_asked_withdraws_and_nobody_else(self, anna: User, ilse: User, ivo: User) -> None:
        found = ask(ilse, anna)
        assert why(withdraw_recovery, by=ivo, recovery=found) == Why.OF_A_COLLEAGUE

        withdraw_recovery(by=ilse, recovery=found)

        found.refresh_from_db()
        assert (found.state, found.decided_by) == (State.WITHDRAWN, ilse)
        assert why(approve_recovery, by=ivo, recovery=found) == Why.NOT_OPEN
        assert len(events(Action.ACCOUNT_RECOVERY_WITHDRAWN)) == 1
        assert mailed()[-1] == (anna.email, "Het herstel van uw account gaat niet door")

    def test_what_nobody_decided_on_ends_by_itself(self, anna: User, ilse: User) -> None:
        found = ask(ilse, anna)
        tidy()
        found.refresh_from_db()
        assert found.state == State.OPEN

        with time_machine.travel(found.expires_at):
            tidy()
            tidy()

        found.refresh_from_db()
        assert (found.state, found.decided_by) == (State.EXPIRED, None)
        [event] = events(Action.ACCOUNT_RECOVERY_EXPIRED)
        assert (event.actor, event.object_id) == (None, str(anna.pk))
        assert mailed()[-1] == (anna.email, "Het herstel van uw account gaat niet door")
