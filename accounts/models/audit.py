"""What people did and saw: one append-only table. Source: NEN 7513; security.md 2.9."""

from django.db import models
from django.db.models.functions import Now


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    def about(self, obj: models.Model) -> "AuditEventQuerySet":
        """The events whose object is this one: who opened, added or changed it."""
        object_type, object_id = AuditEvent.reference(obj)
        return self.filter(object_type=object_type, object_id=object_id)


class AuditEvent(models.Model):
    """One act of one person. Holds no names, BSNs, codes, tokens or search terms.

    The database refuses UPDATE, DELETE and TRUNCATE (trigger in the first migration).
    """

    class Outcome(models.TextChoices):
        OK = "OK", "Gelukt"
        DENIED = "DENIED", "Geweigerd"
        FAILED = "FAILED", "Mislukt"

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField("wanneer", db_default=Now(), editable=False)
    action = models.CharField("handeling", max_length=50)
    outcome = models.CharField(
        "uitkomst", max_length=10, choices=Outcome.choices, default=Outcome.OK
    )
    actor = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+", verbose_name="wie"
    )
    actor_role = models.CharField("rol", max_length=20)
    employer = models.ForeignKey(
        "accounts.Employer",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="namens werkgever",
    )
    dossier_uuid = models.UUIDField("dossier", null=True)
    object_type = models.CharField("soort gegeven", max_length=50, blank=True)
    object_id = models.CharField("gegeven", max_length=50, blank=True)
    ip = models.GenericIPAddressField("IP-adres", null=True)
    session_ref = models.CharField("sessie", max_length=16, blank=True)
    request_id = models.CharField("verzoek", max_length=32, blank=True)
    detail = models.JSONField("bijzonderheden", default=dict)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        verbose_name = "logregel"
        verbose_name_plural = "logregels"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["dossier_uuid", "-id"], name="audit_by_dossier"),
            models.Index(fields=["actor", "-id"], name="audit_by_actor"),
            models.Index(fields=["object_type", "object_id", "-id"], name="audit_by_object"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.outcome}"

    @staticmethod
    def reference(obj: models.Model) -> tuple[str, str]:
        """How an object is named in the log: its model, and its uuid or else its key."""
        return obj._meta.label_lower, str(getattr(obj, "uuid", None) or obj.pk)
