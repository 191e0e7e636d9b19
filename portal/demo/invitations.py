"""People who are not in yet: invited just now, stuck halfway, and too late."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from accounts.actions.users import invite
from accounts.models import Employer, Membership, OneTimeLink, User
from portal.demo.accounts import BRUG, HART, PASSWORD, ZUID

State = User.State


@dataclass(frozen=True)
class DemoInvitation:
    """An invitation of so many hours ago; how far the activation came since."""

    username: str
    first_name: str
    last_name: str
    employer: str
    hours_ago: int
    state: State = State.INVITED
    is_opened: bool = False


INVITATIONS = [
    DemoInvitation("noa", "Noa", "Hendriks", BRUG, hours_ago=0),
    DemoInvitation(
        *("emre", "Emre", "Şahin", ZUID), hours_ago=40, state=State.PASSWORD_SET, is_opened=True
    ),
    DemoInvitation("lotte", "Lotte", "van den Heuvel-Aarnoudse", HART, hours_ago=120),
]


def invite_people(by: User) -> None:
    for person in INVITATIONS:
        user = User.objects.create_user(
            person.username,
            email=f"{person.username}@voorbeeld.test",
            first_name=person.first_name,
            last_name=person.last_name,
            password=None if person.state == State.INVITED else PASSWORD,
        )
        employer = Employer.objects.get(name=person.employer)
        Membership.objects.create(employer=employer, user=user)
        _set_back(invite(by=by, user=user), person)


def _set_back(link: OneTimeLink, person: DemoInvitation) -> None:
    """To when it was sent; and the user to where he got stuck, an hour later."""
    sent = timezone.now() - timedelta(hours=person.hours_ago)
    stuck = min(sent + timedelta(hours=1), timezone.now())
    OneTimeLink.objects.filter(pk=link.pk).update(
        created_at=sent,
        expires_at=sent + OneTimeLink.VALID_FOR[OneTimeLink.Purpose.ACTIVATION],
        opened_at=stuck if person.is_opened else None,
    )
    User.objects.filter(pk=link.user_id).update(state=person.state, state_at=stuck)
