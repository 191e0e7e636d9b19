"""The people that every page test knows: anna at one employer, bram at another, staff."""

import pytest

from accounts.models import Membership, Policy, User
from tests.factories import make_employer, make_member, make_policy, make_staff


@pytest.fixture
def anna(db: None) -> User:
    """Beheerder of an employer with a ZW-ERD policy."""
    employer = make_employer("Uitzendbureau De Brug")
    make_policy(employer, product=Policy.Product.ZW_ERD)
    return make_member(employer, "anna", role=Membership.Role.BEHEERDER, first_name="Anna")


@pytest.fixture
def bram(db: None) -> User:
    """Works for another employer, which has a Verzuim policy only."""
    employer = make_employer("Flexwerk Zuid")
    make_policy(employer, product=Policy.Product.VERZUIM)
    return make_member(employer, "bram", role=Membership.Role.BEHEERDER, first_name="Bram")


@pytest.fixture
def ilse(db: None) -> User:
    """Staff of InComfort."""
    return make_staff("ilse", "InComfort")


@pytest.fixture
def ivo(db: None) -> User:
    """A colleague of ilse."""
    return make_staff("ivo", "InComfort")


@pytest.fixture
def hugo(db: None) -> User:
    """Case manager of HCS."""
    return make_staff("hugo", "HCS")
