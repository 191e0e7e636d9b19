"""Plain functions that make rows for tests. Each takes any field of its model as a keyword."""

import hashlib
import itertools
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.utils import timezone

from absence.models import (
    Classification,
    CorrectionRequest,
    Incapacity,
    RecoveryMessage,
    Trajectory,
)
from accounts.models import (
    AccessRequest,
    AccountRecovery,
    ActivationLink,
    Employer,
    Membership,
    OneTimeLink,
    OutgoingMessage,
    Policy,
    StandIn,
    User,
)
from documents.case_notes.overviews import overviews_of
from documents.models import (
    Casefile,
    CaseNote,
    Document,
    DocumentRequest,
    OverviewPb,
    RequestAnswer,
    RequestItem,
    RequestPurpose,
)
from dossiers.models import Dossier, Employee, Employment, EmploymentType
from dossiers.search import rebuild_keys

PASSWORD = "een lang wachtwoord 12"
_numbers = itertools.count(1)


def make_user(username: str = "", **fields: Any) -> User:
    """An active user with PASSWORD, and no second factor yet (see tests/login.py)."""
    username = username or f"gebruiker{next(_numbers)}"
    fields.setdefault("email", f"{username}@voorbeeld.test")
    fields.setdefault("state", User.State.ACTIVE)
    return User.objects.create_user(username, password=PASSWORD, **fields)


def make_staff(username: str, group: str) -> User:
    user = make_user(username, is_staff=True)
    user.groups.add(Group.objects.get_or_create(name=group)[0])
    return user


def make_employer(name: str = "", **fields: Any) -> Employer:
    """An employer with its company dossier."""
    number = next(_numbers)
    fields.setdefault("kvk_number", f"{number:08d}")
    employer = Employer.objects.create(name=name or f"Uitzendbureau {number}", **fields)
    rebuild_keys(Dossier.objects.create(employer=employer, kind=Dossier.Kind.COMPANY))
    return employer


def make_policy(employer: Employer, **fields: Any) -> Policy:
    fields.setdefault("product", Policy.Product.VERZUIM)
    fields.setdefault("number", f"P{next(_numbers):06d}")
    fields.setdefault("starts_on", date(2020, 1, 1))
    return Policy.objects.create(employer=employer, **fields)


def make_member(employer: Employer, username: str = "", **fields: Any) -> User:
    role = fields.pop("role", Membership.Role.GEBRUIKER)
    user = make_user(username, **fields)
    Membership.objects.create(employer=employer, user=user, role=role)
    return user


def make_stand_in(employer: Employer, user: User, by: User, **fields: Any) -> StandIn:
    """A beheerder for today, unless said otherwise."""
    today = timezone.localdate()
    fields = {"role": Membership.Role.BEHEERDER, "starts_on": today, "ends_on": today} | fields
    return StandIn.objects.create(employer=employer, user=user, given_by=by, **fields)


def make_activation_link(user: User, **fields: Any) -> ActivationLink:
    """An invitation whose e-mail went out; nobody knows its token."""
    if "message" not in fields:
        fields["message"] = OutgoingMessage.objects.create(
            channel=OutgoingMessage.Channel.EMAIL,
            purpose="activeren",
            recipient=user.email,
            state=OutgoingMessage.State.SENT,
            sent_at=timezone.now(),
        )
    fields.setdefault("expires_at", timezone.now() + timedelta(hours=72))
    return ActivationLink.objects.create(
        user=user,
        purpose=OneTimeLink.Purpose.ACTIVATION,
        digest=OneTimeLink.digest_of(OneTimeLink.new_token()),
        sent_to_hash=OneTimeLink.address_hash(user.email),
        **fields,
    )


def make_access_request(**fields: Any) -> AccessRequest:
    """Somebody got no e-mail and asks for help."""
    typed = {
        "company_name": "Uitzendbureau De Brug B.V.",
        "policy_number": "ZW-2024-0117",
        "salutation": AccessRequest.Salutation.MRS,
        "initials": "F.",
        "surname": "van der Wal",
        "email": "wal@brug.test",
        "mobile": "+31612345678",
        "submission": uuid4(),
    }
    return AccessRequest.objects.create(**typed | fields)


def make_recovery(user: User, by: User, **fields: Any) -> AccountRecovery:
    """Somebody lost everything, and a member of staff asks to set the account back."""
    asked_at = fields.setdefault("requested_at", timezone.now())
    fields.setdefault("expires_at", asked_at + AccountRecovery.VALID_FOR)
    fields.setdefault("address_hash", OneTimeLink.address_hash(user.email))
    fields.setdefault("evidence", "Teruggebeld en geboortedatum en drie collega's laten noemen.")
    fields.setdefault("called_number", "+31243741660")
    return AccountRecovery.objects.create(user=user, requested_by=by, **fields)


def make_employee(employer: Employer, surname: str = "Jansen", **fields: Any) -> Employee:
    """An employee with a dossier and one employment since 2024 (`started_on`, `ended_on`)."""
    started_on = fields.pop("started_on", date(2024, 1, 1))
    ended_on = fields.pop("ended_on", None)
    fields = {
        "first_name": "Anna",
        "initials": "AB",
        "gender": Employee.Gender.WOMAN,
        "postcode": "6511 PP",
        "street": "Stationsplein",
        "house_number": 12,
        "city": "Nijmegen",
        "mobile": "+31612345678",
        "email": "werknemer@voorbeeld.test",
    } | fields
    if "created_by" not in fields:
        fields["created_by"] = make_member(employer)
    dossier = Dossier.objects.create(employer=employer, kind=Dossier.Kind.EMPLOYEE)
    employee = Employee.objects.create(
        dossier=dossier, employer=employer, surname=surname, **fields
    )
    make_employment(employee, started_on=started_on, ended_on=ended_on)
    return employee


def make_employment(employee: Employee, **fields: Any) -> Employment:
    fields.setdefault("started_on", date(2024, 1, 1))
    fields.setdefault("job_title", "Orderpicker")
    if "type" not in fields:
        fields["type"] = EmploymentType.objects.get(code="fase-a-zonder-uitzendbeding")
    employment = Employment.objects.create(employee=employee, employer=employee.employer, **fields)
    rebuild_keys(employee.dossier)
    return employment


def make_trajectory(employee: Employee, percentage: int = 100, **fields: Any) -> Trajectory:
    """A sick report with its first percentage."""
    fields.setdefault("employment", employee.employments.first())
    fields.setdefault("first_sick_day", date(2026, 11, 2))
    fields.setdefault("classification", Classification.objects.get(code="ziekte"))
    fields.setdefault("reported_by", employee.created_by)
    if fields.get("recovered_on"):
        fields.setdefault("recovered_by", fields["reported_by"])
        fields.setdefault("recovery_recorded_at", timezone.now())
    trajectory = Trajectory.objects.create(
        employer=employee.employer, dossier=employee.dossier, employee=employee, **fields
    )
    make_incapacity(trajectory, effective_on=trajectory.first_sick_day, percentage=percentage)
    return trajectory


def make_recovery_message(trajectory: Trajectory, **fields: Any) -> RecoveryMessage:
    fields.setdefault("fit_from", trajectory.first_sick_day + timedelta(days=7))
    fields.setdefault("sent_by", trajectory.reported_by)
    return RecoveryMessage.objects.create(
        employer=trajectory.employer, trajectory=trajectory, **fields
    )


def make_correction_request(trajectory: Trajectory, **fields: Any) -> CorrectionRequest:
    """A request to withdraw the report, unless `fields` say what it should become."""
    fields.setdefault("explanation", "De verkeerde werknemer is gemeld.")
    fields.setdefault("asked_by", trajectory.reported_by)
    return CorrectionRequest.objects.create(
        employer=trajectory.employer, trajectory=trajectory, **fields
    )


def make_incapacity(trajectory: Trajectory, **fields: Any) -> Incapacity:
    fields.setdefault("recorded_by", trajectory.reported_by)
    return Incapacity.objects.create(trajectory=trajectory, employer=trajectory.employer, **fields)


def make_document_request(trajectory: Trajectory, **fields: Any) -> DocumentRequest:
    """A request for the contract, by two weeks from now."""
    fields.setdefault("asked_by", trajectory.reported_by)
    fields.setdefault("due_on", timezone.localdate() + timedelta(days=14))
    fields.setdefault("purpose", RequestPurpose.objects.first())
    owners = {"employer": trajectory.employer, "trajectory": trajectory}
    request = DocumentRequest.objects.create(dossier=trajectory.dossier, **owners, **fields)
    RequestItem.objects.create(request=request, folder=Document.Folder.CONTRACT, **owners)
    return request


def make_answered_item(request: DocumentRequest, payslip: Document) -> RequestItem:
    """A payslip of last October was asked too, and this document was given for it."""
    item = RequestItem.objects.create(
        request=request,
        employer=request.employer,
        trajectory=request.trajectory,
        folder=Document.Folder.PAYSLIP,
        month=date(2026, 10, 1),
        state=RequestItem.State.ANSWERED,
        answered_at=timezone.now(),
    )
    RequestAnswer.objects.create(
        employer=request.employer, item=item, document=payslip, given_by=payslip.added_by
    )
    return item


def make_document(dossier: Dossier, content: bytes = b"%PDF-1.4 test", **fields: Any) -> Document:
    fields.setdefault("folder", Document.Folder.PAYSLIP)
    fields.setdefault("source", Document.Source.EMPLOYER)
    fields.setdefault("name", "loonstrook.pdf")
    fields.setdefault("type", Document.Type.PDF)
    fields.setdefault("state", Document.State.SAFE)
    fields.setdefault("sha256", hashlib.sha256(content).hexdigest())
    if "added_by" not in fields:
        fields["added_by"] = make_member(dossier.employer)
    return Document.objects.create(
        dossier=dossier,
        employer=dossier.employer,
        size=len(content),
        file=ContentFile(content, name="x"),
        **fields,
    )


def make_overview(trajectory: Trajectory, pdf: bytes = b"%PDF-1.7 proef") -> OverviewPb:
    """An "Overzicht PB" of the notes that there are, made already."""
    notes = CaseNote.objects.filter(trajectory=trajectory)
    (overview,) = overviews_of(trajectory.dossier, notes.per_report())
    return OverviewPb.objects.create(
        employer=trajectory.employer,
        dossier=trajectory.dossier,
        trajectory=trajectory,
        made_at=timezone.now(),
        basis=overview.basis,
        pdf=pdf,
    )


def make_casefile(trajectory: Trajectory, asked_by: User, **fields: Any) -> Casefile:
    """A casefile that was made; `made_at=None` is one that waits for the worker."""
    fields = {"made_at": timezone.now(), "pdf": b"%PDF-1.7 proef"} | fields
    if fields["made_at"] is None:
        fields["pdf"] = None
    return Casefile.objects.create(
        employer=trajectory.employer,
        dossier=trajectory.dossier,
        trajectory=trajectory,
        asked_by=asked_by,
        **fields,
    )
