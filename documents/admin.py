"""Staff screens for documents, the case manager's notes and benefit statements."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet, Value
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from absence.admin.trajectories import who_and_since
from absence.models import Trajectory
from accounts import audit
from accounts.admin_base import (
    AuditedModelAdmin,
    Refused,
    in_words,
    key_in,
    posted,
    staff,
    subject_of,
)
from accounts.audit import Action, Outcome
from documents.actions import add_hcs_document, publish_statement
from documents.admin_forms import CaseNoteForm, HcsDocumentForm, StatementForm
from documents.audience import kind_of, staff_may_open
from documents.case_notes.actions import add_case_note
from documents.downloads import QuarantinedError, document_response
from documents.files.actions import take_up_document
from documents.models import BenefitStatement, CaseNote, Document
from documents.requests import admin as request_screens
from documents.statements import admin as statement_screens
from documents.storage import FileMissingError, StorageError

__all__ = ["request_screens", "statement_screens"]

logger = logging.getLogger(__name__)

# What a page says of the dossier, with the sealed columns of the employee unread.
RELATED = ["employer", "dossier__employer", "dossier__employee", "trajectory"]
UNREAD = ("dossier__employee__bsn", "dossier__employee__iban")

STORAGE_DOWN = "Het bestand kan nu niet worden bewaard. Er is niets opgeslagen. Probeer het later."
NO_MEDICAL_DATA = (
    "De werkgever leest dit. Alleen conclusies: wat iemand kan en niet kan, hoe lang het naar"
    " verwachting duurt, en adviezen over het werk. Nooit medische gegevens."
)


class OfTrajectoryAdmin(AuditedModelAdmin):
    """Rows that HCS adds to one sick report, from its page: `?traject=` names it."""

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Without the button to add: that would not know to which report."""
        return super().changelist_view(
            request, {**(extra_context or {}), "has_add_permission": False}
        )

    def title_of(self, obj: Any) -> str:
        if isinstance(obj, Trajectory):
            return who_and_since(obj)
        return f"{obj}: {obj.dossier.title}"

    def trajectory_of(self, request: HttpRequest) -> Trajectory:
        """The report to add to. Raises PermissionDenied and Http404."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        key = key_in(request, "traject")
        if key is None:
            raise Http404
        trajectories = Trajectory.objects.select_related("employer", "dossier", "employee")
        trajectory = trajectories.defer("employee__bsn", "employee__iban").filter(pk=key).first()
        if trajectory is None:
            raise Http404
        audit.record(Action.ADMIN_VIEW, by=staff(request), obj=trajectory, **subject_of(trajectory))
        return trajectory

    def page_of_trajectory(self, trajectory: Trajectory) -> str:
        return reverse("admin:absence_trajectory_change", args=[trajectory.pk])

    @admin.display(description="traject")
    def trajectory_link(self, obj: Any) -> SafeString | str:
        if obj.trajectory is None:
            return "-"
        day = f"{obj.trajectory.first_sick_day:%d-%m-%Y}"
        address = self.page_of_trajectory(obj.trajectory)
        return format_html('<a href="{}">vanaf {}</a>', address, day)

    @admin.display(description="dossier")
    def owner(self, obj: Any) -> str:
        return str(obj.dossier.title)


@admin.register(Document)
class DocumentAdmin(OfTrajectoryAdmin):
    """That a document exists: its kind, where from and when; and the file for who may open it.

    The name that someone gave the file is not shown, and of a document of HCS not its kind to
    InComfort: it could say what the content may not (rulebook P5).
    """

    fieldsets = [
        (None, {"fields": ["kind", "source", "owner", "trajectory_link"]}),
        (
            "Bestand",
            {"fields": ["type", "length", "placed_by", "added_at", "verdict", "judged_at"]},
        ),
        ("Werkgever", {"fields": ["taken_up_at", "standing"]}),
    ]
    placed_by = in_words("added_by", "toegevoegd door")
    of_employer = in_words("employer", "werkgever")
    list_display = ["kind", "owner", "of_employer", "source", "state", "added_at"]
    list_filter = ["state", "source", "folder", "added_at"]
    ordering = ["-pk"]
    sortable_by = ()
    linked_lookups = frozenset({"employer"})

    def get_queryset(self, request: HttpRequest) -> QuerySet[Document]:
        documents = Document.objects.select_related(*RELATED).defer(*UNREAD)
        return documents.annotate(is_for_hcs=Value(staff(request).is_hcs))

    def get_list_filter(self, request: HttpRequest) -> Any:
        """By kind for HCS only: a list of one kind tells the kind of each of its rows."""
        names = super().get_list_filter(request)
        return [name for name in names if name != "folder" or staff(request).is_hcs]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Nor in an address typed by hand."""
        if lookup.partition("__")[0] == "folder" and not staff(request).is_hcs:
            return False
        return bool(super().lookup_allowed(lookup, value, request))

    def title_of(self, obj: Any) -> str:
        if isinstance(obj, Document):
            return f"{self.kind(obj)} van {localtime(obj.added_at):%d-%m-%Y}: {obj.dossier.title}"
        return super().title_of(obj)

    @admin.display(description="document")
    def kind(self, document: Any) -> str:
        return kind_of(document, is_for_hcs=document.is_for_hcs)

    @admin.display(description="ingetrokken of vervangen")
    def standing(self, document: Document) -> SafeString | str:
        """What the employer did with a document of its own; the row and its file stay."""
        if document.withdrawn_at:
            day = f"{localtime(document.withdrawn_at):%d-%m-%Y %H:%M}"
            return f"Ingetrokken op {day} door {document.withdrawn_by}"
        if document.replaced_by_id:
            address = self.address("change", document.replaced_by_id)
            return format_html('Vervangen door <a href="{}">een ander document</a>', address)
        return "-"

    @admin.display(description="controle")
    def verdict(self, document: Document) -> str:
        return document.verdict

    @admin.display(description="grootte")
    def length(self, document: Document) -> str:
        return filesizeformat(document.size)

    def get_urls(self) -> list[Any]:
        open_page = self.admin_site.admin_view(self.open_file)
        name = "documents_document_open"
        return [path("<int:key>/openen/", open_page, name=name), *super().get_urls()]

    def object_links(self, request: HttpRequest, obj: Document) -> list[tuple[str, str]]:
        if not obj.is_safe or not staff_may_open(staff(request), obj):
            return []
        return [("Bestand openen", self.address("open", obj.pk))]

    def open_file(self, request: HttpRequest, key: int) -> HttpResponseBase:
        """The file as a download; the event is there before the first byte leaves.

        Raises Refused for staff whom it is not for: InComfort at what HCS placed, and the reverse.
        """
        if not self.has_view_permission(request):
            raise PermissionDenied
        document: Document = self.get_object(request, str(key))
        if not staff_may_open(staff(request), document):
            raise Refused(document)
        try:
            response = document_response(document)
        except QuarantinedError:
            self._record_download(request, document, Outcome.DENIED)
            messages.error(request, f"Dit bestand is niet te openen: {document.verdict}.")
            return redirect(self.address("change", document.pk))
        except (FileMissingError, StorageError):
            logger.exception("document %s cannot be read", document.uuid)
            self._record_download(request, document, Outcome.FAILED)
            messages.error(request, "Dit bestand kan nu niet worden geopend.")
            return redirect(self.address("change", document.pk))
        self._record_download(request, document, Outcome.OK)
        if staff(request).is_incomfort:
            take_up_document(by=staff(request), document=document)
        return response

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """HCS puts a spreekuurverslag or oproepbrief in the Trajectendossier."""
        trajectory = self.trajectory_of(request)

        def act(data: dict[str, Any]) -> str:
            with storage_in_words():
                document = add_hcs_document(by=staff(request), trajectory=trajectory, **data)
            return f"Toegevoegd: {document.get_folder_display()}. De werkgever kan het nu lezen."

        return self.task_page(
            request,
            HcsDocumentForm(*posted(request)),
            act=act,
            obj=trajectory,
            done=self.page_of_trajectory(trajectory),
            title="Document toevoegen",
            button="Document toevoegen",
            notes=[NO_MEDICAL_DATA],
        )

    def _record_download(self, request: HttpRequest, document: Document, outcome: str) -> None:
        audit.record(
            Action.DOCUMENT_DOWNLOAD,
            by=staff(request),
            obj=document,
            outcome=outcome,
            **subject_of(document),
        )


@admin.register(CaseNote)
class CaseNoteAdmin(OfTrajectoryAdmin):
    """The notes that the employer reads in "Overzicht PB": for HCS only, added, never changed."""

    fields = ["kind", "words", "owner", "trajectory_link", "writer", "written_at"]
    writer = in_words("written_by", "geschreven door")
    of_employer = in_words("employer", "werkgever")
    list_display = ["kind", "owner", "of_employer", "written_by", "written_at"]
    ordering = ["-pk"]
    sortable_by = ()
    unread_in_lists = ("text",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[CaseNote]:
        return CaseNote.objects.select_related(*RELATED, "written_by").defer(*UNREAD)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        trajectory = self.trajectory_of(request)

        def act(data: dict[str, Any]) -> str:
            add_case_note(by=staff(request), trajectory=trajectory, **data)
            return "De notitie staat in het Overzicht PB."

        return self.task_page(
            request,
            CaseNoteForm(*posted(request)),
            act=act,
            obj=trajectory,
            done=self.page_of_trajectory(trajectory),
            title="Notitie schrijven",
            button="Notitie opslaan",
            notes=[NO_MEDICAL_DATA, "Een notitie kan daarna niet worden gewijzigd."],
        )

    @admin.display(description="notitie")
    def words(self, note: CaseNote) -> str:
        return str(note.text)


@admin.register(BenefitStatement)
class BenefitStatementAdmin(AuditedModelAdmin):
    """One statement per policy and month. Placing it e-mails the employer's contact."""

    of_employer = in_words("employer", "werkgever")
    fields = ["policy", "of_employer", "month", "file", "placed_by", "published_at"]
    list_display = ["month", "of_employer", "policy", "published_at"]
    list_display_links = ["month", "of_employer"]
    placed_by = in_words("published_by", "geplaatst door")
    list_filter = ["published_at"]
    ordering = ["-pk"]
    sortable_by = ()
    linked_lookups = frozenset({"employer", "policy"})

    def get_queryset(self, request: HttpRequest) -> QuerySet[BenefitStatement]:
        return BenefitStatement.objects.select_related(
            "employer", "policy__employer", "document", "published_by"
        )

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """InComfort puts a statement in the company dossier; `?polis=` chooses the policy."""
        if not self.has_add_permission(request):
            raise PermissionDenied

        def act(data: dict[str, Any]) -> str:
            with storage_in_words():
                statement = publish_statement(by=staff(request), **data)
            return told_after(statement)

        return self.task_page(
            request,
            StatementForm(*posted(request), initial={"policy": request.GET.get("polis")}),
            act=act,
            title="Uitkeringsspecificatie plaatsen",
            button="Uitkeringsspecificatie plaatsen",
            notes=["Controleer of de werkgever klopt: de contactpersoon krijgt direct een e-mail."],
        )

    @admin.display(description="bestand")
    def file(self, statement: BenefitStatement) -> SafeString:
        address = reverse("admin:documents_document_open", args=[statement.document_id])
        return format_html('<a href="{}">Bestand openen</a>', address)


def told_after(statement: BenefitStatement) -> str:
    employer = statement.employer
    if employer.contact is None:
        return (
            f"Geplaatst voor {employer}. Er is geen contactpersoon, dus ook geen e-mail verstuurd."
        )
    return f"Geplaatst voor {employer}. {employer.contact} krijgt een e-mail."


@contextmanager
def storage_in_words() -> Iterator[None]:
    """A file store that does not answer is something to read on the form, not a broken page."""
    try:
        yield
    except StorageError as error:
        logger.exception("the file store does not take a document")
        raise ValidationError(STORAGE_DOWN) from error
