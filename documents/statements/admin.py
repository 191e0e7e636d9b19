"""Staff screens for a month of benefits: read in, look, confirm; and what the rules need."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path

from accounts.admin_base import AuditedModelAdmin, in_words, posted, staff
from documents.admin_forms import PolicyCoverForm, last_month, months
from documents.models import MaximumDailyWage, PolicyCover, StatementRun
from documents.statements import preview
from documents.statements.actions import confirm_run, discard_run, import_month
from documents.statements.reading import COLUMNS, SHOWN_MAX_ROWS, read

PER_PAGE = 100
IMPORT_NOTES = [
    f"Een Excel-bestand (XLSX) of CSV-bestand van ten hoogste 5 MB en {SHOWN_MAX_ROWS} regels."
    " De eerste rij bevat de koppen; de volgorde is vrij.",
    "Kolommen: "
    + "; ".join(
        f"{column.head} ({'verplicht, ' if column.is_required else ''}{column.help_text})"
        for column in COLUMNS
    )
    + ".",
    "Bedragen schrijft u als 1.234,56 of 1234.56, dagen als dd-mm-jjjj. Met een fout in een regel"
    " wordt niets bewaard. Wie ziek was en niet in het bestand staat, krijgt een regel van € 0,00.",
]


class SheetField(forms.FileField):
    """A file with a month of benefits: gives its rows."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        return read(data) if isinstance(data, UploadedFile) else super().clean(data, initial)


class ImportForm(forms.Form):
    month = forms.TypedChoiceField(
        label="Maand", choices=months, initial=last_month, coerce=date.fromisoformat
    )
    rows = SheetField(
        label="Bestand", widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"})
    )


@admin.register(StatementRun)
class StatementRunAdmin(AuditedModelAdmin):
    """A month: nothing of it is changed by hand; a wrong one is thrown away and read in again."""

    fields = ["month_words", "row_count", "importer", "imported_at", "confirmer", "confirmed_at"]
    list_display = ["month_words", "importer", "imported_at", "state"]
    importer = in_words("imported_by", "ingelezen door")
    confirmer = in_words("confirmed_by", "bevestigd door")
    list_select_related = ["imported_by"]
    ordering = ["-pk"]
    sortable_by = ()

    def has_change_permission(self, request: HttpRequest, obj: StatementRun | None = None) -> bool:
        return False

    def get_urls(self) -> list[Any]:
        guard, name = self.admin_site.admin_view, "documents_statementrun"
        return [
            path("<int:key>/bevestigen/", guard(self.confirm_page), name=f"{name}_confirm"),
            path("<int:key>/weggooien/", guard(self.discard_page), name=f"{name}_discard"),
            *super().get_urls(),
        ]

    def object_links(self, request: HttpRequest, obj: StatementRun) -> list[tuple[str, str]]:
        if obj.confirmed_at or not self.has_add_permission(request):
            return []
        return [
            ("Bevestigen en plaatsen", self.address("confirm", obj.pk)),
            ("Weggooien", self.address("discard", obj.pk)),
        ]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """InComfort reads in a file; with a mistake in it, the page names each row."""
        if not self.has_add_permission(request):
            raise PermissionDenied

        def act(data: dict[str, Any]) -> str:
            run = import_month(by=staff(request), **data)
            return f"Ingelezen: {run}. Open de maand, controleer haar en bevestig daarna."

        return self.task_page(
            request,
            ImportForm(*posted(request)),
            act=act,
            title="Maand met uitkeringen inlezen",
            button="Inlezen en controleren",
            notes=IMPORT_NOTES,
        )

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With the totals and each sheet beside the month before."""
        run: StatementRun = context["original"]
        sheets = Paginator(preview.sheets_of(run), PER_PAGE).get_page(request.GET.get("p"))
        context |= {
            "summary": preview.summary_of(run),
            "page": sheets,
            "rows": preview.rows_of(run, sheets),
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def confirm_page(self, request: HttpRequest, key: int) -> HttpResponse:
        run = self._to_decide(request, key)
        summary = preview.summary_of(run)

        def act(_: dict[str, Any]) -> str:
            confirm_run(by=staff(request), run=run)
            return "Bevestigd. De specificaties worden nu een voor een geplaatst."

        return self.task_page(
            request,
            forms.Form(*posted(request)),
            act=act,
            obj=run,
            done=self.address("change", run.pk),
            title="Bevestigen en plaatsen",
            button="Bevestigen en plaatsen",
            notes=[
                f"Er worden {summary.sheets} specificaties geplaatst. Elke werkgever krijgt een"
                " e-mail.",
                "Dat kan niet ongedaan worden gemaakt: wat niet klopt, corrigeert u in een"
                " volgende maand.",
            ],
        )

    def discard_page(self, request: HttpRequest, key: int) -> HttpResponse:
        run = self._to_decide(request, key)

        def act(_: dict[str, Any]) -> str:
            discard_run(by=staff(request), run=run)
            return "De ingelezen maand is weggegooid. Er is niets geplaatst."

        return self.task_page(
            request,
            forms.Form(*posted(request)),
            act=act,
            obj=run,
            title="Ingelezen maand weggooien",
            button="Weggooien",
        )

    def _to_decide(self, request: HttpRequest, key: int) -> StatementRun:
        """The month, for who may confirm it. Raises PermissionDenied and Http404."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        run: StatementRun = self.get_object(request, str(key))
        return run

    @admin.display(description="maand")
    def month_words(self, run: StatementRun) -> str:
        return f"{run.month:%m-%Y}"

    @admin.display(description="stand")
    def state(self, run: StatementRun) -> str:
        if not run.confirmed_at:
            return "Te bevestigen"
        left = run.sheets.filter(statement=None).count()
        return f"Nog {left} te plaatsen" if left else "Geplaatst"


@admin.register(MaximumDailyWage)
class MaximumDailyWageAdmin(AuditedModelAdmin):
    """The list changes twice a year; statements that were made keep their maximum."""

    fields = ["from_day", "amount"]
    list_display = ["from_day", "amount"]


@admin.register(PolicyCover)
class PolicyCoverAdmin(AuditedModelAdmin):
    """What a policy pays. A change counts for months that are read in afterwards."""

    form = PolicyCoverForm
    fields = ["policy", "percentage", "waiting_days", "masked_iban", "new_iban"]
    list_display = ["policy", "percentage", "waiting_days"]
    unread_in_lists = ("iban",)
    list_select_related = ["policy"]
    search_fields = ["policy__number", "policy__employer__name"]
    search_help_text = "Polisnummer of bedrijfsnaam"

    def get_queryset(self, request: HttpRequest) -> QuerySet[PolicyCover]:
        return PolicyCover.objects.select_related("policy")

    def get_readonly_fields(
        self, request: HttpRequest, obj: PolicyCover | None = None
    ) -> list[str]:
        return ["policy", "masked_iban"] if obj else ["masked_iban"]

    @admin.display(description="IBAN waarop wordt uitgekeerd")
    def masked_iban(self, cover: PolicyCover) -> str:
        return cover.iban_masked or "-"
