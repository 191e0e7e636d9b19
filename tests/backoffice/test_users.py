"""Users of employers: added with a link, never with a password, and out at once when needed."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.audit import Action
from accounts.models import (
    AuditEvent,
    Bucket,
    Employer,
    Membership,
    OneTimeLink,
    OutgoingMessage,
    StandIn,
    TotpDevice,
    User,
)
from tests.backoffice.conftest import client_of
from tests.factories import make_employer, make_member, make_stand_in, make_user

pytestmark = pytest.mark.django_db

USERS = "/beheer/accounts/user/"


@pytest.fixture
def employer(anna: User) -> Employer:
    return anna.memberships.get().employer


def memberships(*rows: dict[str, Any], initial: int = 0) -> dict[str, Any]:
    """The inline rows of the form, as the browser sends them."""
    data: dict[str, Any] = {
        "memberships-TOTAL_FORMS": len(rows),
        "memberships-INITIAL_FORMS": initial,
    }
    for number, row in enumerate(rows):
        data |= {f"memberships-{number}-{name}": value for name, value in row.items()}
    return data


def filled_in(employer: Employer, **change: Any) -> dict[str, Any]:
    person = {
        "username": "cas",
        "first_name": "Cas",
        "last_name": "de Wit",
        "email": "cas@voorbeeld.test",
    }
    return person | memberships({"employer": employer.pk, "role": "BEHEERDER"}) | change


def as_shown(user: User, **change: Any) -> dict[str, Any]:
    """The form of an existing user, with something changed."""
    rows = [
        {"id": row.pk, "user": user.pk, "employer": row.employer_id, "role": row.role}
        for row in user.memberships.all()
    ]
    person = {
        "first_name": user.first_name or "Anna",
        "last_name": user.last_name or "Bos",
        "email": user.email,
        "is_active": "on",
    }
    return person | memberships(*rows, initial=len(rows)) | change


def events(action: Action) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(action=action))


class TestAdding:
    def test_a_new_user_gets_a_link_and_has_no_password(
        self, as_ilse: Client, ilse: User, employer: Employer
    ) -> None:
        response = as_ilse.post(f"{USERS}add/", filled_in(employer), follow=True)

        user = User.objects.get(username="cas")
        assert not user.has_usable_password()
        assert user.state == User.State.INVITED
        assert not user.is_staff
        membership = user.memberships.get()
        assert (membership.employer, membership.role) == (employer, Membership.Role.BEHEERDER)
        link = OneTimeLink.objects.get(user=user)
        assert (link.purpose, link.created_by) == (OneTimeLink.Purpose.ACTIVATION, ilse)
        assert OutgoingMessage.objects.get().recipient == "cas@voorbeeld.test"
        assert "krijgt een e-mail met een link" in response.content.decode()
        assert len(events(Action.USER_INVITE)) == len(events(Action.ADMIN_ADD)) == 1

    def test_the_form_asks_no_password_and_gives_no_rights_away(self, as_ilse: Client) -> None:
        page = as_ilse.get(f"{USERS}add/").content.decode()

        names = {
            name for name in re.findall(r'(?<!-)name="([^"]+)"', page) if "__prefix__" not in name
        }
        names -= {"viewport", "color-scheme", "robots", "csrfmiddlewaretoken", "_save"}
        assert {name for name in names if not name.startswith("memberships-")} == {
            "username",
            "first_name",
            "last_name",
            "email",
        }

    @pytest.mark.parametrize(
        "field",
        ["is_staff", "is_superuser", "password", "groups", "user_permissions", "state",
         "security_epoch"],
    )  # fmt: skip
    def test_rights_and_secrets_cannot_be_sent_along(
        self, as_ilse: Client, employer: Employer, field: str
    ) -> None:
        as_ilse.post(f"{USERS}add/", filled_in(employer, **{field: "1"}))

        user = User.objects.get(username="cas")
        assert not any([user.is_staff, user.is_superuser, user.has_usable_password()])
        assert not user.groups.exists()
        assert (user.state, user.security_epoch) == (User.State.INVITED, 0)

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"username": ""}, "Dit veld is verplicht."),
            ({"username": "ANNA"}, "Deze gebruikersnaam bestaat al."),
            ({"username": "x" * 300}, "niet meer dan 150 tekens"),
            ({"username": "cas@huis"}, "geen @"),
            ({"username": "cas de wit"}, "geldige gebruikersnaam"),
            ({"first_name": ""}, "Dit veld is verplicht."),
            ({"last_name": "x" * 300}, "niet meer dan 150 tekens"),
            ({"email": "Anna@Voorbeeld.test"}, "Er is al een gebruiker met dit e-mailadres."),
            ({"email": "geen adres"}, "geldig e-mailadres"),
            ({"memberships-0-employer": ""}, "Dit veld is verplicht."),
            ({"memberships-0-employer": "99999"}, "Selecteer een geldige keuze."),
            ({"memberships-0-role": "DIRECTEUR"}, "Selecteer een geldige keuze."),
            ({"memberships-TOTAL_FORMS": "veel"}, "errornote"),
            ({"memberships-TOTAL_FORMS": "0"}, "Kies ten minste één werkgever."),
        ],
    )
    def test_a_mistake_is_explained_and_nobody_is_added(
        self, as_ilse: Client, employer: Employer, change: dict[str, str], message: str
    ) -> None:
        before = User.objects.count()

        response = as_ilse.post(f"{USERS}add/", filled_in(employer, **change))

        assert response.status_code == 200
        assert message in response.content.decode()
        assert User.objects.count() == before
        assert not OutgoingMessage.objects.exists()

    def test_twice_the_same_employer_is_refused_in_words(
        self, as_ilse: Client, employer: Employer
    ) -> None:
        row = {"employer": employer.pk, "role": "GEBRUIKER"}

        response = as_ilse.post(f"{USERS}add/", filled_in(employer) | memberships(row, row))

        assert response.status_code == 200
        assert not User.objects.filter(username="cas").exists()


class TestInvitingAgain:
    @pytest.fixture(autouse=True)
    def _no_tokens_taken(self) -> None:
        Bucket.objects.using("security").all().delete()

    @pytest.fixture
    def cas(self, employer: Employer) -> User:
        return make_member(employer, "cas", state=User.State.INVITED)

    def test_it_sends_a_new_link_and_voids_the_old(self, as_ilse: Client, cas: User) -> None:
        url = f"{USERS}{cas.pk}/uitnodigen/"
        as_ilse.post(url)

        as_ilse.post(url)

        old, new = OneTimeLink.objects.filter(user=cas).order_by("pk")
        assert old.revoked_at
        assert not new.revoked_at
        assert OutgoingMessage.objects.count() == 2

    def test_looking_at_the_page_sends_nothing(self, as_ilse: Client, cas: User) -> None:
        page = as_ilse.get(f"{USERS}{cas.pk}/uitnodigen/").content.decode()

        assert cas.email in page
        assert not OneTimeLink.objects.exists()

    def test_the_fourth_in_an_hour_is_refused_in_words(self, as_ilse: Client, cas: User) -> None:
        url = f"{USERS}{cas.pk}/uitnodigen/"
        for _ in range(3):
            as_ilse.post(url)

        response = as_ilse.post(url)

        assert "kort geleden al meer links" in response.content.decode()
        assert OneTimeLink.objects.count() == 3

    def test_who_is_active_is_not_invited(self, as_ilse: Client, anna: User) -> None:
        response = as_ilse.post(f"{USERS}{anna.pk}/uitnodigen/")

        assert "Dit account is al geactiveerd." in response.content.decode()
        page = as_ilse.get(f"{USERS}{anna.pk}/change/").content.decode()
        assert "Opnieuw uitnodigen" not in page

    def test_the_page_of_the_user_says_what_became_of_the_links(
        self, as_ilse: Client, cas: User
    ) -> None:
        as_ilse.post(f"{USERS}{cas.pk}/uitnodigen/")
        as_ilse.post(f"{USERS}{cas.pk}/uitnodigen/")

        page = as_ilse.get(f"{USERS}{cas.pk}/change/").content.decode()

        assert "Vervallen op" in page
        assert "Geldig tot" in page

    def test_staff_are_not_invited_here(self, as_ilse: Client, hugo: User) -> None:
        assert as_ilse.post(f"{USERS}{hugo.pk}/uitnodigen/").status_code == 404


class TestChanging:
    def test_who_is_switched_off_is_out_at_once(
        self, as_ilse: Client, as_anna: Client, anna: User
    ) -> None:
        data = as_shown(anna)
        del data["is_active"]

        assert as_ilse.post(f"{USERS}{anna.pk}/change/", data).status_code == 302

        anna.refresh_from_db()
        assert not anna.is_active
        assert as_anna.get("/start/").status_code == 302
        assert len(events(Action.SESSIONS_ENDED)) == 1

    def test_another_role_asks_for_a_new_login(
        self, as_ilse: Client, as_anna: Client, anna: User
    ) -> None:
        data = as_shown(anna, **{"memberships-0-role": "GEBRUIKER"})

        as_ilse.post(f"{USERS}{anna.pk}/change/", data)

        assert anna.memberships.get().role == Membership.Role.GEBRUIKER
        assert as_anna.get("/start/").status_code == 302

    def test_access_to_an_employer_can_be_taken_away(self, as_ilse: Client, anna: User) -> None:
        data = as_shown(anna, **{"memberships-0-DELETE": "on"})

        as_ilse.post(f"{USERS}{anna.pk}/change/", data)

        assert not anna.memberships.exists()
        [event] = events(Action.ADMIN_CHANGE)
        assert len(event.detail["membership"]["deleted"]) == 1

    @pytest.mark.parametrize("how", ["taken away", "moved", "kept"])
    def test_who_lost_access_does_not_stand_in_there_either(
        self, as_ilse: Client, anna: User, employer: Employer, how: str
    ) -> None:
        stand_in = make_stand_in(employer, anna, anna)
        change = {
            "taken away": {"memberships-0-DELETE": "on"},
            "moved": {"memberships-0-employer": make_employer("Elders").pk},
            "kept": {"memberships-0-role": "GEBRUIKER"},
        }[how]
        page = f"{USERS}{anna.pk}/change/"
        assert "vervangt bij Uitzendbureau De Brug" in as_ilse.get(page).content.decode()

        as_ilse.post(page, as_shown(anna, **change))

        assert StandIn.objects.running().filter(pk=stand_in.pk).exists() is (how == "kept")

    def test_another_name_does_not_end_a_login(
        self, as_ilse: Client, as_anna: Client, anna: User
    ) -> None:
        as_ilse.post(f"{USERS}{anna.pk}/change/", as_shown(anna, first_name="Anneke"))

        anna.refresh_from_db()
        assert anna.first_name == "Anneke"
        assert anna.security_epoch == 0

    def test_a_new_address_is_told_to_the_old_one(
        self, as_ilse: Client, as_anna: Client, anna: User
    ) -> None:
        former = anna.email

        as_ilse.post(f"{USERS}{anna.pk}/change/", as_shown(anna, email="nieuw@voorbeeld.test"))

        message = OutgoingMessage.objects.get()
        assert message.recipient == former
        assert "nieuw@" not in message.text
        assert as_anna.get("/start/").status_code == 302

    def test_a_new_address_before_activation_gets_the_link(
        self, as_ilse: Client, employer: Employer
    ) -> None:
        cas = make_member(employer, "cas", state=User.State.INVITED, email="typfout@voorbeeld.test")

        as_ilse.post(f"{USERS}{cas.pk}/change/", as_shown(cas, email="cas@voorbeeld.test"))

        assert OutgoingMessage.objects.get().recipient == "cas@voorbeeld.test"
        assert OneTimeLink.objects.filter(user=cas).count() == 1

    @pytest.mark.parametrize("how", ["switched off", "access taken away", "access moved"])
    def test_the_contact_of_an_employer_stays_reachable(
        self, as_ilse: Client, anna: User, employer: Employer, how: str
    ) -> None:
        employer.contact = anna
        employer.save()
        data = as_shown(anna, **{"memberships-0-DELETE": "on"})
        if how == "switched off":
            data = as_shown(anna)
            del data["is_active"]
        if how == "access moved":
            data = as_shown(anna, **{"memberships-0-employer": make_employer("Elders").pk})

        response = as_ilse.post(f"{USERS}{anna.pk}/change/", data)

        assert "is de contactpersoon van Uitzendbureau De Brug" in response.content.decode()
        anna.refresh_from_db()
        assert anna.is_active
        assert anna.memberships.get().employer == employer

    def test_the_username_stays(self, as_ilse: Client, anna: User) -> None:
        as_ilse.post(f"{USERS}{anna.pk}/change/", as_shown(anna, username="annabel"))

        anna.refresh_from_db()
        assert anna.username == "anna"


class TestWalls:
    def test_staff_and_superusers_are_not_on_this_list(
        self, as_ilse: Client, hugo: User, ilse: User
    ) -> None:
        boss = make_user("boss", is_superuser=True)

        assert "hugo@" not in as_ilse.get(USERS).content.decode()
        for user in (hugo, ilse, boss):
            for path in ("change", "history", "uitnodigen"):
                assert as_ilse.get(f"{USERS}{user.pk}/{path}/").status_code == 404
            assert as_ilse.post(f"{USERS}{user.pk}/change/", as_shown(user)).status_code == 404

    def test_hcs_has_no_users_at_all(self, as_hugo: Client, anna: User) -> None:
        for path in ("", "add/", f"{anna.pk}/change/", f"{anna.pk}/uitnodigen/"):
            assert as_hugo.get(USERS + path).status_code == 403

    def test_no_secret_or_hash_shows(self, as_ilse: Client, anna: User) -> None:
        """C19: the pages of a user with a factor hold no seed, code or hash."""
        client_of(anna)
        device = TotpDevice.objects.get(user=anna)

        for path in ("", f"{anna.pk}/change/", f"{anna.pk}/history/"):
            page = as_ilse.get(USERS + path).content.decode()
            assert device.key not in page
            assert anna.password not in page
            assert "md5$" not in page

    @pytest.mark.parametrize(
        "query", ["password__startswith=md5", "totpdevice__key__isnull=0", "is_staff__exact=1"]
    )
    def test_secrets_cannot_be_guessed_through_filters(self, as_ilse: Client, query: str) -> None:
        assert as_ilse.get(f"{USERS}?{query}").status_code == 400

    def test_the_list_finds_people_and_can_be_narrowed_to_an_employer(
        self, as_ilse: Client, anna: User, bram: User, employer: Employer
    ) -> None:
        found = as_ilse.post(USERS, {"q": "ANNA@voor"}, follow=True).content.decode()
        narrowed = as_ilse.get(f"{USERS}?memberships__employer={employer.pk}").content.decode()

        for page in (found, narrowed):
            assert "anna@voorbeeld.test" in page
            assert "bram@voorbeeld.test" not in page

    def test_the_list_costs_the_same_for_one_as_for_many(self, as_ilse: Client, anna: User) -> None:
        def queries() -> int:
            with CaptureQueriesContext(connection) as captured:
                as_ilse.get(USERS)
            return len(captured)

        few = queries()
        for _ in range(5):
            make_member(make_employer())

        assert queries() == few
