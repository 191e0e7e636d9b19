"""What the tests of passkeys, of the activation, of recovery and of colleagues share."""

import pytest
from django.test import Client

from accounts.models import Bucket, Employer, PasskeyDevice, User
from tests.accounts.activation_steps import link_for
from tests.accounts.authenticator import Authenticator, with_passkey
from tests.factories import make_user
from tests.login import login


@pytest.fixture
def key(anna: User) -> Authenticator:
    """Anna's only second step."""
    return with_passkey(anna)


@pytest.fixture
def tireless(monkeypatch) -> None:
    """Any number of tries, without waiting."""
    monkeypatch.setattr("accounts.throttle.code_attempt", lambda **_: 0)
    monkeypatch.setattr(PasskeyDevice, "seconds_to_wait", 0)


@pytest.fixture
def noor(db: None) -> User:
    """Invited, nothing done yet."""
    user = make_user("noor", state=User.State.INVITED)
    user.set_unusable_password()
    user.save()
    return user


@pytest.fixture
def link(noor: User, ilse: User) -> str:
    return link_for(noor, ilse)


@pytest.fixture
def no_tokens_taken(db: None) -> None:
    Bucket.objects.using("security").all().delete()


@pytest.fixture
def employer(anna: User) -> Employer:
    """Anna is its beheerder."""
    return anna.memberships.get().employer


@pytest.fixture
def as_anna(client: Client, anna: User) -> Client:
    login(client, anna)
    return client
