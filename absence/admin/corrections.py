"""What employers ask to have corrected after a report was taken up: a queue for both staffs."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from absence.actions.corrections import current, decide
from absence.forms.corrections import EXPLANATION_LENGTH
from absence.models import CorrectionRequest
from accounts.admin_base import AuditedModelAdmin, in_words, posted, staff
from accounts.admin_filters import QueueFilter

GRANT, REFUSE = "ja", "nee"


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(
        label="Besluit",
        choices=[(GRANT, "Inwilligen: de melding verandert meteen"), (REFUSE, "Niet inwilligen")],
        widget=forms.RadioSelect,
        error_messages={"required": "Kies een besluit."},
    )
    answer = forms.CharField(
        label="Antwoord aan de werkgever",
        required=False,
        max_length=EXPLANATION_LENGTH,
        help_text="Nodig als u het verzoek niet inwilligt. Niets over de aard of oorzaak.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class WaitingFilter(QueueFilter):
    options = (("besloten", "Besloten"),)

    def select(self, rows: QuerySet[Any], option: str) -> QuerySet[Any]:
        return rows.filter(decided_at__isnull=not option)


@admin.register(CorrectionRequest)
class CorrectionRequestAdmin(AuditedModelAdmin):
    """One request: what the report says, what it should say and why. Nothing in it is changed."""

    fields = ["report", "employer", "asked", "explanation", "asker", "asked_at"]
    fields += ["decision", "answer", "decider", "decided_at"]
    asker = in_words("asked_by", "gevraagd door")
    decider = in_words("decided_by", "besloten door")
    list_display = ["number_in_list", "name", "employer", "asked", "asked_at"]
    list_filter = [WaitingFilter]
    list_select_related = ["employer", "classification", "trajectory__employee"]
    ordering = ["pk"]  # who waits longest comes first
    sortable_by = ()
    unread_in_lists = ("trajectory__employee__bsn", "trajectory__employee__iban")

    def get_queryset(self, request: HttpRequest) -> QuerySet[CorrectionRequest]:
        return CorrectionRequest.objects.select_related(
            "employer", "classification", "trajectory__employee", "trajectory__dossier"
        ).defer("trajectory__employee__bsn", "trajectory__employee__iban")

    def has_change_permission(
        self, request: HttpRequest, obj: CorrectionRequest | None = None
    ) -> bool:
        """The permission to change is that of deciding: decide_page asks for it."""
        return False

    def get_urls(self) -> list[Any]:
        page = self.admin_site.admin_view(self.decide_page)
        return [
            path("<int:key>/besluiten/", page, name="absence_correctionrequest_decide"),
            *super().get_urls(),
        ]

    def title_of(self, obj: CorrectionRequest) -> str:
        return f"{obj.number}, {obj.trajectory.employee}"

    def object_links(self, request: HttpRequest, obj: CorrectionRequest) -> list[tuple[str, str]]:
        may = obj.decided_at is None and self._may_decide(request)
        return [("Besluiten", self.address("decide", obj.pk))] if may else []

    def decide_page(self, request: HttpRequest, key: int) -> HttpResponse:
        if not self._may_decide(request):
            raise PermissionDenied
        found: CorrectionRequest = self.get_object(request, str(key))

        def act(data: dict[str, Any]) -> str:
            is_granted = data["decision"] == GRANT
            decide(by=staff(request), request=found, is_granted=is_granted, answer=data["answer"])
            return f"Over {found} is besloten. De werkgever ziet het in het dossier."

        return self.task_page(
            request,
            DecisionForm(*posted(request)),
            act=act,
            obj=found,
            done=self.address("change", found.pk),
            title="Besluiten",
            button="Besluit vastleggen",
            notes=[
                f"Nu gemeld: {current(found.trajectory).in_words}.",
                f"Gevraagd: {found.in_words}.",
                f"Toelichting: {found.explanation}",
            ],
        )

    def _may_decide(self, request: HttpRequest) -> bool:
        return staff(request).has_perm("absence.change_correctionrequest")

    @admin.display(description="besluit")
    def decision(self, found: CorrectionRequest) -> str:
        words = {None: "Nog niet besloten", True: "Ingewilligd", False: "Niet ingewilligd"}
        return words[found.is_granted]

    @admin.display(description="verzoek")
    def number_in_list(self, found: CorrectionRequest) -> str:
        return found.number

    @admin.display(description="werknemer")
    def name(self, found: CorrectionRequest) -> str:
        return found.trajectory.employee.list_name

    @admin.display(description="gevraagd")
    def asked(self, found: CorrectionRequest) -> str:
        return found.in_words

    @admin.display(description="verzuimmelding")
    def report(self, found: CorrectionRequest) -> SafeString | str:
        words = f"{found.trajectory.employee}, {found.trajectory}"
        if found.trajectory.withdrawn_at:
            return f"{words} (ingetrokken)"
        address = reverse("admin:absence_trajectory_change", args=[found.trajectory_id])
        return format_html('<a href="{}">{}</a>', address, words)
