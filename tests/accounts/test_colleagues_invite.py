"""Inviting a colleague without an account: the link, once more, or not at all."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from accounts import throttle
from accounts.actions.colleagues import NotTheirsError, end_membership
from accounts.actions.invitations import repeat, withdraw
from accounts.models import AccessOffer, AuditEvent, Membership, OneTimeLink, User
from tests.accounts.colleague_steps import INVITE, LIST, ZOE, row, sent, text, typed
from tests.factories import (
    make_activation_link,
    make_employer,
    make_member,
)
from tests.login import login

Role = Membership.Role


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
