"""Records of one person that were made into one."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.models import Employer, open_to
from accounts.sealed import SealedTextField
from dossiers.models.dossiers import Dossier

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


class MergeQuerySet(models.QuerySet["Merge"]):
    def visible_to(self, user: "User | AnonymousUser") -> "MergeQuerySet":
        return self.filter(employer__in=open_to(user))


class Merge(models.Model):
    """A second dossier of somebody, all of which is in the kept one now (samenvoeging).

    The second one is gone; by its uuid its address still leads to the kept one. `moved` holds the
    keys of the rows that came from it, by model. What it said otherwise is in the history
    (EmployeeChange), but for an IBAN: the history keeps none, so `iban` is the one that the other
    record had when the kept one had another, sealed for who has it now.
    """

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="+")
    kept = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="merges")
    old_uuid = models.UUIDField(unique=True)
    moved = models.JSONField()
    iban = SealedTextField("IBAN", null=True, owner="kept_id")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField()
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    merged_at = models.DateTimeField(default=timezone.now)

    objects = MergeQuerySet.as_manager()

    class Meta:
        verbose_name = "samenvoeging"
        verbose_name_plural = "samenvoegingen"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"Samengevoegd op {timezone.localdate(self.merged_at):%d-%m-%Y}"
