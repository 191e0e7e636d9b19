"""The demo data: what the issue asks of it, loaded once, the same each time."""

import re
from datetime import date
from io import StringIO

import pikepdf
import pytest
from django.core.management import CommandError, call_command
from stdnum import iban
from stdnum.nl import bsn

from absence.models import Trajectory
from accounts.models import (
    ActivationLink,
    AuditEvent,
    Employer,
    FailedJob,
    JobError,
    OutgoingMessage,
    Policy,
    User,
)
from documents.models import BenefitStatement, Casefile, CaseNote, Document, PolicyCover
from dossiers import formats
from dossiers.models import Employee, Employment
from dossiers.search import search
from portal.demo import announcement
from portal.demo.illness import working_day
from portal.demo.load import load_once
from portal.demo.people import PEOPLE, personal_data
from portal.job_words import error_in_words

COUNTED = [User, Employer, Employee, Trajectory, Document, CaseNote, BenefitStatement]
COUNTED += [AuditEvent, OutgoingMessage]


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker, tmp_path_factory):
    """Loaded once for this module: it makes more than twenty PDFs."""
    from django.db import transaction
    from django.test import override_settings

    from portal import settings as portal_settings

    where = {"location": str(tmp_path_factory.mktemp("documenten"))}
    default = {**portal_settings.STORAGES["default"], "OPTIONS": where}
    with (
        django_db_blocker.unblock(),
        override_settings(STORAGES={**portal_settings.STORAGES, "default": default}),
        transaction.atomic(),
        transaction.atomic(using="security"),  # the counters of what the demo did
    ):
        assert load_once()
        yield
        transaction.set_rollback(True)
        transaction.set_rollback(True, using="security")


@pytest.fixture(autouse=True)
def _in_the_demo(demo, db):
    """Each test in a savepoint within the loaded demo."""


def test_a_second_load_changes_nothing(django_assert_max_num_queries):
    before = [model.objects.count() for model in COUNTED]
    with django_assert_max_num_queries(4):
        assert not load_once()
    assert [model.objects.count() for model in COUNTED] == before


def test_there_are_three_employers_of_three_kinds():
    products = {
        tuple(sorted(employer.policies.values_list("product", flat=True)))
        for employer in Employer.objects.all()
    }
    product = Policy.Product
    assert products == {
        (product.ZW_ERD,),
        (product.VERZUIM,),
        (product.AANVULLENDE_ZW, product.ZW_ERD),
    }


def test_there_are_forty_employees_with_names_from_everywhere():
    surnames = " ".join(Employee.objects.values_list("surname", flat=True))
    assert Employee.objects.count() == 40
    assert all(letter in surnames for letter in "ŁśńóŻÖÇŞşığ")
    assert Employee.objects.exclude(prefixes="").count() >= 8
    assert Employee.objects.filter(surname__contains="-").count() >= 3
    assert Employment.objects.filter(ended_on__isnull=False).count() >= 4


def test_there_are_open_partial_and_recovered_trajectories():
    open_ones = Trajectory.objects.open().with_percentage()
    assert open_ones.filter(percentage=100).count() >= 5
    assert open_ones.filter(percentage__lt=100).count() >= 5
    assert Trajectory.objects.exclude(recovered_on=None).count() >= 5


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.surname)
def test_everybody_would_pass_the_form(person):
    data = personal_data(person, is_zw_erd=True)
    assert formats.bsn(data["bsn"]) == data["bsn"]
    assert formats.iban(data["iban"]) == data["iban"]
    assert formats.postcode(data["postcode"]) == data["postcode"]
    assert formats.mobile(data["mobile"]) == data["mobile"]
    Employee.objects.get(surname=person.surname, initials=person.initials).clean_fields()


def test_bsns_are_synthetic_and_only_where_they_may_exist():
    numbers = [employee.bsn for employee in Employee.objects.all() if employee.bsn]
    assert all(number.startswith("9999") and bsn.is_valid(number) for number in numbers)
    assert len(set(numbers)) == len(numbers)
    for employer in Employer.objects.all():
        has_bsn = employer.employees.filter(bsn__isnull=False).count()
        assert has_bsn == (employer.employees.count() if employer.is_zw_erd() else 0)


def test_ibans_name_a_bank_that_does_not_exist():
    numbers = [employee.iban for employee in Employee.objects.all() if employee.iban]
    accounts = [cover.iban for cover in PolicyCover.objects.all()]
    assert numbers
    assert accounts
    numbers += accounts
    assert all(re.fullmatch(r"NL\d\dDEMO\d{10}", number) for number in numbers)
    assert all(iban.is_valid(number, check_country=False) for number in numbers)


def test_documents_are_real_pdfs_with_words():
    documents = Document.objects.all()
    assert documents.count() >= 20
    for document in documents:
        with document.file.open() as file, pikepdf.open(file) as pdf:
            assert pdf.pages
            assert document.size == file.size


def test_there_are_two_hcs_reports_and_statements_of_three_months():
    folder = Document.Folder
    assert Document.objects.filter(folder=folder.CONSULTATION_REPORT).count() == 2
    brug = Policy.objects.zw_erd().get(number="ZW-2024-0117")
    assert brug.statements.count() == 3
    assert all(statement.sheet.total > 0 for statement in brug.statements.all())
    for statement in BenefitStatement.objects.all():
        with statement.document.file.open() as file, pikepdf.open(file) as pdf:
            assert len(pdf.pages) >= 2


def test_everyone_is_found():
    anna = User.objects.get(username="anna")
    for text in ("wisn", "zur", "cel", "hart", "van den berg", "van der meer", "dossier"):
        assert search(user=anna, text=text, include_former=True).hits, text


def test_the_announcement_names_everybody_and_where_the_codes_are():
    text = announcement.text("http://127.0.0.1:8000")
    assert "http://127.0.0.1:8000/inloggen/" in text
    assert "http://127.0.0.1:8000/ontwikkel/postvak/" in text
    for user in User.objects.filter(state=User.State.ACTIVE):
        assert user.username in text
    assert max(map(len, text.splitlines())) <= 120


def test_everyone_can_log_in_with_what_is_announced():
    for user in User.objects.filter(state=User.State.ACTIVE):
        assert user.check_password("demo-portaal-2026")
        assert user.groups.count() == (1 if user.is_staff else 0)


def test_there_are_invitations_in_each_state():
    assert ActivationLink.objects.unfinished().count() == 3
    stuck = ActivationLink.objects.needing_attention().order_by("created_at")
    assert [link.user.username for link in stuck] == ["lotte", "emre"]


def test_it_refuses_to_load_outside_development(settings):
    settings.DEVELOPMENT = False
    with pytest.raises(CommandError, match="DEVELOPMENT"):
        call_command("load_demo")


def test_the_command_says_that_it_was_there_already():
    said = StringIO()
    call_command("load_demo", stdout=said)
    assert "Die waren er al." in said.getvalue()


def test_a_working_day_is_not_in_a_weekend():
    assert working_day(date(2026, 11, 22)) == date(2026, 11, 20)
    assert working_day(date(2026, 11, 20)) == date(2026, 11, 20)


def test_something_waits_for_staff_and_a_casefile_was_asked_for():
    [job] = FailedJob.objects.waiting()

    assert error_in_words(JobError.objects.get(job_id=job.pk).kind).startswith("Onverwachte fout")
    assert OutgoingMessage.objects.to_resend().count() == 1
    assert Casefile.objects.waiting().count() == 1
