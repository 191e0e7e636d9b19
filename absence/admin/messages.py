"""What employers tell HCS of recoveries: a queue. Only HCS receives and processes."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from absence.actions.recovery import process, receive
from absence.models import RecoveryMessage
from absence.recovery import contradicts
from accounts.admin_base import AuditedModelAdmin, in_words, posted, staff
from accounts.admin_filters import QueueFilter

Outcome, State = RecoveryMessage.Outcome, RecoveryMessage.State


class OutcomeForm(forms.Form):
    outcome = forms.ChoiceField(
        label="Wat doet u met dit bericht?",
        choices=[
            (Outcome.RECORDED, "Vastleggen zoals doorgegeven"),
            (Outcome.OTHERWISE, "Niet vastleggen; HCS neemt contact op met de werkgever"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Kies wat u met het bericht doet."},
    )


class WaitingFilter(QueueFilter):
    options = (("verwerkt", "Verwerkt"),)

    def select(self, rows: QuerySet[Any], option: str) -> QuerySet[Any]:
        return rows.filter(state=State.PROCESSED) if option else rows.exclude(state=State.PROCESSED)


@admin.register(RecoveryMessage)
class RecoveryMessageAdmin(AuditedModelAdmin):
    """One message: what was told of whom, and what became of it. Nothing in it is changed."""

    fields = ["report", "employer", "told", "sender", "sent_at", "state", "reader", "received_at"]
    fields += ["outcome", "processor", "processed_at"]
    sender = in_words("sent_by", "verstuurd door")
    reader = in_words("received_by", "ontvangen door")
    processor = in_words("processed_by", "verwerkt door")
    list_display = ["name", "employer", "told", "sent_at", "state"]
    list_filter = [WaitingFilter]
    list_select_related = ["employer", "trajectory__employee"]
    ordering = ["pk"]  # who waits longest comes first
    sortable_by = ()
    unread_in_lists = ("trajectory__employee__bsn", "trajectory__employee__iban")

    def get_queryset(self, request: HttpRequest) -> QuerySet[RecoveryMessage]:
        return RecoveryMessage.objects.select_related(
            "employer", "trajectory__employee", "trajectory__dossier"
        ).defer("trajectory__employee__bsn", "trajectory__employee__iban")

    def has_change_permission(
        self, request: HttpRequest, obj: RecoveryMessage | None = None
    ) -> bool:
        """The permission to change is that of the acts: they ask for it."""
        return False

    def get_urls(self) -> list[Any]:
        guard, name = self.admin_site.admin_view, "absence_recoverymessage"
        return [
            path("<int:key>/ontvangen/", guard(self.receive_page), name=f"{name}_receive"),
            path("<int:key>/verwerken/", guard(self.process_page), name=f"{name}_process"),
            *super().get_urls(),
        ]

    def title_of(self, obj: RecoveryMessage) -> str:
        return f"{obj.number}, {obj.trajectory.employee}"

    def object_links(self, request: HttpRequest, obj: RecoveryMessage) -> list[tuple[str, str]]:
        if obj.state == State.PROCESSED or not self._may_act(request):
            return []
        links = [("Verwerken", self.address("process", obj.pk))]
        if obj.state == State.SENT:
            links.insert(0, ("Ontvangen", self.address("receive", obj.pk)))
        return links

    def receive_page(self, request: HttpRequest, key: int) -> HttpResponse:
        """The employer sees that somebody has read it."""
        found = self._to_act_on(request, key)

        def act(data: dict[str, Any]) -> str:
            receive(by=staff(request), message=found)
            return f"{found} is ontvangen. De werkgever ziet dat."

        form = forms.Form(*posted(request))
        return self._act_page(request, found, form, act, title="Ontvangen")

    def process_page(self, request: HttpRequest, key: int) -> HttpResponse:
        """Records what was told, or not; the message is done."""
        found = self._to_act_on(request, key)

        def act(data: dict[str, Any]) -> str:
            process(by=staff(request), message=found, **data)
            return f"{found} is verwerkt."

        form = OutcomeForm(*posted(request))
        return self._act_page(request, found, form, act, title="Verwerken")

    def _act_page(
        self, request: HttpRequest, found: RecoveryMessage, form: forms.Form, act: Any, title: str
    ) -> HttpResponse:
        return self.task_page(
            request,
            form,
            act=act,
            obj=found,
            done=self.address("change", found.pk),
            title=title,
            button=title,
            notes=[f"{found.in_words}.", *self._warnings(found)],
        )

    def _warnings(self, found: RecoveryMessage) -> list[str]:
        """What the course says against it: then HCS calls first."""
        last_step_on = found.trajectory.steps()[-1].first_day
        if not contradicts(found.fit_from, last_step_on=last_step_on):
            return []
        return [
            f"Er is al een AO-percentage vanaf {last_step_on:%d-%m-%Y}. Bel eerst de werkgever."
        ]

    def _to_act_on(self, request: HttpRequest, key: int) -> RecoveryMessage:
        """Raises PermissionDenied and Http404."""
        if not self._may_act(request):
            raise PermissionDenied
        found: RecoveryMessage = self.get_object(request, str(key))
        return found

    def _may_act(self, request: HttpRequest) -> bool:
        return staff(request).has_perm("absence.change_recoverymessage")

    @admin.display(description="werknemer")
    def name(self, found: RecoveryMessage) -> str:
        return found.trajectory.employee.list_name

    @admin.display(description="bericht")
    def told(self, found: RecoveryMessage) -> str:
        return found.in_words

    @admin.display(description="verzuimmelding")
    def report(self, found: RecoveryMessage) -> SafeString:
        address = reverse("admin:absence_trajectory_change", args=[found.trajectory_id])
        words = f"{found.trajectory.employee}, {found.trajectory}"
        return format_html('<a href="{}">{}</a>', address, words)
