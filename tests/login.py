"""Logs a test client in, as if both steps of the login were just done."""

from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY

from accounts.models import TotpDevice, User
from accounts.sessions import start_clock


def login(client: Client, user: User) -> TotpDevice:
    """`user` is logged in with an authenticator app, which is set up when there is none."""
    device = TotpDevice.objects.filter(user=user, confirmed=True).first()
    device = device or TotpDevice.objects.create(user=user, key=TotpDevice.new_key())
    client.force_login(user)
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    start_clock(session)
    session.save()
    return device


def totp_code(device: TotpDevice, *, steps: int = 0) -> str:
    """The code that the app shows now, or so many steps of 30 seconds later."""
    return device.code_at(device.current_step() + steps)
