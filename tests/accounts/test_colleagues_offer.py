"""Inviting a colleague who has an account already: asked first, and no rights before the answer."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts import throttle
from accounts.models import AccessOffer, AuditEvent, Employer, Membership, User
from tests.accounts.colleague_steps import INVITE, LIST, ZOE, logged_in, row, sent, text, typed
from tests.factories import (
    make_employer,
    make_member,
    make_staff,
    make_user,
)
from tests.login import login

Role = Membership.Role


@pytest.fixture
def zoe(bram: User) -> User:
    """Works for bram's employer: anna knows nothing of that."""
    theirs = bram.memberships.get().employer
    return make_member(theirs, "zoevanbram", email=ZOE, first_name="Zoë-Anne", last_name="Bos")


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


def test_somebody_without_any_employer_left_is_asked_first(as_anna) -> None:
    make_user("zoeweg", email=ZOE)
    as_anna.post(INVITE, typed())

    assert AccessOffer.objects.get().user.username == "zoeweg"
