"""Staff screens for the list of classifications, and for which of them an employer chooses from."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse

from absence.actions.classifications import link_classifications
from absence.models import Classification
from accounts.admin_base import AuditedModelAdmin, in_words, posted, staff
from accounts.models import Employer
from dossiers.admin import EmployerAdmin


class ClassificationChoices(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # not generic at run time
    def label_from_instance(self, obj: Any) -> str:
        return obj.label if obj.is_active else f"{obj.label} (staat uit)"


class LinksForm(forms.Form):
    classifications = ClassificationChoices(
        Classification.objects.all(),
        label="Te kiezen door deze werkgever",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Kies er minstens één."},
    )


@admin.register(Classification)
class ClassificationAdmin(AuditedModelAdmin):
    """A closed choice that may not reveal what someone suffers from (rulebook 1.1, P2).

    One that is no longer offered is switched off: older reports keep it.
    """

    fields = ["label", "code", "help_text", "position", "is_active"]
    list_display = ["label", "position", "can_be_chosen"]
    can_be_chosen = in_words("is_active", "te kiezen", boolean=True)

    def get_readonly_fields(
        self, request: HttpRequest, obj: Classification | None = None
    ) -> list[str]:
        return ["code"] if obj else []

    def get_urls(self) -> list[Any]:
        return [
            path(
                "werkgever/<int:key>/",
                self.admin_site.admin_view(self.links_page),
                name="accounts_employer_classifications",
            ),
            *super().get_urls(),
        ]

    def links_page(self, request: HttpRequest, key: int) -> HttpResponse:
        """Which classifications this employer chooses from."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        employers = cast(EmployerAdmin, self.admin_site.get_model_admin(Employer))
        employer: Employer = employers.get_object(request, str(key))

        def act(data: dict[str, Any]) -> str:
            chosen = list(data["classifications"])
            is_default = link_classifications(by=staff(request), employer=employer, chosen=chosen)
            return (
                "De werkgever kiest uit alles wat aan staat, ook wat er later bij komt."
                if is_default
                else "De werkgever kiest voortaan uit wat u hebt aangevinkt."
            )

        now = employer.classifications.all() or Classification.objects.active()
        return self.task_page(
            request,
            LinksForm(*posted(request), initial={"classifications": [row.pk for row in now]}),
            act=act,
            obj=employer,
            done=reverse("admin:accounts_employer_change", args=[employer.pk]),
            title="Verzuimclassificaties van de werkgever",
            button="Opslaan",
            notes=[
                "Vinkt u precies alles aan wat aan staat, dan kiest de werkgever ook uit wat er"
                " later bij komt. Eerdere meldingen houden hun classificatie.",
            ],
        )
