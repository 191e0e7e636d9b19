"""tests/login.py makes a session that the gate accepts."""

from django.test import Client

from accounts.models import Session, User
from tests.login import login


def test_the_session_row_names_its_user_and_keeps_when_it_began(client: Client, anna: User) -> None:
    login(client, anna)
    row = Session.objects.get(user=anna)

    client.session.save()

    assert Session.objects.get(user=anna).created_at == row.created_at
