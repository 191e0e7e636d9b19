"""Somebody who will stand in for a beheerder."""

from datetime import date, timedelta

from accounts.actions.colleagues import give_stand_in
from accounts.models import Employer, Membership, User
from portal.demo.accounts import BRUG


def appoint_stand_in(today: date) -> None:
    """Fatma takes over for anna, for two weeks from next week on."""
    give_stand_in(
        by=User.objects.get(username="anna"),
        employer=Employer.objects.get(name=BRUG),
        user=User.objects.get(username="fatma"),
        role=Membership.Role.BEHEERDER,
        starts_on=today + timedelta(weeks=1),
        ends_on=today + timedelta(weeks=3),
    )
