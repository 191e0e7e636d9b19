"""Messages on their way out, and sending once more what was given up."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path

from accounts.actions.resending import MOST_AT_ONCE, resend_messages
from accounts.admin_base import AuditedModelAdmin, posted, staff
from accounts.message_words import what_to_do
from accounts.models import OutgoingMessage

RIGHT = "accounts.change_failedjob"  # who may try jobs again, may have messages sent again
AGAIN = "Opnieuw versturen"
WHERE_TO = (
    "De e-mail gaat naar het adres van toen. Klopt dat niet meer, verbeter dan eerst het adres van"
    " de gebruiker en laat deze e-mail liggen: volgende gaan naar het nieuwe adres."
)


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
        "to_do",
    ]
    list_display = ["created_at", "channel", "purpose", "state", "attempts", "sent_at", "delivery"]
    list_filter = ["state", "channel", "delivery"]
    unread_in_lists = ("recipient", "text")

    def get_queryset(self, request: HttpRequest) -> QuerySet[OutgoingMessage]:
        return OutgoingMessage.objects.defer("recipient", "text", "subject")

    def get_urls(self) -> list[Any]:
        guard, name = self.admin_site.admin_view, "accounts_outgoingmessage"
        return [
            path("<int:key>/opnieuw/", guard(self.resend_page), name=f"{name}_resend"),
            path("alle-opnieuw/", guard(self.resend_all_page), name=f"{name}_resend_all"),
            *super().get_urls(),
        ]

    def object_links(self, request: HttpRequest, obj: OutgoingMessage) -> list[tuple[str, str]]:
        may = staff(request).has_perm(RIGHT)
        is_kept = OutgoingMessage.objects.to_resend().filter(pk=obj.pk).exists()
        return [(AGAIN, self.address("resend", obj.pk))] if may and is_kept else []

    def resend_page(self, request: HttpRequest, key: int) -> HttpResponse:
        """One message. Of one that cannot be sent again the form says so. Raises Http404."""
        if not staff(request).has_perm(RIGHT):
            raise PermissionDenied
        found: OutgoingMessage = self.get_object(request, str(key))
        notes = [str(found), what_to_do(found), WHERE_TO]
        return self._task(request, [found.pk], obj=found, title=AGAIN, notes=notes)

    def resend_all_page(self, request: HttpRequest) -> HttpResponse:
        """All that were given up and can be sent, as after an outage."""
        if not staff(request).has_perm(RIGHT):
            raise PermissionDenied
        keys = list(OutgoingMessage.objects.to_resend().values_list("pk", flat=True))
        notes = [f"E-mails die opnieuw kunnen: {len(keys)}.", WHERE_TO]
        if len(keys) > MOST_AT_ONCE:
            notes.append(f"Ten hoogste {MOST_AT_ONCE} per keer, de oudste eerst.")
        return self._task(request, keys, title="Mislukte e-mails opnieuw versturen", notes=notes)

    def _task(self, request: HttpRequest, keys: list[int], **context: Any) -> HttpResponse:
        def act(_: dict[str, Any]) -> str:
            count = resend_messages(by=staff(request), messages=keys)
            words = "Een e-mail staat" if count == 1 else f"{count} e-mails staan"
            return f"{words} weer in de wachtrij."

        form = forms.Form(*posted(request))
        return self.task_page(request, form, act=act, button=AGAIN, **context)

    @admin.display(description="wat te doen")
    def to_do(self, message: OutgoingMessage) -> str:
        return what_to_do(message) or "-"
