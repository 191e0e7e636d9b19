"""The audit log."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts import audit
from accounts.admin_base import AuditedModelAdmin, in_words
from accounts.models import AuditEvent


class ActionFilter(admin.SimpleListFilter):
    title = "handeling"
    parameter_name = "handeling"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return audit.Action.choices

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[AuditEvent]
    ) -> QuerySet[AuditEvent]:
        return queryset.filter(action=self.value()) if self.value() else queryset


@admin.register(AuditEvent)
class AuditEventAdmin(AuditedModelAdmin):
    """Who did or saw what. Looking at it is an event too.

    Links elsewhere lead to the events of one dossier (`?dossier_uuid=`) or person (`?actor=`).
    """

    fields = [
        "at",
        "what",
        "outcome",
        "who",
        "actor_role",
        "employer",
        "dossier_uuid",
        "kind",
        "object_id",
        "ip",
        "session_ref",
        "request_id",
        "detail",
    ]
    list_display = ["at", "what", "outcome", "who", "actor_role", "employer", "kind"]
    who = in_words("actor", "wie")
    list_filter = ["outcome", "at", ActionFilter]
    list_select_related = ["actor", "employer"]
    sortable_by = ()
    linked_lookups = frozenset({"dossier_uuid", "actor"})

    def title_of(self, obj: AuditEvent) -> str:
        return self.what(obj)

    @admin.display(description="soort gegeven")
    def kind(self, event: AuditEvent) -> str:
        """The object's model in the words of the screen; its label where the model is no more."""
        if not event.object_type:
            return "-"
        try:
            return str(apps.get_model(event.object_type)._meta.verbose_name)
        except LookupError:
            return event.object_type

    @admin.display(description="handeling")
    def what(self, event: AuditEvent) -> str:
        return dict(audit.Action.choices).get(event.action, event.action)
