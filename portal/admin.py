"""The screen of what waits: counts from all of the portal, and the jobs that the worker gave up."""

from collections import Counter
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.actions.jobs import MOST_AT_ONCE, retry_jobs
from accounts.admin_base import AuditedModelAdmin, posted, staff
from accounts.models import FailedJob
from portal import oversight
from portal.job_words import STATES, error_in_words, task_in_words

RIGHT = "accounts.change_failedjob"
AGAIN = "Opnieuw proberen"
HARMLESS = "Opnieuw proberen kan geen kwaad: wat al gelukt is, gebeurt niet nog een keer."


def is_list(request: HttpRequest) -> bool:
    return bool(
        request.resolver_match
        and request.resolver_match.url_name == "accounts_failedjob_changelist"
    )


@admin.register(FailedJob)
class FailedJobAdmin(AuditedModelAdmin):
    """A job is an act of the worker: its row holds ids, of which staff see none but its own."""

    fields = ["kind", "state", "failed", "attempts_made", "last_error"]
    list_display = ["kind", "failed", "last_error", "acts"]
    ordering = ["-pk"]
    sortable_by = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[FailedJob]:
        """In the list what failed. A page stays when its job was tried again meanwhile."""
        jobs = FailedJob.objects.waiting() if is_list(request) else FailedJob.objects.all()
        found: QuerySet[FailedJob] = jobs.with_error().defer("args")
        return found

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: FailedJob | None = None) -> bool:
        """The permission to change is that of trying again: the pages for it ask for it."""
        return False

    def get_urls(self) -> list[Any]:
        guard, name = self.admin_site.admin_view, "accounts_failedjob"
        return [
            path("<int:key>/opnieuw/", guard(self.retry_page), name=f"{name}_retry"),
            path("soort/<str:task>/", guard(self.retry_kind_page), name=f"{name}_kind"),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """With what waits above it, and the failed jobs counted per kind."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        seen_at = oversight.worker_seen_at()
        kinds = Counter(FailedJob.objects.waiting().values_list("task_name", flat=True))
        extra: dict[str, Any] = {
            "title": "Wat wacht",
            "waiting": list(oversight.waiting()),
            "due": oversight.due_jobs(),
            "seen_at": seen_at,
            "is_worker_away": oversight.is_worker_away(seen_at),
            "kinds": [
                (task_in_words(task), count, self.address("kind", task))
                for task, count in kinds.most_common()
            ],
            "may_retry": staff(request).has_perm(RIGHT),
        }
        return super().changelist_view(request, {**extra, **(extra_context or {})})

    def object_links(self, request: HttpRequest, obj: FailedJob) -> list[tuple[str, str]]:
        return [(AGAIN, self.address("retry", obj.pk))] if staff(request).has_perm(RIGHT) else []

    def title_of(self, obj: FailedJob) -> str:
        return f"{obj}: {self.kind(obj)}"

    def retry_page(self, request: HttpRequest, key: int) -> HttpResponse:
        """One job. Of one that was tried again already the form says so. Raises Http404."""
        if not staff(request).has_perm(RIGHT):
            raise PermissionDenied
        found: FailedJob = self.get_object(request, str(key))
        notes = [f"{self.title_of(found)}. {self.last_error(found)}", HARMLESS]
        return self._task(request, [found.pk], obj=found, title=AGAIN, notes=notes)

    def retry_kind_page(self, request: HttpRequest, task: str) -> HttpResponse:
        """All of one kind, as after an outage."""
        if not staff(request).has_perm(RIGHT):
            raise PermissionDenied
        jobs = list(FailedJob.objects.waiting().filter(task_name=task).values_list("pk", flat=True))
        notes = [f"{task_in_words(task)}: {len(jobs)} mislukt.", HARMLESS]
        if len(jobs) > MOST_AT_ONCE:
            notes.append(f"Ten hoogste {MOST_AT_ONCE} per keer, de oudste eerst.")
        return self._task(request, jobs, title=f"{AGAIN}: {task_in_words(task)}", notes=notes)

    def _task(self, request: HttpRequest, jobs: list[int], **context: Any) -> HttpResponse:
        def act(_: dict[str, Any]) -> str:
            count = retry_jobs(by=staff(request), jobs=jobs)
            words = "Een opdracht staat" if count == 1 else f"{count} opdrachten staan"
            return f"{words} weer in de wachtrij."

        done = self.address("changelist")
        return self.task_page(
            request, forms.Form(*posted(request)), act=act, done=done, button=AGAIN, **context
        )

    @admin.display(description="wat")
    def kind(self, job: FailedJob) -> str:
        return task_in_words(job.task_name)

    @admin.display(description="stand")
    def state(self, job: FailedJob) -> str:
        return STATES[job.status]

    @admin.display(description="mislukt op")
    def failed(self, job: Any) -> str:
        if job.failed_at is None:
            return "-"
        return date_format(timezone.localtime(job.failed_at), "DATETIME_FORMAT")

    @admin.display(description="pogingen")
    def attempts_made(self, job: FailedJob) -> int:
        return job.attempts

    @admin.display(description="laatste fout")
    def last_error(self, job: Any) -> str:
        return error_in_words(job.error)

    @admin.display(description="actie")
    def acts(self, job: FailedJob) -> SafeString:
        return format_html(
            '<a href="{}">{} <span class="visually-hidden">{}</span></a>',
            self.address("retry", job.pk),
            AGAIN,
            job,
        )
