"""Staff screens for employers, employees and the list of employment types."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from accounts.admin_base import AuditedModelAdmin, PlainInline, in_words, staff
from accounts.models import Employer, Policy, User
from dossiers.actions import open_company_dossier
from dossiers.formats import shown_phone
from dossiers.merge_admin import MergePages
from dossiers.models import Employee, Employment, EmploymentType
from dossiers.search import keys_of_staff

# Lists that can be narrowed to one employer: words, model, permission, filter.
OF_EMPLOYER = (
    ("Gebruikers", "accounts_user", "accounts.view_user", "memberships__employer"),
    ("Werknemers", "dossiers_employee", "dossiers.view_employee", "employer"),
    ("Verzuim", "absence_trajectory", "absence.view_trajectory", "employer"),
    ("Documenten", "documents_document", "documents.view_document", "employer"),
    (
        "Uitkeringsspecificaties",
        "documents_benefitstatement",
        "documents.view_benefitstatement",
        "employer",
    ),
)


class PeopleAdmin(AuditedModelAdmin):
    """A list of people of all employers: found by the keys that employers use too.

    Only its own order: sorting everybody by a column would read everybody.
    """

    search_fields = ["pk"]  # there is a search; how: get_search_results
    search_help_text = "Achternaam van de werknemer"
    sortable_by = ()
    linked_lookups = frozenset({"employer"})

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if search_term:
            queryset = queryset.filter(dossier__in=keys_of_staff(search_term).values("dossier"))
        return queryset, False


class PolicyInline(PlainInline):
    """Policies are added here with the employer; what is there is changed on its own page."""

    model = Policy
    fields = ["number", "product", "starts_on", "ends_on"]
    show_change_link = True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Employer)
class EmployerAdmin(AuditedModelAdmin):
    """Employers. Here and not in accounts, because each has a company dossier."""

    fieldsets = [(None, {"fields": ["name", "kvk_number", "payroll_tax_number", "contact"]})]
    inlines = [PolicyInline]
    list_display = ["name", "kvk_number", "contact"]
    list_select_related = ["contact"]
    search_fields = ["name", "kvk_number"]
    search_help_text = "Bedrijfsnaam of KvK-nummer"

    def get_fieldsets(self, request: HttpRequest, obj: Employer | None = None) -> Any:
        """A new employer has no users yet to choose a contact from."""
        if obj:
            return self.fieldsets
        return [(None, {"fields": ["name", "kvk_number", "payroll_tax_number"]})]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """The contact is one of the employer's own users."""
        form = super().get_form(request, obj, change, **kwargs)
        if obj and "contact" in form.base_fields:
            own = User.objects.filter(memberships__employer=obj, is_active=True)
            cast(Any, form.base_fields["contact"]).queryset = own
        return form

    def save_model(self, request: HttpRequest, obj: Employer, form: Any, change: bool) -> None:
        """Opens the company dossier with a new employer; later it takes over a new name."""
        super().save_model(request, obj, form, change)
        if not change or "name" in form.changed_data:
            open_company_dossier(by=staff(request), employer=obj)

    def object_links(self, request: HttpRequest, obj: Employer) -> list[tuple[str, str]]:
        """What there is of this employer, as far as this person may see it."""
        user = staff(request)
        links = [
            (words, f"{reverse(f'admin:{model}_changelist')}?{lookup}={obj.pk}")
            for words, model, permission, lookup in OF_EMPLOYER
            if user.has_perm(permission)
        ]
        if user.has_perm("absence.change_classification"):
            address = reverse("admin:accounts_employer_classifications", args=[obj.pk])
            links.append(("Verzuimclassificaties", address))
        return links


class EmploymentInline(PlainInline):
    model = Employment
    fields = ["job_title", "kind", "started_on", "ended_on"]
    readonly_fields = ["kind"]
    kind = in_words("type", "type dienstverband")


@admin.register(Employee)
class EmployeeAdmin(MergePages, PeopleAdmin):
    """To look up only: employers keep the data of their people themselves.

    BSN and IBAN are masked, and not read at all for the list.
    """

    fieldsets = [
        (None, {"fields": ["display_name", "gender", "employer", "masked_bsn"]}),
        ("Adres en contact", {"fields": ["home", "nursing", "phone", "email"]}),
        ("Financieel", {"fields": ["masked_iban", "no_risk"]}),
        ("Verzuim", {"fields": ["trajectories"]}),
        ("Toegevoegd", {"fields": ["added_by", "added_at"]}),
        ("Wijzigingen", {"fields": ["history"]}),
    ]
    inlines = [EmploymentInline]
    no_risk = in_words("has_no_risk", "No-riskpolis", boolean=True)
    added_by = in_words("created_by", "toegevoegd door")
    list_display = ["list_name", "employer", "city", "added_at"]
    list_select_related = ["employer"]
    ordering = ["-pk"]
    unread_in_lists = ("bsn", "iban")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Employee]:
        return super().get_queryset(request).select_related("employer", "dossier")

    def object_links(self, request: HttpRequest, obj: Employee) -> list[tuple[str, str]]:
        user, links = staff(request), []
        if user.has_perm("dossiers.add_merge"):
            links.append(("Samenvoegen", self.address("merge", obj.pk)))
        if user.has_perm("dossiers.view_merge"):
            links += [
                (
                    f"Ander IBAN, samengevoegd op {merge.merged_at:%d-%m-%Y}",
                    self.address("merged_iban", merge.pk),
                )
                for merge in obj.dossier.merges.filter(iban__isnull=False)
            ]
        if user.has_perm("accounts.view_auditevent"):
            log = reverse("admin:accounts_auditevent_changelist")
            links.append(("Logboek", f"{log}?dossier_uuid={obj.dossier.uuid}"))
            links += [
                (
                    f"Logboek vóór samenvoegen op {merge.merged_at:%d-%m-%Y}",
                    f"{log}?dossier_uuid={merge.old_uuid}",
                )
                for merge in obj.dossier.merges.all()
            ]
        return links

    @admin.display(description="naam")
    def list_name(self, employee: Employee) -> str:
        return f"{employee.list_name} ({employee.first_name})"

    @admin.display(description="naam")
    def display_name(self, employee: Employee) -> str:
        return employee.display_name

    @admin.display(description="burgerservicenummer")
    def masked_bsn(self, employee: Employee) -> str:
        return f"•••••{employee.bsn_end}" if employee.bsn else "-"

    @admin.display(description="IBAN")
    def masked_iban(self, employee: Employee) -> str:
        return f"•••••{employee.iban_end}" if employee.iban else "-"

    @admin.display(description="privé mobiel nummer")
    def phone(self, employee: Employee) -> str:
        return shown_phone(employee.mobile)

    @admin.display(description="toegevoegd op")
    def added_at(self, employee: Employee) -> str:
        return f"{timezone.localtime(employee.created_at):%d-%m-%Y %H:%M}"

    @admin.display(description="adres")
    def home(self, employee: Employee) -> str:
        number = f"{employee.house_number} {employee.house_number_addition}".strip()
        return f"{employee.street} {number}, {employee.postcode} {employee.city}"

    @admin.display(description="verpleegadres")
    def nursing(self, employee: Employee) -> str:
        if not employee.is_nursing_address_shown:
            return "-"
        number = f"{employee.nursing_house_number} {employee.nursing_house_number_addition}"
        place = f"{employee.nursing_postcode} {employee.nursing_city}"
        return f"{employee.nursing_street} {number.strip()}, {place}, {employee.nursing_period}"

    @admin.display(description="verzuimmeldingen")
    def trajectories(self, employee: Employee) -> SafeString | str:
        links = format_html_join(
            ", ",
            '<a href="{}">vanaf {}</a>',
            (
                (
                    reverse("admin:absence_trajectory_change", args=[trajectory.pk]),
                    f"{trajectory.first_sick_day:%d-%m-%Y}",
                )
                for trajectory in employee.trajectories.newest_first()
            ),
        )
        return links or "-"

    @admin.display(description="door werkgever en InComfort")
    def history(self, employee: Employee) -> SafeString | str:
        """Every change, the newest first; of BSN and IBAN only that there was one."""
        changes = employee.changes.select_related("changed_by")
        lines = ((change.in_words, change.made_in_words) for change in changes)
        return format_html_join("", "<p>{}<br>{}</p>", lines) or "-"


@admin.register(EmploymentType)
class EmploymentTypeAdmin(AuditedModelAdmin):
    """A type that is no longer offered is switched off: older employments keep it."""

    fields = ["label", "code", "position", "is_active"]
    list_display = ["label", "position", "can_be_chosen"]
    can_be_chosen = in_words("is_active", "te kiezen", boolean=True)

    def get_readonly_fields(
        self, request: HttpRequest, obj: EmploymentType | None = None
    ) -> list[str]:
        return ["code"] if obj else []
