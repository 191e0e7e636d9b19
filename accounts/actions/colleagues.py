"""What a beheerder decides about colleagues of the own employer: roles, leaving, stand-ins.

Each act locks the employer's row first and then looks again who is beheerder: two beheerders who
act on each other at the same moment come one after the other.
Why so: docs/decisions/0021-colleagues.md.
"""

from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actions.access import end_sessions, end_stand_ins
from accounts.actions.notices import tell, tell_contact
from accounts.audit import Action
from accounts.models import Employer, Membership, OneTimeLink, StandIn, User

Role = Membership.Role


class NotTheirsError(Exception):
    """Who asks is not beheerder there (any more), or the colleague is gone."""


class RefusedError(Exception):
    """It may not be done; the words say why, to the beheerder."""


class LastBeheerderError(RefusedError):
    def __init__(self) -> None:
        super().__init__(
            "Dit is de enige beheerder die kan inloggen. Maak eerst een collega beheerder;"
            " anders kan niemand bij uw bedrijf nog collega's beheren."
        )


@transaction.atomic
def change_role(*, by: User, membership: Membership, role: str) -> Membership:
    """Another role for a colleague, who has to log in again and is told; recorded.

    Raises NotTheirsError, LastBeheerderError and RefusedError.
    """
    enter(by, membership.employer, roles={role, membership.role})
    found = of_now(membership)
    if found.role == role:
        return found
    if role != Role.BEHEERDER:
        _keep_one_beheerder(found)
    found.role = role
    found.save(update_fields=["role"])
    end_sessions(by=by, user=found.user)
    record(Action.ROLE_CHANGED, by, found.employer, found.user, role=role)
    tell_active(found.user, "Uw rol in het werkgeversportaal is gewijzigd", "role_changed")
    tell_contact(found.employer, about=found.user)
    return found


@transaction.atomic
def end_membership(*, by: User, membership: Membership) -> None:
    """The colleague has no access to this employer from the next request on, and is told; recorded.

    Stand-ins there end as well. Of who works for nobody else, so do all stand-ins, and the link of
    an account that was never activated. Raises NotTheirsError, LastBeheerderError and RefusedError.
    """
    employer = membership.employer
    enter(by, employer, roles={membership.role})
    found = of_now(membership)
    user = found.user
    _keep_one_beheerder(found)
    if employer.contact_id == user.pk:
        raise RefusedError(
            f"{user} is de algemene contactpersoon van {employer}: vraag InComfort eerst om een"
            " andere contactpersoon, 024-374 16 60."
        )
    found.delete()
    end_stand_ins(by=by, user=user, employer_ids=[employer.pk])
    if not user.memberships.exists():
        links = OneTimeLink.objects.activations().live().filter(user=user)
        links.update(revoked_at=timezone.now(), withdrawn_by=by)
    end_sessions(by=by, user=user)
    record(Action.MEMBERSHIP_ENDED, by, employer, user, role=found.role)
    tell_active(user, "Uw toegang tot het werkgeversportaal is gewijzigd", "membership_ended")
    tell_contact(employer, about=user)


@transaction.atomic
def give_stand_in(
    *, by: User, employer: Employer, user: User, role: str, starts_on: date, ends_on: date
) -> StandIn:
    """A colleague has this role at the employer on these days, the last one included; recorded.

    Nobody's rights shrink, so no login ends. Raises NotTheirsError and RefusedError.
    """
    enter(by, employer, roles={role})
    colleagues = Membership.objects.managed_by(by).filter(user=user)
    if not colleagues.filter(user__is_active=True, user__state=User.State.ACTIVE).exists():
        raise NotTheirsError
    if user.pk == by.pk:
        raise RefusedError("U kunt uzelf niet als vervanger aanwijzen.")
    if employer.memberships.filter(user=user, role__in={role, Role.BEHEERDER}).exists():
        raise RefusedError(f"{user} heeft deze rechten bij {employer} al.")
    if StandIn.objects.during(starts_on, ends_on).filter(employer=employer, user=user).exists():
        raise RefusedError(f"Bij {employer} is {user} in deze periode al vervanger.")
    stand_in = StandIn.objects.create(
        employer=employer,
        user=user,
        role=role,
        starts_on=starts_on,
        ends_on=ends_on,
        given_by=by,
    )
    record(Action.STAND_IN_GIVEN, by, employer, user, role=role, stand_in=str(stand_in.uuid))
    tell(user, "U bent vervanger in het werkgeversportaal", "stand_in_given")
    tell_contact(employer, about=user)
    return stand_in


@transaction.atomic
def end_stand_in(*, by: User, stand_in: StandIn) -> None:
    """The stand-in has no rights from it any more, from the next request on; recorded.

    Raises NotTheirsError and RefusedError.
    """
    enter(by, stand_in.employer, roles={stand_in.role})
    unfinished = StandIn.objects.unfinished().filter(pk=stand_in.pk)
    if not unfinished.update(ended_at=timezone.now(), ended_by=by):
        raise NotTheirsError
    end_sessions(by=by, user=stand_in.user)
    detail = {"role": stand_in.role, "stand_in": str(stand_in.uuid)}
    record(Action.STAND_IN_ENDED, by, stand_in.employer, stand_in.user, **detail)
    tell(stand_in.user, "Uw vervanging in het werkgeversportaal is beëindigd", "stand_in_ended")
    tell_contact(stand_in.employer, about=stand_in.user)


def enter(by: User, employer: Employer, *, roles: set[str]) -> None:
    """Until the transaction ends nobody else changes who works for this employer.

    `roles`: those that are given or taken. A stand-in does not touch the role of beheerder: rights
    for a period would outlast it. Raises NotTheirsError and RefusedError.
    """
    # No key update: rows that refer to the employer can still be added meanwhile.
    locked = Employer.objects.select_for_update(no_key=True).filter(pk=employer.pk)
    if not locked.first() or not Employer.objects.managed_by(by).filter(pk=employer.pk).exists():
        raise NotTheirsError
    own = Membership.objects.of(by).filter(employer=employer, role=Role.BEHEERDER)
    if Role.BEHEERDER in roles and not own.exists():
        raise RefusedError(
            "U bent hier beheerder als vervanger. De rol van beheerder geeft of ontneemt een vaste"
            " beheerder."
        )


def record(action: Action, by: User, employer: Employer, user: User, **detail: str) -> None:
    audit.record(action, by=by, employer=employer, obj=user, detail=detail)


def tell_active(user: User, subject: str, template: str) -> None:
    """Who is not in yet, or not any more, has nothing to be told about it."""
    if user.is_active and user.state == User.State.ACTIVE:
        tell(user, subject, template)


def of_now(membership: Membership) -> Membership:
    """As it is since the lock. Raises NotTheirsError."""
    found = Membership.objects.select_related("employer", "user").filter(pk=membership.pk).first()
    if found is None or found.role != membership.role:
        raise NotTheirsError
    return found


def _keep_one_beheerder(membership: Membership) -> None:
    """Raises LastBeheerderError. Stand-ins do not count, nor who cannot log in (yet)."""
    others = membership.employer.memberships.able_beheerders().exclude(pk=membership.pk)
    if membership.role == Role.BEHEERDER and not others.exists():
        raise LastBeheerderError
