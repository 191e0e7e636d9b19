"""kill -9 of a real worker in the middle of a job: another does it, nothing twice, nothing missing.

The promise for e-mail is "at least once": the mail server and our database cannot agree on one
moment. Only a worker that dies in the instant between the server's yes and our commit sends twice.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.audit import Action
from accounts.models import AuditEvent, OutgoingMessage, Policy, User
from accounts.outbox import send_email
from documents.models import BenefitStatement, Document, StatementRun
from documents.scan_jobs import scan_document
from documents.statements.actions import confirm_run, import_month
from tests.documents import files
from tests.documents.conftest import content_of, store  # noqa: F401 - a fixture
from tests.factories import make_document, make_employee, make_trajectory
from tests.systems.worker import MailServer, Scanner, Workers, kill

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("store"),
]
LAST_MONTH = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)


@pytest.fixture
def workers(transactional_db: None, tmp_path: Path) -> Iterator[Workers]:
    """Their store is the one of `store`."""
    found = Workers(tmp_path)
    yield found
    found.stop()


@pytest.fixture
def mail_server(workers: Workers, request: pytest.FixtureRequest) -> Iterator[MailServer]:
    """Lets everything through, unless the test says at which command it waits."""
    hold_at = getattr(request, "param", b"")
    server = MailServer(hold_at)
    workers.environment["SMTP_PORT"] = str(server.port)
    yield server
    server.stop()


@pytest.fixture
def scanner(workers: Workers) -> Iterator[Scanner]:
    server = Scanner()
    workers.environment["CLAMD_ADDRESS"] = f"127.0.0.1:{server.port}"
    yield server
    server.stop()


def jobs_not_done() -> list[str]:
    """All that is not done of what people asked for; timed jobs come and go."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT task_name || ' ' || status FROM procrastinate_jobs"
            " WHERE status <> 'succeeded' AND queueing_lock IS NULL"
        )
        return [name for (name,) in cursor.fetchall()]


def all_is_done() -> bool:
    return not jobs_not_done()


def waits_to_write_a(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation = %s::regclass)",
            [table],
        )
        row = cursor.fetchone()
    return bool(row and row[0])


def confirmed_month(ilse: User, *people: User) -> StatementRun:
    """Of the employer of each, with somebody ill and nothing to pay."""
    for person in people:
        employer = person.memberships.get().employer
        employer.contact = person
        employer.save()
        make_trajectory(make_employee(employer), first_sick_day=LAST_MONTH)
    return confirm_run(by=ilse, run=import_month(by=ilse, month=LAST_MONTH, rows=[]))


def test_publishing_makes_no_double_and_no_missing_statement(
    workers: Workers, mail_server: MailServer, ilse: User, anna: User, bram: User
) -> None:
    run = confirmed_month(ilse, anna, bram)
    first = workers.start()
    with transaction.atomic(), connection.cursor() as cursor:
        # The e-mail comes last: the statement and its file have been made by then.
        cursor.execute("LOCK TABLE accounts_outgoingmessage IN SHARE MODE")
        workers.wait_until(lambda: waits_to_write_a("accounts_outgoingmessage"))
        kill(first)
    assert not BenefitStatement.objects.exists()

    workers.take_over()
    workers.wait_until(all_is_done)

    statements = BenefitStatement.objects.order_by("policy_id")
    assert [one.policy for one in statements] == list(Policy.objects.order_by("pk"))
    assert all(content_of(one.document).startswith(b"%PDF-") for one in statements)
    assert Document.objects.count() == 2
    assert not run.sheets.filter(statement=None).exists()
    assert AuditEvent.objects.filter(action=Action.STATEMENT_PUBLISH).count() == 2
    assert sorted(recipient(text) for text in mail_server.accepted) == [anna.email, bram.email]


def recipient(text: str) -> str:
    found = re.search(r"^To: (.*?)\r?$", text, re.MULTILINE)
    assert found
    return found.group(1)


def test_scanning_gives_each_document_one_verdict(
    workers: Workers, scanner: Scanner, anna: User
) -> None:
    employer = anna.memberships.get().employer
    dossier = make_employee(employer).dossier
    documents = [make_document(dossier, files.pdf(), state=Document.State.WAITING) for _ in "12"]
    for document in documents:
        scan_document.defer(document_id=document.pk)
    first = workers.start()
    workers.wait_until(scanner.reached.is_set)
    kill(first)
    assert set(Document.objects.values_list("state", flat=True)) == {Document.State.WAITING}

    scanner.release()
    workers.take_over()
    workers.wait_until(all_is_done)

    assert set(Document.objects.values_list("state", flat=True)) == {Document.State.SAFE}
    verdicts = AuditEvent.objects.filter(action=Action.DOCUMENT_SCAN)
    judged = verdicts.values_list("object_id", flat=True)
    assert sorted(judged) == sorted(str(document.uuid) for document in documents)


@pytest.mark.parametrize(
    ("mail_server", "times"),
    [(b"DATA", 1), (b"QUIT", 2)],
    ids=["before the server has it: once", "after its yes, before our commit: twice"],
    indirect=["mail_server"],
)
def test_mailing_sends_at_least_once(
    workers: Workers, mail_server: MailServer, times: int, anna: User
) -> None:
    with transaction.atomic():
        message = send_email(
            to=anna.email, purpose="proef", subject="Proef", template="sms_stopped", context={}
        )
    first = workers.start()
    workers.wait_until(mail_server.reached.is_set)
    kill(first)
    message.refresh_from_db()
    assert (message.state, message.attempts) == (OutgoingMessage.State.QUEUED, 0)

    mail_server.release()
    workers.take_over()
    workers.wait_until(all_is_done)

    message.refresh_from_db()
    assert (message.state, message.attempts) == (OutgoingMessage.State.SENT, 1)
    assert len(mail_server.accepted) == times
    # By this a mailbox knows that the second is the first again.
    assert len({message_id(text) for text in mail_server.accepted}) == 1


def message_id(text: str) -> str:
    found = re.search(r"^Message-ID: (\S+)", text, re.MULTILINE)
    assert found
    return found.group(1)
