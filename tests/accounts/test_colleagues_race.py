"""Two beheerders who act on each other at the same moment: one of them stays."""

import pytest

from accounts.actions.colleagues import NotTheirsError, change_role, end_membership
from accounts.models import Employer, Membership, User
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
