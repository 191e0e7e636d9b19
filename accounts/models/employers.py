"""Employers, their policies, and who works for them in the portal."""

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.functions import RandomUUID
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.compiled import Compiled, Given
from accounts.models.users import User

if TYPE_CHECKING:
    from django.db.models.expressions import RawSQL


# Stands for the user of a request in what is compiled once (accounts/compiled.py).
SOMEBODY = AnonymousUser()
NOBODY = 0


class EmployerQuerySet(models.QuerySet["Employer"]):
    def visible_to(self, user: "User | AnonymousUser") -> "EmployerQuerySet":
        """The employers that this user works for today; none for staff and strangers."""
        return self.filter(pk__in=open_to(user))

    def managed_by(self, user: "User | AnonymousUser") -> "EmployerQuerySet":
        """Those where this user is beheerder today, of his own or as a stand-in."""
        return self.filter(pk__in=managed_by(user))


def open_to(user: "User | AnonymousUser") -> "RawSQL | list[int]":
    """The keys of the employers that this user works for today, for `employer__in=`.

    With `managed_by` the one place that says so. None for staff and strangers.
    """
    return _keys(_ACCESS, user)


def managed_by(user: "User | AnonymousUser") -> "RawSQL | list[int]":
    """The keys of those where this user is beheerder today, of his own or as a stand-in."""
    return _keys(_MANAGED, user)


def _keys(access: "Compiled[Any]", user: "User | AnonymousUser") -> "RawSQL | list[int]":
    if user is SOMEBODY:
        return access.subquery(user=_USER, today=_TODAY)
    return access.subquery(**seen_by(user)) if is_of_employers(user) else []


def _access(**only: str) -> models.QuerySet[Any, Any]:
    members, stand_ins = _work(_USER, **only)
    return members.union(stand_ins)


def _work(user: "Given | models.OuterRef", **only: str) -> "list[models.QuerySet[Any, Any]]":
    """The keys of the employers that somebody works for today: as a member, and as a stand-in."""
    return [
        Membership.objects.filter(user=user, **only).values("employer"),
        StandIn.objects.filter(user=user, **only).running(_TODAY).order_by().values("employer"),
    ]


def seen_by(user: "User | AnonymousUser") -> dict[str, Any]:
    """What a `Compiled` query set that is `visible_to(SOMEBODY)` wants to be called with."""
    key = user.pk if is_of_employers(user) else NOBODY
    return {"user": key, "today": timezone.localdate()}


def is_of_employers(user: "User | AnonymousUser") -> bool:
    """An active employer user; staff work for none, whatever the tables say."""
    return user.is_authenticated and user.is_active and not user.is_staff


def key_of(user: "User | AnonymousUser") -> "Given | User | AnonymousUser":
    """For a query about what this user did himself; of SOMEBODY the place for his key."""
    return _USER if user is SOMEBODY else user


_USER = Given("user", models.BigIntegerField())
_TODAY = Given("today", models.DateField())
_ACCESS = Compiled(_access)
_MANAGED = Compiled(lambda: _access(role=Membership.Role.BEHEERDER))


def roles_of(user: "User | AnonymousUser") -> "dict[Employer, str]":
    """The employers that this user works for today, by name, with the role there."""
    if not is_of_employers(user):
        return {}
    role = Membership.Role
    rows = _WITH_ROLE(**seen_by(user))
    return {row: role.BEHEERDER if row.is_managed else role.GEBRUIKER for row in rows}


def work_of(user: models.OuterRef) -> dict[str, models.Func]:
    """Annotations of a row that names a user: where he works today. `roles_in` reads them."""
    return {
        role: models.Func(
            *(ArraySubquery(keys) for keys in _work(user, role=role)),
            template="(%(expressions)s)",
            arg_joiner=" || ",
        )
        for role in Membership.Role.values
    }


def roles_in(row: Any) -> dict[int, str]:
    """The roles of the user of a row with `work_of`, by the keys of his employers."""
    if not is_of_employers(row.user):
        return {}
    role = Membership.Role
    of_user = dict.fromkeys(getattr(row, role.GEBRUIKER), role.GEBRUIKER.value)
    return of_user | dict.fromkeys(getattr(row, role.BEHEERDER), role.BEHEERDER.value)


def _with_role() -> models.QuerySet[Any, Any]:
    managed = _access(role=Membership.Role.BEHEERDER)
    found = Employer.objects.filter(pk__in=_access()).order_by("name")
    return found.annotate(is_managed=Q(pk__in=managed))


_WITH_ROLE = Compiled(_with_role)


class Employer(models.Model):
    """A temp agency that is insured with InComfort (werkgever, uitzendorganisatie)."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    name = models.CharField("bedrijfsnaam", max_length=200)
    kvk_number = models.CharField(
        "KvK-nummer",
        max_length=8,
        unique=True,
        validators=[RegexValidator(r"^\d{8}\Z", "Een KvK-nummer heeft acht cijfers.")],
    )
    payroll_tax_number = models.CharField(
        "loonheffingennummer",
        max_length=12,
        blank=True,
        validators=[
            RegexValidator(
                r"^\d{9}L\d{2}\Z",
                "Een loonheffingennummer heeft negen cijfers, de letter L en twee cijfers.",
            )
        ],
    )
    contact = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="contact_for",
        verbose_name="algemene contactpersoon",
        help_text="Krijgt de e-mails, zoals die over een nieuwe uitkeringsspecificatie.",
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = EmployerQuerySet.as_manager()

    class Meta:
        verbose_name = "werkgever"
        verbose_name_plural = "werkgevers"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def is_zw_erd(self, day: date | None = None) -> bool:
        """Whether a ZW-ERD policy runs that day (default today): only then BSN and IBAN exist."""
        return self.policies.on(day or timezone.localdate()).zw_erd().exists()


def has_zw_erd(user: "User | AnonymousUser") -> bool:
    """Whether a ZW-ERD policy runs today at any employer of this user: only then BSN and IBAN
    exist, and Visma Nmbrs is of use to him.
    """
    return _RUNNING_ZW_ERD.first(**seen_by(user)) is not None


class PolicyQuerySet(models.QuerySet["Policy"]):
    def visible_to(self, user: "User | AnonymousUser") -> "PolicyQuerySet":
        return self.filter(employer__in=open_to(user))

    def on(self, day: date | Given) -> "PolicyQuerySet":
        """Policies that run on that day, first and last day included."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)

    def zw_erd(self) -> "PolicyQuerySet":
        return self.filter(product=Policy.Product.ZW_ERD)


_RUNNING_ZW_ERD = Compiled(
    lambda: Policy.objects.visible_to(SOMEBODY).on(_TODAY).zw_erd().order_by().values_list("pk")
)


class Policy(models.Model):
    """One insurance contract of an employer (polis)."""

    class Product(models.TextChoices):
        ZW_ERD = "ZW_ERD", "Ziektewetverzekering Eigenrisicodrager (ZW-ERD)"
        AANVULLENDE_ZW = "AANVULLENDE_ZW", "Aanvullende Ziektewetverzekering"
        VERZUIM = "VERZUIM", "Verzuimverzekering"

    employer = models.ForeignKey(
        Employer, on_delete=models.PROTECT, related_name="policies", verbose_name="werkgever"
    )
    number = models.CharField("polisnummer", max_length=30, unique=True)
    product = models.CharField("product", max_length=20, choices=Product.choices)
    starts_on = models.DateField("ingangsdatum")
    ends_on = models.DateField("einddatum", null=True, blank=True, help_text="Laatste dag.")

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = "polis"
        verbose_name_plural = "polissen"
        ordering = ["employer", "-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="policy_ends_after_start",
                violation_error_message="De einddatum ligt vóór de ingangsdatum.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} ({self.get_product_display()})"


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, user: "User | AnonymousUser") -> "MembershipQuerySet":
        return self.filter(employer__in=open_to(user))

    def managed_by(self, user: "User | AnonymousUser") -> "MembershipQuerySet":
        return self.filter(employer__in=managed_by(user))

    def of(self, user: "User | AnonymousUser") -> "MembershipQuerySet":
        """The memberships of an active employer user; staff have none, whatever the table says."""
        return self.filter(user=user.pk) if is_of_employers(user) else self.none()

    def able_beheerders(self) -> "MembershipQuerySet":
        """Those of beheerders who can log in: without one, nobody manages the employer's people."""
        return self.filter(
            role=Membership.Role.BEHEERDER, user__is_active=True, user__state=User.State.ACTIVE
        )


class Membership(models.Model):
    """A user works for an employer in the portal, with a role."""

    class Role(models.TextChoices):
        BEHEERDER = "BEHEERDER", "Beheerder"
        GEBRUIKER = "GEBRUIKER", "Gebruiker"

    # Made by the database, which gave each row that was there already its own.
    uuid = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)
    employer = models.ForeignKey(
        Employer, on_delete=models.PROTECT, related_name="memberships", verbose_name="werkgever"
    )
    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="memberships", verbose_name="gebruiker"
    )
    role = models.CharField("rol", max_length=10, choices=Role.choices, default=Role.GEBRUIKER)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "toegang tot werkgever"
        verbose_name_plural = "toegang tot werkgevers"
        constraints = [
            models.UniqueConstraint(
                fields=["employer", "user"],
                name="membership_once_per_employer",
                violation_error_message="Deze gebruiker heeft al toegang tot deze werkgever.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} bij {self.employer} ({self.get_role_display()})"


class StandInQuerySet(models.QuerySet["StandIn"]):
    def visible_to(self, user: "User | AnonymousUser") -> "StandInQuerySet":
        return self.filter(employer__in=open_to(user))

    def managed_by(self, user: "User | AnonymousUser") -> "StandInQuerySet":
        return self.filter(employer__in=managed_by(user))

    def of(self, user: "User | AnonymousUser") -> "StandInQuerySet":
        """Those of an active employer user; staff stand in for nobody."""
        return self.filter(user=user.pk) if is_of_employers(user) else self.none()

    def running(self, day: date | Given | None = None) -> "StandInQuerySet":
        """Those that give rights that day, default today."""
        day = day or timezone.localdate()
        return self.filter(ended_at=None, starts_on__lte=day, ends_on__gte=day)

    def unfinished(self) -> "StandInQuerySet":
        """Running or still to begin."""
        return self.filter(ended_at=None, ends_on__gte=timezone.localdate())

    def during(self, starts_on: date, ends_on: date) -> "StandInQuerySet":
        return self.filter(ended_at=None, starts_on__lte=ends_on, ends_on__gte=starts_on)


class StandIn(models.Model):
    """A user has a role at an employer for a period, beside or without a membership (vervanger).

    First and last day included. Rows stay: they say who had access when.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    employer = models.ForeignKey(
        Employer, on_delete=models.PROTECT, related_name="stand_ins", verbose_name="werkgever"
    )
    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="stand_ins", verbose_name="vervanger"
    )
    role = models.CharField("rol", max_length=10, choices=Membership.Role.choices)
    starts_on = models.DateField("eerste dag")
    ends_on = models.DateField("laatste dag")
    given_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="aangewezen door",
        editable=False,
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField("eerder beëindigd", null=True, editable=False)
    ended_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="beëindigd door",
        editable=False,
    )

    objects = StandInQuerySet.as_manager()

    class Meta:
        verbose_name = "vervanging"
        verbose_name_plural = "vervangingen"
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="stand_in_ends_after_start",
                violation_error_message="De laatste dag ligt vóór de eerste dag.",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="stand_in_ended_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return (
            f"{self.user} vervangt bij {self.employer} als {self.get_role_display().lower()}"
            f" van {self.starts_on:%d-%m-%Y} tot en met {self.ends_on:%d-%m-%Y}"
        )

    @property
    def is_running(self) -> bool:
        """Of one that was not ended: whether it has begun."""
        return self.starts_on <= timezone.localdate()
