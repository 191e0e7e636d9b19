"""Requests for access in the back office: what was typed beside what is known, and what is done."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from accounts.actions.access_requests import NotWaitingError, deal_with, take_up
from accounts.actions.upkeep import tidy
from accounts.audit import Action
from accounts.matching import match, policy_numbered, same_company
from accounts.models import AccessRequest, AuditEvent, Bucket, OneTimeLink, OutgoingMessage, User
from tests.backoffice.test_users import memberships
from tests.factories import (
    make_access_request,
    make_employer,
    make_member,
    make_policy,
    make_staff,
)
from tests.jobs import run_jobs
from tests.threads import at_once

pytestmark = pytest.mark.django_db

LIST = "/beheer/accounts/accessrequest/"
Outcome, State = AccessRequest.Outcome, AccessRequest.State
NOW = timezone.now


@pytest.fixture(autouse=True)
def _no_tokens_taken(db: None) -> None:
    Bucket.objects.using("security").all().delete()


@pytest.fixture
def noor(anna: User) -> User:
    """Invited at the employer whose policy is named, nothing done yet."""
    employer = anna.memberships.get().employer
    employer.policies.update(number="ZW-2024-0117")
    return make_member(
        employer,
        "noor",
        state=User.State.INVITED,
        first_name="F.",
        last_name="van der Wal",
        email="wal@brug.test",
    )


def page_of(found: AccessRequest, act: str = "change") -> str:
    return f"{LIST}{found.pk}/{act}/"


def rows_of(client: Client, found: AccessRequest) -> dict[str, str]:
    """The table of the page: by its first cell, what stands in the last."""
    page = client.get(page_of(found)).content.decode()
    cells = re.findall(r'(?s)<tr><th scope="row">([^<]+)</th><td>.*?</td><td>(.*?)</td></tr>', page)
    return {words: re.sub(r"<[^>]+>", "", known) for words, known in cells}


class TestMatching:
    @pytest.mark.parametrize(
        "typed", ["ZW-2024-0117", "zw 2024 0117", "ZW20240117", "ZW.2024/0117"]
    )
    def test_a_policy_is_found_however_its_number_is_separated(self, noor: User, typed) -> None:
        policy = policy_numbered(typed)

        assert policy
        assert policy.number == "ZW-2024-0117"

    @pytest.mark.parametrize("typed", ["ZW-2024-011", "2024-0117", "%", "ZW-2024-0117-1"])
    def test_another_number_is_no_policy(self, noor: User, typed: str) -> None:
        assert policy_numbered(typed) is None

    @pytest.mark.parametrize(
        ("name", "typed", "same"),
        [
            ("Uitzendbureau De Brug B.V.", "uitzendbureau de brug", True),
            ("Uitzendbureau De Brug B.V.", "Uitzendbureau De Brug bv", True),
            ("Café Çelik", "cafe celik", True),
            ("Uitzendbureau De Brug B.V.", "Uitzendbureau De Burg B.V.", False),
            ("Bvlgari Werk", "lgari Werk", False),
        ],
    )
    def test_names_of_one_company(self, name: str, typed: str, same: bool) -> None:
        assert same_company(name, typed) is same

    def test_people_of_another_employer_are_no_match(self, noor: User, bram: User) -> None:
        User.objects.filter(pk=bram.pk).update(last_name="van der Wal")

        known = match(make_access_request(email="elders@brug.test"))

        assert known.account is None
        assert known.namesakes == [noor]


class TestPage:
    def test_beside_what_was_typed_stands_what_the_portal_knows(
        self, as_ilse: Client, anna: User, noor: User
    ) -> None:
        employer = noor.memberships.get().employer
        employer.contact = anna
        employer.save()

        rows = rows_of(as_ilse, make_access_request())

        assert "ZW-2024-0117" in rows["Polisnummer"]
        assert "Uitzendbureau De Brug komt overeen" in rows["Bedrijfsnaam"]
        assert "wal@brug.test. Nog geen wachtwoord gekozen" in rows["E-mailadres"]
        assert "anna@voorbeeld.test" in rows["Algemene contactpersoon"]

    def test_of_who_is_unknown_it_says_so(self, as_ilse: Client) -> None:
        rows = rows_of(as_ilse, make_access_request())

        assert rows == {
            "Polisnummer": "Geen polis met dit nummer",
            "Bedrijfsnaam": "-",
            "Aanvrager": "Geen met deze achternaam",
            "E-mailadres": "Geen account",
            "Mobiele telefoonnummer": "Om terug te bellen",
            "Algemene contactpersoon": "Niet bekend",
        }

    def test_a_colleague_with_this_address_is_no_link_that_leads_nowhere(
        self, as_ilse: Client, hugo: User
    ) -> None:
        found = make_access_request(email=hugo.email)

        assert "Een medewerker" in rows_of(as_ilse, found)["E-mailadres"]
        assert as_ilse.get(page_of(found, "uitnodigen")).status_code == 404

    def test_what_was_typed_is_shown_as_text(self, as_ilse: Client) -> None:
        found = make_access_request(company_name="<script>alert(1)</script>")

        page = as_ilse.get(page_of(found)).content.decode()

        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert(1)" not in page

    def test_opening_it_is_an_event(self, as_ilse: Client, ilse: User) -> None:
        found = make_access_request()
        as_ilse.get(page_of(found))

        assert AuditEvent.objects.about(found).get(action=Action.ADMIN_VIEW).actor == ilse

    def test_the_list_shows_what_is_to_do_and_opens_nothing_sealed(
        self, as_ilse: Client, ilse: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        waiting, done = make_access_request(), make_access_request()
        deal_with(by=ilse, access_request=done, outcome=Outcome.UNKNOWN)

        def unseal(_: bytes, purpose: str) -> str:
            assert "accessrequest" not in purpose, "the list read a sealed column"
            return ""

        monkeypatch.setattr("accounts.sealed.unseal", unseal)
        page = as_ilse.get(LIST).content.decode()

        assert f">{waiting}<" in page
        assert f">{done}<" not in page
        assert "Niet herkend" in as_ilse.get(f"{LIST}?stand=afgehandeld").content.decode()
        assert "1 te doen" in as_ilse.get("/beheer/").content.decode()


class TestActs:
    def test_a_colleague_sees_who_works_on_it(self, as_ilse: Client, ilse: User) -> None:
        found = make_access_request()
        as_ilse.post(page_of(found, "behandelen"))

        found = AccessRequest.objects.get()
        assert (found.state, found.taken_by) == (State.IN_PROGRESS, ilse)
        assert "In behandeling" in as_ilse.get(LIST).content.decode()
        assert AuditEvent.objects.about(found).filter(action=Action.ACCESS_TAKEN).exists()

    def test_whom_to_invite_again_gets_the_link_at_the_known_address(
        self, as_ilse: Client, ilse: User, noor: User
    ) -> None:
        found = make_access_request(email="Wal@Brug.test")
        assert "/uitnodigen/" in as_ilse.get(page_of(found)).content.decode()

        as_ilse.post(page_of(found, "uitnodigen"))

        run_jobs()
        assert mail.outbox[-1].to == ["wal@brug.test"]
        assert OneTimeLink.objects.get().user == noor
        found = AccessRequest.objects.get()
        assert (found.state, found.outcome, found.handled_by) == ("DONE", "INVITED", ilse)
        event = AuditEvent.objects.about(found).get(action=Action.ACCESS_HANDLED)
        assert event.detail == {"outcome": "INVITED"}

    def test_when_the_invitation_is_refused_the_request_stays_open(
        self, as_ilse: Client, noor: User
    ) -> None:
        for _ in range(4):
            OneTimeLink.objects.create(
                user=noor, purpose="ACTIVATION", digest=OneTimeLink.new_token(), expires_at=NOW()
            )
        found = make_access_request()

        page = as_ilse.post(page_of(found, "uitnodigen")).content.decode()

        assert "vandaag al drie keer" in page
        assert AccessRequest.objects.get().state == State.OPEN

    @pytest.mark.parametrize("state", ["active", "blocked"])
    def test_who_needs_no_link_gets_none(self, as_ilse: Client, noor: User, state: str) -> None:
        change: dict[str, Any] = {"state": "ACTIVE"} if state == "active" else {"is_active": False}
        User.objects.filter(pk=noor.pk).update(**change)
        found = make_access_request()

        assert "/uitnodigen/" not in as_ilse.get(page_of(found)).content.decode()
        assert as_ilse.post(page_of(found, "uitnodigen")).status_code == 404

    def test_a_new_user_starts_with_what_was_typed(self, as_ilse: Client, noor: User) -> None:
        found = make_access_request(email="nieuw@brug.test", initials="G.", surname="Nieuw")
        address = f"/beheer/accounts/user/add/?aanvraag={found.pk}"
        assert address in as_ilse.get(page_of(found)).content.decode()

        page = as_ilse.get(address).content.decode()

        employer = noor.memberships.get().employer
        for value in ("G.", "Nieuw", "nieuw@brug.test"):
            assert f'value="{value}"' in page
        assert f'<option value="{employer.pk}" selected>' in page

        filled_in = {
            "username": "gnieuw",
            "first_name": "G.",
            "last_name": "Nieuw",
            "email": "nieuw@brug.test",
        }
        row = {"employer": employer.pk, "role": "GEBRUIKER"}
        as_ilse.post(address, filled_in | memberships(row))

        assert User.objects.get(username="gnieuw").memberships.get().employer == employer
        assert AccessRequest.objects.get().outcome == Outcome.INVITED
        run_jobs()
        assert mail.outbox[-1].to == ["nieuw@brug.test"]

    def test_without_an_outcome_nothing_is_done(self, as_ilse: Client) -> None:
        found = make_access_request()

        for value in ("", "ZOMAAR", "x" * 300):
            page = as_ilse.post(page_of(found, "afhandelen"), {"outcome": value}).content.decode()
            assert "<title>Fout: " in page

        assert AccessRequest.objects.get().state == State.OPEN

    def test_a_request_is_done_once(self, as_ilse: Client) -> None:
        found = make_access_request()
        as_ilse.post(page_of(found, "afhandelen"), {"outcome": "UNKNOWN"})

        page = as_ilse.post(page_of(found, "afhandelen"), {"outcome": "DOUBLE"}).content.decode()

        assert "Een collega was u voor" in page
        assert (
            "Een collega was u voor" in as_ilse.post(page_of(found, "behandelen")).content.decode()
        )
        assert AccessRequest.objects.get().outcome == Outcome.UNKNOWN
        assert "/afhandelen/" not in as_ilse.get(page_of(found)).content.decode()


class TestWalls:
    @pytest.mark.parametrize("act", ["change", "history", "behandelen", "uitnodigen", "afhandelen"])
    def test_only_incomfort(self, as_hugo: Client, as_anna: Client, noor: User, act: str) -> None:
        found = make_access_request()

        for client, status in ((as_hugo, 403), (as_anna, 404)):
            assert client.get(page_of(found, act)).status_code == status
            assert client.post(page_of(found, act), {"outcome": "UNKNOWN"}).status_code == status
        assert AccessRequest.objects.get().state == State.OPEN

    @pytest.mark.parametrize("key", ["", "0", "abc", "9" * 40, "%00", "-1"])
    def test_a_key_of_nothing_prefills_nothing(self, as_ilse: Client, key: str) -> None:
        response = as_ilse.get(f"/beheer/accounts/user/add/?aanvraag={key}")

        assert response.status_code == 200
        assert "brug.test" not in response.content.decode()

    @pytest.mark.parametrize(
        "change",
        [
            {"state": "DONE"},
            {"state": "IN_PROGRESS"},
            {"outcome": "UNKNOWN"},
            {"taken_at": NOW()},
        ],
    )
    def test_the_database_holds_who_and_when_together(self, change: dict[str, Any]) -> None:
        with pytest.raises(IntegrityError):
            make_access_request(**change)


class TestWiping:
    @pytest.mark.parametrize(
        ("days_since_received", "days_since_handled", "stays"),
        [(0, None, True), (179, None, True), (181, None, False), (60, 29, True), (60, 31, False)],
    )
    def test_what_was_typed_goes_in_time(
        self, ilse: User, days_since_received: int, days_since_handled: int | None, stays: bool
    ) -> None:
        found = make_access_request(received_at=NOW() - timedelta(days=days_since_received))
        if days_since_handled:
            deal_with(by=ilse, access_request=found, outcome=Outcome.ANSWERED)
            handled = NOW() - timedelta(days=days_since_handled)
            AccessRequest.objects.update(handled_at=handled)

        tidy()

        assert AccessRequest.objects.exists() is stays


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ["take", "handle"])
def test_of_colleagues_at_once_one_is_first(ilse: User, act: str) -> None:
    found = make_access_request()
    colleagues = [ilse, *(make_staff(f"collega{number}", "InComfort") for number in range(3))]

    def of(user: User) -> Any:
        if act == "take":
            return take_up(by=user, access_request=found)
        return deal_with(by=user, access_request=found, outcome=Outcome.UNKNOWN)

    outcomes = at_once([lambda user=user: of(user) for user in colleagues])

    assert [type(outcome) for outcome in outcomes].count(NotWaitingError) == 3
    actions = {"take": Action.ACCESS_TAKEN, "handle": Action.ACCESS_HANDLED}
    assert AuditEvent.objects.filter(action=actions[act]).count() == 1
    assert not OutgoingMessage.objects.exists()


def test_the_other_policies_of_an_employer_count_too(noor: User) -> None:
    employer = make_employer("Elders")
    make_policy(employer, number="VZ-1")

    assert match(make_access_request(policy_number="VZ 1")).policy.employer == employer
