"""Rows by the hundred in a few queries, for tests about how many there are. See factories.py."""

from datetime import date, timedelta
from uuid import uuid4

from django.utils import timezone

from absence.models import Classification, Incapacity, Trajectory
from accounts.models import Employer, Membership, User
from documents.models import (
    BenefitStatement,
    CaseNote,
    Document,
    DocumentRequest,
    RequestItem,
    RequestPurpose,
)
from dossiers.models import Dossier, Employee, Employment, EmploymentType
from dossiers.search import write_keys

SICK_DAY = date(2026, 11, 2)


def many_employees(employer: Employer, by: User, number: int) -> list[Employment]:
    """Naam0, Naam1 ... in service since 2024, with the keys by which they are found."""
    dossiers = Dossier.objects.bulk_create(
        Dossier(employer=employer, kind=Dossier.Kind.EMPLOYEE) for _ in range(number)
    )
    address = {"postcode": "1234 AB", "street": "Dorpsstraat", "house_number": 1, "city": "Ede"}
    employees = Employee.objects.bulk_create(
        Employee(
            dossier=dossier,
            employer=employer,
            surname=f"Naam{count}",
            first_name="An",
            initials="A",
            gender="V",
            mobile="+31612345678",
            created_by=by,
            **address,
        )
        for count, dossier in enumerate(dossiers)
    )
    write_keys([one.dossier for one in employees], in_service=True)
    kind = EmploymentType.objects.first()
    return Employment.objects.bulk_create(
        Employment(employee=one, employer=employer, type=kind, started_on=date(2024, 1, 1))
        for one in employees
    )


def many_ill(employer: Employer, by: User, number: int) -> None:
    """As many other people, all ill since 2 November 2026."""
    contracts = many_employees(employer, by, number)
    _reports([(contract, SICK_DAY, None) for contract in contracts], by)


def many_contacts(number: int) -> list[Employer]:
    """As many employers, each with its company dossier and a contact who never logs in."""
    there = Employer.objects.count() + 1_000
    contacts = User.objects.bulk_create(
        User(username=f"contact{one}", email=f"contact{one}@voorbeeld.test", state="ACTIVE")
        for one in range(there, there + number)
    )
    employers = Employer.objects.bulk_create(
        Employer(name=f"Uitzendbureau {one}", kvk_number=f"{one:08d}", contact=contact)
        for one, contact in enumerate(contacts, there)
    )
    Membership.objects.bulk_create(
        Membership(employer=employer, user=employer.contact, role=Membership.Role.GEBRUIKER)
        for employer in employers
    )
    Dossier.objects.bulk_create(
        Dossier(employer=employer, kind=Dossier.Kind.COMPANY) for employer in employers
    )
    return employers


def many_left_ill(
    employers: list[Employer], people: int, *, first_sick_day: date
) -> list[Trajectory]:
    """So many people of each employer whose contract ended while they were ill."""
    contracts = [
        contract
        for employer in employers
        for contract in many_employees(employer, employer.contact, people)
    ]
    for contract in contracts:
        contract.ended_on = first_sick_day + timedelta(days=35)
    Employment.objects.bulk_update(contracts, ["ended_on"])
    by = employers[0].contact
    return _reports([(contract, first_sick_day, None) for contract in contracts], by)


def many_spells(employment: Employment, by: User, number: int) -> None:
    """One person, ill on every third day before those there are."""
    first = employment.trajectories.order_by("first_sick_day").first()
    last_day = first.first_sick_day if first else SICK_DAY
    days = [last_day - timedelta(days=3 * count) for count in range(1, number + 1)]
    _reports([(employment, day, day + timedelta(days=1)) for day in days], by)


def _reports(spells: list[tuple[Employment, date, date | None]], by: User) -> list[Trajectory]:
    ground = Classification.objects.get(code="ziekte")
    reports = Trajectory.objects.bulk_create(
        Trajectory(
            employer=employment.employer,
            dossier=employment.employee.dossier,
            employee=employment.employee,
            employment=employment,
            classification=ground,
            first_sick_day=day,
            reported_by=by,
            recovered_on=recovered_on,
            recovered_by=by if recovered_on else None,
            recovery_recorded_at=timezone.now() if recovered_on else None,
        )
        for employment, day, recovered_on in spells
    )
    Incapacity.objects.bulk_create(
        Incapacity(
            trajectory=report,
            employer=report.employer,
            effective_on=report.first_sick_day,
            percentage=100,
            recorded_by=by,
        )
        for report in reports
    )
    return reports


def many_documents(trajectory: Trajectory, by: User, number: int) -> list[Document]:
    return Document.objects.bulk_create(_paper(trajectory.dossier, by) for _ in range(number))


def many_notes(trajectory: Trajectory, by: User, number: int) -> None:
    CaseNote.objects.bulk_create(
        CaseNote(
            employer=trajectory.employer,
            dossier=trajectory.dossier,
            trajectory=trajectory,
            written_by=by,
            text="Vier uur per dag.",
        )
        for _ in range(number)
    )


def many_requests(trajectory: Trajectory, by: User, number: int) -> None:
    """As many questions for one payslip each, of one month after another."""
    purpose = RequestPurpose.objects.first()
    owners = {"employer": trajectory.employer, "trajectory": trajectory}
    requests = DocumentRequest.objects.bulk_create(
        DocumentRequest(
            dossier=trajectory.dossier,
            purpose=purpose,
            due_on=SICK_DAY + timedelta(days=20),
            asked_by=by,
            **owners,
        )
        for _ in range(number)
    )
    there = RequestItem.objects.count()
    RequestItem.objects.bulk_create(
        RequestItem(
            request=request,
            folder=Document.Folder.PAYSLIP,
            month=date(1920 + month // 12, month % 12 + 1, 1),
            **owners,
        )
        for month, request in enumerate(requests, there)
    )


def many_statements(employer: Employer, by: User, number: int) -> None:
    """One a month, in the years after those there are."""
    policy = employer.policies.get()
    company = employer.dossiers.get(kind=Dossier.Kind.COMPANY)
    papers = Document.objects.bulk_create(
        _paper(company, by, folder=Document.Folder.STATEMENT, source=Document.Source.INCOMFORT)
        for _ in range(number)
    )
    there = policy.statements.count()
    BenefitStatement.objects.bulk_create(
        BenefitStatement(
            employer=employer,
            policy=policy,
            month=date(1920 + month // 12, month % 12 + 1, 1),
            document=paper,
            published_by=by,
        )
        for month, paper in enumerate(papers, there)
    )


def _paper(dossier: Dossier, by: User, **fields: str) -> Document:
    """The row of a document; there is no file."""
    fields = {"folder": Document.Folder.PAYSLIP, "source": Document.Source.EMPLOYER} | fields
    return Document(
        dossier=dossier,
        employer=dossier.employer,
        name="loonstrook.pdf",
        type=Document.Type.PDF,
        file=f"{dossier.employer.uuid}/{uuid4()}",
        sha256="0" * 64,
        size=1000,
        added_by=by,
        **fields,
    )


def many_colleagues(employer: Employer, number: int) -> None:
    there = employer.memberships.count()
    users = User.objects.bulk_create(
        User(username=f"collega{one}", email=f"collega{one}@voorbeeld.test", state="ACTIVE")
        for one in range(there, there + number)
    )
    Membership.objects.bulk_create(
        Membership(employer=employer, user=user, role=Membership.Role.GEBRUIKER) for user in users
    )
