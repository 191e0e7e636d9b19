"""What waits and what failed, for InComfort: counted, in plain words, and tried again."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django import app

from accounts.actions.jobs import retry_jobs
from accounts.actions.upkeep import tidy
from accounts.audit import Action
from accounts.models import AuditEvent, Employer, FailedJob, JobError, OutgoingMessage, User
from accounts.tasks import send_message
from documents.models import Document, StatementRun, StatementSheet
from documents.tasks import publish, scan_waiting
from portal.job_words import ERRORS, NOT_KEPT, TASKS, error_in_words
from tests.documents.conftest import store  # noqa: F401 - a fixture
from tests.factories import (
    make_document,
    make_document_request,
    make_employee,
    make_trajectory,
)
from tests.jobs import failed_job
from tests.threads import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store")]

LIST = "/beheer/accounts/failedjob/"


def text_of(client: Client, address: str = LIST) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def line_of(text: str, label: str) -> str:
    """The row of the table about `label`, up to the next row."""
    return text.partition(label)[2].partition("</tr>")[0]


@pytest.fixture
def employer(anna: User) -> Employer:
    return anna.memberships.get().employer


def a_worker_lived(seconds_ago: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat)"
            " VALUES (now() - make_interval(secs => %s))",
            [seconds_ago],
        )


class TestWhatWaits:
    def test_documents_in_quarantine_are_counted_and_too_long_is_said(
        self, as_ilse: Client, employer: Employer
    ) -> None:
        dossier = make_employee(employer).dossier
        label = "Documenten die op de controle op virussen wachten"
        make_document(dossier, state=Document.State.WAITING)
        line = line_of(text_of(as_ilse), label)
        assert "<td>1</td>" in line
        assert "Te lang" not in line

        make_document(
            dossier,
            state=Document.State.WAITING,
            added_at=timezone.now() - timedelta(minutes=20),
        )
        line = line_of(text_of(as_ilse), label)
        assert "<td>2</td>" in line
        assert "20 minuten" in line.replace("\xa0", " ")
        assert "Te lang.</strong> De virusscanner antwoordt niet" in line

    def test_confirmed_sheets_without_a_statement_wait(
        self, as_ilse: Client, ilse: User, employer: Employer
    ) -> None:
        label = "Uitkeringsspecificaties die nog worden geplaatst"
        run = StatementRun.objects.create(month="2026-10-01", imported_by=ilse)
        StatementSheet.objects.create(run=run, employer=employer, policy=employer.policies.get())
        assert "<td>0</td>" in line_of(text_of(as_ilse), label)

        run.confirmed_by, run.confirmed_at = ilse, timezone.now() - timedelta(hours=2)
        run.save()
        line = line_of(text_of(as_ilse), label)
        assert "<td>1</td>" in line
        assert "Te lang" in line

    @pytest.mark.parametrize(
        ("fields", "label"),
        [
            ({"channel": "EMAIL"}, "E-mails in de wachtrij"),
            ({"channel": "EMAIL", "state": "FAILED"}, "E-mails die niet zijn verzonden"),
            ({"channel": "SMS"}, "Sms-berichten in de wachtrij"),
            ({"channel": "SMS", "state": "FAILED"}, "Sms-berichten die niet zijn verzonden"),
            (
                {"channel": "SMS", "state": "SENT", "delivery": "FAILED"},
                "Sms-berichten die niet zijn aangekomen",
            ),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_messages_are_counted_and_lead_to_their_list(
        self, as_ilse: Client, fields: dict[str, str], label: str
    ) -> None:
        OutgoingMessage.objects.create(purpose="x", recipient="geheim@voorbeeld.test", **fields)
        text = text_of(as_ilse)
        assert "<td>1</td>" in line_of(text, label)
        assert text.count("<td>1</td>") == 1
        assert "geheim" not in text
        address = text.partition(label)[0].rpartition('href="')[2].partition('"')[0]
        assert "1 uitgaand bericht" in text_of(as_ilse, address.replace("&amp;", "&"))

    def test_document_requests_lead_to_their_queue(
        self, as_ilse: Client, employer: Employer
    ) -> None:
        trajectory = make_trajectory(make_employee(employer))
        late = timezone.localdate() - timedelta(days=1)
        make_document_request(trajectory, due_on=late)
        text = text_of(as_ilse)
        assert "<td>1</td>" in line_of(text, "Documentverzoeken die te laat zijn")
        assert "<td>0</td>" in line_of(text, "Documentverzoeken met iets om te beoordelen")
        assert "/beheer/documents/documentrequest/?stand=te-laat" in text

    @pytest.mark.parametrize(
        ("seconds_ago", "words"),
        [
            (None, "Er draait geen worker."),
            (90, "De worker heeft zich sinds"),
            (5, "De worker draait."),
        ],
    )
    def test_it_says_whether_the_worker_lives(
        self, as_ilse: Client, seconds_ago: int | None, words: str
    ) -> None:
        if seconds_ago is not None:
            a_worker_lived(seconds_ago)
        assert words in text_of(as_ilse)


class TestWhatFailed:
    def test_a_failed_job_stands_there_in_plain_words(self, as_ilse: Client) -> None:
        failed_job(publish, "StorageError", sheet_id=87654)
        text = text_of(as_ilse)
        assert "Uitkeringsspecificatie plaatsen: 1" in text
        assert ERRORS["StorageError"] in text
        assert "87654" not in text

    def test_each_task_has_words(self) -> None:
        app.perform_import_paths()
        ours = {name for name in app.tasks if "procrastinate." not in name}
        assert ours == set(TASKS)

    def test_an_error_without_words_says_its_kind_only(self) -> None:
        assert "KeyError" in error_in_words("KeyError")
        assert error_in_words(None) == NOT_KEPT

    def test_a_timed_job_is_forgotten_once_a_later_one_succeeded(self) -> None:
        failed = failed_job(scan_waiting, timestamp=0)
        assert FailedJob.objects.waiting().get() == failed
        later = failed_job(scan_waiting, timestamp=60)
        succeed(later)
        assert not FailedJob.objects.waiting().exists()

    def test_another_job_is_not_forgotten_by_one_of_its_kind(self) -> None:
        failed = failed_job(publish, sheet_id=1)
        succeed(failed_job(publish, sheet_id=2))
        assert FailedJob.objects.waiting().get() == failed


def status_of(job: FailedJob) -> str:
    return FailedJob.objects.get(pk=job.pk).status


def succeed(job: FailedJob) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [job.pk])
        cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = %s", [job.pk])


class TestTryingAgain:
    def test_one_job_goes_back_into_the_queue_and_is_recorded(
        self, as_ilse: Client, ilse: User
    ) -> None:
        job = failed_job(send_message, message_id=1)
        response = as_ilse.post(f"{LIST}{job.pk}/opnieuw/", follow=True)
        assert "Een opdracht staat weer in de wachtrij." in response.content.decode()
        event = AuditEvent.objects.get(action=Action.JOBS_RETRIED)
        assert (event.actor, event.actor_role) == (ilse, "incomfort")
        assert event.detail == {"task": "accounts.delivery.send_message", "jobs": [job.pk]}
        assert status_of(job) == "todo"

    def test_a_second_time_does_nothing_and_says_so(self, as_ilse: Client) -> None:
        job = failed_job(send_message, message_id=1)
        as_ilse.post(f"{LIST}{job.pk}/opnieuw/")
        answer = as_ilse.post(f"{LIST}{job.pk}/opnieuw/").content.decode()
        assert "Hier is niets opnieuw te proberen" in answer
        assert AuditEvent.objects.filter(action=Action.JOBS_RETRIED).count() == 1
        assert status_of(job) == "todo"

    def test_a_job_that_did_not_fail_stays_as_it_is(self, ilse: User) -> None:
        job_id = send_message.defer(message_id=1)
        with pytest.raises(ValidationError):
            retry_jobs(by=ilse, jobs=[job_id])
        assert FailedJob.objects.get(pk=job_id).attempts == 0

    def test_all_of_a_kind_go_back_and_no_others(self, as_ilse: Client) -> None:
        for sheet_id in (1, 2):
            failed_job(publish, sheet_id=sheet_id)
        other = failed_job(send_message, message_id=1)
        address = f"{LIST}soort/documents.statements.jobs.publish/"
        assert "Uitkeringsspecificatie plaatsen: 2 mislukt." in text_of(as_ilse, address)
        as_ilse.post(address)
        assert FailedJob.objects.waiting().get() == other
        assert AuditEvent.objects.filter(action=Action.JOBS_RETRIED).count() == 1

    def test_a_timed_job_whose_like_waits_stays_as_it_is(self, ilse: User) -> None:
        failed = failed_job(scan_waiting, timestamp=0)
        scan_waiting.defer(timestamp=60)
        with pytest.raises(ValidationError):
            retry_jobs(by=ilse, jobs=[failed.pk])
        other = failed_job(send_message, message_id=1)
        assert retry_jobs(by=ilse, jobs=[failed.pk, other.pk]) == 1

    def test_hcs_and_employers_cannot(self, as_hugo: Client, as_anna: Client) -> None:
        job = failed_job(send_message, message_id=1)
        for page in (f"{job.pk}/opnieuw/", "soort/accounts.delivery.send_message/"):
            assert as_hugo.post(f"{LIST}{page}").status_code == 403
            assert as_anna.post(f"{LIST}{page}").status_code == 404
        assert FailedJob.objects.waiting().exists()


@pytest.mark.django_db(transaction=True)
def test_twelve_at_once_put_a_job_back_once(ilse: User) -> None:
    job = failed_job(send_message, message_id=1)
    answers = at_once([lambda: retry_jobs(by=ilse, jobs=[job.pk])] * 12)
    assert answers.count(1) == 1
    assert sum(isinstance(answer, ValidationError) for answer in answers) == 11
    assert AuditEvent.objects.filter(action=Action.JOBS_RETRIED).count() == 1
    assert FailedJob.objects.get(pk=job.pk).attempts == 1


def test_the_error_goes_once_the_job_went_well() -> None:
    done, failed = (failed_job(send_message, "KeyError", message_id=1) for _ in "12")
    succeed(done)
    tidy()
    assert list(JobError.objects.values_list("job_id", flat=True)) == [failed.pk]


def test_a_page_asks_the_same_at_ten_failed_jobs_and_at_a_hundred(
    as_ilse: Client, django_assert_max_num_queries: Any
) -> None:
    failed_job(publish, "StorageError", sheet_id=1)
    publish.batch_defer(*[{"sheet_id": number} for number in range(100)])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing'")
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed'")
    with django_assert_max_num_queries(25):
        assert "Uitkeringsspecificatie plaatsen: 101" in text_of(as_ilse)
