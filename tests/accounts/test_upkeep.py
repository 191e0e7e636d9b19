"""What is removed by itself, and what is not."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from accounts.actions.upkeep import tidy
from accounts.models import Bucket, Session, TotpDevice, User
from tests.accounts.steps import add_app
from tests.login import login

NOW = timezone.now


def test_ended_sessions_go_and_live_ones_stay(client: Client, anna: User, bram: User) -> None:
    login(client, anna)
    login(Client(), bram)
    Session.objects.filter(user=bram).update(expire_date=NOW() - timedelta(seconds=1))
    tidy()

    assert [session.user for session in Session.objects.all()] == [anna]


def test_counters_go_once_they_say_nothing_any_more(db: None) -> None:
    Bucket.objects.create(key="old", tokens=0, at=NOW() - timedelta(days=3))
    Bucket.objects.create(key="new", tokens=0, at=NOW() - timedelta(days=1))
    tidy()

    assert [bucket.key for bucket in Bucket.objects.all()] == ["new"]


def test_a_factor_that_was_never_confirmed_goes_after_half_an_hour(anna: User, bram: User) -> None:
    for user, confirmed, minutes in ((anna, False, 31), (anna, True, 31), (bram, False, 29)):
        device = add_app(user, confirmed=confirmed)
        created = NOW() - timedelta(minutes=minutes)
        TotpDevice.objects.filter(pk=device.pk).update(created_at=created)
    tidy()

    left = {(device.user, device.confirmed) for device in TotpDevice.objects.all()}
    assert left == {(anna, True), (bram, False)}
