"""The tests' own ground: both database aliases, seeded rows, the task queue, no network."""

import socket

import pytest
from django.db import connection, transaction
from django.utils import timezone

from absence.models import Classification
from accounts.models import AuditEvent, Bucket
from accounts.tasks import send_message
from tests.jobs import run_jobs


def test_a_counter_survives_a_rollback_of_the_request(db):
    with transaction.atomic():
        Bucket.objects.using("security").create(key="k", tokens=1, at=timezone.now())
        transaction.set_rollback(True)
    assert Bucket.objects.using("security").filter(key="k").exists()


def test_a_job_vanishes_with_a_rollback(db):
    with transaction.atomic():
        send_message.defer(message_id=1)
        transaction.set_rollback(True)
    assert run_jobs() == []
    send_message.defer(message_id=1)
    assert run_jobs() == ["accounts.delivery.send_message"]
    assert run_jobs() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("nth_time", [1, 2])
def test_transactional_tests_start_with_the_seeded_rows_and_nothing_else(nth_time):
    assert Classification.objects.exists()
    assert not AuditEvent.objects.exists()
    assert run_jobs() == []
    AuditEvent.objects.create(action="login", outcome=AuditEvent.Outcome.OK)
    send_message.defer(message_id=1)
    with connection.cursor() as cursor:
        cursor.execute("SHOW session_replication_role")
        assert cursor.fetchone() == ("origin",)  # the audit log's triggers are awake in the test


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1"])
def test_no_test_reaches_another_machine(address):
    with pytest.raises(PermissionError, match="tried to reach"):
        socket.create_connection((address, 80), timeout=1)


def test_no_test_asks_a_name_server():
    with pytest.raises(PermissionError, match="tried to reach"):
        socket.getaddrinfo("example.test", 80)
