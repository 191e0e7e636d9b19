"""Dossiers: the file of an employee, or of the company."""

from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Employer, open_to

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


class DossierQuerySet(models.QuerySet["Dossier"]):
    def visible_to(self, user: "User | AnonymousUser") -> "DossierQuerySet":
        return self.filter(employer__in=open_to(user))


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
