"""What staff change in who may do what: it takes effect at once, and the person is told."""

from collections.abc import Iterable

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts import audit
from accounts.actions.users import invite
from accounts.audit import Action
from accounts.models import AccountRecovery, StandIn, User
from accounts.outbox import send_email


@transaction.atomic
def end_sessions(*, by: User | None, user: User) -> None:
    """Ends every login of this user, because rights or address changed; recorded.

    Source: security.md 2.3 (role or tenant change, deactivation).
    """
    User.objects.filter(pk=user.pk).update(security_epoch=F("security_epoch") + 1)
    audit.record(Action.SESSIONS_ENDED, by=by, obj=user)


@transaction.atomic
def end_stand_ins(*, by: User, user: User, employer_ids: Iterable[int]) -> None:
    """After memberships of these employers ended: whoever left does not stand in there either.

    Nor anywhere, once he works for nobody: a stand-in is a colleague. Recorded by the caller.
    """
    stand_ins = StandIn.objects.unfinished().filter(user=user)
    if user.memberships.exists():
        stand_ins = stand_ins.filter(employer__in=employer_ids)
    stand_ins.update(ended_at=timezone.now(), ended_by=by)


@transaction.atomic
def add_staff(*, username: str, email: str, first_name: str, last_name: str, group: str) -> User:
    """Makes an account in one of the two groups of staff and sends its link; recorded.

    Done on the server, so the log names no person. Raises ValidationError.
    """
    user = User(
        username=username,
        email=email,
        first_name=first_name,
        last_name=last_name,
        is_staff=True,
    )
    user.set_unusable_password()
    user.full_clean()
    user.save()
    user.groups.set([Group.objects.get(name=group)])
    audit.record(Action.ADMIN_ADD, by=None, obj=user, detail={"group": group})
    invite(by=None, user=user)
    return user


@transaction.atomic
def end_staff(*, user: User) -> None:
    """Shuts out a member of staff: no login, no group, every session ended; recorded."""
    User.objects.filter(pk=user.pk).update(is_active=False)
    user.groups.clear()
    audit.record(Action.ADMIN_CHANGE, by=None, obj=user, detail={"fields": ["is_active", "group"]})
    end_sessions(by=None, user=user)


@transaction.atomic
def follow_new_address(*, by: User, user: User, former: str) -> None:
    """After staff gave a user another e-mail address; links to the former one no longer open.

    Who is still to activate gets a new link. Who is active is told at the former address, so that
    a change that nobody asked for does not stay unseen, and logs in anew. So is who was active and
    was set back by two people: one of them does not lead the link elsewhere.
    """
    if user.state != User.State.ACTIVE and not AccountRecovery.objects.last_approved(user):
        invite(by=by, user=user)
        return
    end_sessions(by=by, user=user)
    send_email(
        to=former,
        purpose="e-mailadres",
        subject="Het e-mailadres van uw account is gewijzigd",
        template="email_changed",
        context={},
        is_repeatable=True,
    )
