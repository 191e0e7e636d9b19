"""Sick reports: why in broad class, from which day, for how much, until when."""

from datetime import date
from typing import TYPE_CHECKING, cast
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from absence import course, reporting
from absence.chart import StepChart, step_chart
from absence.reporting import Spell
from accounts.compiled import Compiled, Given
from accounts.models import Employer, open_to
from dossiers.models import Dossier, Employee, Employment

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


class ClassificationQuerySet(models.QuerySet["Classification"]):
    def active(self) -> "ClassificationQuerySet":
        return self.filter(is_active=True)

    def offered_to(self, employer: Employer | Given) -> "ClassificationQuerySet":
        """Those that this employer chooses from: the active ones that staff linked to it.

        All active ones while staff linked none, or while each linked one is switched off: somebody
        ill can always be reported. Source: rulebook 4.1.
        """
        linked = Classification.objects.active().filter(employers=employer)
        return self.active().filter(Q(Exists(linked.filter(pk=OuterRef("pk")))) | ~Exists(linked))

    def offered_for(self, report: "Trajectory") -> "ClassificationQuerySet":
        """What a report may say from now on: an offered one, or still what it says already."""
        offered = self.offered_to(report.employer)
        return self.filter(Q(pk__in=offered) | Q(pk=report.classification_id))


class Classification(models.Model):
    """A closed choice at the sick report (verzuimclassificatie), kept by staff.

    Reveals nothing about the illness beyond the list an employer may record.
    Source: AP, De zieke werknemer; rulebook 1.1 and 4.4.
    """

    code = models.SlugField("code", max_length=30, unique=True)
    label = models.CharField("omschrijving", max_length=100)
    help_text = models.CharField("toelichting", max_length=300, blank=True)
    position = models.PositiveSmallIntegerField("volgorde", default=0)
    is_active = models.BooleanField("te kiezen", default=True)
    employers = models.ManyToManyField(
        Employer, related_name="classifications", verbose_name="werkgevers", blank=True
    )

    objects = ClassificationQuerySet.as_manager()

    class Meta:
        verbose_name = "verzuimclassificatie"
        verbose_name_plural = "verzuimclassificaties"
        ordering = ["position", "label"]

    def __str__(self) -> str:
        return self.label


def classifications_for(employer: Employer) -> list[Classification]:
    """What this employer chooses from, in their order: `offered_to`, compiled once."""
    return _OFFERED(employer=employer.pk)


_OFFERED = Compiled(
    lambda: Classification.objects.offered_to(Given("employer", models.BigIntegerField()))
)


def spells_of(employment: Employment) -> list[Spell]:
    """The sick reports of an employment that were not withdrawn, as the rules see them."""
    return [Spell(*days) for days in _SPELLS(employment=employment.pk)]


_SPELLS: Compiled[tuple[date, date | None]] = Compiled(
    lambda: Trajectory.objects.filter(
        employment=Given("employment", models.BigIntegerField())
    ).values_list("first_sick_day", "recovered_on")
)


class TrajectoryQuerySet(models.QuerySet["Trajectory"]):
    def visible_to(self, user: "User | AnonymousUser") -> "TrajectoryQuerySet":
        return self.filter(employer__in=open_to(user))

    def open(self) -> "TrajectoryQuerySet":
        """Not recovered: still ill, fully or partly."""
        return self.filter(recovered_on=None)

    def withdrawn_of(self, dossier: Dossier) -> "TrajectoryQuerySet":
        """What was reported by mistake, the newest first; only `everything` holds any."""
        found = self.filter(dossier=dossier, withdrawn_at__isnull=False)
        return found.select_related("withdrawn_by").newest_first()

    def newest_first(self) -> "TrajectoryQuerySet":
        return self.order_by("-first_sick_day", "-pk")

    def with_course(self) -> "TrajectoryQuerySet":
        """With all that the page of one report shows, in a fixed number of queries more."""
        related = ["dossier", "employment", "classification", "reported_by"]
        return self.select_related(*related).prefetch_related(
            "incapacities",
            "recovery_messages",
            "versions__classification",
            "versions__made_by",
            "correction_requests__classification",
        )

    def with_names(self) -> "TrajectoryQuerySet":
        """With what a line of a list shows of each; sealed columns stay unread."""
        shown = ["surname", "prefixes", "first_name", "initials"]
        return self.select_related("dossier", "employee", "employer").only(
            "first_sick_day",
            "recovered_on",
            "dossier__uuid",
            "employer__name",
            *(f"employee__{name}" for name in shown),
        )

    def with_facts(self) -> "TrajectoryQuerySet":
        """With all that the rules of absence need of each, in five queries for any number.

        Sealed columns stay unread.
        """
        related = ["dossier", "employer", "classification", "employee", "employment__type"]
        return (
            self.select_related(*related)
            .defer("employee__bsn", "employee__iban")
            .prefetch_related(
                "employee__employments", "employee__trajectories__marks", "employer__policies"
            )
        )

    def spells(self) -> list[Spell]:
        return [Spell(*days) for days in self.values_list("first_sick_day", "recovered_on")]

    def with_percentage(self, day: date | Given | None = None) -> "TrajectoryQuerySet":
        """Adds `percentage`: the AO-percentage on that day (default today), for lists."""
        rows = Incapacity.objects.filter(
            trajectory=OuterRef("pk"), effective_on__lte=day or timezone.localdate()
        ).order_by("-effective_on")
        return self.annotate(percentage=Subquery(rows.values("percentage")[:1]))


TrajectoryManager = models.Manager.from_queryset(TrajectoryQuerySet)


class ValidTrajectories(TrajectoryManager["Trajectory"]):
    """Reports that were not withdrawn: those that every page and every rule is about."""

    def get_queryset(self) -> TrajectoryQuerySet:
        return cast(TrajectoryQuerySet, super().get_queryset().filter(withdrawn_at=None))


class Trajectory(models.Model):
    """One sick report and what follows from it (traject), recognised by its first sick day."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    employer = models.ForeignKey(
        Employer, on_delete=models.PROTECT, related_name="trajectories", verbose_name="werkgever"
    )
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="trajectories")
    employee = models.ForeignKey(
        Employee, on_delete=models.PROTECT, related_name="trajectories", verbose_name="werknemer"
    )
    employment = models.ForeignKey(
        Employment,
        on_delete=models.PROTECT,
        related_name="trajectories",
        verbose_name="dienstverband",
    )
    classification = models.ForeignKey(
        Classification, on_delete=models.PROTECT, verbose_name="verzuimclassificatie"
    )
    first_sick_day = models.DateField("eerste ziektedag")
    recovered_on = models.DateField(
        "eerste dag volledig hersteld", null=True, blank=True, editable=False
    )
    recovered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="herstel vastgelegd door",
        editable=False,
    )
    recovery_recorded_at = models.DateTimeField("herstel vastgelegd op", null=True, editable=False)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="gemeld door",
        editable=False,
    )
    reported_at = models.DateTimeField("gemeld op", default=timezone.now, editable=False)
    # From then on the employer asks for a correction instead of making one.
    taken_up_at = models.DateTimeField("in behandeling sinds", null=True, editable=False)
    withdrawn_at = models.DateTimeField("ingetrokken op", null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="ingetrokken door",
        editable=False,
    )
    submission = models.UUIDField(default=uuid4, unique=True, editable=False)

    objects = ValidTrajectories()
    everything = TrajectoryQuerySet.as_manager()

    class Meta:
        verbose_name = "verzuimmelding"
        verbose_name_plural = "verzuimmeldingen"
        constraints = [
            models.CheckConstraint(
                condition=Q(recovered_on=None) | Q(recovered_on__gt=F("first_sick_day")),
                name="trajectory_recovers_after_first_sick_day",
                violation_error_message="De hersteldatum ligt niet na de eerste ziektedag.",
            ),
            models.CheckConstraint(
                condition=Q(recovered_on=None, recovered_by=None, recovery_recorded_at=None)
                | Q(
                    recovered_on__isnull=False,
                    recovered_by__isnull=False,
                    recovery_recorded_at__isnull=False,
                ),
                name="trajectory_recovery_with_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="trajectory_withdrawn_with_who_and_when",
            ),
            # The range is open-ended while ill; recovered_on is the first fit day, so not in it.
            ExclusionConstraint(
                name="trajectory_no_overlap_per_employment",
                expressions=[
                    ("employment", RangeOperators.EQUAL),
                    (
                        Func(
                            "first_sick_day",
                            "recovered_on",
                            RangeBoundary(inclusive_lower=True, inclusive_upper=False),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(withdrawn_at=None),
                violation_error_message="Deze werknemer is in deze periode al ziek gemeld.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["employer", "-first_sick_day"],
                condition=Q(recovered_on=None, withdrawn_at=None),
                name="trajectory_open_by_employer",
            ),
            models.Index(fields=["dossier", "-first_sick_day"], name="trajectory_by_dossier"),
        ]

    def __str__(self) -> str:
        return f"Ziekmelding {self.first_sick_day:%d-%m-%Y}"

    def get_absolute_url(self) -> str:
        return reverse("absence:dossier-absence", args=[self.dossier.uuid])

    @property
    def number(self) -> str:
        """The reference that a user can quote on the telephone."""
        return f"ZM-{self.pk:06d}"

    @property
    def is_open(self) -> bool:
        return self.recovered_on is None

    @property
    def is_after_employment(self) -> bool:
        """Fell ill after the last day of the employment (nawerking)."""
        return reporting.is_after_employment(self.first_sick_day, ended_on=self.employment.ended_on)

    @property
    def is_late(self) -> bool:
        """Reported more than six weeks after the first sick day."""
        reported_on = timezone.localdate(self.reported_at)
        return reporting.is_late(self.first_sick_day, today=reported_on)

    def spells_beside(self) -> list[Spell]:
        """Beside which it must fit: of the same employment, and begun before this one ended."""
        others = Trajectory.objects.filter(employment=self.employment_id).exclude(pk=self.pk)
        if self.recovered_on:
            others = others.filter(first_sick_day__lt=self.recovered_on)
        return others.spells()

    def steps(self) -> list[course.Step]:
        """The percentages over time, oldest first."""
        rows = [(row.effective_on, row.percentage) for row in self.incapacities.all()]
        return course.steps(rows, self.recovered_on)

    def direction(self) -> course.Direction | None:
        """Whether the latest percentage meant more work or less; None while there is one."""
        return course.direction(self.steps())

    def chart(self) -> StepChart:
        """The percentages over time as a drawing."""
        return step_chart(self.steps(), today=timezone.localdate())

    def duration(self) -> course.Duration:
        """Until recovery, or up to and including today."""
        return course.duration(self.first_sick_day, self.recovered_on, today=timezone.localdate())

    def percentage_on(self, day: date) -> int | None:
        """The AO-percentage (1-100) that holds on that day; None outside the illness."""
        if day < self.first_sick_day or (self.recovered_on and day >= self.recovered_on):
            return None
        row = self.incapacities.filter(effective_on__lte=day).order_by("-effective_on").first()
        return row.percentage if row else None


class IncapacityQuerySet(models.QuerySet["Incapacity"]):
    def visible_to(self, user: "User | AnonymousUser") -> "IncapacityQuerySet":
        return self.filter(employer__in=open_to(user))


IncapacityManager = models.Manager.from_queryset(IncapacityQuerySet)


class ValidIncapacities(IncapacityManager["Incapacity"]):
    """Rows that no correction replaced."""

    def get_queryset(self) -> IncapacityQuerySet:
        return cast(IncapacityQuerySet, super().get_queryset().filter(superseded_at=None))


class Incapacity(models.Model):
    """The AO-percentage from a day on: the share of the agreed hours not worked.

    Rows are added, never changed: a correction marks the wrong one and adds a right one, and the
    database refuses anything else. 0 does not exist, that is a recovery. Source: rulebook 5.1.
    """

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="+")
    trajectory = models.ForeignKey(
        Trajectory, on_delete=models.PROTECT, related_name="incapacities"
    )
    effective_on = models.DateField("vanaf")
    percentage = models.PositiveSmallIntegerField(
        "AO-percentage", validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="vastgelegd door",
    )
    recorded_at = models.DateTimeField("vastgelegd op", default=timezone.now)
    superseded_at = models.DateTimeField("vervangen op", null=True, editable=False)

    objects = ValidIncapacities()
    everything = IncapacityQuerySet.as_manager()

    class Meta:
        verbose_name = "AO-percentage"
        verbose_name_plural = "AO-percentages"
        ordering = ["effective_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(percentage__gte=1, percentage__lte=100),
                name="incapacity_percentage_1_to_100",
                violation_error_message="Een AO-percentage is een heel getal van 1 tot en met 100.",
            ),
            models.UniqueConstraint(
                fields=["trajectory", "effective_on"],
                condition=Q(superseded_at=None),
                name="incapacity_once_per_day",
                violation_error_message="Voor deze dag is al een AO-percentage vastgelegd.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.percentage}% vanaf {self.effective_on:%d-%m-%Y}"
