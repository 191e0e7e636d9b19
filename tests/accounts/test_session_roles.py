"""Where a user works is read with his session, and is what the tables say, by the same rule."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Membership, Session, User
from accounts.sessions import SessionStore
from tests.factories import make_employer, make_member, make_stand_in
from tests.login import login

pytestmark = pytest.mark.django_db
BEHEERDER, GEBRUIKER = Membership.Role.BEHEERDER, Membership.Role.GEBRUIKER
DAY = timedelta(days=1)


def read_with_session(user: User) -> User:
    """The user as a request finds him."""
    Session.objects.all().delete()
    login(Client(), user)
    store = SessionStore(Session.objects.get().session_key)
    assert store.user
    return store.user


@pytest.fixture
def omar() -> User:
    """A member here, both member and stand-in there, and once a stand-in elsewhere."""
    today = timezone.localdate()
    omar = make_member(make_employer(), "omar", role=GEBRUIKER)
    both = make_employer()
    Membership.objects.create(employer=both, user=omar, role=GEBRUIKER)
    make_stand_in(both, omar, omar)
    make_stand_in(make_employer(), omar, omar, role=GEBRUIKER)
    make_stand_in(make_employer(), omar, omar, starts_on=today - 9 * DAY, ends_on=today - DAY)
    make_stand_in(make_employer(), omar, omar, starts_on=today + DAY, ends_on=today + 9 * DAY)
    make_stand_in(make_employer(), omar, omar, ended_at=timezone.now(), ended_by=omar)
    return omar


def test_they_are_the_roles_that_the_tables_give(omar: User) -> None:
    expected = {employer.pk: role for employer, role in omar.employer_roles.items()}
    assert sorted(expected.values()) == [BEHEERDER, GEBRUIKER, GEBRUIKER]

    found = read_with_session(omar)
    with CaptureQueriesContext(connection) as captured:
        assert found.roles == expected
        assert found.is_beheerder
    assert not len(captured)


def test_staff_have_none_whatever_the_tables_say(omar: User) -> None:
    User.objects.filter(pk=omar.pk).update(is_staff=True)

    assert read_with_session(User.objects.get(pk=omar.pk)).roles == {}


def test_a_user_who_came_without_a_session_has_the_same(omar: User) -> None:
    assert User.objects.get(pk=omar.pk).roles == read_with_session(omar).roles
