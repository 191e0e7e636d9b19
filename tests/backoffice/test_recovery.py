"""Accountherstel in the back office: asked on one screen, decided on by another person."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actions.recovery import refuse_recovery
from accounts.audit import Action
from accounts.models import AccountRecovery, AuditEvent, OneTimeLink, OutgoingMessage, User
from accounts.sessions import CONFIRMED_AT
from tests.backoffice.conftest import client_of
from tests.backoffice.test_users import as_shown
from tests.factories import PASSWORD, make_member, make_recovery, make_staff
from tests.jobs import run_jobs
from tests.login import totp_code

pytestmark = pytest.mark.django_db

LIST = "/beheer/accounts/accountrecovery/"
State = AccountRecovery.State
EVIDENCE = "Teruggebeld; geboortedatum en de namen van twee collega's klopten met de polis."
REASON = "Op het nummer van de polis wist niemand hiervan."
ASKED = {"called_number": "024-374 16 60", "evidence": EVIDENCE, "has_called": "on"}


@pytest.fixture
def ivo(db: None) -> User:
    return make_staff("ivo", "InComfort")


@pytest.fixture
def as_ivo(ivo: User) -> Client:
    return client_of(ivo)


@pytest.fixture
def found(anna: User, ilse: User) -> AccountRecovery:
    return make_recovery(anna, by=ilse)


def ask_page(user: User) -> str:
    return f"/beheer/accounts/user/{user.pk}/accountherstel/"


def page_of(found: AccountRecovery, act: str = "change") -> str:
    return f"{LIST}{found.pk}/{act}/"


def text_of(response: Any) -> str:
    return unescape(re.sub(r"\s+", " ", response.content.decode()))


class TestAsking:
    def test_from_the_page_of_the_user_to_a_request(
        self, as_ilse: Client, ilse: User, anna: User
    ) -> None:
        page = as_ilse.get(f"/beheer/accounts/user/{anna.pk}/change/").content.decode()
        assert f'href="{ask_page(anna)}"' in page
        assert anna.email in text_of(as_ilse.get(ask_page(anna)))
        assert not AccountRecovery.objects.exists()

        response = as_ilse.post(ask_page(anna), ASKED, follow=True)

        found = AccountRecovery.objects.get()
        assert (found.user, found.requested_by, found.state) == (anna, ilse, State.OPEN)
        assert (found.evidence, found.called_number) == (EVIDENCE, "+31243741660")
        assert "Een collega beoordeelt het binnen 24 uur" in text_of(response)
        assert page_of(found) in text_of(response)  # instead of asking once more

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"evidence": ""}, "Vul in wat u hebt nagegaan."),
            ({"evidence": "  gebeld  "}, "in minstens 40 tekens"),
            ({"evidence": "x" * 2001}, "2000"),
            ({"called_number": ""}, "Vul het nummer in waarop u hebt teruggebeld."),
            ({"called_number": "geen nummer"}, "Dit is geen telefoonnummer."),
            ({"called_number": "12345"}, "Dit is geen telefoonnummer."),
            ({"has_called": ""}, "Bel eerst terug op het nummer van de polis."),
        ],
    )
    def test_a_mistake_is_explained_and_what_was_typed_stays(
        self, as_ilse: Client, anna: User, change: dict[str, str], message: str
    ) -> None:
        data = ASKED | change
        response = as_ilse.post(ask_page(anna), data)

        assert response.status_code == 200
        assert message in text_of(response)
        typed = data["called_number"] if "evidence" in change else data["evidence"]
        assert typed in text_of(response)
        assert not AccountRecovery.objects.exists()
        assert not OutgoingMessage.objects.exists()

    def test_a_second_time_it_says_that_it_was_asked(
        self, as_ilse: Client, anna: User, ivo: User
    ) -> None:
        make_recovery(anna, by=ivo)

        response = as_ilse.post(ask_page(anna), ASKED)

        assert "Er is al herstel aangevraagd" in text_of(response)
        assert AccountRecovery.objects.count() == 1

    def test_who_was_never_active_is_invited_again_instead(
        self, as_ilse: Client, anna: User
    ) -> None:
        User.objects.filter(pk=anna.pk).update(state=User.State.INVITED)

        page = as_ilse.get(f"/beheer/accounts/user/{anna.pk}/change/").content.decode()
        response = as_ilse.post(ask_page(anna), ASKED)

        assert ask_page(anna) not in page
        assert "Nodig de gebruiker opnieuw uit" in text_of(response)

    def test_for_a_colleague_it_starts_at_the_list(
        self, as_ilse: Client, ilse: User, hugo: User, ivo: User, anna: User
    ) -> None:
        boss = make_staff("baas", "InComfort")
        User.objects.filter(pk=boss.pk).update(is_superuser=True)
        assert f'href="{LIST}add/"' in as_ilse.get(LIST).content.decode()
        page = as_ilse.get(f"{LIST}add/").content.decode()
        offered = {int(key) for key in re.findall(r'<option value="(\d+)"', page)}
        assert offered == {hugo.pk, ivo.pk}

        as_ilse.post(f"{LIST}add/", ASKED | {"colleague": hugo.pk})

        assert AccountRecovery.objects.get().user == hugo

    @pytest.mark.parametrize("who", ["ilse", "anna"])
    def test_oneself_and_others_than_staff_cannot_be_sent_along(
        self, request, as_ilse: Client, who: str
    ) -> None:
        key = request.getfixturevalue(who).pk

        response = as_ilse.post(f"{LIST}add/", ASKED | {"colleague": key})

        assert "Selecteer een geldige keuze" in text_of(response)
        assert not AccountRecovery.objects.exists()

    def test_staff_have_no_page_as_a_user(self, as_ilse: Client, hugo: User, ilse: User) -> None:
        assert as_ilse.post(ask_page(hugo), ASKED).status_code == 404
        assert as_ilse.post(ask_page(ilse), ASKED).status_code == 404


class TestDeciding:
    def test_a_colleague_sees_what_was_asked_and_approves(
        self, as_ivo: Client, ivo: User, anna: User, found: AccountRecovery
    ) -> None:
        employer = anna.memberships.get().employer
        assert "1 te beoordelen" in text_of(as_ivo.get("/beheer/"))
        assert page_of(found) in as_ivo.get(LIST).content.decode()
        shown = text_of(as_ivo.get(page_of(found)))
        for words in (found.evidence, "+31 24 374 1660", employer.policies.get().number):
            assert words in shown
        page = text_of(as_ivo.get(page_of(found, "goedkeuren")))
        for words in (found.evidence, "+31 24 374 1660", anna.email, "U ziet of kiest geen"):
            assert words in page
        assert "Let op:" not in page
        assert not OneTimeLink.objects.exists()

        response = as_ivo.post(page_of(found, "goedkeuren"), {"has_checked": "on"}, follow=True)

        assert "krijgt een link om opnieuw te activeren" in text_of(response)
        assert "Goedgekeurd" in text_of(response)
        found.refresh_from_db()
        assert (found.state, found.decided_by) == (State.APPROVED, ivo)
        assert OneTimeLink.objects.get().user == anna

    def test_of_a_colleague_there_is_no_page_to_go_to(
        self, as_ivo: Client, anna: User, hugo: User, ilse: User, found: AccountRecovery
    ) -> None:
        of_hugo = make_recovery(hugo, by=ilse)

        page = as_ivo.get(page_of(of_hugo)).content.decode()
        assert "hugo, medewerker" in page
        assert f"/user/{hugo.pk}/" not in page
        assert f"/user/{anna.pk}/" in as_ivo.get(page_of(found)).content.decode()

    def test_without_having_checked_nothing_happens(self, as_ivo: Client, found) -> None:
        response = as_ivo.post(page_of(found, "goedkeuren"))

        assert "Kijk eerst zelf na of het nummer klopt." in text_of(response)
        found.refresh_from_db()
        assert found.state == State.OPEN

    def test_who_asked_sees_no_way_to_decide_and_has_none(
        self, as_ilse: Client, ilse: User, anna: User, found: AccountRecovery
    ) -> None:
        page = as_ilse.get(page_of(found)).content.decode()
        assert "/goedkeuren/" not in page
        assert "/weigeren/" not in page

        for act, data in (("goedkeuren", {"has_checked": "on"}), ("weigeren", {"reason": REASON})):
            assert as_ilse.get(page_of(found, act)).status_code == 403
            assert as_ilse.post(page_of(found, act), data).status_code == 403

        found.refresh_from_db()
        assert found.state == State.OPEN
        denied = AuditEvent.objects.about(found).filter(action=Action.ACCESS_DENIED, actor=ilse)
        assert denied.count() == 4

    def test_of_his_own_account_nobody_decides(self, as_ivo: Client, ivo: User, ilse) -> None:
        found = make_recovery(ivo, by=ilse)

        assert "/goedkeuren/" not in as_ivo.get(page_of(found)).content.decode()
        assert as_ivo.post(page_of(found, "goedkeuren"), {"has_checked": "on"}).status_code == 403
        assert as_ivo.post(page_of(found, "weigeren"), {"reason": REASON}).status_code == 403

    def test_a_refusal_has_a_reason_that_the_colleague_reads(
        self, as_ivo: Client, as_ilse: Client, anna: User, found: AccountRecovery
    ) -> None:
        for reason in ("", "nee"):
            assert as_ivo.post(page_of(found, "weigeren"), {"reason": reason}).status_code == 200
        found.refresh_from_db()
        assert found.state == State.OPEN

        as_ivo.post(page_of(found, "weigeren"), {"reason": REASON})

        assert REASON in text_of(as_ilse.get(page_of(found)))
        run_jobs()
        assert REASON not in mail.outbox[-1].body
        anna.refresh_from_db()
        assert anna.has_usable_password()

    def test_who_asked_withdraws_and_nobody_else(
        self, as_ilse: Client, as_ivo: Client, found: AccountRecovery
    ) -> None:
        assert "/intrekken/" not in as_ivo.get(page_of(found)).content.decode()
        assert as_ivo.post(page_of(found, "intrekken")).status_code == 403
        assert page_of(found, "intrekken") in as_ilse.get(page_of(found)).content.decode()
        assert as_ilse.get(page_of(found, "intrekken")).status_code == 200

        as_ilse.post(page_of(found, "intrekken"))

        found.refresh_from_db()
        assert found.state == State.WITHDRAWN

    def test_too_late_is_said_in_words(self, as_ivo: Client, found: AccountRecovery) -> None:
        AccountRecovery.objects.filter(pk=found.pk).update(
            requested_at=timezone.now() - timedelta(hours=25),
            expires_at=timezone.now() - timedelta(hours=1),
        )

        assert found.user.email not in as_ivo.get(LIST).content.decode()
        page = text_of(as_ivo.get(page_of(found)))
        assert "Verlopen" in page
        assert "/goedkeuren/" not in page
        for act, data in (("goedkeuren", {"has_checked": "on"}), ("weigeren", {"reason": REASON})):
            response = as_ivo.get(page_of(found, act), follow=True)
            assert "of de aanvraag is verlopen" in text_of(response)
            response = as_ivo.post(page_of(found, act), data, follow=True)
            assert "of de aanvraag is verlopen" in text_of(response)
        assert not OneTimeLink.objects.exists()

    def test_another_address_since_is_refused_in_words(
        self, as_ivo: Client, anna: User, found: AccountRecovery
    ) -> None:
        User.objects.filter(pk=anna.pk).update(email="dief@elders.test")

        response = as_ivo.post(page_of(found, "goedkeuren"), {"has_checked": "on"})

        assert "is het e-mailadres gewijzigd" in text_of(response)
        assert not OneTimeLink.objects.exists()

    def test_the_list_shows_what_is_open_and_all_when_asked(
        self, as_ivo: Client, ivo: User, found: AccountRecovery
    ) -> None:
        refuse_recovery(by=ivo, recovery=found, reason=REASON)

        assert page_of(found) not in as_ivo.get(LIST).content.decode()
        assert page_of(found) in as_ivo.get(f"{LIST}?stand=alle").content.decode()

    def test_the_list_costs_the_same_for_one_as_for_many(
        self, as_ivo: Client, ilse: User, anna: User, found: AccountRecovery
    ) -> None:
        def queries() -> int:
            with CaptureQueriesContext(connection) as captured:
                assert as_ivo.get(LIST).status_code == 200
            return len(captured)

        few = queries()
        for _ in range(5):
            make_recovery(make_member(anna.memberships.get().employer), by=ilse)

        assert queries() == few

    def test_the_list_opens_nothing_sealed(
        self, as_ivo: Client, found: AccountRecovery, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def unseal(_: bytes, purpose: str, owner: object = "") -> str:
            assert "accountrecovery" not in purpose, "the list read a sealed column"
            return ""

        monkeypatch.setattr("accounts.sealed.unseal", unseal)

        assert page_of(found) in as_ivo.get(LIST).content.decode()


class TestAfterwards:
    def test_another_address_gets_no_link_from_one_person(
        self, as_ilse: Client, as_ivo: Client, anna: User, found: AccountRecovery
    ) -> None:
        """Two people agreed on the first address; one of them does not choose the next."""
        as_ivo.post(page_of(found, "goedkeuren"), {"has_checked": "on"})
        anna.refresh_from_db()
        data = as_shown(anna, email="nieuw@voorbeeld.test")

        response = as_ilse.post(f"/beheer/accounts/user/{anna.pk}/change/", data, follow=True)
        again = as_ilse.post(f"/beheer/accounts/user/{anna.pk}/uitnodigen/")

        assert "Naar dit adres is geen link verstuurd" in text_of(response)
        assert "Vraag opnieuw accountherstel aan" in text_of(again)
        assert OneTimeLink.objects.count() == 1
        page = as_ilse.get(f"/beheer/accounts/user/{anna.pk}/change/").content.decode()
        assert ask_page(anna) in page


class TestWarnings:
    def test_who_logged_in_meanwhile_did_not_lose_everything(
        self, as_ivo: Client, anna: User, found: AccountRecovery
    ) -> None:
        User.objects.filter(pk=anna.pk).update(last_login=timezone.now())

        assert "is na de aanvraag nog ingelogd" in text_of(as_ivo.get(page_of(found, "goedkeuren")))

    @pytest.mark.parametrize(
        ("action", "detail", "days", "warned"),
        [
            (Action.EMAIL_CHANGED, {}, 1, True),
            (Action.ADMIN_CHANGE, {"fields": ["email"]}, 29, True),
            (Action.ADMIN_CHANGE, {"fields": ["first_name"]}, 1, False),
            (Action.EMAIL_CHANGED, {}, 31, False),
        ],
    )
    def test_a_new_address_may_be_of_who_wants_the_link(
        self, as_ivo: Client, anna: User, found: AccountRecovery, action, detail, days, warned
    ) -> None:
        object_type, object_id = AuditEvent.reference(anna)
        AuditEvent.objects.create(
            action=action,
            detail=detail,
            object_type=object_type,
            object_id=object_id,
            at=timezone.now() - timedelta(days=days),
        )

        page = text_of(as_ivo.get(page_of(found, "goedkeuren")))

        assert ("Let op: het e-mailadres is op" in page) is warned


class TestConfirmation:
    """Both steps once more, for who asks and for who approves (security.md 2.4, "sudo")."""

    def long_ago(self, client: Client) -> None:
        session = client.session
        session[CONFIRMED_AT] -= 16 * 60
        session.save()

    def confirm(self, client: Client, user: User) -> str:
        client.post("/account/bevestigen/", {"password": PASSWORD})
        device = user.totpdevice_set.get()
        return client.post("/inloggen/controle/", {"code": totp_code(device)}).url

    def test_to_ask_and_what_was_typed_is_still_there(
        self, as_ilse: Client, ilse: User, anna: User
    ) -> None:
        self.long_ago(as_ilse)
        assert as_ilse.get(ask_page(anna)).url == "/account/bevestigen/"

        assert as_ilse.post(ask_page(anna), ASKED).url == "/account/bevestigen/"
        assert not AccountRecovery.objects.exists()
        assert self.confirm(as_ilse, ilse) == ask_page(anna)

        assert EVIDENCE in text_of(as_ilse.get(ask_page(anna)))
        as_ilse.post(ask_page(anna), ASKED)
        assert AccountRecovery.objects.get().user == anna

    def test_to_ask_for_a_colleague(self, as_ilse: Client, hugo: User, ilse: User) -> None:
        self.long_ago(as_ilse)

        as_ilse.post(f"{LIST}add/", ASKED | {"colleague": hugo.pk})

        assert not AccountRecovery.objects.exists()
        assert self.confirm(as_ilse, ilse) == f"{LIST}add/"
        assert EVIDENCE in text_of(as_ilse.get(f"{LIST}add/"))

    def test_to_approve(self, as_ivo: Client, ivo: User, found: AccountRecovery) -> None:
        self.long_ago(as_ivo)

        response = as_ivo.post(page_of(found, "goedkeuren"), {"has_checked": "on"})

        assert response.url == "/account/bevestigen/"
        found.refresh_from_db()
        assert found.state == State.OPEN
        assert self.confirm(as_ivo, ivo) == page_of(found, "goedkeuren")
        as_ivo.post(page_of(found, "goedkeuren"), {"has_checked": "on"})
        found.refresh_from_db()
        assert found.state == State.APPROVED


class TestWalls:
    ACTS = ("change", "goedkeuren", "weigeren", "intrekken", "history")

    def test_hcs_has_no_part_in_it(self, as_hugo: Client, anna: User, found) -> None:
        for path in (LIST, f"{LIST}add/", ask_page(anna), *(page_of(found, a) for a in self.ACTS)):
            assert as_hugo.get(path).status_code == 403
            assert as_hugo.post(path, {"has_checked": "on", "reason": REASON}).status_code == 403
        found.refresh_from_db()
        assert found.state == State.OPEN

    @pytest.mark.parametrize("who", ["anna", "bram"])
    def test_for_employers_it_is_not_there(self, request, anna: User, found, who: str) -> None:
        client = client_of(request.getfixturevalue(who))

        for path in (LIST, f"{LIST}add/", ask_page(anna), *(page_of(found, a) for a in self.ACTS)):
            assert client.get(path).status_code == 404
            assert client.post(path, {"has_checked": "on", "reason": REASON}).status_code == 404

    def test_who_lost_the_right_while_the_page_was_open(
        self, as_ivo: Client, ivo: User, found: AccountRecovery
    ) -> None:
        as_ivo.get(page_of(found, "goedkeuren"))
        ivo.groups.clear()

        assert as_ivo.post(page_of(found, "goedkeuren"), {"has_checked": "on"}).status_code == 403

    def test_the_session_of_the_user_ends_at_once(
        self, as_anna: Client, as_ivo: Client, found: AccountRecovery
    ) -> None:
        assert as_anna.get("/start/").status_code == 200

        as_ivo.post(page_of(found, "goedkeuren"), {"has_checked": "on"})

        assert as_anna.get("/start/").url.startswith("/inloggen/")
