"""Who did what about one sick report: from the log, as far as it is the employer's to know.

What people did, each act a line; what the employer's own people opened, in numbers. What staff only
looked at, what was refused and what happened to accounts is not in it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.apps import apps
from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils import timezone

from absence.milestones import RULES
from absence.models import Trajectory
from accounts.audit import Action, Outcome
from accounts.models import AuditEvent, User
from documents.case_notes.models import CaseNote
from documents.folders import Folder

ABOUT_THE_REPORT = [
    Action.REPORT_CREATE,
    Action.REPORT_TAKEN_UP,
    Action.REPORT_CORRECTED,
    Action.CORRECTION_ASKED,
    Action.CORRECTION_DECIDED,
    Action.INCAPACITY_ADD,
    Action.RECOVERY_RECORD,
    Action.RECOVERY_TOLD,
    Action.RECOVERY_RECEIVED,
    Action.RECOVERY_PROCESSED,
    Action.MILESTONE_MARK,
    Action.DOCUMENT_UPLOAD,
    Action.DOCUMENT_WITHDRAWN,
    Action.DOCUMENT_REPLACED,
    Action.DOCUMENT_TAKEN_UP,
    Action.REQUEST_ASK,
    Action.REQUEST_ANSWER,
    Action.REQUEST_ACCEPT,
    Action.REQUEST_REFUSE,
    Action.REQUEST_DUE,
    Action.REQUEST_WITHDRAW,
    Action.CASE_NOTE_ADD,
    Action.CASEFILE_ASKED,
]
# From the first sick day, or the report when that came earlier.
ABOUT_THE_PERSON = [
    Action.EMPLOYEE_CREATE,
    Action.EMPLOYEE_CHANGE,
    Action.EMPLOYMENT_ADD,
    Action.EMPLOYMENT_END,
    Action.EMPLOYMENT_REOPEN,
    Action.DOSSIER_MERGED,
]
OPENED_OF_THE_REPORT = [
    Action.DOCUMENT_DOWNLOAD,
    Action.DOCUMENT_ZIP,
    Action.OVERVIEW_PB,
    Action.CASEFILE_DOWNLOAD,
]
OPENED_OF_THE_PERSON = [Action.DOSSIER_VIEW, Action.DOCUMENT_LIST, Action.BSN_REVEAL]

# What an event may say of its object, and that in words.
WORDS: dict[str, dict[str, str]] = {
    "folder": dict(Folder.choices),
    "kind": {key: label.lower() for key, label in CaseNote.Kind.choices},
    "milestone": {rule.key: rule.name for rules in RULES.values() for rule in rules},
}
STAFF = {"hcs": "HCS", "incomfort": "InComfort", "staff": "InComfort"}
NOT_OF_THE_EMPLOYER = [*STAFF, "system", "visitor"]


@dataclass(frozen=True, slots=True)
class Act:
    at: datetime
    who: str
    what: str


@dataclass(frozen=True, slots=True)
class Looks:
    """How often one person opened one kind of thing, and between which moments."""

    who: str
    what: str
    count: int
    first_at: datetime
    last_at: datetime


def acts_of(report: Trajectory) -> list[Act]:
    """What was done, the oldest first. Staff are named as their organisation."""
    events = _events(report, ABOUT_THE_REPORT, ABOUT_THE_PERSON).select_related("actor")
    return [Act(event.at, _who(event), _what(event)) for event in events]


def looks_of(report: Trajectory) -> list[Looks]:
    """What the employer's own people opened: one row for each of them and each kind."""
    events = _events(report, OPENED_OF_THE_REPORT, OPENED_OF_THE_PERSON)
    rows: list[Any] = list(
        events.exclude(actor_role__in=NOT_OF_THE_EMPLOYER)
        .filter(actor__isnull=False)
        .order_by()
        .values("actor", "action")
        .annotate(count=Count("pk"), first_at=Min("at"), last_at=Max("at"))
        .order_by("first_at")
    )
    people = User.objects.in_bulk({row["actor"] for row in rows})
    return [_looks(people, row) for row in rows]


def _looks(people: dict[Any, User], row: dict[str, Any]) -> Looks:
    return Looks(
        who=str(people[row["actor"]]),
        what=Action(row["action"]).label,
        count=row["count"],
        first_at=row["first_at"],
        last_at=row["last_at"],
    )


def _events(
    report: Trajectory, of_the_report: list[Action], of_the_person: list[Action]
) -> QuerySet[AuditEvent]:
    """What went well, in this dossier or in one that was merged into it."""
    dossier = report.dossier
    uuids = [dossier.uuid, *dossier.merges.values_list("old_uuid", flat=True)]
    events = AuditEvent.objects.filter(
        employer=report.employer_id, dossier_uuid__in=uuids, outcome=Outcome.OK
    )
    about_the_report = Q(action__in=of_the_report) & _about(report)
    since = min(report.reported_at, _midnight(report))
    about_the_person = Q(action__in=of_the_person, at__gte=since)
    return events.filter(about_the_report | about_the_person).order_by("id")


def _about(report: Trajectory) -> Q:
    """Events whose object is the report or belongs to it."""
    found = Q(pk__in=[])
    for object_type, ids in _objects(report):
        found |= Q(object_type=object_type, object_id__in=[str(each) for each in ids])
    return found


def _objects(report: Trajectory) -> Iterator[tuple[str, list[Any]]]:
    """The names in the log of what belongs to a report: by uuid where there is one."""
    yield report._meta.label_lower, [report.uuid]
    for label in ("documents.document", "documents.casenote", "documents.documentrequest"):
        rows = apps.get_model(label)._default_manager.filter(trajectory=report)
        yield label, list(rows.values_list("uuid", flat=True))
    messages = report.recovery_messages.values_list("pk", flat=True)
    yield "absence.recoverymessage", list(messages)


def _midnight(report: Trajectory) -> datetime:
    return timezone.make_aware(datetime.combine(report.first_sick_day, time.min))


def _who(event: AuditEvent) -> str:
    if event.actor_role in STAFF:
        return STAFF[event.actor_role]
    return str(event.actor) if event.actor else "Het portaal"


def _what(event: AuditEvent) -> str:
    """The kind of act, and of what where the log says so: "Document toegevoegd: loonstrook"."""
    label, said = Action(event.action).label, event.detail
    for key, words in WORDS.items():
        if said.get(key) in words:
            return f"{label}: {words[said[key]]}"
    return label
