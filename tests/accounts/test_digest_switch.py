"""/account/: the weekly e-mail is off until its user switches it on, and goes off the same way."""

import pytest
from django.test import Client

from accounts.models import AuditEvent, User
from tests.login import login

ACCOUNT, SWITCH = "/account/", "/account/weekoverzicht/"


def events() -> list[str]:
    found = AuditEvent.objects.filter(action__startswith="account.digest").order_by("pk")
    return [event.action for event in found]


def test_it_is_off_until_it_is_switched_on_and_can_go_off_again(client: Client, anna: User) -> None:
    login(client, anna)
    assert "Weekoverzicht aanzetten" in client.get(ACCOUNT).content.decode()

    page = client.post(SWITCH, {"aan": "1"}, follow=True).content.decode()
    assert "De eerste e-mail komt op maandagochtend" in page
    assert "Weekoverzicht uitzetten" in page
    anna.refresh_from_db()
    assert anna.digest_since is not None

    page = client.post(SWITCH, {"aan": "0"}, follow=True).content.decode()
    assert "Het weekoverzicht staat uit" in page
    anna.refresh_from_db()
    assert anna.digest_since is None
    assert events() == ["account.digest_on", "account.digest_off"]


def test_switched_twice_it_keeps_its_moment_and_is_recorded_once(
    client: Client, anna: User
) -> None:
    login(client, anna)
    client.post(SWITCH, {"aan": "1"})
    anna.refresh_from_db()
    since = anna.digest_since
    client.post(SWITCH, {"aan": "1"})
    anna.refresh_from_db()

    assert anna.digest_since == since
    assert events() == ["account.digest_on"]


def test_it_ends_no_session(client: Client, anna: User) -> None:
    login(client, anna)
    client.post(SWITCH, {"aan": "1"})

    assert client.get(ACCOUNT).status_code == 200


def test_it_is_ones_own_only(client: Client, anna: User, bram: User) -> None:
    login(client, bram)
    client.post(SWITCH, {"aan": "1", "user": anna.pk})
    anna.refresh_from_db()

    assert anna.digest_since is None


@pytest.mark.parametrize("answer", [{}, {"aan": ""}, {"aan": "2"}, {"aan": "ja"}])
def test_what_is_no_choice_changes_nothing(
    client: Client, anna: User, answer: dict[str, str]
) -> None:
    login(client, anna)

    assert client.post(SWITCH, answer).status_code == 404
    assert not events()


def test_staff_have_no_agenda_and_so_no_switch(client: Client, hugo: User) -> None:
    login(client, hugo)

    assert "Weekoverzicht" not in client.get(ACCOUNT).content.decode()
    assert client.post(SWITCH, {"aan": "1"}).status_code == 404
