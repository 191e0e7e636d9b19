"""Colleagues who act at the same moment: one beheerder stays, and one answer counts."""

from datetime import date
from typing import Any

import pytest

from accounts.actions.colleagues import (
    NotTheirsError,
    RefusedError,
    change_role,
    end_membership,
    give_stand_in,
)
from accounts.actions.invitations import Person, accept_offer, invite_colleague, withdraw
from accounts.models import AccessOffer, Employer, Membership, StandIn, User
from tests.factories import make_employer, make_member
from tests.threads import at_once

Role = Membership.Role


def beheerders(employer: Employer, count: int) -> list[User]:
    return [make_member(employer, role=Role.BEHEERDER) for _ in range(count)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ["remove", "lower"])
def test_two_who_end_each_others_rights_leave_one(act: str) -> None:
    employer = make_employer()
    one, other = beheerders(employer, 2)

    def end(by: User, of: User) -> None:
        membership = of.memberships.get()
        if act == "remove":
            end_membership(by=by, membership=membership)
        else:
            change_role(by=by, membership=membership, role=Role.GEBRUIKER)

    answers = at_once([lambda: end(one, other), lambda: end(other, one)])

    assert employer.memberships.filter(role=Role.BEHEERDER).count() == 1
    assert sum(isinstance(answer, NotTheirsError) for answer in answers) == 1


@pytest.mark.django_db(transaction=True)
def test_of_twelve_who_lower_themselves_one_stays() -> None:
    employer = make_employer()
    users = beheerders(employer, 12)

    def lower(user: User) -> None:
        change_role(by=user, membership=user.memberships.get(), role=Role.GEBRUIKER)

    at_once([lambda user=user: lower(user) for user in users])

    assert employer.memberships.filter(role=Role.BEHEERDER).count() == 1


def invited(by: User) -> Any:
    person = Person("zbos", "Zoë", "Bos", "zoe@voorbeeld.test")
    employer = by.memberships.get().employer
    return invite_colleague(by=by, employer=employer, person=person, role=Role.GEBRUIKER)


@pytest.mark.django_db(transaction=True)
def test_an_invitation_sent_six_times_makes_one_account() -> None:
    [anna] = beheerders(make_employer(), 1)
    answers = at_once([lambda: invited(anna)] * 6)

    assert User.objects.get(email="zoe@voorbeeld.test").memberships.count() == 1
    assert sum(isinstance(answer, RefusedError) for answer in answers) == 5


@pytest.mark.django_db(transaction=True)
def test_two_employers_who_invite_one_person_make_one_account_and_one_offer() -> None:
    [anna], [bram] = beheerders(make_employer(), 1), beheerders(make_employer(), 1)
    answers = at_once([lambda: invited(anna), lambda: invited(bram)])

    assert answers == [None, None]
    user = User.objects.get(email="zoe@voorbeeld.test")
    assert (user.memberships.count(), user.offers.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_an_offer_is_accepted_or_withdrawn_but_not_both() -> None:
    employer = make_employer()
    [anna] = beheerders(employer, 1)
    zoe = make_member(make_employer(), email="zoe@voorbeeld.test")
    invited(anna)
    offer = AccessOffer.objects.get()
    answers = at_once(
        [lambda: accept_offer(by=zoe, offer=offer), lambda: withdraw(by=anna, row=offer)]
    )

    offer.refresh_from_db()
    is_in = employer.memberships.filter(user=zoe).exists()
    assert is_in is (offer.state == AccessOffer.State.ACCEPTED)
    assert sum(isinstance(answer, NotTheirsError) for answer in answers) == 1


@pytest.mark.django_db(transaction=True)
def test_an_offer_accepted_in_six_browsers_makes_one_membership() -> None:
    employer = make_employer()
    [anna] = beheerders(employer, 1)
    zoe = make_member(make_employer(), email="zoe@voorbeeld.test")
    invited(anna)
    offer = AccessOffer.objects.get()
    answers = at_once([lambda: accept_offer(by=zoe, offer=offer)] * 6)

    assert sum(isinstance(answer, NotTheirsError) for answer in answers) == 5
    assert employer.memberships.filter(user=zoe).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_stand_in_given_six_times_stands_once() -> None:
    employer = make_employer()
    [anna] = beheerders(employer, 1)
    omar, day = make_member(employer), date(2026, 12, 10)

    def give() -> StandIn:
        return give_stand_in(
            by=anna, employer=employer, user=omar, role="BEHEERDER", starts_on=day, ends_on=day
        )

    at_once([give] * 6)

    assert StandIn.objects.count() == 1
