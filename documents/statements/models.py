"""Rows of benefit statements: what was published, from which import, and what stands on it."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils import timezone

from absence.models import Trajectory
from accounts.models import Employer, Policy, open_to
from accounts.sealed import SealedTextField
from documents.statements.benefit import ZERO, Maximum
from documents.statements.reasons import in_words

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

NEWEST_MONTH_FIRST = ["-month", "-published_at"]


class BenefitStatementQuerySet(models.QuerySet["BenefitStatement"]):
    def visible_to(self, user: "User | AnonymousUser") -> "BenefitStatementQuerySet":
        return self.filter(employer__in=open_to(user))

    def with_sheet(self) -> "BenefitStatementQuerySet":
        """With what a row of the ledger shows."""
        return self.select_related("employer", "policy", "document__dossier", "sheet")

    def latest_per_employer(self, count: int) -> "BenefitStatementQuerySet":
        """The `count` newest of each employer, by employer name and newest month first."""
        rank = Window(RowNumber(), partition_by="employer", order_by=NEWEST_MONTH_FIRST)
        return (
            self.annotate(rank=rank)
            .filter(rank__lte=count)
            .with_sheet()
            .order_by("employer__name", "employer", *NEWEST_MONTH_FIRST)
        )


class BenefitStatement(models.Model):
    """The uitkeringsspecificatie of one policy for one month; its PDF is a document."""

    # Made by the database, which gave each row that was there already its own.
    uuid = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)
    employer = models.ForeignKey(
        Employer, on_delete=models.PROTECT, related_name="statements", verbose_name="werkgever"
    )
    policy = models.ForeignKey(
        Policy, on_delete=models.PROTECT, related_name="statements", verbose_name="polis"
    )
    month = models.DateField("maand", help_text="De eerste dag van de maand.")
    document = models.OneToOneField(
        "documents.Document",
        on_delete=models.PROTECT,
        related_name="statement",
        verbose_name="document",
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    published_at = models.DateTimeField("geplaatst op", default=timezone.now, editable=False)

    objects = BenefitStatementQuerySet.as_manager()

    class Meta:
        verbose_name = "uitkeringsspecificatie"
        verbose_name_plural = "uitkeringsspecificaties"
        ordering = NEWEST_MONTH_FIRST
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "month"],
                name="statement_once_per_policy_and_month",
                violation_error_message="Voor deze polis en maand is er al een specificatie.",
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="statement_month_is_first_day"),
        ]

    def __str__(self) -> str:
        return f"Uitkeringsspecificatie {self.month:%m-%Y}"

    def get_absolute_url(self) -> str:
        """The statement as a page; one that was uploaded as a PDF has none but its file."""
        if getattr(self, "sheet", None) is None:
            return self.document.get_absolute_url()
        return reverse("documents:statement", args=[self.uuid])


MONEY: dict[str, Any] = {"max_digits": 10, "decimal_places": 2}
PERCENTAGE = [MinValueValidator(0), MaxValueValidator(100)]


class MaximumDailyWageQuerySet(models.QuerySet["MaximumDailyWage"]):
    def as_rules(self) -> list[Maximum]:
        return [Maximum(row.from_day, row.amount) for row in self]


class MaximumDailyWage(models.Model):
    """The maximumdagloon from a day on, kept by staff. It changes on 1 January and 1 July.

    Source: Wfsv art. 17 (rulebook B5).
    """

    from_day = models.DateField("geldt vanaf", unique=True)
    amount = models.DecimalField(
        "bedrag", validators=[MinValueValidator(Decimal("0.01"))], max_digits=7, decimal_places=2
    )

    objects = MaximumDailyWageQuerySet.as_manager()

    class Meta:
        verbose_name = "maximumdagloon"
        verbose_name_plural = "maximumdaglonen"
        ordering = ["-from_day"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="maximum_daily_wage_is_positive",
                violation_error_message="Vul een bedrag boven nul in.",
            ),
            # A statement is of one month, and so has one maximum.
            models.CheckConstraint(
                condition=Q(from_day__day=1),
                name="maximum_daily_wage_from_first_of_month",
                violation_error_message="Een maximumdagloon geldt vanaf de eerste van een maand.",
            ),
        ]

    def __str__(self) -> str:
        return f"Maximumdagloon vanaf {self.from_day:%d-%m-%Y}"


class PolicyCover(models.Model):
    """What a policy pays (dekking): the parameters of its statements, kept by staff."""

    policy = models.OneToOneField(
        Policy, on_delete=models.PROTECT, related_name="cover", verbose_name="polis"
    )
    percentage = models.DecimalField(
        "uitkeringspercentage",
        max_digits=5,
        decimal_places=2,
        validators=PERCENTAGE,
        help_text="Van het dagloon, meestal 70.",
    )
    waiting_days = models.PositiveSmallIntegerField(
        "wachtdagen",
        validators=[MaxValueValidator(730)],
        help_text="Kalenderdagen, een keer per ziektegeval.",
    )
    # Named on sheet 1 by its end; what is paid where, InComfort's own administration decides.
    iban = SealedTextField("IBAN waarop wordt uitgekeerd", null=True, owner="policy_id")

    class Meta:
        verbose_name = "dekking"
        verbose_name_plural = "dekkingen"
        ordering = ["policy__number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(percentage__gte=0, percentage__lte=100),
                name="policy_cover_percentage_0_to_100",
                violation_error_message="Een percentage ligt van 0 tot en met 100.",
            )
        ]

    def __str__(self) -> str:
        return f"Dekking van {self.policy.number}"

    @property
    def iban_masked(self) -> str:
        """ "•••••4300"; "" without one."""
        return f"•••••{self.iban[-4:]}" if self.iban else ""


class StatementRun(models.Model):
    """A month that staff read in from a file: first to look at, then confirmed and published."""

    month = models.DateField("maand")
    row_count = models.PositiveIntegerField("regels in het bestand", default=0)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="ingelezen door",
        editable=False,
    )
    imported_at = models.DateTimeField("ingelezen op", default=timezone.now, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="bevestigd door",
        editable=False,
    )
    confirmed_at = models.DateTimeField("bevestigd op", null=True, editable=False)

    class Meta:
        verbose_name = "maand met uitkeringen"
        verbose_name_plural = "maanden met uitkeringen"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(month__day=1), name="run_month_is_first_day"),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="run_confirmed_with_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"Uitkeringen {self.month:%m-%Y}"


class StatementSheetQuerySet(models.QuerySet["StatementSheet"]):
    def visible_to(self, user: "User | AnonymousUser") -> "StatementSheetQuerySet":
        """Only what was published."""
        return self.filter(employer__in=open_to(user), statement__isnull=False)


class StatementSheet(models.Model):
    """What one policy pays over one month: being prepared, until `statement` is there.

    `facts` are the polisgegevens of sheet 1 as pairs of words, as they were when it was published.
    """

    # A run that is thrown away before it was confirmed takes its sheets with it.
    run = models.ForeignKey(StatementRun, on_delete=models.CASCADE, related_name="sheets")
    employer = models.ForeignKey(
        Employer, on_delete=models.PROTECT, related_name="statement_sheets"
    )
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="+")
    total = models.DecimalField("totaal", default=ZERO, **MONEY)
    facts = models.JSONField("polisgegevens", default=list)
    pay_by = models.DateField("uiterlijk betaald op", null=True)
    statement = models.OneToOneField(
        BenefitStatement, on_delete=models.PROTECT, null=True, related_name="sheet"
    )

    objects = StatementSheetQuerySet.as_manager()

    class Meta:
        verbose_name = "specificatieblad"
        verbose_name_plural = "specificatiebladen"
        ordering = ["employer__name", "policy__number"]
        constraints = [
            models.UniqueConstraint(fields=["run", "policy"], name="sheet_once_per_run_and_policy"),
            # No promise of a payment where there is none (help page 7.6), nor before publication.
            models.CheckConstraint(
                condition=Q(pay_by=None) | Q(total__gt=0, statement__isnull=False),
                name="sheet_promises_only_a_payment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy.number}, {self.run}"

    @property
    def number(self) -> str:
        """The reference that an employer can quote on the telephone."""
        return f"US-{self.pk:06d}"


class StatementLineQuerySet(models.QuerySet["StatementLine"]):
    def visible_to(self, user: "User | AnonymousUser") -> "StatementLineQuerySet":
        return self.filter(sheet__in=StatementSheet.objects.visible_to(user))

    def with_names(self) -> "StatementLineQuerySet":
        """With who each is about; sealed columns stay unread."""
        related = self.select_related("trajectory__employee")
        return related.defer("trajectory__employee__bsn", "trajectory__employee__iban")


class StatementLine(models.Model):
    """One person and period on a sheet, with the amount and why it is that."""

    class Kind(models.TextChoices):
        BENEFIT = "BENEFIT", "uitkering"
        NOTHING = "NOTHING", "geen uitkering"
        CORRECTION = "CORRECTION", "correctie"

    sheet = models.ForeignKey(StatementSheet, on_delete=models.CASCADE, related_name="lines")
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="+")
    trajectory = models.ForeignKey(
        Trajectory, on_delete=models.PROTECT, related_name="statement_lines"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    reasons = ArrayField(models.CharField(max_length=20), default=list)
    first_sick_day = models.DateField("eerste ziektedag")
    first_day = models.DateField("van")
    last_day = models.DateField("tot en met")
    corrected_month = models.DateField("correctie van", null=True)
    daily_wage = models.DecimalField("dagloon", default=ZERO, **MONEY)
    maximum = models.DecimalField("maximumdagloon", default=ZERO, **MONEY)
    percentage = models.DecimalField(default=ZERO, max_digits=5, decimal_places=2)
    income = models.DecimalField("inkomen per dag", default=ZERO, **MONEY)
    days = models.PositiveSmallIntegerField("uitkeringsdagen", default=0)
    waiting_days = models.PositiveSmallIntegerField("wachtdagen", default=0)
    day_gross = models.DecimalField("bruto per dag", default=ZERO, **MONEY)
    gross = models.DecimalField("bruto", default=ZERO, **MONEY)
    deduction = models.DecimalField("korting", default=ZERO, **MONEY)
    supplement = models.DecimalField("aanvulling", default=ZERO, **MONEY)
    charges = models.DecimalField("werkgeverslasten", default=ZERO, **MONEY)
    correction = models.DecimalField("correctie", default=ZERO, **MONEY)
    total = models.DecimalField("totaal", default=ZERO, **MONEY)

    objects = StatementLineQuerySet.as_manager()

    class Meta:
        verbose_name = "regel van een specificatie"
        verbose_name_plural = "regels van specificaties"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="line_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(gross__gte=0, deduction__gte=0, deduction__lte=F("gross"))
                & Q(supplement__gte=0, charges__gte=0, daily_wage__gte=0, income__gte=0),
                name="line_amounts_are_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(gross=F("days") * F("day_gross")),
                name="line_gross_is_days_times_amount",
            ),
            models.CheckConstraint(
                condition=Q(
                    total=F("gross")
                    - F("deduction")
                    + F("supplement")
                    + F("charges")
                    + F("correction")
                ),
                name="line_total_is_its_parts",
            ),
            models.CheckConstraint(
                condition=Q(kind="CORRECTION", corrected_month__isnull=False, gross=0)
                | Q(kind="BENEFIT", corrected_month=None, correction=0)
                | Q(kind="NOTHING", corrected_month=None, correction=0, total=0),
                name="line_fits_its_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_day:%d-%m-%Y} tot en met {self.last_day:%d-%m-%Y}"

    @property
    def why(self) -> list[str]:
        """ "Waarom dit bedrag?": a sentence for each rule that made it so."""
        return in_words(self)

    @property
    def is_capped(self) -> bool:
        return self.daily_wage > self.maximum > 0
