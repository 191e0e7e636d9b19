"""What the tests of passkeys share."""

import pytest

from accounts.models import PasskeyDevice, User
from tests.accounts.authenticator import Authenticator, with_passkey


@pytest.fixture
def key(anna: User) -> Authenticator:
    """Anna's only second step."""
    return with_passkey(anna)


@pytest.fixture
def tireless(monkeypatch) -> None:
    """Any number of tries, without waiting."""
    monkeypatch.setattr("accounts.throttle.code_attempt", lambda **_: 0)
    monkeypatch.setattr(PasskeyDevice, "seconds_to_wait", 0)
