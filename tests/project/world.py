"""One of everything that an address can be about. All of it belongs to anna's employer."""

from datetime import date
from typing import Any
from uuid import uuid4

from django.utils import timezone

from accounts.models import AccessOffer, AuditEvent, OutgoingMessage, SmsStop, User
from accounts.tasks import send_message
from documents.models import (
    BenefitStatement,
    CaseNote,
    Document,
    MaximumDailyWage,
    PolicyCover,
    StatementRun,
    StatementSheet,
)
from dossiers.models import Dossier, Merge
from tests import factories
from tests.jobs import failed_job


def make_world(anna: User, ilse: User, hugo: User) -> dict[str, Any]:
    """The rows by the names that the access table uses."""
    employer = anna.memberships.get().employer
    employee = factories.make_employee(employer, created_by=anna, bsn="111222333")
    trajectory = factories.make_trajectory(employee)
    company = Dossier.objects.get(employer=employer, kind=Dossier.Kind.COMPANY)
    payslip = factories.make_document(employee.dossier, trajectory=trajectory, added_by=anna)
    sheet = factories.make_document(
        company,
        source=Document.Source.INCOMFORT,
        folder=Document.Folder.STATEMENT,
        added_by=ilse,
    )
    statement = BenefitStatement.objects.create(
        employer=employer,
        policy=employer.policies.get(),
        month=date(2026, 10, 1),
        document=sheet,
        published_by=ilse,
    )
    StatementSheet.objects.create(
        run=StatementRun.objects.create(month=date(2026, 10, 1), imported_by=ilse),
        employer=employer,
        policy=statement.policy,
        statement=statement,
    )
    note = CaseNote.objects.create(
        employer=employer,
        dossier=employee.dossier,
        trajectory=trajectory,
        text="Contact gehad over de werkhervatting.",
        written_by=hugo,
    )
    factories.make_overview(trajectory)
    factories.make_casefile(trajectory, anna)
    wanted = factories.make_document_request(trajectory, asked_by=ilse)
    given = factories.make_document(
        employee.dossier, b"%PDF-1.4 given", trajectory=trajectory, added_by=anna
    )
    factories.make_answered_item(wanted, given)
    told = factories.make_recovery_message(trajectory)
    asked = factories.make_correction_request(trajectory)
    invited = factories.make_member(employer, "noor", state=User.State.INVITED)
    omar = factories.make_member(employer, "omar")
    stand_in = factories.make_stand_in(employer, omar, anna)
    offer = AccessOffer.objects.create(
        employer=employer,
        user=factories.make_member(factories.make_employer(), "zoe"),
        role="GEBRUIKER",
        username="zoe.b",
        first_name="Zoë",
        last_name="Bos",
        email="zoe@voorbeeld.test",
        made_by=anna,
        expires_at=timezone.now() + AccessOffer.VALID_FOR,
    )
    OutgoingMessage.objects.create(
        channel=OutgoingMessage.Channel.EMAIL,
        purpose="test",
        recipient=anna.email,
        text="Hallo.",
        state=OutgoingMessage.State.FAILED,
        is_repeatable=True,
    )
    colleague = factories.make_staff("ivo", "InComfort")
    SmsStop.objects.create(reason=SmsStop.Reason.CONVERSION)
    AuditEvent.objects.create(action="login", actor=anna, actor_role="beheerder")
    ended = factories.make_employment(
        employee, started_on=date(2022, 1, 1), ended_on=date(2022, 12, 31)
    )
    second = factories.make_employee(employer, "Berg", created_by=anna)
    merge = Merge.objects.create(
        employer=employer,
        kept=employee.dossier,
        old_uuid=uuid4(),
        moved={},
        iban="NL91ABNA0417164300",
        added_by=anna,
        added_at=timezone.now(),
        merged_by=ilse,
    )
    return {
        "employer": employer,
        "employment": trajectory.employment,
        "ended": ended,
        "employee": employee,
        "second": second,
        "merge": merge,
        "dossier": employee.dossier,
        "company": company,
        "trajectory": trajectory,
        "document": payslip,
        "statement": statement,
        "statementrun": StatementRun.objects.create(month=date(2026, 11, 1), imported_by=ilse),
        "maximumdailywage": MaximumDailyWage.objects.get(from_day=date(2026, 7, 1)),
        "policycover": PolicyCover.objects.create(
            policy=statement.policy, percentage=70, waiting_days=2
        ),
        "note": note,
        "item": wanted.items.get(state="OPEN"),
        "documentrequest": wanted,
        "requestpurpose": wanted.purpose,
        "recoverymessage": told,
        "correctionrequest": asked,
        "failedjob": failed_job(send_message, message_id=1),
        "offer": offer,
        "invited": invited.memberships.get(),
        "stand_in": stand_in,
        "membership": stand_in.user.memberships.get(),
        "accessrequest": factories.make_access_request(email=invited.email),
        "accountrecovery": factories.make_recovery(anna, by=colleague),
        "activationlink": factories.make_activation_link(invited, created_by=ilse),
    }
