"""Accounts of staff: made and ended on the server, by command."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.audit import Action
from accounts.models import AuditEvent, OneTimeLink, OutgoingMessage, User

pytestmark = pytest.mark.django_db


def add(capsys: Any, username: str = "ilona", **change: str) -> User:
    given = {
        "group": "HCS",
        "email": f"{username}@hcs.test",
        "first_name": "Ilona",
        "last_name": "Smit",
    }
    call_command("add_staff", username, **given | change)
    return User.objects.get(username=username)


def test_a_new_colleague_gets_a_link_and_a_group(capsys: Any) -> None:
    user = add(capsys)

    assert user.is_staff
    assert not user.is_superuser
    assert user.is_hcs
    assert not user.is_incomfort
    assert not user.has_usable_password()
    assert OneTimeLink.objects.filter(user=user).count() == 1
    assert OutgoingMessage.objects.get().recipient == "ilona@hcs.test"
    assert AuditEvent.objects.get(action=Action.ADMIN_ADD).detail == {"group": "HCS"}
    assert "krijgt een e-mail" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"email": "geen adres"}, "geldig e-mailadres"),
        ({"email": "ILSE@voorbeeld.test"}, "Er is al een gebruiker met dit e-mailadres."),
        ({"username": "Ilse"}, "Deze gebruikersnaam bestaat al."),
        ({"username": "i@smit"}, "geen @"),
    ],
)
def test_a_mistake_makes_no_account(
    capsys: Any, ilse: User, change: dict[str, str], message: str
) -> None:
    with pytest.raises(CommandError, match=message):
        add(capsys, **change)

    assert User.objects.filter(is_staff=True).count() == 1
    assert not OutgoingMessage.objects.exists()


def test_who_leaves_is_out_at_once(as_hugo: Client, hugo: User) -> None:
    assert as_hugo.get("/beheer/").status_code == 200

    call_command("end_staff", "HUGO")

    assert as_hugo.get("/beheer/").url.startswith("/inloggen/")
    hugo = User.objects.get(pk=hugo.pk)
    assert not hugo.is_active
    assert not hugo.is_hcs
    assert AuditEvent.objects.filter(action=Action.SESSIONS_ENDED).count() == 1


def test_an_employer_user_is_not_ended_by_it(anna: User) -> None:
    with pytest.raises(CommandError):
        call_command("end_staff", "anna")

    anna.refresh_from_db()
    assert anna.is_active
