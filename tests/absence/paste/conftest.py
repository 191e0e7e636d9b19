"""Anna is logged in on the day of the tests."""

import pytest

from tests.factories import make_employee
from tests.login import login


@pytest.fixture(autouse=True)
def _logged_in(client, anna, on_24_november):
    login(client, anna)


@pytest.fixture
def employer(anna):
    return anna.memberships.get().employer


@pytest.fixture
def berg(employer, anna):
    return make_employee(employer, "Berg", prefixes="van den", created_by=anna)
