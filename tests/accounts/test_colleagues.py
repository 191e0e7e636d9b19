"""/collegas/: whom a beheerder sees, and how roles change and access ends."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.actions.colleagues import LastBeheerderError, NotTheirsError, change_role
from accounts.models import AuditEvent, Employer, Membership, OneTimeLink, User
from tests.accounts.colleague_steps import LIST, text
from tests.accounts.steps import give_code, give_password
from tests.factories import (
    make_activation_link,
    make_employee,
    make_employer,
    make_member,
    make_stand_in,
    make_trajectory,
)
from tests.jobs import run_jobs
from tests.login import login, totp_code

Role = Membership.Role


@pytest.fixture
def omar(employer: Employer) -> User:
    """A colleague of anna without any rights over others."""
    return make_member(employer, "omar", first_name="Omar", last_name="Bakker")


def at(user: User) -> Membership:
    return user.memberships.get()


def page_of(user: User, act: str = "") -> str:
    return f"{LIST}{at(user).uuid}/{act}"


def told(address: str) -> list[str]:
    run_jobs()
    return [str(email.subject) for email in mail.outbox if email.to == [address]]


# --- Who sees whom ------------------------------------------------------------------------------


def test_a_beheerder_sees_the_people_of_the_own_employer_only(as_anna, anna, bram, omar) -> None:
    User.objects.filter(pk=omar.pk).update(last_login=timezone.now())
    page = text(as_anna.get(LIST))

    assert "Omar Bakker" in page
    assert "omar" in page
    assert f"laatst ingelogd op {timezone.localdate():%d-%m-%Y}" in page
    assert "Beheerder" in page
    assert "Gebruiker" in page
    assert "bram" not in page.lower()


@pytest.mark.parametrize("path", ["", "rol/", "beeindigen/", "vervanger/"])
def test_the_pages_are_not_there_for_a_gebruiker(client, anna, omar, path) -> None:
    login(client, omar)

    assert client.get(LIST).status_code == 404
    assert client.get(page_of(anna, path)).status_code == 404
    assert client.post(page_of(anna, path), {"role": "GEBRUIKER"}).status_code == 404
    assert at(anna).role == Role.BEHEERDER


@pytest.mark.parametrize("page", ["/start/", "/account/"])
def test_only_a_beheerder_gets_the_link(client, as_anna, omar, page) -> None:
    other = Client()
    login(other, omar)

    assert f'href="{LIST}"' in text(as_anna.get(page))
    assert LIST not in text(other.get(page))


def test_a_beheerder_of_one_employer_and_gebruiker_of_another_manages_the_one(
    client, anna, bram, employer
) -> None:
    Membership.objects.create(employer=employer, user=bram, role=Role.GEBRUIKER)
    login(client, bram)

    assert "Flexwerk Zuid" in text(client.get(LIST))
    assert client.get(page_of(anna)).status_code == 404
    assert 'aria-labelledby="team-' in text(client.get(LIST))
    assert str(employer.uuid) not in text(client.get(LIST))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "Uitnodiging verlopen"),
        ({"link": {}}, "Uitgenodigd"),
        ({"link": {"expires_at": timezone.now() - timedelta(hours=1)}}, "Uitnodiging verlopen"),
        ({"withdrawn": True, "link": {"revoked_at": timezone.now()}}, "Uitnodiging ingetrokken"),
        ({"is_active": False}, "Geblokkeerd"),
        ({"state": User.State.ACTIVE}, "Actief"),
    ],
    ids=["no link", "invited", "expired", "withdrawn", "blocked", "active"],
)
def test_the_status_is_in_words(as_anna, anna, employer, change, words) -> None:
    state = change.get("state", User.State.INVITED)
    user = make_member(employer, "noor", state=state, is_active=change.get("is_active", True))
    if "link" in change:
        by = anna if change.get("withdrawn") else None
        make_activation_link(user, withdrawn_by=by, **change["link"])

    assert words in text(as_anna.get(page_of(user)))
    assert words in text(as_anna.get(LIST))


def test_a_beheerder_who_works_alone_is_told_what_that_means(as_anna) -> None:
    assert "U werkt hier alleen" in text(as_anna.get(LIST))


def test_the_list_asks_as_much_for_many_as_for_few(
    as_anna, employer, django_assert_max_num_queries
) -> None:
    for number in range(5):
        make_member(employer, f"collega{number}")
    with django_assert_max_num_queries(9):
        as_anna.get(LIST)


@pytest.mark.parametrize("act", ["rol/", "beeindigen/", "vervanger/"])
def test_each_act_asks_for_both_steps(as_anna, omar, act) -> None:
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        sent = as_anna.post(page_of(omar, act), {"role": Role.BEHEERDER})

        assert as_anna.get(page_of(omar, act)).url == "/account/bevestigen/"
    assert sent.url == "/account/bevestigen/"
    assert at(omar).role == Role.GEBRUIKER


# --- Roles --------------------------------------------------------------------------------------


def test_a_new_role_is_recorded_and_told_and_ends_the_logins(as_anna, anna, omar, employer) -> None:
    employer.contact = make_member(employer, "chef")
    employer.save()
    elsewhere = Client()
    login(elsewhere, omar)
    response = as_anna.post(page_of(omar, "rol/"), {"role": Role.BEHEERDER})

    assert response.url == page_of(omar)
    assert at(omar).role == Role.BEHEERDER
    assert elsewhere.get("/account/").status_code == 302
    event = AuditEvent.objects.get(action="membership.role")
    assert (event.actor, event.employer, event.object_id) == (anna, employer, str(omar.pk))
    assert event.detail == {"role": "BEHEERDER"}
    assert told(omar.email) == ["Uw rol in het werkgeversportaal is gewijzigd"]
    assert told("chef@voorbeeld.test") == ["De toegang van een collega is gewijzigd"]


def test_the_same_role_again_changes_nothing(as_anna, omar) -> None:
    as_anna.post(page_of(omar, "rol/"), {"role": Role.GEBRUIKER})

    assert not AuditEvent.objects.filter(action="membership.role").exists()
    assert User.objects.get(pk=omar.pk).security_epoch == omar.security_epoch


@pytest.mark.parametrize("role", ["BEHEERDER", "GEBRUIKER"])
def test_the_contact_gets_a_link_that_opens_for_him(as_anna, omar, employer, role) -> None:
    employer.contact = make_member(employer, "chef", role=role)
    employer.save()
    as_anna.post(page_of(omar, "rol/"), {"role": Role.BEHEERDER})
    told("chef@voorbeeld.test")
    body = str(next(m for m in mail.outbox if m.to == ["chef@voorbeeld.test"]).body)
    opened = Client()
    login(opened, employer.contact)

    assert (LIST in body) is (opened.get(LIST).status_code == 200)


@pytest.mark.parametrize("role", ["", "DIRECTEUR"])
def test_a_role_that_there_is_not_is_refused(as_anna, omar, role) -> None:
    page = text(as_anna.post(page_of(omar, "rol/"), {"role": role}))

    assert "Kies een" in page
    assert at(omar).role == Role.GEBRUIKER


@pytest.mark.parametrize("act", ["rol/", "beeindigen/"])
@pytest.mark.parametrize("others", ["nobody", "invited", "blocked", "stand-in"])
def test_the_last_beheerder_who_can_log_in_stays(as_anna, anna, employer, others, act) -> None:
    if others == "invited":
        make_member(employer, "noor", role=Role.BEHEERDER, state=User.State.INVITED)
    if others == "blocked":
        make_member(employer, "noor", role=Role.BEHEERDER, is_active=False)
    if others == "stand-in":
        make_stand_in(employer, make_member(employer, "noor"), anna)
    page = text(as_anna.post(page_of(anna, act), {"role": Role.GEBRUIKER}))

    assert "Dit is de enige beheerder die kan inloggen." in page
    assert at(anna).role == Role.BEHEERDER


def test_a_beheerder_with_another_may_lower_himself_and_stays_logged_in(
    as_anna, anna, employer
) -> None:
    make_member(employer, "noor", role=Role.BEHEERDER)
    response = as_anna.post(page_of(anna, "rol/"), {"role": Role.GEBRUIKER})

    assert response.url == "/start/"
    assert as_anna.get("/start/").status_code == 200
    assert as_anna.get(LIST).status_code == 404


def test_a_role_lost_since_the_page_opened_gives_no_rights(anna, omar, employer) -> None:
    """The action looks again: the page's own check was a moment earlier."""
    Membership.objects.filter(user=anna).update(role=Role.GEBRUIKER)

    with pytest.raises(NotTheirsError):
        change_role(by=anna, membership=at(omar), role=Role.BEHEERDER)


def test_the_action_itself_keeps_the_last_beheerder(anna) -> None:
    with pytest.raises(LastBeheerderError):
        change_role(by=anna, membership=at(anna), role=Role.GEBRUIKER)


# --- Leaving ------------------------------------------------------------------------------------


def test_who_was_removed_sees_nothing_at_the_next_request(as_anna, omar, employer) -> None:
    """Source: security.md E12."""
    employee = make_employee(employer, "Wójcik")
    make_trajectory(employee)
    dossier = f"/dossiers/{employee.dossier.uuid}/"
    leaving = Client()
    device = login(leaving, omar)
    assert "Wójcik" in text(leaving.get(dossier))
    as_anna.post(page_of(omar, "beeindigen/"))

    assert leaving.get(dossier).url.startswith("/inloggen/")
    again = Client()
    give_password(again, omar)
    give_code(again, totp_code(device))
    assert again.get(dossier).status_code == 404
    start = text(again.get("/start/"))
    assert "Wójcik" not in start
    assert "U werkt op dit moment voor geen enkele werkgever" in start
    assert "Wójcik" not in text(again.post("/dossiers/", {"naam": "wojcik"}))


def test_rights_are_gone_even_for_a_session_that_goes_on(client, omar, employer) -> None:
    """The rows themselves are scoped at each request: it does not hang on the logins ending."""
    employee = make_employee(employer, "Wójcik")
    login(client, omar)
    at(omar).delete()

    assert client.get(f"/dossiers/{employee.dossier.uuid}/").status_code == 404


def test_the_end_of_access_is_recorded_and_told(as_anna, anna, omar, employer) -> None:
    employer.contact = anna
    employer.save()
    response = as_anna.post(page_of(omar, "beeindigen/"))

    assert response.url == LIST
    event = AuditEvent.objects.get(action="membership.ended")
    assert (event.actor, event.employer, event.object_id) == (anna, employer, str(omar.pk))
    assert told(omar.email) == ["Uw toegang tot het werkgeversportaal is gewijzigd"]
    assert told(anna.email) == ["De toegang van een collega is gewijzigd"]
    assert "Omar Bakker heeft geen toegang meer" in text(as_anna.get(LIST))
    assert not any(omar.last_name in str(email.body) for email in mail.outbox)


def test_the_page_asks_before_it_ends_access(as_anna, omar) -> None:
    page = text(as_anna.get(page_of(omar, "beeindigen/")))

    assert "wordt meteen uitgelogd" in page
    assert omar.memberships.exists()


def test_the_main_contact_stays(as_anna, omar, employer) -> None:
    employer.contact = omar
    employer.save()
    page = text(as_anna.post(page_of(omar, "beeindigen/")))

    assert "is de algemene contactpersoon" in page
    assert omar.memberships.exists()


def test_access_elsewhere_goes_on(as_anna, omar, bram) -> None:
    own = at(omar)
    elsewhere = bram.memberships.get().employer
    Membership.objects.create(employer=elsewhere, user=omar)
    as_anna.post(f"{LIST}{own.uuid}/beeindigen/")

    assert [row.employer for row in omar.memberships.all()] == [elsewhere]


def test_the_link_of_who_never_activated_dies_with_the_access(as_anna, employer) -> None:
    noor = make_member(employer, "noor", state=User.State.INVITED)
    link = make_activation_link(noor)
    as_anna.post(page_of(noor, "beeindigen/"))

    assert not OneTimeLink.objects.live().filter(pk=link.pk).exists()
    assert told(noor.email) == []


def test_a_link_that_another_employer_needs_as_well_stays(as_anna, employer) -> None:
    noor = make_member(employer, "noor", state=User.State.INVITED)
    address = page_of(noor, "beeindigen/")
    Membership.objects.create(employer=make_employer(), user=noor)
    link = make_activation_link(noor)
    as_anna.post(address)

    assert OneTimeLink.objects.live().filter(pk=link.pk).exists()


def test_the_owner_reads_in_his_own_events_what_happened(as_anna, omar, client) -> None:
    as_anna.post(page_of(omar, "rol/"), {"role": Role.BEHEERDER})
    own = Client()
    login(own, User.objects.get(pk=omar.pk))

    assert "Rol bij werkgever gewijzigd door een beheerder" in text(own.get("/account/"))
