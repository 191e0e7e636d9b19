"""Accountherstel in the back office: another person decides, with what is needed to do so."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actions.recovery import refuse_recovery
from accounts.audit import Action
from accounts.models import AccountRecovery, AuditEvent, OneTimeLink, User
from tests.accounts.recovery_steps import REASON
from tests.backoffice.recovery_steps import LIST, ask_page, page_of, text_of
from tests.backoffice.test_users import as_shown
from tests.factories import make_member, make_recovery
from tests.jobs import run_jobs

pytestmark = pytest.mark.django_db

State = AccountRecovery.State


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
