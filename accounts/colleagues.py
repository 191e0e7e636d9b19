"""Who works for the employers of a beheerder, as the page Collega's shows them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone

from accounts.models import AccessOffer, Employer, Membership, OneTimeLink, StandIn, User


@dataclass(frozen=True, slots=True)
class Status:
    """In words, and the kind of tag that they stand in."""

    words: str
    tag: str


ACTIVE = Status("Actief", "success")
BLOCKED = Status("Geblokkeerd", "error")
INVITED = Status("Uitgenodigd", "info")
EXPIRED = Status("Uitnodiging verlopen", "warning")
WITHDRAWN = Status("Uitnodiging ingetrokken", "warning")
DECLINED = Status("Uitnodiging afgewezen", "warning")


@dataclass(frozen=True, slots=True)
class Colleague:
    """One person at one employer.

    `person` has the names and the address that are shown: of who has still to accept an offer only
    what was typed.
    """

    row: Membership | AccessOffer
    person: User | AccessOffer
    status: Status
    last_login: datetime | None = None
    is_self: bool = False

    @property
    def uuid(self) -> UUID:
        return self.row.uuid

    @property
    def employer(self) -> Employer:
        return self.row.employer

    @property
    def user(self) -> User:
        return self.row.user

    @property
    def name(self) -> str:
        return f"{self.person.first_name} {self.person.last_name}".strip() or self.username

    @property
    def username(self) -> str:
        return self.person.username

    @property
    def email(self) -> str:
        return self.person.email

    @property
    def role(self) -> str:
        return self.row.role

    @property
    def sort_key(self) -> tuple[str, str, str]:
        person = self.person
        return person.last_name.casefold(), person.first_name.casefold(), str(self.uuid)

    @property
    def is_active(self) -> bool:
        return self.status == ACTIVE

    @property
    def is_blocked(self) -> bool:
        return self.status == BLOCKED

    @property
    def is_on_the_way(self) -> bool:
        """Invited, and not in yet."""
        return self.status in {INVITED, EXPIRED, WITHDRAWN}

    @property
    def has_link(self) -> bool:
        return self.status == INVITED


@dataclass(slots=True)
class Team:
    """The people of one employer."""

    employer: Employer
    colleagues: list[Colleague] = field(default_factory=list)
    stand_ins: list[StandIn] = field(default_factory=list)

    @property
    def is_alone(self) -> bool:
        """Nobody but the beheerder who looks."""
        return len(self.colleagues) == 1 and not self.stand_ins


def teams(user: User) -> list[Team]:
    """Of each employer that this user manages, by name; people by surname."""
    found = {row.pk: Team(row) for row in Employer.objects.managed_by(user).order_by("name")}
    everybody = [*_members(user, _memberships(user)), *_invited(_offers(user))]
    for colleague in sorted(everybody, key=lambda colleague: colleague.sort_key):
        found[colleague.employer.pk].colleagues.append(colleague)
    for stand_in in stand_ins(user):
        found[stand_in.employer_id].stand_ins.append(stand_in)
    return list(found.values())


def colleague_with(user: User, uuid: UUID) -> Colleague | None:
    """The colleague with this uuid, among those that this user manages."""
    member = next(_members(user, _memberships(user).filter(uuid=uuid)), None)
    return member or next(_invited(_offers(user).filter(uuid=uuid)), None)


def stand_ins(user: User) -> QuerySet[StandIn]:
    """Those at the employers that this user manages: running, or still to begin."""
    rows = StandIn.objects.managed_by(user).unfinished()
    return rows.select_related("employer", "user")


def stand_in_with(user: User, uuid: UUID) -> StandIn | None:
    return stand_ins(user).filter(uuid=uuid).first()


def _memberships(user: User) -> QuerySet[Membership, Any]:
    links = OneTimeLink.objects.filter(user=OuterRef("user"))
    latest = links.activations().order_by("-pk").values("withdrawn_by")
    return (
        Membership.objects.managed_by(user)
        .select_related("employer", "user")
        .annotate(has_link=Exists(links.activations().live()), taken_back=Subquery(latest[:1]))
    )


def _offers(user: User) -> QuerySet[AccessOffer]:
    return AccessOffer.objects.managed_by(user).listed().select_related("employer", "user")


def _members(user: User, rows: Iterable[Any]) -> Iterator[Colleague]:
    return (
        Colleague(
            row=row,
            person=row.user,
            status=_status(row),
            last_login=row.user.last_login,
            is_self=row.user_id == user.pk,
        )
        for row in rows
    )


def _invited(rows: Iterable[AccessOffer]) -> Iterator[Colleague]:
    return (Colleague(row=row, person=row, status=_status_of_offer(row)) for row in rows)


def _status_of_offer(offer: AccessOffer) -> Status:
    if offer.state == AccessOffer.State.OPEN:
        return INVITED if offer.expires_at > timezone.now() else EXPIRED
    return DECLINED if offer.state == AccessOffer.State.DECLINED else WITHDRAWN


def _status(row: Any) -> Status:
    if not row.user.is_active:
        return BLOCKED
    if row.user.state == User.State.ACTIVE:
        return ACTIVE
    if row.has_link:
        return INVITED
    return WITHDRAWN if row.taken_back else EXPIRED
