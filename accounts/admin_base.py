"""What every screen of the back office has in common: it is logged, and it has no bulk acts.

Source: security.md 2.9 (lists, views and changes are audited), NEN 7513 (reading is an event).
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import AdminForm
from django.contrib.admin.options import get_content_type_for_model
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import (
    NON_FIELD_ERRORS,
    BadRequest,
    PermissionDenied,
    ValidationError,
)
from django.core.paginator import Paginator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst

from accounts import audit
from accounts.admin_search import AuditedChangeList, CappedPaginator, SearchForm, keep_search
from accounts.audit import Action
from accounts.kept_forms import kept_data
from accounts.models import AuditEvent, Employer, User

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    StackedInline = admin.StackedInline[Any, Any]
else:
    ModelAdmin = admin.ModelAdmin
    StackedInline = admin.StackedInline

HISTORY_PER_PAGE = 50
CHOOSE = "Kies…"
DAY_INPUT = forms.DateInput(attrs={"inputmode": "numeric"})


class DayField(forms.DateField):
    """A day as text, dd-mm-jjjj."""

    widget = DAY_INPUT


def in_words(field: str, description: str, *, boolean: bool = False) -> Any:
    """A column that names another row, or yes or no, as text.

    Django would link to the other row, which not everybody may open, and draw yes and no as an
    icon with an English name.
    """

    @admin.display(description=description)
    def column(_: Any, obj: Any) -> str:
        value = getattr(obj, field)
        if boolean:
            return "Ja" if value else "Nee"
        return "-" if value is None else str(value)

    return column


class Refused(PermissionDenied):
    """A refusal that says in the audit log which object and dossier it was about."""

    def __init__(self, obj: models.Model) -> None:
        super().__init__()
        self.subject = {"obj": obj, **subject_of(obj)}


def subject_of(obj: models.Model) -> dict[str, Any]:
    """Whose row it is, for the audit log: its employer and its dossier, where it has them."""
    employer = obj if isinstance(obj, Employer) else getattr(obj, "employer", None)
    return {"employer": employer, "dossier": getattr(obj, "dossier", None)}


def posted(request: HttpRequest) -> tuple[Any, Any]:
    """What was sent, for a form: (data, files). When the page is only asked for: what is kept of
    it from before a new login (`kept_forms`), or nothing.
    """
    if request.method == "POST":
        return request.POST, request.FILES
    return kept_data(request), None


def key_in(request: HttpRequest, parameter: str) -> int | None:
    """The key of a row that the address names, as in `?polis=12`; None for anything else."""
    key = request.GET.get(parameter, "")
    return int(key) if key.isascii() and key.isdigit() and len(key) < 19 else None


def staff(request: HttpRequest) -> User:
    """The person at work: the site lets nobody else in."""
    return cast(User, request.user)


class AuditedModelAdmin(ModelAdmin):
    """A screen of the back office: every list, object and change in it becomes an audit event.

    No bulk acts, no Django log entries (they keep names), no filters but those on the page.
    """

    actions = None
    list_per_page = 50
    paginator = CappedPaginator
    list_max_show_all = 0  # one act shows one page of people, never everybody
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    view_on_site = False
    formfield_overrides = {
        models.DateField: {"widget": DAY_INPUT},
    }
    unread_in_lists: tuple[str, ...] = ()  # sealed columns: a list does not open them
    linked_lookups: frozenset[str] = frozenset()  # filters that links from other pages use

    # --- Lists -----------------------------------------------------------------------------

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list; a search term comes by POST and stays out of the address."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        if any("\x00" in value for _, values in request.GET.lists() for value in values):
            raise BadRequest  # PostgreSQL takes no such text
        if request.method == "POST":
            return self._search(request)
        context = {"title": capfirst(str(self.opts.verbose_name_plural)), **(extra_context or {})}
        response = super().changelist_view(request, context)
        shown = getattr(response, "context_data", None) or {}
        if "cl" in shown:
            self._record_list(request, shown["cl"])
        return response

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[AuditedChangeList]:
        return AuditedChangeList

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Only the filters on the page and of our links; Django would take any column."""
        names = [item[0] if isinstance(item, tuple) else item for item in self.list_filter]
        fields = {name for name in names if isinstance(name, str)}
        custom = {name.parameter_name for name in names if hasattr(name, "parameter_name")}
        return lookup in custom | self.linked_lookups or any(
            lookup == field or lookup.startswith(f"{field}__") for field in fields
        )

    def _search(self, request: HttpRequest) -> HttpResponse:
        form = SearchForm(request.POST)
        if not form.is_valid():
            messages.error(request, str(form.errors["q"][0]))
            return redirect(request.path)
        query = request.GET.copy()
        query["q"] = keep_search(request, self.model, form.cleaned_data["q"])
        return redirect(f"{request.path}?{query.urlencode()}")

    def _record_list(self, request: HttpRequest, changes: AuditedChangeList) -> None:
        detail: dict[str, Any] = {
            "model": self.opts.label_lower,
            "shown": [row.pk for row in changes.result_list],
        }
        if changes.query:
            detail["letters"] = len(changes.query)
        action = Action.ADMIN_SEARCH if changes.query else Action.ADMIN_LIST
        audit.record(action, by=staff(request), detail=detail)

    # --- One object ------------------------------------------------------------------------

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        """The object, and an event that this person opened it. Raises Http404."""
        # An empty `?_to_field=` is no field, and no error either.
        obj = super().get_object(request, object_id, from_field or None)
        if obj is None:
            raise Http404
        if self.has_view_or_change_permission(request, obj):
            audit.record(Action.ADMIN_VIEW, by=staff(request), obj=obj, **subject_of(obj))
        return obj

    def title_of(self, obj: Any) -> str:
        """What stands above the page of one object, so that nobody works in the wrong one."""
        return str(obj)

    def object_links(self, request: HttpRequest, obj: Any) -> list[tuple[str, str]]:
        """What can be done from the page of one object: (words, address) of each."""
        return []

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        original = context.get("original")
        if original:
            context |= {"title": self.title_of(original), "subtitle": None}
        context |= {
            "object_links": self.object_links(request, original) if original else [],
            "show_save_and_add_another": False,
            "show_save_and_continue": False,
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Who opened or changed this object, from the audit log."""
        obj = self.get_object(request, unquote(object_id))
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        events = AuditEvent.objects.about(obj).select_related("actor")
        page = Paginator(events, HISTORY_PER_PAGE).get_page(request.GET.get("p"))
        words = dict(Action.choices)
        rows = [(event, words.get(event.action, event.action)) for event in page]
        context = self.page_context(request, obj, title="Geschiedenis", page=page, rows=rows)
        return TemplateResponse(request, "admin/object_history.html", context)

    def page_context(self, request: HttpRequest, obj: Any, **extra: Any) -> dict[str, Any]:
        """What the templates of an own page need: the frame, and the way back to the object."""
        return {
            **self.admin_site.each_context(request),
            "opts": obj._meta if obj else self.opts,
            "original": obj,
            "subtitle": self.title_of(obj) if obj else None,
            "content_type_id": get_content_type_for_model(self.model).pk,
            **extra,
        }

    def address(self, name: str, *args: Any, **query: Any) -> str:
        """The address of a page of this screen: `changelist`, `add`, `change`, or an own one."""
        route = f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}"
        parameters = "&".join(f"{key}={quote(str(value))}" for key, value in query.items())
        return reverse(route, args=args) + (f"?{parameters}" if parameters else "")

    # --- Changes ---------------------------------------------------------------------------

    def formfield_for_dbfield(
        self, db_field: "models.Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        """The plain select, without Django's pop-up windows to add or change the other object."""
        return plain_select(super().formfield_for_dbfield(db_field, request, **kwargs))

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        """Names of the changed fields, never their values."""
        detail: dict[str, Any] = {"fields": form.changed_data}
        for formset in formsets or ():
            detail[formset.model._meta.model_name] = {
                "added": [obj.pk for obj in formset.new_objects],
                "changed": [obj.pk for obj, _ in formset.changed_objects],
                "deleted": [obj.pk for obj in formset.deleted_objects],
            }
        return detail

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return audit.record(
            Action.ADMIN_ADD, by=staff(request), obj=obj, detail=message, **subject_of(obj)
        )

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return audit.record(
            Action.ADMIN_CHANGE, by=staff(request), obj=obj, detail=message, **subject_of(obj)
        )

    # --- Tasks -----------------------------------------------------------------------------

    def task_page(
        self,
        request: HttpRequest,
        form: Any,
        *,
        act: Callable[[dict[str, Any]], str],
        obj: Any = None,
        done: str = "",
        **context: Any,
    ) -> HttpResponse:
        """A page for one act: shows `form`, and does `act` with what was typed.

        `act` returns what to tell afterwards; when it refuses with a ValidationError, the form
        says why. `context` holds `title`, `button` and, if needed, `notes` (lines of text).
        """
        if request.method == "POST" and form.is_valid():
            try:
                told = act(form.cleaned_data)
            except ValidationError as error:
                show_refusal(form, error)
            else:
                messages.success(request, told)
                return redirect(done or self.address("changelist"))
        fields = [(None, {"fields": list(form.fields)})]
        context |= {
            "adminform": AdminForm(form, fields, {}, model_admin=self),
            "errors": form.errors,
            "back": done or self.address("changelist"),
            "has_file_field": form.is_multipart(),
        }
        return TemplateResponse(
            request, "admin/task.html", self.page_context(request, obj, **context)
        )


class PlainInline(StackedInline):
    """Rows on the page of their parent. Stacked: Django's tables fail for a screen reader."""

    extra = 0
    max_num = 100  # policies, contracts or employers of one parent: never that many
    formfield_overrides = AuditedModelAdmin.formfield_overrides

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Draws no more rows than there may be, whatever number a request names."""
        return super().get_formset(request, obj, absolute_max=self.max_num, **kwargs)

    def formfield_for_dbfield(
        self, db_field: "models.Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        return plain_select(super().formfield_for_dbfield(db_field, request, **kwargs))


def plain_select(field: forms.Field | None) -> forms.Field | None:
    """Without pop-up windows, and with a first choice in Dutch (Django's catalogue misses it)."""
    if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
        field.widget = field.widget.widget
    if isinstance(field, forms.ModelChoiceField) and field.empty_label is not None:
        field.empty_label = CHOOSE
    elif isinstance(field, forms.TypedChoiceField):
        choices = cast(Any, field.choices)
        field.choices = [(value, label if value else CHOOSE) for value, label in choices]
    return field


def show_refusal(form: forms.Form, error: ValidationError) -> None:
    """Puts what an action refused on the form: at the field it is about, where the form has it."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        at_field = name in form.fields and name != NON_FIELD_ERRORS
        form.add_error(name if at_field else None, errors)
