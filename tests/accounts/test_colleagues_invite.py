"""Inviting a colleague: with a new account, or with one that there is already."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts import throttle
from accounts.actions.colleagues import NotTheirsError, end_membership
from accounts.actions.invitations import repeat, withdraw
from accounts.models import AccessOffer, AuditEvent, Employer, Membership, OneTimeLink, User
from tests.factories import (
    make_activation_link,
    make_employer,
    make_member,
    make_staff,
    make_user,
)
from tests.jobs import run_jobs
from tests.login import login

LIST, INVITE = "/collegas/", "/collegas/uitnodigen/"
Role = Membership.Role
ZOE = "zoe@voorbeeld.test"


@pytest.fixture
def employer(anna: User) -> Employer:
    return anna.memberships.get().employer


@pytest.fixture
def as_anna(client: Client, anna: User) -> Client:
    login(client, anna)
    return client


@pytest.fixture
def zoe(bram: User) -> User:
    """Works for bram's employer: anna knows nothing of that."""
    theirs = bram.memberships.get().employer
    return make_member(theirs, "zoevanbram", email=ZOE, first_name="Zoë-Anne", last_name="Bos")


def typed(**change: str) -> dict[str, str]:
    return {
        "first_name": "Zoë",
        "last_name": "de Bos",
        "email": ZOE,
        "username": "zbos",
        "role": "GEBRUIKER",
    } | change


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def sent(to: str = ZOE) -> list[Any]:
    run_jobs()
    return [email for email in mail.outbox if email.to == [to]]


def row(name: str = "Zoë de Bos", client: Any = None) -> str:
    """The address of this person's page, as the list links to it."""
    found = re.search(rf'href="({LIST}[^"]+)">{name}<', text(client.get(LIST)))
    assert found
    return found.group(1)


def logged_in(user: User) -> Client:
    client = Client()
    login(client, User.objects.get(pk=user.pk))
    return client


# --- A new account ------------------------------------------------------------------------------


def test_somebody_new_gets_an_account_and_the_link_to_activate_it(as_anna, anna, employer) -> None:
    response = as_anna.post(INVITE, typed())

    assert response.url == LIST
    user = User.objects.get(username="zbos")
    assert (user.email, user.get_full_name()) == (ZOE, "Zoë de Bos")
    assert (user.state, user.has_usable_password()) == (User.State.INVITED, False)
    assert [(m.employer, m.role) for m in user.memberships.all()] == [(employer, Role.GEBRUIKER)]
    link = OneTimeLink.objects.activations().live().get(user=user)
    assert link.created_by == anna
    assert "/activeren/" in str(sent()[0].body)
    assert AuditEvent.objects.get(action="user.invite").actor == anna
    added = AuditEvent.objects.get(action="membership.added")
    assert (added.employer, added.object_id, added.detail) == (
        employer,
        str(user.pk),
        {"role": "GEBRUIKER"},
    )


def test_the_main_contact_hears_of_it_without_a_name(as_anna, employer) -> None:
    employer.contact = make_member(employer, "chef")
    employer.save()
    as_anna.post(INVITE, typed())
    told = sent("chef@voorbeeld.test")

    assert [email.subject for email in told] == ["De toegang van een collega is gewijzigd"]
    assert "Bos" not in str(told[0].body)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"first_name": ""}, "Vul de voornaam of voorletters in."),
        ({"last_name": "B0s"}, "Een naam heeft geen cijfers."),
        ({"email": "zoe"}, "Dit is geen e-mailadres."),
        ({"username": "zoe@bos"}, "Gebruik alleen letters, cijfers"),
        ({"username": "zoe bos"}, "Gebruik alleen letters, cijfers"),
        ({"username": "ANNA"}, "Deze gebruikersnaam is al in gebruik."),
        ({"role": "DIRECTEUR"}, "Kies een van de rollen."),
        ({"email": "ANNA@voorbeeld.test"}, "staat al bij de collega"),
    ],
)
def test_what_cannot_be_is_refused_in_dutch_and_kept(as_anna, change, words) -> None:
    page = text(as_anna.post(INVITE, typed(**change)))

    assert words in page
    assert 'value="Zoë"' in page or "first_name" in change
    assert not User.objects.filter(username="zbos").exists()
    assert not AccessOffer.objects.exists()


def test_an_invitation_asks_for_both_steps_and_keeps_what_was_typed(as_anna) -> None:
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        response = as_anna.post(INVITE, typed())

    assert response.url == "/account/bevestigen/"
    assert as_anna.session["kept_form"]["path"] == INVITE
    assert not User.objects.filter(username="zbos").exists()


def test_a_gebruiker_invites_nobody(client, employer) -> None:
    login(client, make_member(employer, "omar"))

    assert client.get(INVITE).status_code == client.post(INVITE, typed()).status_code == 404
    assert not User.objects.filter(username="zbos").exists()


def test_nobody_is_invited_to_somebody_elses_employer(as_anna, anna, bram) -> None:
    Membership.objects.create(employer=make_employer(), user=anna, role=Role.BEHEERDER)
    theirs = bram.memberships.get().employer
    page = text(as_anna.post(INVITE, typed(employer=str(theirs.uuid))))

    assert "Kies een van de werkgevers." in page
    assert not User.objects.filter(username="zbos").exists()


def test_twenty_a_day_is_enough(as_anna, employer) -> None:
    for _ in range(20):
        assert not throttle.colleague_invited(employer_id=employer.pk)

    assert "al veel mensen uitgenodigd" in text(as_anna.post(INVITE, typed()))
    assert not User.objects.filter(username="zbos").exists()


# --- An account that there is already -----------------------------------------------------------


def without_keys(page: str) -> str:
    page = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|<code>[0-9a-f]{8}</code>", "", page)
    page = re.sub(r'data-(idle|absolute)="\d+"', "", page)
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)


def all_that_a_beheerder_sees(client: Client, contact: str) -> list[str]:
    """From the invitation to the end of it, every page and answer on the way, and what the
    contact is told, who may be that beheerder.
    """
    mail.outbox.clear()
    seen = [client.post(INVITE, typed()), client.get(LIST)]
    address = row(client=client)
    for act, data in (
        ("", None),
        ("rol/", {"role": "BEHEERDER"}),
        ("opnieuw/", {}),
        ("intrekken/", {}),
        ("intrekken/", {}),
        ("vervanger/", {}),
        ("opnieuw/", {}),
        ("opnieuw/", {}),
        ("beeindigen/", {}),
    ):
        seen.append(client.get(address + act))
        if data is not None:
            seen.append(client.post(address + act, data))
        seen.append(client.get(address))
    seen += [client.get(LIST), client.post(INVITE, typed(email="iemand@anders.test"))]
    pages = [f"{answer.status_code} {without_keys(text(answer))}" for answer in seen]
    return pages + [f"{email.subject} {email.body}" for email in sent(contact)]


@pytest.mark.parametrize("kind", ["elsewhere", "staff", "blocked", "invited elsewhere"])
def test_a_beheerder_cannot_tell_whether_there_was_an_account(
    as_anna, anna, employer, bram, kind
) -> None:
    employer.contact = anna
    employer.save()
    with time_machine.travel(timezone.now(), tick=False):
        login(as_anna, User.objects.get(username="anna"))
        new = all_that_a_beheerder_sees(as_anna, anna.email)
        # The same once more, with an account behind the address.
        User.objects.filter(email=ZOE).update(email="weg@voorbeeld.test", username="weg")
        User.objects.filter(email="iemand@anders.test").delete()
        throttle.LINKS_PER_MAIL_ADDRESS_AND_HOUR.refill(ZOE)
        throttle.LINKS_PER_MAIL_ADDRESS_AND_DAY.refill(ZOE)
        theirs = bram.memberships.get().employer
        if kind == "staff":
            make_staff("zoevanbram", "InComfort")
            User.objects.filter(username="zoevanbram").update(email=ZOE)
        else:
            state = User.State.INVITED if kind == "invited elsewhere" else User.State.ACTIVE
            make_member(theirs, "zoevanbram", email=ZOE, state=state, is_active=kind != "blocked")
        known = all_that_a_beheerder_sees(as_anna, anna.email)

    assert known == new
    assert AccessOffer.objects.exists()


def test_who_has_an_account_is_asked_and_has_no_rights_before_the_answer(
    as_anna, zoe, employer
) -> None:
    as_anna.post(INVITE, typed(role="BEHEERDER"))

    offer = AccessOffer.objects.get()
    assert (offer.user, offer.employer, offer.role) == (zoe, employer, "BEHEERDER")
    assert f"/account/uitnodiging/{offer.uuid}/" in str(sent()[0].body)
    assert not Employer.objects.visible_to(zoe).filter(pk=employer.pk).exists()
    assert "zoevanbram" not in text(as_anna.get(LIST))


def test_the_owner_accepts_it(as_anna, zoe, employer) -> None:
    as_anna.post(INVITE, typed())
    address = row(client=as_anna)
    offer = AccessOffer.objects.get()
    client = logged_in(zoe)
    assert f"U bent uitgenodigd door {employer}" in text(client.get("/account/"))
    assert "uw e-mailadres en wanneer" in text(client.get(f"/account/uitnodiging/{offer.uuid}/"))
    response = client.post(f"/account/uitnodiging/{offer.uuid}/", {"answer": "ja"})

    assert response.url == "/start/"
    assert zoe.memberships.get(employer=employer).role == Role.GEBRUIKER
    event = AuditEvent.objects.get(action="access_offer.accepted")
    assert (event.actor, event.actor_role) == (zoe, "gebruiker")
    assert client.get(f"/account/uitnodiging/{offer.uuid}/").status_code == 404
    page = text(as_anna.get(address))
    assert "zoevanbram" in page
    assert "Actief" in page


def test_the_owner_declines_it(as_anna, zoe, employer) -> None:
    as_anna.post(INVITE, typed())
    address, offer = row(client=as_anna), AccessOffer.objects.get()
    client = logged_in(zoe)
    response = client.post(f"/account/uitnodiging/{offer.uuid}/", {"answer": "nee"})

    assert response.url == "/account/"
    assert not zoe.memberships.filter(employer=employer).exists()
    page = text(as_anna.get(address))
    assert "Uitnodiging afgewezen" in page
    assert "zoevanbram" not in page
    assert as_anna.post(f"{address}opnieuw/").status_code == 404


def test_neither_button_is_no_answer(as_anna, zoe) -> None:
    as_anna.post(INVITE, typed())
    page = logged_in(zoe).post(f"/account/uitnodiging/{AccessOffer.objects.get().uuid}/")

    assert "Kies een van de knoppen." in text(page)
    assert AccessOffer.objects.open().exists()


@pytest.mark.parametrize("who", ["bram", "anna", "ilse"])
def test_an_offer_is_its_owners_only(as_anna, anna, bram, ilse, zoe, who) -> None:
    as_anna.post(INVITE, typed())
    address = f"/account/uitnodiging/{AccessOffer.objects.get().uuid}/"
    client = logged_in({"bram": bram, "anna": anna, "ilse": ilse}[who])

    assert client.get(address).status_code == client.post(address, {"answer": "ja"}).status_code
    assert client.get(address).status_code == 404
    assert AccessOffer.objects.open().exists()


@pytest.mark.parametrize("how", ["withdrawn", "closed", "expired"])
def test_what_was_taken_back_cannot_be_accepted(as_anna, zoe, employer, how) -> None:
    as_anna.post(INVITE, typed())
    address, offer = row(client=as_anna), AccessOffer.objects.get()
    if how == "expired":
        AccessOffer.objects.update(expires_at=timezone.now())
    else:
        act = "intrekken" if how == "withdrawn" else "beeindigen"
        assert as_anna.post(f"{address}{act}/").status_code == 302
    answer = logged_in(zoe).post(f"/account/uitnodiging/{offer.uuid}/", {"answer": "ja"})

    assert answer.status_code == 404
    assert not zoe.memberships.filter(employer=employer).exists()


@pytest.mark.parametrize("how", ["accepted", "closed", "declined"])
def test_what_was_typed_is_wiped_once_it_stands_in_no_list(as_anna, zoe, how) -> None:
    as_anna.post(INVITE, typed())
    offer = AccessOffer.objects.get()
    if how == "closed":
        as_anna.post(f"{row(client=as_anna)}beeindigen/")
    else:
        answer = {"answer": "ja" if how == "accepted" else "nee"}
        logged_in(zoe).post(f"/account/uitnodiging/{offer.uuid}/", answer)
    offer.refresh_from_db()

    assert (f"{offer.first_name}{offer.last_name}{offer.email}" == "") is (how != "declined")
    assert offer.username == "zbos"


def test_a_repeated_offer_is_valid_anew(as_anna, zoe) -> None:
    as_anna.post(INVITE, typed())
    address = row(client=as_anna)
    AccessOffer.objects.update(expires_at=timezone.now() - timedelta(hours=1))
    assert "Uitnodiging verlopen" in text(as_anna.get(address))
    as_anna.post(f"{address}opnieuw/")

    assert AccessOffer.objects.open().exists()
    assert len(sent()) == 2


def test_nothing_is_mailed_to_who_is_blocked(as_anna, zoe) -> None:
    User.objects.filter(pk=zoe.pk).update(is_active=False)
    as_anna.post(INVITE, typed())

    assert AccessOffer.objects.exists()
    assert sent() == []


def test_a_colleague_from_another_own_employer_gets_access_at_once(as_anna, anna) -> None:
    second = make_employer("Flexwerk Noord")
    Membership.objects.create(employer=second, user=anna, role=Role.BEHEERDER)
    omar = make_member(second, "omar", email="omar@voorbeeld.test")
    first = anna.memberships.exclude(employer=second).get().employer
    as_anna.post(INVITE, typed(email=omar.email, employer=str(first.uuid)))

    assert omar.memberships.get(employer=first).role == Role.GEBRUIKER
    assert [email.subject for email in sent(omar.email)] == [
        "Uw toegang tot het werkgeversportaal is gewijzigd"
    ]


def test_who_left_before_activating_can_be_invited_anew(as_anna, employer) -> None:
    as_anna.post(INVITE, typed())
    as_anna.post(f"{row(client=as_anna)}beeindigen/")
    assert employer.memberships.count() == 1
    as_anna.post(INVITE, typed(username="zoe2", last_name="Bos"))

    user = User.objects.get(email=ZOE)
    assert (user.username, user.last_name) == ("zoe2", "Bos")
    assert employer.memberships.filter(user=user).exists()
    assert OneTimeLink.objects.activations().live().filter(user=user).count() == 1


# --- Once more, or not at all --------------------------------------------------------------------


def test_a_link_is_repeated_within_the_limits_of_staff(as_anna) -> None:
    as_anna.post(INVITE, typed())
    address = row(client=as_anna)
    answers = [as_anna.post(f"{address}opnieuw/") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [302, 302, 200]
    assert "kreeg kort geleden al een paar uitnodigingen" in text(answers[-1])
    assert len(sent()) == 3
    assert OneTimeLink.objects.activations().live().count() == 1


@pytest.mark.parametrize("act", [repeat, withdraw])
def test_who_was_taken_off_the_list_meanwhile_is_left_alone(anna, employer, act) -> None:
    noor = make_member(employer, "noor", state=User.State.INVITED)
    seen = noor.memberships.get()
    end_membership(by=anna, membership=noor.memberships.get())
    elsewhere = make_activation_link(noor)

    with pytest.raises(NotTheirsError):
        act(by=anna, row=seen)
    assert list(OneTimeLink.objects.live().filter(user=noor)) == [elsewhere]


def test_a_link_is_withdrawn(as_anna, anna) -> None:
    as_anna.post(INVITE, typed())
    address = row(client=as_anna)
    assert as_anna.post(f"{address}intrekken/").url == address

    assert not OneTimeLink.objects.activations().live().exists()
    assert AuditEvent.objects.get(action="user.invitation_withdrawn").actor == anna
    assert "Uitnodiging ingetrokken" in text(as_anna.get(address))


def test_a_link_that_another_employer_sent_is_not_withdrawn(as_anna) -> None:
    as_anna.post(INVITE, typed())
    address = row(client=as_anna)
    Membership.objects.create(employer=make_employer(), user=User.objects.get(email=ZOE))

    assert "kan alleen InComfort intrekken" in text(as_anna.post(f"{address}intrekken/"))
    assert OneTimeLink.objects.activations().live().exists()


@pytest.mark.parametrize("act", ["opnieuw/", "intrekken/"])
def test_there_is_nothing_to_repeat_for_who_is_in(as_anna, employer, act) -> None:
    uuid = make_member(employer, "omar").memberships.get().uuid

    assert as_anna.post(f"{LIST}{uuid}/{act}").status_code == 404
    assert as_anna.post(f"{LIST}{uuid4()}/{act}").status_code == 404


def test_somebody_without_any_employer_left_is_asked_first(as_anna) -> None:
    make_user("zoeweg", email=ZOE)
    as_anna.post(INVITE, typed())

    assert AccessOffer.objects.get().user.username == "zoeweg"
