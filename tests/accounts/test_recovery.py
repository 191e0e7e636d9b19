"""Lost everything: two members of staff set an account back, and its owner activates it anew."""

import re
from copy import copy
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.actions.access import end_staff, follow_new_address
from accounts.actions.invitations import Person, invite_colleague
from accounts.actions.recovery import (
    RecoveryRefusedError,
    Why,
    approve_recovery,
    ask_for_recovery,
    refuse_recovery,
    withdraw_recovery,
)
from accounts.actions.upkeep import tidy
from accounts.actions.users import AddressChangedError, invite, invite_again
from accounts.activity import security_events, shown_event
from accounts.audit import Action
from accounts.models import (
    AccessOffer,
    AccountRecovery,
    AuditEvent,
    BackupCodeDevice,
    Bucket,
    Membership,
    OneTimeLink,
    OutgoingMessage,
    PasskeyDevice,
    Session,
    SmsDevice,
    TotpDevice,
    User,
)
from tests.accounts.authenticator import LOGIN_PASSKEY, options_on, send, with_passkey
from tests.accounts.steps import (
    BACKUP,
    CHECK,
    CHOICE,
    LOGIN,
    RESEND,
    START,
    add_app,
    add_sms,
    give_code,
    give_password,
    is_inside,
    sms_code,
)
from tests.accounts.test_activation import NEW_PASSWORD, register_app, shown_backup_code
from tests.accounts.test_lost_phone import note_backup_code
from tests.factories import PASSWORD, make_member, make_recovery, make_staff
from tests.jobs import run_jobs
from tests.login import login, totp_code
from tests.threads import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.pages")]

State = AccountRecovery.State
EVIDENCE = "Teruggebeld; geboortedatum en de namen van twee collega's klopten met de polis."
NUMBER = "+31243741660"
REASON = "Op het nummer van de polis wist niemand hiervan."


@pytest.fixture(autouse=True)
def _no_tokens_taken(db: None) -> None:
    Bucket.objects.using("security").all().delete()


@pytest.fixture
def ivo(db: None) -> User:
    """A colleague of ilse."""
    return make_staff("ivo", "InComfort")


def ask(by: User, user: User) -> AccountRecovery:
    return ask_for_recovery(by=by, user=user, evidence=EVIDENCE, called_number=NUMBER)


def as_shown(found: AccountRecovery) -> AccountRecovery:
    """As a page has it that was opened before anything was decided."""
    return copy(found)


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


class TestAfterwards:
    """Until the account is active again, nobody of staff leads the link elsewhere on his own."""

    @pytest.fixture(autouse=True)
    def _set_back(self, anna: User, ilse: User, ivo: User) -> None:
        approve_recovery(by=ivo, recovery=ask(ilse, anna))
        anna.refresh_from_db()

    def move(self, anna: User, by: User) -> None:
        former, anna.email = anna.email, "dief@elders.test"
        anna.save()
        follow_new_address(by=by, user=anna, former=former)

    def test_another_address_gets_no_link_and_the_former_one_is_told(
        self, anna: User, ilse: User
    ) -> None:
        path, former = link_in_mail(), anna.email
        mail.outbox.clear()

        self.move(anna, ilse)

        assert mailed() == [(former, "Het e-mailadres van uw account is gewijzigd")]
        assert Client().get(path).status_code == 404
        for act in (invite, invite_again):
            with pytest.raises(AddressChangedError):
                act(by=ilse, user=anna)
        assert OneTimeLink.objects.count() == 1

    def test_two_people_can_lead_it_there(self, anna: User, ilse: User, ivo: User) -> None:
        self.move(anna, ilse)

        approve_recovery(by=ivo, recovery=ask(ilse, anna))

        assert mailed()[-1][0] == "dief@elders.test"
        assert Client().get(link_in_mail()).status_code == 302

    def test_one_person_repeats_it_to_the_same_address(self, anna: User, ilse: User) -> None:
        invite_again(by=ilse, user=anna)

        assert OneTimeLink.objects.live().get().created_by == ilse

    def test_once_active_again_another_address_is_changed_as_of_anybody(
        self, anna: User, ilse: User
    ) -> None:
        anna.reach(User.State.ACTIVE)
        self.move(anna, ilse)

        assert why(ask, by=ilse, user=ilse) == Why.OWN_ACCOUNT
        assert ask(ilse, anna).is_open

    def test_a_beheerder_elsewhere_does_not_take_it_for_one_that_nobody_used(
        self, anna: User, bram: User
    ) -> None:
        """Who works for nobody any more and was never in, is invited as if new: not this one."""
        Membership.objects.filter(user=anna).delete()
        person = Person("annabel", "Anna", "Bel", anna.email)

        invite_colleague(
            by=bram, employer=bram.memberships.get().employer, person=person, role="GEBRUIKER"
        )

        anna.refresh_from_db()
        assert anna.username == "anna"
        assert AccessOffer.objects.get().user == anna


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


class TestDatabase:
    """The database holds the rules too, whatever code forgets them."""

    @pytest.mark.parametrize(
        ("fields", "rule"),
        [
            ({"state": "APPROVED", "decided_by": "ilse"}, "takes_two"),
            ({"state": "REFUSED", "decided_by": "ilse", "reason": REASON}, "takes_two"),
            ({"state": "WITHDRAWN", "decided_by": "ivo"}, "withdrawn_by_requester"),
            ({"state": "APPROVED", "decided_by": "anna"}, "not_of_oneself"),
            ({"user": "ilse"}, "not_of_oneself"),
            ({"state": "APPROVED"}, "decided_by_somebody"),
            ({"decided_by": "ivo"}, "decided_by_somebody"),
            ({"state": "REFUSED", "decided_by": "ivo"}, "for_a_reason"),
            ({"state": "APPROVED", "decided_by": "ivo", "reason": REASON}, "for_a_reason"),
            ({"evidence": ""}, "evidence"),
            ({"called_number": ""}, "called_number"),
            ({"expires_at": timezone.now() - timedelta(days=1)}, "expires_later"),
        ],
    )
    def test_it_refuses(self, request, anna: User, ilse: User, ivo: User, fields, rule) -> None:
        fields = dict(fields)
        for name in fields.keys() & {"decided_by", "user"}:
            fields[name] = request.getfixturevalue(fields[name])
        if "decided_by" in fields:
            fields["decided_at"] = timezone.now()

        with pytest.raises(IntegrityError, match=rule):
            make_recovery(**{"user": anna, "by": ilse} | fields)

    def test_two_open_ones(self, anna: User, ilse: User, ivo: User) -> None:
        make_recovery(anna, ilse)

        with pytest.raises(IntegrityError, match="one_open"), transaction.atomic():
            make_recovery(anna, ivo)
        make_recovery(
            anna, ivo, state=State.REFUSED, reason=REASON, decided_by=ilse,
            decided_at=timezone.now(),
        )  # fmt: skip

    def test_what_was_typed_is_sealed(self, anna: User, ilse: User) -> None:
        found = make_recovery(anna, ilse)
        with connection.cursor() as cursor:
            cursor.execute("select evidence, called_number from accounts_accountrecovery")
            stored = b"".join(bytes(value) for value in cursor.fetchone())

        assert found.evidence.encode() not in stored
        assert found.called_number.encode() not in stored


class TestTheWholeWay:
    def test_nothing_old_opens_and_the_new_link_leads_through_the_activation(
        self, client: Client, anna: User, ilse: User, ivo: User
    ) -> None:
        app, key, code = add_app(anna), with_passkey(anna), note_backup_code(anna)
        add_sms(anna)
        inside, halfway, restricted = Client(), Client(), Client()
        give_password(inside, anna)
        inside.post(CHOICE, {"device": app.persistent_id})
        give_code(inside, totp_code(app))
        assert is_inside(inside)
        give_password(halfway, anna)
        give_password(restricted, anna)
        restricted.post(BACKUP, {"code": code})
        assert restricted.get("/activeren/keuze/").status_code == 200

        approve_recovery(by=ivo, recovery=ask(ilse, anna))

        assert not is_inside(inside)
        assert halfway.get(CHOICE).url == LOGIN
        assert restricted.get("/activeren/keuze/").url == "/activeren/ongeldig/"
        assert give_password(client, anna).status_code == 200

        path = link_in_mail()
        client.get(path)
        client.post("/activeren/wachtwoord/", {"password": NEW_PASSWORD, "again": NEW_PASSWORD})
        register_app(client)
        client.post("/activeren/geen-extra/")
        fresh = shown_backup_code(client)
        client.post("/activeren/back-up-code/", {"is_noted": "on"})

        assert Client().get(path).status_code == 404
        anna.refresh_from_db()
        assert anna.state == User.State.ACTIVE
        self.old_ones_are_refused(anna, app, key, code)
        for model in (TotpDevice, BackupCodeDevice):  # no waiting after those failures
            model.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
        again = Client()
        assert give_password(again, anna, NEW_PASSWORD).url == CHECK
        new = TotpDevice.objects.get(user=anna)
        assert give_code(again, totp_code(new, steps=1)).url == START
        assert is_inside(again)
        lost = Client()
        give_password(lost, anna, NEW_PASSWORD)
        assert lost.post(BACKUP, {"code": fresh}).url == "/activeren/keuze/"

    def old_ones_are_refused(self, anna: User, app: TotpDevice, key, code: str) -> None:
        """Also by who knows the new password."""
        other = Client()
        assert give_password(other, anna, PASSWORD).status_code == 200
        give_password(other, anna, NEW_PASSWORD)
        assert give_code(other, totp_code(app)).status_code == 200
        assert not is_inside(other)
        assert other.get("/inloggen/passkey/").status_code == 302  # none to ask for
        assert not PasskeyDevice.objects.filter(credential_id=key.credential_id).exists()
        give_password(other, anna, NEW_PASSWORD)
        assert other.post(BACKUP, {"code": code}).status_code == 200
        assert not is_inside(other)

    def test_an_sms_on_its_way_opens_nothing(
        self, client: Client, anna: User, ilse: User, ivo: User
    ) -> None:
        add_sms(anna)
        give_password(client, anna)
        client.post(RESEND)
        sent = sms_code()

        approve_recovery(by=ivo, recovery=ask(ilse, anna))

        assert give_code(client, sent).url == LOGIN
        assert not is_inside(client)

    def test_a_passkey_that_was_asked_for_opens_nothing(
        self, client: Client, anna: User, ilse: User, ivo: User
    ) -> None:
        key = with_passkey(anna)
        give_password(client, anna)
        answer = key.sign(options_on(client, LOGIN_PASSKEY))

        approve_recovery(by=ivo, recovery=ask(ilse, anna))

        assert send(client, LOGIN_PASSKEY, answer).url == LOGIN
        assert not is_inside(client)

    def test_staff_come_back_without_sms(self, client, hugo: User, ilse: User, ivo: User) -> None:
        """Also who had a number from before being staff: it is never offered, and then gone."""
        sms = add_sms(hugo)
        add_app(hugo)
        give_password(client, hugo)
        assert "sms" not in client.get(CHECK).content.decode().lower()
        client.post(CHOICE, {"device": sms.persistent_id})
        client.post(RESEND)
        assert not OutgoingMessage.objects.exists()

        approve_recovery(by=ivo, recovery=ask(ilse, hugo))
        client = Client()
        client.get(link_in_mail())
        client.post("/activeren/wachtwoord/", {"password": NEW_PASSWORD, "again": NEW_PASSWORD})

        assert "sms" not in client.get("/activeren/keuze/").content.decode().lower()
        refused = client.post("/activeren/sms/", {"country": "NL", "number": "0612345678"})
        assert refused.status_code in {302, 404}
        assert not SmsDevice.objects.filter(user=hugo).exists()


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
