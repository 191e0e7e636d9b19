"""Messages on their way out."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.admin_base import AuditedModelAdmin
from accounts.models import OutgoingMessage


@admin.register(OutgoingMessage)
class OutgoingMessageAdmin(AuditedModelAdmin):
    """Whether messages go out. To whom and with what text is nobody's business here."""

    fields = [
        "channel",
        "purpose",
        "state",
        "attempts",
        "error",
        "provider_id",
        "created_at",
        "sent_at",
        "delivery",
        "provider_status",
        "delivered_at",
    ]
    list_display = ["created_at", "channel", "purpose", "state", "attempts", "sent_at", "delivery"]
    list_filter = ["state", "channel", "delivery"]
    unread_in_lists = ("recipient", "text")

    def get_queryset(self, request: HttpRequest) -> QuerySet[OutgoingMessage]:
        return OutgoingMessage.objects.defer("recipient", "text", "subject")
