"""Staff screens for sick reports."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from absence.actions.course import add_incapacity, mark_milestone, record_recovery
from absence.agenda import Entry, entries
from absence.case import outlook_of
from absence.models import MilestoneMark, Trajectory
from accounts.admin_base import DayField, in_words, posted, staff
from accounts.admin_filters import QueueFilter
from dossiers.admin import PeopleAdmin


class IncapacityForm(forms.Form):
    effective_on = DayField(label="Vanaf")
    percentage = forms.IntegerField(
        label="AO-percentage",
        help_text="Het deel van de uren dat de werknemer niet werkt: 100 is volledig ziek.",
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )


class RecoveryForm(forms.Form):
    recovered_on = DayField(
        label="Eerste dag volledig hersteld",
        help_text="De dag na de laatste ziektedag, bijvoorbeeld 01-09-2026.",
    )


class MilestoneForm(forms.Form):
    key = forms.ChoiceField(label="Mijlpaal")
    done_on = DayField(label="Gedaan op", required=False)
    deviation = forms.ChoiceField(
        label="Of: reden van afwijken",
        required=False,
        choices=[("", "Geen"), *MilestoneMark.Deviation.choices],
        help_text="Alleen als de termijn niet is gehaald. Nooit iets over de ziekte zelf.",
    )

    def __init__(self, *args: Any, entries: Sequence[Entry], **options: Any) -> None:
        super().__init__(*args, **options)
        cast(forms.ChoiceField, self.fields["key"]).choices = [
            (
                entry.milestone.key,
                f"{entry.milestone.rule.name}, {entry.milestone.rule.term}"
                f" {entry.milestone.due:%d-%m-%Y}",
            )
            for entry in entries
        ]


class StateFilter(QueueFilter):
    default = "Open"
    options = (("hersteld", "Hersteld"),)
    searches_all = True

    def select(self, rows: QuerySet[Any], option: str) -> QuerySet[Any]:
        return rows.filter(recovered_on__isnull=not option)


def who_and_since(trajectory: Trajectory) -> str:
    """What stands above every page on which something is recorded about a sick report."""
    return f"{trajectory.employee}, ziek vanaf {trajectory.first_sick_day:%d-%m-%Y}"


@admin.register(Trajectory)
class TrajectoryAdmin(PeopleAdmin):
    """One sick report: to follow, and for HCS to record its course. Nothing in it is changed."""

    fieldsets = [
        (None, {"fields": ["employee_link", "employer", "job", "state"]}),
        ("Melding", {"fields": ["why", "first_sick_day", "reporter", "reported_at"]}),
    ]
    recovery: Any = ("Herstel", {"fields": ["recovered_on", "recorder", "recovery_recorded_at"]})
    job = in_words("employment", "dienstverband")
    why = in_words("classification", "verzuimclassificatie")
    reporter = in_words("reported_by", "gemeld door")
    recorder = in_words("recovered_by", "vastgelegd door")
    list_display = ["name", "employer", "first_sick_day", "state", "classification"]
    list_filter = [StateFilter]
    list_select_related = ["employee", "employer", "classification"]
    ordering = [F("recovered_on").desc(nulls_first=True), "-first_sick_day"]
    unread_in_lists = ("employee__bsn", "employee__iban")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Trajectory]:
        return (
            Trajectory.objects.with_percentage()
            .select_related("employee", "employer", "dossier", "employment", "classification")
            .defer("employee__bsn", "employee__iban")
        )

    def get_fieldsets(self, request: HttpRequest, obj: Trajectory | None = None) -> Any:
        is_closed = obj is not None and not obj.is_open
        return [*self.fieldsets, self.recovery] if is_closed else self.fieldsets

    def has_change_permission(self, request: HttpRequest, obj: Trajectory | None = None) -> bool:
        """The permission to change is that of recording a recovery: recovery_page asks for it."""
        return False

    def get_urls(self) -> list[Any]:
        guard = self.admin_site.admin_view
        return [
            path(
                "<int:key>/ao-percentage/",
                guard(self.percentage_page),
                name="absence_trajectory_percentage",
            ),
            path(
                "<int:key>/herstel/", guard(self.recovery_page), name="absence_trajectory_recovery"
            ),
            path(
                "<int:key>/mijlpaal/",
                guard(self.milestone_page),
                name="absence_trajectory_milestone",
            ),
            *super().get_urls(),
        ]

    def title_of(self, obj: Trajectory) -> str:
        return who_and_since(obj)

    def object_links(self, request: HttpRequest, obj: Trajectory) -> list[tuple[str, str]]:
        """The acts that are open to this person; none of the course once recovered."""
        user, links = staff(request), []
        if obj.is_open and user.has_perm("absence.add_incapacity"):
            links.append(("AO-percentage vastleggen", self.address("percentage", obj.pk)))
        if obj.is_open and user.has_perm("absence.change_trajectory"):
            links.append(("Herstel vastleggen", self.address("recovery", obj.pk)))
        if user.has_perm("absence.add_milestonemark"):
            links.append(("Mijlpaal afvinken", self.address("milestone", obj.pk)))
        for words, name in (
            ("Notitie schrijven", "casenote"),
            ("Document toevoegen", "document"),
            ("Documenten vragen", "documentrequest"),
        ):
            if user.has_perm(f"documents.add_{name}"):
                links.append((words, f"{reverse(f'admin:documents_{name}_add')}?traject={obj.pk}"))
        return links

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The report with its percentages, what lies in its dossier and, for HCS, the notes."""
        trajectory: Trajectory = context["original"]
        may_read = staff(request).has_perm("documents.view_casenote")
        context |= {
            "steps": trajectory.incapacities.select_related("recorded_by"),
            "documents": trajectory.documents.newest_first(),
            "notes": trajectory.case_notes.select_related("written_by") if may_read else None,
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def percentage_page(self, request: HttpRequest, key: int) -> HttpResponse:
        trajectory = self._to_record(request, key, "absence.add_incapacity")

        def act(data: dict[str, Any]) -> str:
            row = add_incapacity(by=staff(request), trajectory=trajectory, **data)
            return f"Vastgelegd: {row}."

        return self.task_page(
            request,
            IncapacityForm(*posted(request)),
            act=act,
            obj=trajectory,
            done=self.address("change", trajectory.pk),
            title="AO-percentage vastleggen",
            button="AO-percentage vastleggen",
            notes=[
                f"Nu: {step}." for step in trajectory.incapacities.order_by("-effective_on")[:1]
            ],
        )

    def recovery_page(self, request: HttpRequest, key: int) -> HttpResponse:
        trajectory = self._to_record(request, key, "absence.change_trajectory")

        def act(data: dict[str, Any]) -> str:
            record_recovery(by=staff(request), trajectory=trajectory, **data)
            return f"Hersteld per {data['recovered_on']:%d-%m-%Y}. De melding is afgesloten."

        return self.task_page(
            request,
            RecoveryForm(*posted(request)),
            act=act,
            obj=trajectory,
            done=self.address("change", trajectory.pk),
            title="Herstel vastleggen",
            button="Herstel vastleggen",
            notes=["Hiermee sluit u de melding af. Dat kan niet ongedaan worden gemaakt."],
        )

    def milestone_page(self, request: HttpRequest, key: int) -> HttpResponse:
        trajectory = self._to_record(request, key, "absence.add_milestonemark")
        found = entries(outlook_of(trajectory, today=timezone.localdate()), {})

        def act(data: dict[str, Any]) -> str:
            mark_milestone(by=staff(request), trajectory=trajectory, **data)
            return "De mijlpaal is afgevinkt. De werkgever ziet het in het dossier."

        return self.task_page(
            request,
            MilestoneForm(*posted(request), entries=found),
            act=act,
            obj=trajectory,
            done=self.address("change", trajectory.pk),
            title="Mijlpaal afvinken",
            button="Mijlpaal afvinken",
            notes=["Wat u eerder bij dezelfde mijlpaal vastlegde, wordt vervangen."],
        )

    def _to_record(self, request: HttpRequest, key: int, permission: str) -> Trajectory:
        """The report, for who may record this. Raises PermissionDenied and Http404."""
        if not staff(request).has_perm(permission):
            raise PermissionDenied
        trajectory: Trajectory = self.get_object(request, str(key))
        return trajectory

    @admin.display(description="werknemer")
    def name(self, trajectory: Trajectory) -> str:
        return f"{trajectory.employee.list_name} ({trajectory.employee.first_name})"

    @admin.display(description="werknemer")
    def employee_link(self, trajectory: Trajectory) -> SafeString:
        address = reverse("admin:dossiers_employee_change", args=[trajectory.employee_id])
        return format_html('<a href="{}">{}</a>', address, trajectory.employee)

    @admin.display(description="stand")
    def state(self, trajectory: Any) -> str:
        if trajectory.recovered_on:
            return f"Hersteld per {trajectory.recovered_on:%d-%m-%Y}"
        return "Volledig ziek" if trajectory.percentage == 100 else f"{trajectory.percentage}% ziek"
