"""Policies of employers."""

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse

from accounts.admin_base import AuditedModelAdmin, staff
from accounts.models import Policy


@admin.register(Policy)
class PolicyAdmin(AuditedModelAdmin):
    """Employer and product stay as they are: BSN and IBAN of employees hang on them (rulebook P8).

    Another product is another policy; the old one gets a last day.
    """

    fields = ["employer", "number", "product", "starts_on", "ends_on"]
    list_display = ["number", "employer", "product", "starts_on", "ends_on"]
    list_filter = ["product"]
    list_select_related = ["employer"]
    search_fields = ["number", "employer__name"]
    search_help_text = "Polisnummer of bedrijfsnaam"

    def get_readonly_fields(self, request: HttpRequest, obj: Policy | None = None) -> list[str]:
        return ["employer", "product"] if obj else []

    def object_links(self, request: HttpRequest, obj: Policy) -> list[tuple[str, str]]:
        if not staff(request).has_perm("documents.add_benefitstatement"):
            return []
        address = f"{reverse('admin:documents_benefitstatement_add')}?polis={obj.pk}"
        return [("Uitkeringsspecificatie plaatsen", address)]
