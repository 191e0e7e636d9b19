"""Browsers that are halfway: through the login pages themselves, as there is no other way in."""

from django.test import Client
from django.urls import reverse

from accounts.models import BackupCodeDevice, TotpDevice, User
from tests.factories import PASSWORD


def half(client: Client, user: User) -> None:
    """Only the password was given."""
    TotpDevice.objects.create(user=user, key=TotpDevice.new_key())
    client.post(reverse("accounts:login"), {"username": user.username, "password": PASSWORD})


def recovering(client: Client, user: User) -> None:
    """The phone is lost: the back-up code was given instead of a code."""
    code = BackupCodeDevice.new_code()
    BackupCodeDevice.objects.create(user=user, code_hash=BackupCodeDevice.hash_of(user.pk, code))
    half(client, user)
    client.post(reverse("accounts:login-backup"), {"code": code})
