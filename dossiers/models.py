"""Dossiers, the employees they are about, and the keys by which they are found."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

import dossiers.lookups  # noqa: F401 - registers `begins_with`
from accounts.models import Employer
from accounts.sealed import SealedTextField, keyed_hash
from dossiers import formats

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


class DossierQuerySet(models.QuerySet["Dossier"]):
    def visible_to(self, user: "User | AnonymousUser") -> "DossierQuerySet":
        return self.filter(employer__in=Employer.objects.visible_to(user))


class Dossier(models.Model):
    """The file of one employee, or of the company itself. Its uuid is the address in URLs."""

    class Kind(models.TextChoices):
        EMPLOYEE = "EMPLOYEE", "Werknemer"
        COMPANY = "COMPANY", "Bedrijf"

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    employer = models.ForeignKey(
        Employer, on_delete=models.PROTECT, related_name="dossiers", verbose_name="werkgever"
    )
    kind = models.CharField("soort", max_length=10, choices=Kind.choices)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = "dossier"
        verbose_name_plural = "dossiers"
        constraints = [
            models.UniqueConstraint(
                fields=["employer"],
                condition=Q(kind="COMPANY"),
                name="dossier_one_per_company",
                violation_error_message="Deze werkgever heeft al een bedrijfsdossier.",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("dossiers:dossier-detail", args=[self.uuid])

    @property
    def is_company(self) -> bool:
        return self.kind == self.Kind.COMPANY

    @property
    def title(self) -> str:
        """ "Dossier <bedrijfsnaam>", or the employee's name."""
        return f"Dossier {self.employer.name}" if self.is_company else self.employee.display_name


def bsn_index(employer_id: int, bsn: str) -> str:
    """The keyed hash by which a BSN is found back at one employer, and only there."""
    return keyed_hash("employee.bsn", employer_id, bsn)


class EmployeeQuerySet(models.QuerySet["Employee"]):
    def visible_to(self, user: "User | AnonymousUser") -> "EmployeeQuerySet":
        return self.filter(employer__in=Employer.objects.visible_to(user))


class Employee(models.Model):
    """A person who is or was employed by the employer (werknemer); added only once ill."""

    class Gender(models.TextChoices):
        """BRP letters; X is shown and kept apart from unknown. Source: rulebook 7."""

        MAN = "M", "Man"
        WOMAN = "V", "Vrouw"
        UNKNOWN = "O", "Onbekend of X"

    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, related_name="employee")
    employer = models.ForeignKey(
        Employer, on_delete=models.PROTECT, related_name="employees", verbose_name="werkgever"
    )
    surname = models.CharField("achternaam", max_length=200)
    prefixes = models.CharField("tussenvoegsels", max_length=10, blank=True)
    first_name = models.CharField("roepnaam", max_length=100)
    initials = models.CharField("voorletters", max_length=6, help_text="Alleen letters: AB.")
    gender = models.CharField("geslacht", max_length=1, choices=Gender.choices)
    bsn = SealedTextField("burgerservicenummer", null=True, blank=True)
    bsn_index = models.CharField(max_length=64, null=True, editable=False)  # noqa: DJ001 - unique when set
    postcode = models.CharField("postcode", max_length=7)
    street = models.CharField("straat", max_length=80)
    house_number = models.PositiveIntegerField(
        "huisnummer", validators=[MinValueValidator(1), MaxValueValidator(99999)]
    )
    house_number_addition = models.CharField("toevoeging", max_length=10, blank=True)
    city = models.CharField("plaats", max_length=80)
    mobile = models.CharField("privé mobiel nummer", max_length=16)
    email = models.EmailField("privé e-mailadres", max_length=254)
    iban = SealedTextField("IBAN", null=True, blank=True)
    has_no_risk = models.BooleanField("No-riskpolis", default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    submission = models.UUIDField(default=uuid4, unique=True, editable=False)

    objects = EmployeeQuerySet.as_manager()

    class Meta:
        verbose_name = "werknemer"
        verbose_name_plural = "werknemers"
        constraints = [
            models.UniqueConstraint(
                fields=["employer", "bsn_index"], name="employee_bsn_once_per_employer"
            ),
            models.CheckConstraint(
                condition=Q(bsn__isnull=True, bsn_index=None)
                | Q(bsn__isnull=False, bsn_index__isnull=False),
                name="employee_bsn_with_its_index",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    def save(self, **options: Any) -> None:
        """Keeps the blind index of the BSN in step with it."""
        self.bsn_index = bsn_index(self.employer_id, self.bsn) if self.bsn else None
        if "bsn" in (options.get("update_fields") or ()):
            options["update_fields"] = {*options["update_fields"], "bsn_index"}
        super().save(**options)

    def get_absolute_url(self) -> str:
        return self.dossier.get_absolute_url()

    @property
    def full_surname(self) -> str:
        """ "van den Berg", "d'Hondt": prefixes that end in an apostrophe stand against the name."""
        if not self.prefixes:
            return self.surname
        space = "" if self.prefixes.endswith("'") else " "
        return f"{self.prefixes}{space}{self.surname}"

    @property
    def display_name(self) -> str:
        """ "A.B. (Anna) van den Berg". Source: rulebook 7.1."""
        return f"{self.dotted_initials} ({self.first_name}) {self.full_surname}"

    @property
    def list_name(self) -> str:
        """ "Berg, A.B. van den", for lists that sort on the surname. Source: rulebook 7.1."""
        return f"{self.surname}, {self.dotted_initials} {self.prefixes}".rstrip()

    @property
    def dotted_initials(self) -> str:
        return "".join(f"{letter}." for letter in self.initials)

    @property
    def shown_mobile(self) -> str:
        return formats.shown_phone(self.mobile)

    @property
    def bsn_end(self) -> str:
        """All of the BSN that a page shows. Source: rulebook 1.4 P8."""
        return str(self.bsn)[-4:]

    @property
    def iban_end(self) -> str:
        return str(self.iban)[-4:]


class EmploymentTypeQuerySet(models.QuerySet["EmploymentType"]):
    def active(self) -> "EmploymentTypeQuerySet":
        return self.filter(is_active=True)


class EmploymentType(models.Model):
    """A kind of employment (type dienstverband), kept by staff. Source: rulebook 3.5."""

    code = models.SlugField("code", max_length=30, unique=True)
    label = models.CharField("omschrijving", max_length=100)
    position = models.PositiveSmallIntegerField("volgorde", default=0)
    is_active = models.BooleanField("te kiezen", default=True)

    objects = EmploymentTypeQuerySet.as_manager()

    class Meta:
        verbose_name = "type dienstverband"
        verbose_name_plural = "typen dienstverband"
        ordering = ["position", "label"]

    def __str__(self) -> str:
        return self.label


class EmploymentQuerySet(models.QuerySet["Employment"]):
    def visible_to(self, user: "User | AnonymousUser") -> "EmploymentQuerySet":
        return self.filter(employer__in=Employer.objects.visible_to(user))

    def on(self, day: date) -> "EmploymentQuerySet":
        """Employments that run on that day, first and last day included."""
        return self.filter(Q(ended_on=None) | Q(ended_on__gte=day), started_on__lte=day)

    def current(self, day: date | None = None) -> "EmploymentQuerySet":
        """Employments whose last day has not passed; one that has yet to start counts too."""
        return self.filter(Q(ended_on=None) | Q(ended_on__gte=day or timezone.localdate()))


class Employment(models.Model):
    """One contract of an employee (dienstverband). Several per person: re-entry is normal."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="employments")
    employee = models.ForeignKey(
        Employee, on_delete=models.PROTECT, related_name="employments", verbose_name="werknemer"
    )
    started_on = models.DateField("startdatum van de arbeidsovereenkomst")
    ended_on = models.DateField("einddatum", null=True, blank=True, help_text="Laatste dag.")
    job_title = models.CharField("functie", max_length=100)
    type = models.ForeignKey(
        EmploymentType, on_delete=models.PROTECT, verbose_name="type dienstverband"
    )

    objects = EmploymentQuerySet.as_manager()

    class Meta:
        verbose_name = "dienstverband"
        verbose_name_plural = "dienstverbanden"
        ordering = ["-started_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
                name="employment_ends_after_start",
                violation_error_message="De einddatum ligt vóór de startdatum.",
            )
        ]
        indexes = [
            # For those who left yesterday.
            models.Index(
                fields=["ended_on"],
                condition=Q(ended_on__isnull=False),
                name="employment_by_end",
            )
        ]

    def __str__(self) -> str:
        """ "Orderpicker, vanaf 05-01-2026 tot en met 31-10-2026"."""
        until = f" tot en met {self.ended_on:%d-%m-%Y}" if self.ended_on else ""
        return f"{self.job_title}, vanaf {self.started_on:%d-%m-%Y}{until}"

    def is_current(self, day: date | None = None) -> bool:
        """Whether the last day has not passed; a contract yet to start counts too."""
        return self.ended_on is None or self.ended_on >= (day or timezone.localdate())


def left_on(employments: Sequence[Employment]) -> date | None:
    """The first day without a contract (uit dienst per); None while one runs or is to start."""
    last_days = [employment.ended_on for employment in employments if not employment.is_current()]
    if not last_days or len(last_days) < len(employments):
        return None
    return max(day for day in last_days if day) + timedelta(days=1)


class SearchKey(models.Model):
    """One way to find a dossier by the first letters. Written by dossiers.search only."""

    class Match(models.IntegerChoices):
        """What the key was made of; lower is listed first. Source: rulebook 7.2 N2."""

        SURNAME = 0, "achternaam"
        PART = 1, "tussenvoegsels en achternaam, of deel van de achternaam"
        GIVEN = 2, "een van die, met voorletters of roepnaam erachter"

    employer = models.ForeignKey(Employer, on_delete=models.CASCADE)  # derived data
    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE)  # derived data
    # Collation C: only then an index serves both "begins with" and the order of the list.
    key = models.CharField(max_length=250, db_collation="C")
    match = models.PositiveSmallIntegerField(choices=Match.choices)
    in_service = models.BooleanField()

    class Meta:
        verbose_name = "zoeksleutel"
        verbose_name_plural = "zoeksleutels"
        constraints = [
            models.UniqueConstraint(fields=["dossier", "key"], name="search_key_once_per_dossier")
        ]
        # Each answers a search by itself (index-only scan) and in the order of the list. The
        # partial one stays fast when most employees have left.
        indexes = [
            models.Index(
                fields=["employer", "match", "key"], include=["dossier"], name="search_key_all"
            ),
            models.Index(
                fields=["employer", "match", "key"],
                include=["dossier"],
                condition=Q(in_service=True),
                name="search_key_in_service",
            ),
            # Staff search all employers at once.
            models.Index(fields=["key"], include=["dossier"], name="search_key_of_staff"),
        ]

    def __str__(self) -> str:
        return f"{self.get_match_display()} in {self.dossier_id}"
