"""Invitations as staff follow them: where each got stuck, sent again, and withdrawn."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actions.enrolment import StaleError, activate, make_backup_code
from accounts.actions.users import (
    AlreadyActiveError,
    NothingToWithdrawError,
    TooManyInvitationsError,
    invite,
    invite_again,
    withdraw_invitation,
)
from accounts.audit import Action
from accounts.models import (
    ActivationLink,
    AuditEvent,
    Bucket,
    OneTimeLink,
    OutgoingMessage,
    User,
)
from tests.accounts.steps import add_app
from tests.factories import make_activation_link, make_employer, make_member, make_user
from tests.jobs import run_jobs
from tests.threads import at_once

pytestmark = pytest.mark.django_db

LIST = "/beheer/accounts/activationlink/"
ALL, ATTENTION = LIST + "?stand=alle", LIST + "?stand=aandacht"
State = User.State
NOW = timezone.now


@pytest.fixture(autouse=True)
def _no_tokens_taken(db: None) -> None:
    Bucket.objects.using("security").all().delete()


@pytest.fixture
def noor(anna: User) -> User:
    """Invited, nothing done yet."""
    employer = anna.memberships.get().employer
    return make_member(employer, "noor", state=State.INVITED, first_name="Noor", last_name="Vis")


def address_in_mail(user: User) -> str:
    """The path of the link in the newest e-mail."""
    run_jobs()
    text = str(mail.outbox[-1].body)
    assert mail.outbox[-1].to == [user.email]
    found = re.search(r"(/activeren/[^/\s]+/)", text)
    assert found
    return found[1]


def shown(client: Client, address: str) -> str:
    page = client.get(address).content.decode()
    rows = re.search(r'(?s)<table id="result_list">.*</table>', page)
    return rows[0] if rows else ""


class TestList:
    def test_it_says_who_was_invited_when_and_what_became_of_it(
        self, as_ilse: Client, noor: User
    ) -> None:
        make_activation_link(noor)

        page = shown(as_ilse, LIST)

        assert "Noor Vis" in page
        assert "Uitzendbureau De Brug" in page
        assert "Verzonden op" in page
        assert ">Nee<" in page
        assert "Nog geen wachtwoord gekozen (sinds" in page
        assert "Geldig tot" in page

    @pytest.mark.parametrize(
        ("state", "words"),
        [
            (State.INVITED, "Nog geen wachtwoord gekozen"),
            (State.PASSWORD_SET, "Wachtwoord gekozen, tweede stap nog niet ingesteld"),
            (State.FACTOR_CONFIRMED, "Tweede stap ingesteld, back-up code nog niet bekeken"),
            (State.BACKUP_SHOWN, "Back-up code bekeken, nog niet bevestigd"),
        ],
    )
    def test_it_says_where_somebody_got_stuck_and_since_when(
        self, as_ilse: Client, noor: User, state: str, words: str
    ) -> None:
        make_activation_link(noor, opened_at=NOW())
        User.objects.filter(pk=noor.pk).update(state=state, state_at="2026-11-02T09:30:00Z")

        page = shown(as_ilse, LIST)

        assert words in page
        assert "(sinds 02-11-2026 10:30)" in page
        assert ">Nee<" not in page

    def test_each_step_notes_the_moment(self, noor: User, ilse: User) -> None:
        from accounts.actions.enrolment import set_password

        set_password(by=noor, password="vier losse woorden samen")

        noor = User.objects.get(pk=noor.pk)
        assert noor.state == State.PASSWORD_SET
        assert NOW() - noor.state_at < timedelta(minutes=1)

    def test_an_e_mail_that_failed_is_seen(self, as_ilse: Client, noor: User) -> None:
        link = make_activation_link(noor)
        OutgoingMessage.objects.filter(pk=link.message_id).update(state="FAILED", sent_at=None)

        assert "Mislukt" in shown(as_ilse, ATTENTION)

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"used_at": NOW()}, "Gebruikt op"),
            ({"revoked_at": NOW()}, "Vervallen op"),
            ({"expires_at": NOW() - timedelta(hours=1)}, "Verlopen op"),
        ],
    )
    def test_it_says_what_became_of_the_link(
        self, as_ilse: Client, noor: User, fields: dict, words: str
    ) -> None:
        make_activation_link(noor, **fields)

        assert words in shown(as_ilse, ALL)

    def test_first_it_shows_who_is_not_in_yet(self, as_ilse: Client, noor: User) -> None:
        active, blocked = make_user("actief"), make_user("dicht", state=State.INVITED)
        blocked.is_active = False
        blocked.save()
        replaced = make_activation_link(noor, revoked_at=NOW())
        for user in (noor, active, blocked):
            make_activation_link(user)

        page = shown(as_ilse, LIST)

        assert "Noor Vis" in page
        assert "actief" not in page
        assert "dicht" not in page
        assert f"/{replaced.pk}/" not in page
        assert f"/{replaced.pk}/" in shown(as_ilse, ALL)

    @pytest.mark.parametrize(
        ("hours_since_sent", "hours_since_step", "needs"),
        [(23, 23, False), (25, 23, False), (25, 25, True), (23, 25, False), (73, 1, True)],
    )
    def test_who_is_quiet_for_a_day_or_too_late_needs_attention(
        self,
        as_ilse: Client,
        noor: User,
        hours_since_sent: int,
        hours_since_step: int,
        needs: bool,
    ) -> None:
        sent = NOW() - timedelta(hours=hours_since_sent)
        make_activation_link(noor, created_at=sent, expires_at=sent + timedelta(hours=72))
        step = NOW() - timedelta(hours=hours_since_step)
        User.objects.filter(pk=noor.pk).update(state_at=step)

        assert ("Noor Vis" in shown(as_ilse, ATTENTION)) is needs
        assert f"{int(needs)} vragen aandacht" in as_ilse.get("/beheer/").content.decode()

    def test_a_search_goes_through_all_of_them(self, as_ilse: Client, noor: User) -> None:
        make_activation_link(noor, revoked_at=NOW())

        found = as_ilse.post(LIST, {"q": "vis"}, follow=True).content.decode()

        assert "Noor Vis" in found

    def test_it_costs_the_same_for_one_as_for_many(self, as_ilse: Client, noor: User) -> None:
        def queries() -> int:
            with CaptureQueriesContext(connection) as captured:
                assert as_ilse.get(LIST).status_code == 200
            return len(captured)

        make_activation_link(noor)
        few = queries()
        for _ in range(5):
            make_activation_link(make_member(make_employer(), state=State.INVITED))

        assert queries() == few

    def test_it_opens_no_sealed_column(
        self, as_ilse: Client, noor: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make_activation_link(noor)

        def unseal(_: bytes, purpose: str) -> str:
            assert "totpdevice" in purpose, "a list read a sealed column"
            return ""

        monkeypatch.setattr("accounts.sealed.unseal", unseal)

        assert "Noor Vis" in shown(as_ilse, LIST)

    @pytest.mark.parametrize("query", ["stand=zomaar", "stand=%00", "user=1", "digest=x"])
    def test_odd_filters_break_nothing(self, as_ilse: Client, noor: User, query: str) -> None:
        make_activation_link(noor)

        assert as_ilse.get(f"{LIST}?{query}", follow=True).status_code in {200, 400}


class TestAgain:
    def test_a_new_link_goes_out_and_the_old_one_is_void(
        self, as_ilse: Client, ilse: User, noor: User
    ) -> None:
        old = invite(by=ilse, user=noor)
        path = address_in_mail(noor)

        response = as_ilse.post(f"{LIST}{old.pk}/opnieuw-uitnodigen/", follow=True)

        assert "krijgt een e-mail met een nieuwe link" in response.content.decode()
        assert Client().get(path).status_code == 404
        assert Client().get(address_in_mail(noor)).status_code == 302

    def test_at_most_three_times_a_day(self, noor: User, ilse: User) -> None:
        """Source: security.md 2.1; also after the hour that the limit per address looks at."""
        invite(by=ilse, user=noor)
        for hours in (1, 2, 3):
            with time_machine.travel(NOW() + timedelta(hours=hours)):
                invite_again(by=ilse, user=noor)
            Bucket.objects.using("security").all().delete()

        with (
            time_machine.travel(NOW() + timedelta(hours=20)),
            pytest.raises(TooManyInvitationsError),
        ):
            invite_again(by=ilse, user=noor)
        with time_machine.travel(NOW() + timedelta(hours=26)):
            invite_again(by=ilse, user=noor)
        assert noor.links.count() == 5

    def test_one_too_many_is_refused_in_words(self, as_ilse: Client, ilse, noor: User) -> None:
        link = invite(by=ilse, user=noor)
        address = f"{LIST}{link.pk}/opnieuw-uitnodigen/"
        for _ in range(3):
            as_ilse.post(address)

        response = as_ilse.post(address)

        assert response.status_code == 200
        assert "vandaag al drie keer een nieuwe link" in response.content.decode()
        assert noor.links.count() == 4

    def test_looking_at_the_page_sends_nothing(self, as_ilse: Client, noor: User) -> None:
        link = make_activation_link(noor)

        page = as_ilse.get(f"{LIST}{link.pk}/opnieuw-uitnodigen/").content.decode()

        assert noor.email in page
        assert noor.links.count() == 1


class TestWithdrawing:
    def test_the_link_is_void_at_once_and_says_no_more_than_an_unknown_one(
        self, as_ilse: Client, ilse: User, noor: User
    ) -> None:
        """A8: byte for byte the same answer."""
        link = invite(by=ilse, user=noor)
        path = address_in_mail(noor)

        response = as_ilse.post(f"{LIST}{link.pk}/intrekken/", follow=True)

        assert "is ingetrokken" in response.content.decode()
        withdrawn = Client().get(path)
        unknown = Client().get(f"/activeren/{OneTimeLink.new_token()}/")
        assert withdrawn.status_code == unknown.status_code == 404
        assert withdrawn.content == unknown.content
        assert withdrawn.headers.items() == unknown.headers.items()
        assert "Ingetrokken op" in shown(as_ilse, ALL)

    def test_who_was_on_the_way_gets_no_further(
        self, client: Client, ilse: User, noor: User
    ) -> None:
        invite(by=ilse, user=noor)
        client.get(address_in_mail(noor))
        withdraw_invitation(by=ilse, user=noor)

        password = {"password": "vier losse woorden samen"}
        response = client.post("/activeren/wachtwoord/", password | {"again": password["password"]})

        assert response.url == "/activeren/ongeldig/"
        assert User.objects.get(pk=noor.pk).state == State.INVITED

    def test_it_is_an_event_that_the_user_finds_in_the_log(
        self, as_ilse: Client, ilse: User, noor: User
    ) -> None:
        link = invite(by=ilse, user=noor)
        as_ilse.post(f"{LIST}{link.pk}/intrekken/")

        event = AuditEvent.objects.about(noor).get(action=Action.INVITATION_WITHDRAWN)

        assert event.actor == ilse
        assert event.detail == {}

    def test_looking_at_the_page_withdraws_nothing(self, as_ilse: Client, noor: User) -> None:
        link = make_activation_link(noor)

        assert as_ilse.get(f"{LIST}{link.pk}/intrekken/").status_code == 200

        assert ActivationLink.objects.live().count() == 1

    def test_a_second_time_there_is_nothing_left(self, as_ilse: Client, noor: User) -> None:
        link = make_activation_link(noor)
        address = f"{LIST}{link.pk}/intrekken/"
        as_ilse.post(address)

        assert "Er is geen link meer die werkt" in as_ilse.post(address).content.decode()
        assert AuditEvent.objects.filter(action=Action.INVITATION_WITHDRAWN).count() == 1

    def test_who_came_in_meanwhile_stays_in(self, ilse: User, anna: User) -> None:
        make_activation_link(anna)

        with pytest.raises(AlreadyActiveError):
            withdraw_invitation(by=ilse, user=anna)

    def test_the_page_of_the_user_leads_to_it(self, as_ilse: Client, noor: User) -> None:
        link = make_activation_link(noor)
        page = f"/beheer/accounts/user/{noor.pk}/change/"

        assert f"{LIST}{link.pk}/intrekken/" in as_ilse.get(page).content.decode()
        as_ilse.post(f"{LIST}{link.pk}/intrekken/")

        assert "/intrekken/" not in as_ilse.get(page).content.decode()

    def test_afterwards_somebody_can_be_invited_again(
        self, as_ilse: Client, ilse: User, noor: User
    ) -> None:
        link = make_activation_link(noor)
        withdraw_invitation(by=ilse, user=noor)

        as_ilse.post(f"{LIST}{link.pk}/opnieuw-uitnodigen/")

        assert Client().get(address_in_mail(noor)).status_code == 302


class TestWalls:
    def test_hcs_has_no_part_in_it(self, as_hugo: Client, noor: User) -> None:
        link = make_activation_link(noor)

        for path in ("", f"{link.pk}/change/", f"{link.pk}/intrekken/"):
            assert as_hugo.get(LIST + path).status_code == 403
            assert as_hugo.post(LIST + path).status_code == 403
        assert ActivationLink.objects.live().count() == 1

    def test_for_employers_it_is_not_there(self, as_anna: Client, noor: User) -> None:
        link = make_activation_link(noor)

        assert as_anna.post(f"{LIST}{link.pk}/intrekken/").status_code == 404

    def test_no_page_shows_a_token_or_its_hash(
        self, as_ilse: Client, ilse: User, noor: User
    ) -> None:
        link = invite(by=ilse, user=noor)
        token = address_in_mail(noor).split("/")[2]

        for path in ("", "change/", "history/", "opnieuw-uitnodigen/", "intrekken/"):
            page = as_ilse.get(f"{LIST}{link.pk}/{path}" if path else LIST).content.decode()
            assert "Noor Vis" in page
            assert token not in page
            assert link.digest not in page
            assert link.sent_to_hash not in page

    def test_a_withdrawn_link_is_a_revoked_one_in_the_database_too(
        self, ilse: User, noor: User
    ) -> None:
        from django.db import IntegrityError

        with pytest.raises(IntegrityError, match="link_withdrawn_is_revoked"):
            make_activation_link(noor, withdrawn_by=ilse)


@pytest.mark.django_db(transaction=True)
class TestAtTheSameMoment:
    def test_either_the_account_is_active_or_the_invitation_withdrawn(
        self, ilse: User, noor: User
    ) -> None:
        link = invite(by=ilse, user=noor)
        add_app(noor)
        noor.reach(State.FACTOR_CONFIRMED)
        code = make_backup_code(by=noor)

        outcomes = at_once(
            [
                *[lambda: activate(by=noor, link=link, code=code)] * 4,
                *[lambda: withdraw_invitation(by=ilse, user=noor)] * 4,
            ]
        )

        link.refresh_from_db()
        refused = (StaleError, AlreadyActiveError, NothingToWithdrawError)
        assert sum(isinstance(outcome, refused) for outcome in outcomes) == 7
        is_active = User.objects.get(pk=noor.pk).state == State.ACTIVE
        assert (link.used_at is not None, link.revoked_at is not None) == (is_active, not is_active)

    def test_clicks_at_once_send_no_more_than_three_new_links(
        self, ilse: User, noor: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("accounts.throttle.link_to", lambda address: 0)
        invite(by=ilse, user=noor)

        at_once([lambda: invite_again(by=ilse, user=noor)] * 8)

        assert noor.links.count() == 4
        assert ActivationLink.objects.live().count() == 1
