"""Staff screens for document requests: asking, the queue of what came, deciding, withdrawing."""

from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from absence.models import Trajectory
from accounts.admin_base import AuditedModelAdmin, in_words, key_in, posted, staff
from accounts.admin_filters import QueueFilter
from documents.models import DocumentRequest, RequestItem, RequestPurpose
from documents.requests import terms
from documents.requests.actions import (
    ItemChangedError,
    accept_item,
    ask_documents,
    move_due,
    refuse_item,
    withdraw_items,
)
from documents.requests.admin_forms import ACCEPT, AskForm, DecisionForm, DueForm

CHANGED = "Intussen is er iets aangeleverd of besloten. Kijk opnieuw en besluit daarna."
ASK_NOTES = [
    "De contactpersoon krijgt direct een e-mail; de werkgever ziet op de startpagina en in het"
    " dossier wat u vraagt. Drie dagen voor de uiterste dag en als die voorbij is, volgt een"
    " herinnering.",
    "Vraag alleen wat nodig is, en nooit om medische documenten.",
]


class RequestFilter(QueueFilter):
    default = "Te beoordelen"
    options = (("open", "Open bij de werkgever"), ("te-laat", "Te laat"))

    def select(self, rows: QuerySet[Any], option: str) -> QuerySet[Any]:
        found = cast(Any, rows)
        if option == "open":
            return cast(QuerySet[Any], found.open())
        return cast(QuerySet[Any], found.overdue() if option else found.answered())


@admin.register(DocumentRequest)
class DocumentRequestAdmin(AuditedModelAdmin):
    """One request and its checklist. Nothing in it is changed but by the acts of its pages."""

    fields = ["owner", "employer", "report", "purpose_text", "due_on", "asker", "asked_at"]
    asker = in_words("asked_by", "gevraagd door")
    purpose_text = in_words("purpose", "waarvoor")
    list_display = ["number_in_list", "owner", "employer", "due_on", "state"]
    list_filter = [RequestFilter]
    ordering = ["due_on", "pk"]  # what is due first stands on top
    sortable_by = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[DocumentRequest]:
        return DocumentRequest.objects.with_checklist()

    def has_change_permission(
        self, request: HttpRequest, obj: DocumentRequest | None = None
    ) -> bool:
        """The permission to change is that of deciding: the pages of the acts ask for it."""
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Without the button to add: that would not know about which report."""
        return super().changelist_view(
            request, {**(extra_context or {}), "has_add_permission": False}
        )

    def get_urls(self) -> list[Any]:
        guard, name = self.admin_site.admin_view, "documents_documentrequest"
        return [
            path("<int:key>/beoordelen/", guard(self.decide_page), name=f"{name}_decide"),
            path("<int:key>/termijn/", guard(self.due_page), name=f"{name}_due"),
            path("<int:key>/intrekken/", guard(self.withdraw_page), name=f"{name}_withdraw"),
            *super().get_urls(),
        ]

    def title_of(self, obj: Any) -> str:
        return f"{obj}: {obj.dossier.title}" if isinstance(obj, DocumentRequest) else str(obj)

    def object_links(self, request: HttpRequest, obj: DocumentRequest) -> list[tuple[str, str]]:
        if obj.is_done or obj.trajectory.withdrawn_at or not self._may_decide(request):
            return []
        links = [
            ("Termijn wijzigen", self.address("due", obj.pk)),
            ("Verzoek intrekken", self.address("withdraw", obj.pk)),
        ]
        if any(item.state == RequestItem.State.ANSWERED for item in obj.items.all()):
            links.insert(0, ("Beoordelen", self.address("decide", obj.pk)))
        return links

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The request with its checklist, and for each item all that was given."""
        asked: DocumentRequest = context["original"]
        context |= {
            "items": asked.items.prefetch_related("answers__document", "answers__decided_by"),
            "may_act": bool(self.object_links(request, asked)),
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """InComfort asks for documents about the report that `?traject=` names."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        trajectory = self._report_named(request)

        def act(data: dict[str, Any]) -> str:
            asked = ask_documents(by=staff(request), trajectory=trajectory, **data)
            contact = asked.employer.contact
            told = f"{contact} krijgt een e-mail." if contact else "Er is geen contactpersoon."
            return f"{asked} is verstuurd. {told}"

        form = AskForm(
            *posted(request),
            initial={"due_on": timezone.localdate() + timedelta(days=terms.USUAL_DAYS)},
        )
        return self.task_page(
            request,
            form,
            act=lambda data: act(form.asked(data)),
            obj=trajectory,
            done=reverse("admin:absence_trajectory_change", args=[trajectory.pk]),
            title="Documenten vragen",
            button="Documenten vragen",
            notes=ASK_NOTES,
        )

    def decide_page(self, request: HttpRequest, key: int) -> HttpResponse:
        """On one item, `?regel=`; otherwise the first on which something waits."""
        asked = self._to_decide(request, key)
        answered = asked.items.filter(state=RequestItem.State.ANSWERED)
        item = self._item_named(request, answered)
        answers = list(item.answers.waiting()) if item else []
        if item is None or not answers:
            messages.info(request, "Er is nu niets te beoordelen.")
            return redirect(self.address("change", asked.pk))
        initial = {"seen": answers[-1].pk, "due_on": _later(asked.due_on)}

        def act(data: dict[str, Any]) -> str:
            if data.pop("decision") == ACCEPT:
                accept_item(by=staff(request), item=item, seen=data["seen"])
                return f"Goedgekeurd: {item}."
            refuse_item(by=staff(request), item=item, **data)
            return f"Afgekeurd: {item}. De werkgever leest waarom en levert het opnieuw aan."

        try:
            return self.task_page(
                request,
                DecisionForm(*posted(request), initial=initial),
                act=act,
                obj=asked,
                done=self.address("change", asked.pk),
                title="Beoordelen",
                button="Besluit vastleggen",
                notes=[f"Gevraagd: {item}. Aangeleverd: {_files(len(answers))}."],
            )
        except ItemChangedError:
            messages.error(request, CHANGED)
            return redirect(self.address("change", asked.pk))

    def due_page(self, request: HttpRequest, key: int) -> HttpResponse:
        asked = self._to_decide(request, key)

        def act(data: dict[str, Any]) -> str:
            moved = move_due(by=staff(request), request=asked, due_on=data["due_on"])
            return f"De werkgever heeft tot en met {moved.due_on:%d-%m-%Y}."

        return self.task_page(
            request,
            DueForm(*posted(request), initial={"due_on": _later(asked.due_on)}),
            act=act,
            obj=asked,
            done=self.address("change", asked.pk),
            title="Termijn wijzigen",
            button="Termijn opslaan",
            notes=[f"Nu: uiterlijk {asked.due_on:%d-%m-%Y}."],
        )

    def withdraw_page(self, request: HttpRequest, key: int) -> HttpResponse:
        """The item of `?regel=`, or all that still runs."""
        asked = self._to_decide(request, key)
        running = asked.items.running()
        named = key_in(request, "regel")
        items = list(running.filter(pk=named) if named else running)

        def act(_: dict[str, Any]) -> str:
            withdraw_items(by=staff(request), request=asked, items=items)
            return "Ingetrokken. De werkgever hoeft dit niet meer aan te leveren."

        return self.task_page(
            request,
            forms.Form(*posted(request)),
            act=act,
            obj=asked,
            done=self.address("change", asked.pk),
            title="Intrekken",
            button="Intrekken",
            notes=[f"Niet meer nodig: {', '.join(map(str, items))}."],
        )

    def _report_named(self, request: HttpRequest) -> Trajectory:
        """Its page's own look-up: recorded, and 404 for one that was withdrawn."""
        key = key_in(request, "traject")
        if key is None:
            raise Http404
        reports = cast(AuditedModelAdmin, self.admin_site.get_model_admin(Trajectory))
        return cast(Trajectory, reports.get_object(request, str(key)))

    def _item_named(self, request: HttpRequest, items: QuerySet[RequestItem]) -> RequestItem | None:
        named = key_in(request, "regel")
        return (items.filter(pk=named) if named else items).first()

    def _may_decide(self, request: HttpRequest) -> bool:
        return staff(request).has_perm("documents.change_documentrequest")

    def _to_decide(self, request: HttpRequest, key: int) -> DocumentRequest:
        """The request, for who may decide on it. Raises PermissionDenied and Http404."""
        if not self._may_decide(request):
            raise PermissionDenied
        return cast(DocumentRequest, self.get_object(request, str(key)))

    @admin.display(description="verzoek")
    def number_in_list(self, asked: DocumentRequest) -> str:
        return asked.number

    @admin.display(description="werknemer")
    def owner(self, asked: DocumentRequest) -> str:
        return str(asked.dossier.title)

    @admin.display(description="verzuimmelding")
    def report(self, asked: DocumentRequest) -> SafeString | str:
        if asked.trajectory.withdrawn_at:
            return f"{asked.trajectory} (ingetrokken)"
        address = reverse("admin:absence_trajectory_change", args=[asked.trajectory_id])
        return format_html('<a href="{}">{}</a>', address, asked.trajectory)

    @admin.display(description="stand")
    def state(self, asked: DocumentRequest) -> str:
        """ "1 te beoordelen, 2 open (3 dagen te laat)"."""
        if asked.trajectory.withdrawn_at:
            return "Melding ingetrokken"
        if asked.is_done:
            return "Afgehandeld"
        states = [item.state for item in asked.items.all()]
        answered = states.count(RequestItem.State.ANSWERED)
        parts = [f"{answered} te beoordelen"] if answered else []
        if asked.has_open_item:
            parts.append(f"{states.count(RequestItem.State.OPEN)} open ({asked.due_in_words})")
        return ", ".join(parts)


@admin.register(RequestPurpose)
class RequestPurposeAdmin(AuditedModelAdmin):
    """What documents are asked for. One that is no longer offered is switched off."""

    fields = ["text", "code", "position", "is_active"]
    list_display = ["text", "position", "can_be_chosen"]
    can_be_chosen = in_words("is_active", "te kiezen", boolean=True)

    def get_readonly_fields(
        self, request: HttpRequest, obj: RequestPurpose | None = None
    ) -> list[str]:
        return ["code"] if obj else []


def _later(due_on: date) -> date:
    """The day that a page proposes: the one there is, or a week from now when it has passed."""
    today = timezone.localdate()
    return due_on if due_on > today else today + timedelta(days=7)


def _files(count: int) -> str:
    return "1 bestand" if count == 1 else f"{count} bestanden"
