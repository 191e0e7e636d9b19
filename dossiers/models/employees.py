"""Employees, and what was changed about them."""

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Employer, open_to
from accounts.sealed import SealedTextField, keyed_hash
from dossiers import formats
from dossiers.models.dossiers import Dossier

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


def bsn_index(employer_id: int, bsn: str) -> str:
    """The keyed hash by which a BSN is found back at one employer, and only there."""
    return keyed_hash("employee.bsn", employer_id, bsn)


# Also for rows that are written without Django, and by the release before while it still runs.
EMPTY: dict[str, Any] = {"blank": True, "default": "", "db_default": ""}


class EmployeeQuerySet(models.QuerySet["Employee"]):
    def visible_to(self, user: "User | AnonymousUser") -> "EmployeeQuerySet":
        return self.filter(employer__in=open_to(user))


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
    # Where somebody stays for a time (verpleegadres): all of it or nothing. Source: features.md 44.
    nursing_postcode = models.CharField(max_length=7, **EMPTY)
    nursing_street = models.CharField(max_length=80, **EMPTY)
    nursing_house_number = models.PositiveIntegerField(null=True, blank=True)
    nursing_house_number_addition = models.CharField(max_length=10, **EMPTY)
    nursing_city = models.CharField(max_length=80, **EMPTY)
    nursing_from = models.DateField(null=True, blank=True)
    nursing_until = models.DateField(null=True, blank=True)
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
            models.CheckConstraint(
                condition=Q(
                    nursing_postcode="",
                    nursing_street="",
                    nursing_house_number=None,
                    nursing_house_number_addition="",
                    nursing_city="",
                    nursing_from=None,
                    nursing_until=None,
                )
                | Q(
                    ~Q(nursing_postcode="") & ~Q(nursing_street="") & ~Q(nursing_city=""),
                    nursing_house_number__isnull=False,
                    nursing_from__isnull=False,
                ),
                name="employee_nursing_address_whole",
            ),
            models.CheckConstraint(
                condition=Q(nursing_until=None) | Q(nursing_until__gte=F("nursing_from")),
                name="employee_nursing_address_ends_after_start",
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

    def last_change(self) -> int:
        """Which state of the person's data this is: the last change to it, 0 when there is none."""
        return self.changes.of_person().values_list("pk", flat=True).first() or 0

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
        """For lists that sort on the surname."""
        return formats.list_name(self.surname, self.initials, self.prefixes)

    @property
    def dotted_initials(self) -> str:
        return formats.dotted(self.initials)

    @property
    def shown_mobile(self) -> str:
        return formats.shown_phone(self.mobile)

    @property
    def is_nursing_address_shown(self) -> bool:
        """Whether there is one whose last day has not passed; one that is yet to start counts."""
        if not self.nursing_from:
            return False
        return self.nursing_until is None or self.nursing_until >= timezone.localdate()

    @property
    def nursing_period(self) -> str:
        """ "vanaf 02-11-2026 tot en met 30-11-2026"."""
        until = f" tot en met {self.nursing_until:%d-%m-%Y}" if self.nursing_until else ""
        return f"vanaf {self.nursing_from:%d-%m-%Y}{until}"

    @property
    def bsn_end(self) -> str:
        """All of the BSN that a page shows. Source: rulebook 1.4 P8."""
        return str(self.bsn)[-4:]

    @property
    def iban_end(self) -> str:
        return str(self.iban)[-4:]


def in_history(value: object) -> str:
    """A value of an employee's column as the history keeps it."""
    return "" if value is None else str(value)


class EmployeeChangeQuerySet(models.QuerySet["EmployeeChange"]):
    def visible_to(self, user: "User | AnonymousUser") -> "EmployeeChangeQuerySet":
        return self.filter(employer__in=open_to(user))

    def of_person(self) -> "EmployeeChangeQuerySet":
        """Without those to employments."""
        return self.exclude(field=EmployeeChange.Field.EMPLOYMENT)


class EmployeeChange(models.Model):
    """One thing known of an employee that became something else. Rows are added, never changed.

    What it was and became is sealed: it is personal data, in part about health. Of BSN and IBAN
    only is kept that they changed.
    """

    class Field(models.TextChoices):
        """The names of the employee's columns, the employments as a whole, and a merge."""

        SURNAME = "surname", "Achternaam"
        PREFIXES = "prefixes", "Tussenvoegsels"
        FIRST_NAME = "first_name", "Roepnaam"
        INITIALS = "initials", "Voorletters"
        GENDER = "gender", "Geslacht"
        BSN = "bsn", "Burgerservicenummer"
        POSTCODE = "postcode", "Postcode"
        STREET = "street", "Straat"
        HOUSE_NUMBER = "house_number", "Huisnummer"
        HOUSE_NUMBER_ADDITION = "house_number_addition", "Toevoeging"
        CITY = "city", "Plaats"
        MOBILE = "mobile", "Privé mobiel nummer"
        EMAIL = "email", "Privé e-mailadres"
        IBAN = "iban", "IBAN"
        HAS_NO_RISK = "has_no_risk", "No-riskpolis"
        NURSING_POSTCODE = "nursing_postcode", "Verpleegadres: postcode"
        NURSING_STREET = "nursing_street", "Verpleegadres: straat"
        NURSING_HOUSE_NUMBER = "nursing_house_number", "Verpleegadres: huisnummer"
        NURSING_HOUSE_NUMBER_ADDITION = (
            "nursing_house_number_addition",
            "Verpleegadres: toevoeging",
        )
        NURSING_CITY = "nursing_city", "Verpleegadres: plaats"
        NURSING_FROM = "nursing_from", "Verpleegadres: vanaf"
        NURSING_UNTIL = "nursing_until", "Verpleegadres: tot en met"
        EMPLOYMENT = "employment", "Dienstverband"
        MERGED = "merged", "Samengevoegd dossier"

    WITHOUT_VALUES = (Field.BSN, Field.IBAN)

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="+")
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="changes")
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField(default=timezone.now)
    field = models.CharField(max_length=30, choices=Field.choices)
    old = SealedTextField(null=True, owner="employee_id")
    new = SealedTextField(null=True, owner="employee_id")

    objects = EmployeeChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "wijziging"
        verbose_name_plural = "wijzigingen"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(field__in=["bsn", "iban"]) | Q(old__isnull=True, new__isnull=True),
                name="employee_change_without_bsn_and_iban",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_field_display()}, {self.changed_at:%d-%m-%Y}"

    @property
    def has_values(self) -> bool:
        return self.field not in self.WITHOUT_VALUES

    @property
    def in_words(self) -> str:
        """ "Plaats: van Nijmegen naar Arnhem", "IBAN: gewijzigd"."""
        became = "gewijzigd"
        if self.has_values:
            became = f"van {self.old_in_words} naar {self.new_in_words}"
        return f"{self.get_field_display()}: {became}"

    @property
    def made_in_words(self) -> str:
        """ "Anna de Vries, 05-01-2026, 09.30 uur"."""
        return f"{self.changed_by}, {timezone.localtime(self.changed_at):%d-%m-%Y, %H.%M} uur"

    @property
    def old_in_words(self) -> str:
        return self._in_words(self.old)

    @property
    def new_in_words(self) -> str:
        return self._in_words(self.new)

    def _in_words(self, value: str) -> str:
        """As the dossier shows it."""
        match self.field:
            case self.Field.GENDER:
                return str(Employee.Gender(value).label)
            case self.Field.HAS_NO_RISK:
                return "Ja" if value == str(True) else "Nee"
            case self.Field.MOBILE:
                return formats.shown_phone(value)
            case self.Field.NURSING_FROM | self.Field.NURSING_UNTIL if value:
                return f"{date.fromisoformat(value):%d-%m-%Y}"
        return value or "–"
