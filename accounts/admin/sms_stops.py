"""Whether sms codes are being sent, and sending them again after the stop."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import path

from accounts.actions.sms_stop import reopen
from accounts.admin_base import AuditedModelAdmin, in_words, posted, staff
from accounts.models import SmsStop


@admin.register(SmsStop)
class SmsStopAdmin(AuditedModelAdmin):
    """The stop makes itself (accounts/actions/sms_stop.py); staff end it."""

    fields = ["reason", "stopped_at", "reopened_at", "who"]
    list_display = ["stopped_at", "reason", "reopened_at", "who"]
    who = in_words("reopened_by", "hervat door")
    list_select_related = ["reopened_by"]

    def has_change_permission(self, request: HttpRequest, obj: SmsStop | None = None) -> bool:
        """The permission to change is that of reopening: reopen_page asks for it."""
        return False

    def get_urls(self) -> list[Any]:
        page = self.admin_site.admin_view(self.reopen_page)
        return [
            path("<int:key>/hervatten/", page, name="accounts_smsstop_reopen"),
            *super().get_urls(),
        ]

    def object_links(self, request: HttpRequest, obj: SmsStop) -> list[tuple[str, str]]:
        may = obj.reopened_at is None and staff(request).has_perm("accounts.change_smsstop")
        return [("Sms-codes hervatten", self.address("reopen", obj.pk))] if may else []

    def reopen_page(self, request: HttpRequest, key: int) -> HttpResponse:
        if not staff(request).has_perm("accounts.change_smsstop"):
            raise PermissionDenied
        found: SmsStop = self.get_object(request, str(key))

        def act(_: dict[str, Any]) -> str:
            reopen(by=staff(request), stopped=found)
            return "Sms-codes worden weer verstuurd."

        return self.task_page(
            request,
            forms.Form(*posted(request)),
            act=act,
            obj=found,
            done=self.address("change", found.pk),
            title="Sms-codes hervatten",
            button="Sms-codes hervatten",
            notes=[
                f"Gestopt op {found.stopped_at:%d-%m-%Y}: {found.get_reason_display().lower()}.",
                "Kijk eerst bij Uitgaande berichten of er geen misbruik meer is.",
            ],
        )
