"""What people did and saw: one append-only table. Source: NEN 7513; security.md 2.9."""

from functools import cache
from typing import Any

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault
from django.db.models.functions import Now

from accounts.compiled import answers

MADE = {"id", "at"}  # by the database


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

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Adds the event. Every page does, so the statement is put together once.

        One that says itself when it was, as in a test, is added as any row is.
        """
        at: Any = self.at
        if not isinstance(at, DatabaseDefault):
            super().save(*args, **kwargs)
            return
        sql, values = self.addition()
        [(self.pk, self.at)] = answers(f"{sql} returning id, at", values)
        self._state.adding, self._state.db = False, connection.alias

    def addition(self) -> tuple[str, list[Any]]:
        """The statement that adds this event, and its values; a `where` may follow."""
        fields, sql = _insertion()
        return sql, [_prepared(getattr(self, name), field) for name, field in fields]

    @staticmethod
    def reference(obj: models.Model) -> tuple[str, str]:
        """How an object is named in the log: its model, and its uuid or else its key."""
        return obj._meta.label_lower, str(getattr(obj, "uuid", None) or obj.pk)


def _prepared(value: Any, field: Any) -> Any:
    """What psycopg takes as it is, and of the others what Django makes of it."""
    return field.get_db_prep_save(value, connection) if field else value


@cache
def _insertion() -> tuple[list[tuple[str, Any]], str]:
    """The names of what an event brings itself, with the field of what is prepared first, and the
    statement that adds one.
    """
    fields = [field for field in AuditEvent._meta.concrete_fields if field.name not in MADE]
    columns = ", ".join(str(field.column) for field in fields)
    places = ", ".join(f"%s::{_type(field)}" for field in fields)
    table = AuditEvent._meta.db_table
    sql = f"insert into {table} ({columns}) select {places}"
    as_it_is = (models.CharField, models.ForeignKey, models.UUIDField)
    return [(field.attname, None if type(field) in as_it_is else field) for field in fields], sql


def _type(field: Any) -> str:
    """Without a length: a cast to that would cut off what is too long, and not refuse it."""
    return str(field.db_type(connection)).partition("(")[0]
