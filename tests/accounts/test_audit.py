"""The audit log takes new rows only. Source: security.md G1, G3."""

import pytest
from django.db import DatabaseError, connection, transaction

from accounts import audit
from accounts.models import AuditEvent
from tests.factories import make_employer, make_user


def test_it_records_who_what_where_and_for_whom(anna) -> None:
    employer = anna.memberships.get().employer
    dossier = employer.dossiers.get()
    token = audit.origin.set(audit.Origin(ip="192.0.2.1", session_ref="abc", request_id="r1"))

    event = audit.record(
        audit.Action.DOSSIER_VIEW, by=anna, employer=employer, dossier=dossier, obj=dossier
    )
    audit.origin.reset(token)

    event.refresh_from_db()
    assert (event.actor, event.actor_role, event.employer) == (anna, "beheerder", employer)
    assert event.dossier_uuid == dossier.uuid
    assert (event.object_type, event.object_id) == ("dossiers.dossier", str(dossier.uuid))
    assert (event.ip, event.session_ref, event.request_id) == ("192.0.2.1", "abc", "r1")
    assert event.outcome == audit.Outcome.OK
    assert event.at is not None


@pytest.mark.parametrize(
    ("person", "role"), [("ilse", "incomfort"), ("hugo", "hcs"), ("bram", "stranger")]
)
def test_it_records_the_capacity(request, anna, person: str, role: str) -> None:
    user = request.getfixturevalue(person)

    event = audit.record(
        audit.Action.DOSSIER_VIEW, by=user, employer=anna.memberships.get().employer
    )

    assert event.actor_role == role


def test_without_a_user_it_is_the_system(db) -> None:
    assert audit.record(audit.Action.LOGIN, by=None).actor_role == "system"


@pytest.mark.parametrize(
    "statement",
    [
        "update accounts_auditevent set outcome = 'OK'",
        "delete from accounts_auditevent",
        pytest.param("truncate accounts_auditevent", id="truncate"),
    ],
)
def test_the_database_refuses_to_change_it(db, statement: str) -> None:
    audit.record(audit.Action.LOGIN, by=make_user(), employer=make_employer())

    with connection.cursor() as cursor:
        cursor.execute(
            "set constraints all immediate"
        )  # a pending check would refuse truncate first
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute(statement)
    assert AuditEvent.objects.count() == 1
