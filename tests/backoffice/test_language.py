"""Every page of the back office is in Dutch: what is read, and what is read aloud.

Who may open which page is in tests/project/access.txt.
"""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from django.contrib import admin
from django.db import models
from django.test import Client
from django.urls import reverse

from absence.models import Classification
from accounts.audit import Action
from accounts.models import AuditEvent, OutgoingMessage, SmsStop, User
from accounts.tasks import send_message
from documents.models import (
    BenefitStatement,
    CaseNote,
    Document,
    MaximumDailyWage,
    PolicyCover,
    StatementRun,
)
from dossiers.models import EmploymentType
from tests.documents import files
from tests.documents.conftest import store  # noqa: F401 - a fixture
from tests.factories import (
    make_access_request,
    make_activation_link,
    make_answered_item,
    make_correction_request,
    make_document,
    make_document_request,
    make_employee,
    make_member,
    make_recovery,
    make_recovery_message,
    make_staff,
    make_trajectory,
)
from tests.jobs import failed_job

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store")]

PAGES = ("changelist", "add", "change", "history")
OTHERS = (
    "index",
    "accounts_user_invite",
    "accounts_user_recover",
    "accounts_accountrecovery_approve",
    "accounts_accountrecovery_refuse",
    "accounts_activationlink_again",
    "accounts_accessrequest_take",
    "accounts_accessrequest_invite",
    "accounts_accessrequest_handle",
    "accounts_activationlink_withdraw",
    "accounts_failedjob_retry",
    "accounts_outgoingmessage_resend",
    "accounts_smsstop_reopen",
    "accounts_employer_classifications",
    "dossiers_employee_merge",
    "absence_trajectory_percentage",
    "absence_trajectory_recovery",
    "absence_trajectory_milestone",
    "absence_recoverymessage_receive",
    "absence_recoverymessage_process",
    "absence_correctionrequest_decide",
    "documents_documentrequest_decide",
    "documents_documentrequest_due",
    "documents_documentrequest_withdraw",
    "documents_statementrun_confirm",
    "documents_statementrun_discard",
)

Rows = dict[str, models.Model]


@pytest.fixture
def rows(anna: User, hugo: User, ilse: User) -> Rows:
    """One object for each screen."""
    employer = anna.memberships.get().employer
    policy = employer.policies.get()
    trajectory = make_trajectory(make_employee(employer, "Wójcik"))
    company = employer.dossiers.get(kind="COMPANY")
    statement_file = make_document(
        company, source=Document.Source.INCOMFORT, folder=Document.Folder.STATEMENT
    )
    noor = make_member(employer, "noor", state=User.State.INVITED)
    found: list[models.Model] = [
        employer,
        policy,
        anna,
        make_activation_link(noor),
        make_recovery(anna, by=make_staff("ivo", "InComfort")),
        make_access_request(email=noor.email),
        OutgoingMessage.objects.create(channel="EMAIL", purpose="x", recipient="a@b.test"),
        failed_job(send_message, message_id=1),
        SmsStop.objects.create(reason=SmsStop.Reason.CONVERSION),
        AuditEvent.objects.create(action=Action.LOGIN, actor=anna, actor_role="beheerder"),
        trajectory.employee,
        EmploymentType.objects.first(),
        Classification.objects.first(),
        trajectory,
        make_recovery_message(trajectory),
        make_correction_request(trajectory),
        make_document(trajectory.dossier, files.pdf(), trajectory=trajectory),
        CaseNote.objects.create(
            employer=employer,
            dossier=trajectory.dossier,
            trajectory=trajectory,
            text="Vier uur per dag.",
            written_by=hugo,
        ),
        BenefitStatement.objects.create(
            employer=employer,
            policy=policy,
            month="2026-10-01",
            document=statement_file,
            published_by=ilse,
        ),
        StatementRun.objects.create(month="2026-10-01", imported_by=ilse),
        MaximumDailyWage.objects.first(),
        PolicyCover.objects.create(policy=policy, percentage=70, waiting_days=2),
    ]
    asked = make_document_request(trajectory, asked_by=ilse)
    make_answered_item(asked, make_document(trajectory.dossier, trajectory=trajectory))
    found += [asked, asked.purpose]
    return {row._meta.label_lower: row for row in found}


def addresses(rows: Rows) -> Iterator[tuple[str, str]]:
    """The name and address of each page; who may not see one gets another answer than 200."""
    for label, row in rows.items():
        name = label.replace(".", "_")
        for page in PAGES:
            args = [row.pk] if page in {"change", "history"} else []
            query = f"?traject={rows['absence.trajectory'].pk}" if page == "add" else ""
            yield f"{name}_{page}", reverse(f"admin:{name}_{page}", args=args) + query
    for name in OTHERS:
        label = ".".join(name.split("_")[:2])
        yield name, reverse(f"admin:{name}", args=[rows[label].pk] if label in rows else [])


def test_there_is_a_row_for_every_screen(rows: Rows) -> None:
    assert {model._meta.label_lower for model in admin.site._registry} == set(rows)


ENGLISH = re.compile(
    r"\b(the|by|search|pagination|filter by|select|add|change|close|history|save|delete|yes"
    r"|created|at|skip|welcome|toggle|show|clear|any date|today|object|please|error|log out"
    r"|breadcrumbs|true|false|none|employer|employee)\b",
    re.IGNORECASE,
)


def words_of(page: str) -> str:
    """All that is read or heard: text, and the attributes that hold words."""
    body = re.sub(r"(?s)<(script|style)\b.*?</\1>", " ", page[page.index("<body") :])
    spoken = re.findall(r'(?:alt|title|placeholder|aria-label|value)="([^"]*)"', body)
    return unescape(re.sub(r"<[^>]*>", " ", body) + " | ".join(spoken))


@pytest.mark.parametrize("role", ["as_ilse", "as_hugo"])
def test_every_page_is_in_dutch(request: pytest.FixtureRequest, rows: Rows, role: str) -> None:
    client: Client = request.getfixturevalue(role)
    pages = 0

    for name, address in addresses(rows):
        response = client.get(address)
        if response.status_code == 200:
            pages += 1
            text = words_of(response.content.decode())
            found = [text[max(0, m.start() - 60) : m.end() + 40] for m in ENGLISH.finditer(text)]
            assert (name, found) == (name, [])
    assert pages > 15
