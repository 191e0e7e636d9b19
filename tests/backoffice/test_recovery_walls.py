"""Accountherstel in the back office: for whom it is, and both steps once more before it."""

import pytest
from django.test import Client

from accounts.models import AccountRecovery, User
from accounts.sessions import CONFIRMED_AT
from tests.accounts.recovery_steps import EVIDENCE, REASON
from tests.backoffice.conftest import client_of
from tests.backoffice.recovery_steps import ASKED, LIST, ask_page, page_of, text_of
from tests.factories import PASSWORD
from tests.login import totp_code

pytestmark = pytest.mark.django_db

State = AccountRecovery.State


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
