"""Back-office pages to make two records of one person into one: find the other, look, merge."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path

from accounts.admin_base import AuditedModelAdmin, posted, staff
from accounts.confirmation import ask, is_confirmed
from dossiers.merge_actions import check_pair, merge_employees, reveal_other_iban
from dossiers.merging import differences, other_iban, overlaps, pointing_at, rows_of
from dossiers.models import Employee, Merge
from dossiers.search import keys_of_staff

SHOWN = 20
FINAL = "Samenvoegen kan niet ongedaan worden gemaakt."


class PersonChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj} · {obj.city} · toegevoegd op {obj.created_at:%d-%m-%Y}"


class OtherForm(forms.Form):
    """Which record goes: of those who look alike, or who have the surname that was typed."""

    surname = forms.CharField(
        label="Achternaam in het andere dossier",
        required=False,
        max_length=200,
        help_text="Alleen als het andere dossier hieronder niet staat; de eerste letters volstaan.",
    )
    other = PersonChoice(
        Employee.objects.none(),
        label="Het dossier dat verdwijnt",
        required=False,
        empty_label=None,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, kept: Employee, **options: Any) -> None:
        super().__init__(*args, **options)
        typed = str(self.data.get("surname", "")).replace("\x00", "")[:200].strip()
        found = colleagues_of(kept).filter(
            Q(dossier__in=keys_of_staff(typed).values("dossier")) if typed else alike(kept)
        )
        shown = found.order_by("-pk").values_list("pk", flat=True)[:SHOWN]
        self.fields["other"].queryset = Employee.objects.filter(pk__in=list(shown))  # type: ignore[attr-defined]
        if not shown:
            self.fields["other"].help_text = "Niemand gevonden. Zoek hierboven op achternaam."


class ConfirmForm(forms.Form):
    is_same = forms.BooleanField(
        label="Dit is dezelfde persoon",
        error_messages={"required": "Vink aan dat het dezelfde persoon is."},
    )


def colleagues_of(kept: Employee) -> "QuerySet[Employee]":
    return Employee.objects.filter(employer=kept.employer_id).exclude(pk=kept.pk)


def alike(kept: Employee) -> Q:
    """The same surname, mobile number, e-mail address or address."""
    address = Q(postcode=kept.postcode, house_number=kept.house_number)
    same_name = Q(surname__iexact=kept.surname)
    return same_name | Q(mobile=kept.mobile) | Q(email__iexact=kept.email) | address


def preview(kept: Employee, other: Employee) -> Iterator[str]:
    """What merging would do, in lines of text."""
    yield f"Blijft: {kept}, toegevoegd op {kept.created_at:%d-%m-%Y}."
    yield f"Verdwijnt: {other}, toegevoegd op {other.created_at:%d-%m-%Y}."
    counts = Counter[str]()
    keys = {
        (field.model, key)
        for field, owner in pointing_at(other)
        for key in rows_of(field, owner).values_list("pk", flat=True)
    }
    counts.update(str(model._meta.verbose_name_plural) for model, _ in keys)
    moved = ", ".join(f"{number} × {words}" for words, number in sorted(counts.items()))
    yield f"Verhuist, met alles wat eraan vastzit: {moved or 'niets'}."
    for change in differences(kept=kept, other=other):
        yield (
            f"{change.get_field_display()} blijft {change.new_in_words}; het andere dossier zegt"
            f" {change.old_in_words}."
            if change.has_values
            else f"{change.get_field_display()} komt uit het dossier dat verdwijnt."
        )
    if other_iban(kept=kept, other=other):
        yield (
            "Het IBAN blijft zoals het is; dat van het andere dossier blijft bewaard en is op te"
            " vragen op de pagina van de werknemer."
        )
    yield from (f"Let op: {warning}" for warning in overlaps(kept, other))
    yield FINAL


class MergePages(AuditedModelAdmin):
    """The pages; the screen of employees has them."""

    def get_urls(self) -> list[Any]:
        guard = self.admin_site.admin_view
        return [
            path("<int:key>/samenvoegen/", guard(self.other_page), name="dossiers_employee_merge"),
            path(
                "<int:key>/samenvoegen/<int:other>/",
                guard(self.merge_page),
                name="dossiers_employee_merge_confirm",
            ),
            path(
                "samenvoeging/<int:key>/iban/",
                guard(self.iban_page),
                name="dossiers_employee_merged_iban",
            ),
            *super().get_urls(),
        ]

    def other_page(self, request: HttpRequest, key: int) -> HttpResponse:
        """Which record goes."""
        kept = self._person(request, key)
        form = OtherForm(*posted(request), kept=kept)
        if request.method == "POST" and form.is_valid() and (chosen := form.cleaned_data["other"]):
            return redirect(self.address("merge_confirm", kept.pk, chosen.pk))

        def act(data: dict[str, Any]) -> str:
            raise ValidationError({"other": "Kies het dossier dat verdwijnt."})

        return self.task_page(
            request,
            form,
            act=act,
            obj=kept,
            done=self.address("change", kept.pk),
            title="Samenvoegen met een ander dossier",
            button="Verder",
            notes=[
                f"Dit dossier blijft: {kept}. Kies het tweede dossier van dezelfde persoon bij"
                f" {kept.employer}. Er wordt nog niets samengevoegd.",
            ],
        )

    def merge_page(self, request: HttpRequest, key: int, other: int) -> HttpResponse:
        """What will happen, and then it happens."""
        kept, goes = self._person(request, key), self._person(request, other)
        if kept.employer_id != goes.employer_id or kept == goes:
            raise Http404

        def act(data: dict[str, Any]) -> str:
            merge_employees(by=staff(request), kept=kept, other=goes)
            return "De dossiers zijn samengevoegd. Het oude adres leidt naar dit dossier."

        form = ConfirmForm(*posted(request))
        notes = list(preview(kept, goes))
        try:
            check_pair(kept, goes)
        except ValidationError as refused:
            notes = [*notes[:2], *refused.messages]
        return self.task_page(
            request,
            form,
            act=act,
            obj=kept,
            done=self.address("change", kept.pk),
            title="Dossiers samenvoegen",
            button="Samenvoegen",
            notes=notes,
        )

    def iban_page(self, request: HttpRequest, key: int) -> HttpResponse:
        """Asks first; the whole IBAN is only in the answer to the form."""
        if not staff(request).has_perm("dossiers.view_merge"):
            raise PermissionDenied
        merge = Merge.objects.filter(pk=key, iban__isnull=False).select_related("kept").first()
        if not merge:
            raise Http404
        kept: Employee = self.get_object(request, str(merge.kept.employee.pk))
        if not is_confirmed(request):
            return ask(request)
        is_sent = request.method == "POST"
        context = self.page_context(
            request,
            kept,
            title="IBAN van het samengevoegde dossier",
            back=self.address("change", kept.pk),
            merge=merge,
            iban=reveal_other_iban(by=staff(request), merge=merge) if is_sent else "",
        )
        return TemplateResponse(request, "admin/dossiers/employee/merged_iban.html", context)

    def _person(self, request: HttpRequest, key: int) -> Employee:
        """Somebody, for who may merge. Raises PermissionDenied and Http404."""
        if not staff(request).has_perm("dossiers.add_merge"):
            raise PermissionDenied
        employee: Employee = self.get_object(request, str(key))
        return employee
