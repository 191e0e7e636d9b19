"""Loads the demo through the same actions that the pages use: everything, or nothing.

The moments at which things happened are set back to when they would have; the audit log and the
AO-percentages, which take no changes, show the load itself.
"""

from datetime import date, datetime, time, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils import timezone

from absence.actions.course import add_incapacity, record_recovery
from absence.actions.reports import report_absence
from absence.models import Classification, Trajectory
from accounts.models import Employer, User
from documents.actions import add_documents, add_hcs_document
from documents.case_notes.actions import add_case_note
from documents.files.actions import withdraw_document
from documents.models import BenefitStatement, CaseNote, Document
from documents.quarantine import scan_waiting
from documents.storage import atomic_with_files
from dossiers.actions import add_employee
from dossiers.models import Employment, EmploymentType
from dossiers.search import rebuild_keys
from portal.demo.accounts import BRUG, USERS, create_accounts
from portal.demo.asked import tell_and_ask
from portal.demo.colleagues import appoint_stand_in
from portal.demo.desk import fill_desk
from portal.demo.illness import ILLNESSES, NOTES, DemoIllness, working_day
from portal.demo.invitations import invite_people
from portal.demo.papers import PAPERS, make_paper
from portal.demo.people import PEOPLE, DemoPerson, personal_data
from portal.demo.requests import ask_for_documents
from portal.demo.statements import fix_covers, publish_month
from portal.demo.twice import add_twice
from portal.demo.waiting import leave_waiting

STATEMENT_MONTHS = 3
STATEMENT_DAY = 8  # of the month after
OFFICE_HOUR = time(9, 15)


def load_once() -> bool:
    """Whether it was loaded now; the first demo user being there means that all of it is."""
    with atomic_with_files():
        if User.objects.filter(username=USERS[0].username).exists():
            return False
        create_accounts()
        Demo(timezone.localdate()).load()
    return True


class Demo:
    """One load, relative to `today`."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.employers = {employer.name: employer for employer in Employer.objects.all()}
        self.hcs = User.objects.get(username="hugo")
        self.incomfort = User.objects.get(username="ilse")
        self.employments: dict[tuple[str, str], Employment] = {}
        self.latest: dict[tuple[str, str], Trajectory] = {}

    def load(self) -> None:
        for person in PEOPLE:
            self.add_person(person)
        add_twice(self.employments[BRUG, "Jansen"], by=self.incomfort)
        for illness in ILLNESSES:
            self.add_illness(illness)
        self.add_notes()
        self.add_papers()
        self.publish_statements()
        scan_waiting()
        invite_people(by=self.incomfort)
        appoint_stand_in(self.today)
        fill_desk(by=self.incomfort)
        tell_and_ask(self.latest, hcs=self.hcs)
        ask_for_documents(self.latest, self.today, by=self.incomfort)
        leave_waiting(self.latest[BRUG, "Yılmaz"])

    def add_person(self, person: DemoPerson) -> None:
        employer = self.employers[person.employer]
        employee = add_employee(
            by=self.contact(employer),
            employer=employer,
            person=personal_data(person, is_zw_erd=employer.is_zw_erd()),
            started_on=person.started_on(self.today),
            job_title=person.job_title,
            type=EmploymentType.objects.get(code=person.type),
            submission=submission("employee", person.employer, person.key),
        )
        employment = employee.employments.get()
        if ended_on := person.ended_on(self.today):
            employment.ended_on = ended_on
            employment.save(update_fields=["ended_on"])
            rebuild_keys(employee.dossier)
        self.employments[person.employer, person.key] = employment

    def add_illness(self, illness: DemoIllness) -> None:
        employment = self.employments[illness.employer, illness.person]
        first = illness.first_sick_day(self.today)
        trajectory = report_absence(
            by=self.contact(employment.employer),
            employment=employment,
            classification=Classification.objects.get(code=illness.classification),
            first_sick_day=first,
            percentage=illness.percentage,
            submission=submission("illness", illness.employer, illness.person, illness.days_ago),
        )
        for day, percentage in illness.steps:
            add_incapacity(
                by=self.hcs,
                trajectory=trajectory,
                effective_on=first + timedelta(days=day),
                percentage=percentage,
            )
        if illness.recovered_after:
            recovered_on = first + timedelta(days=illness.recovered_after)
            trajectory = record_recovery(
                by=self.hcs, trajectory=trajectory, recovered_on=recovered_on
            )
            trajectory.recovery_recorded_at = self.at(recovered_on)
        trajectory.reported_at = self.at(first)
        trajectory.save(update_fields=["reported_at", "recovery_recorded_at"])
        self.latest[illness.employer, illness.person] = trajectory

    def add_notes(self) -> None:
        for demo in NOTES:
            trajectory = self.latest[demo.employer, demo.person]
            note = add_case_note(by=self.hcs, trajectory=trajectory, kind=demo.kind, text=demo.text)
            day = working_day(trajectory.first_sick_day + timedelta(days=demo.day))
            CaseNote.objects.filter(pk=note.pk).update(written_at=self.at(day))

    def add_papers(self) -> None:
        for paper in PAPERS:
            trajectory = self.latest[paper.employer, paper.person]
            day = working_day(trajectory.first_sick_day + timedelta(days=paper.day))
            file = make_paper(paper, trajectory, day)
            key = submission("paper", paper.employer, paper.person, paper.name)
            if paper.folder in Document.HCS_FOLDERS:
                document = add_hcs_document(
                    by=self.hcs,
                    trajectory=trajectory,
                    folder=paper.folder,
                    file=file,
                    submission=key,
                )
            else:
                (document,) = add_documents(
                    by=self.contact(trajectory.employer),
                    dossier=trajectory.dossier,
                    trajectory=trajectory,
                    folder=paper.folder,
                    files=[file],
                    submission=key,
                )
            if paper.is_withdrawn:
                withdraw_document(by=document.added_by, document=document)
            Document.objects.filter(pk=document.pk).update(added_at=self.at(day))

    def publish_statements(self) -> None:
        """The three latest whole months, the oldest first, on the eighth of the month after."""
        fix_covers()
        for number in range(STATEMENT_MONTHS, 0, -1):
            month = self.month_ago(number)
            after = (month + timedelta(days=32)).replace(day=STATEMENT_DAY)
            at = self.at(after)
            for statement in publish_month(by=self.incomfort, month=month, day=at.date()):
                BenefitStatement.objects.filter(pk=statement.pk).update(published_at=at)
                Document.objects.filter(statement=statement).update(added_at=at)

    def month_ago(self, number: int) -> date:
        month = self.today.replace(day=1)
        for _ in range(number):
            month = (month - timedelta(days=1)).replace(day=1)
        return month

    def at(self, day: date) -> datetime:
        """That day in the morning, never in the future."""
        return min(timezone.make_aware(datetime.combine(day, OFFICE_HOUR)), timezone.now())

    def contact(self, employer: Employer) -> User:
        assert employer.contact is not None
        return employer.contact


def submission(*parts: object) -> UUID:
    """The same each time, as a form sent twice would have it."""
    return uuid5(NAMESPACE_URL, "/".join(map(str, parts)))
