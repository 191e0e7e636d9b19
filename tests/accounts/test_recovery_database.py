"""The database holds the rules of recovery too."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import AccountRecovery, User
from tests.accounts.recovery_steps import REASON
from tests.factories import make_recovery

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.accounts.pages"),
    pytest.mark.usefixtures("no_tokens_taken"),
]

State = AccountRecovery.State


class TestDatabase:
    """The database holds the rules too, whatever code forgets them."""

    @pytest.mark.parametrize(
        ("fields", "rule"),
        [
            ({"state": "APPROVED", "decided_by": "ilse"}, "takes_two"),
            ({"state": "REFUSED", "decided_by": "ilse", "reason": REASON}, "takes_two"),
            ({"state": "WITHDRAWN", "decided_by": "ivo"}, "withdrawn_by_requester"),
            ({"state": "APPROVED", "decided_by": "anna"}, "not_of_oneself"),
            ({"user": "ilse"}, "not_of_oneself"),
            ({"state": "APPROVED"}, "decided_by_somebody"),
            ({"decided_by": "ivo"}, "decided_by_somebody"),
            ({"state": "REFUSED", "decided_by": "ivo"}, "for_a_reason"),
            ({"state": "APPROVED", "decided_by": "ivo", "reason": REASON}, "for_a_reason"),
            ({"evidence": ""}, "evidence"),
            ({"called_number": ""}, "called_number"),
            ({"expires_at": timezone.now() - timedelta(days=1)}, "expires_later"),
        ],
    )
    def test_it_refuses(self, request, anna: User, ilse: User, ivo: User, fields, rule) -> None:
        fields = dict(fields)
        for name in fields.keys() & {"decided_by", "user"}:
            fields[name] = request.getfixturevalue(fields[name])
        if "decided_by" in fields:
            fields["decided_at"] = timezone.now()

        with pytest.raises(IntegrityError, match=rule):
            make_recovery(**{"user": anna, "by": ilse} | fields)

    def test_two_open_ones(self, anna: User, ilse: User, ivo: User) -> None:
        make_recovery(anna, ilse)

        with pytest.raises(IntegrityError, match="one_open"), transaction.atomic():
            make_recovery(anna, ivo)
        make_recovery(
            anna, ivo, state=State.REFUSED, reason=REASON, decided_by=ilse,
            decided_at=timezone.now(),
        )  # fmt: skip

    def test_what_was_typed_is_sealed(self, anna: User, ilse: User) -> None:
        found = make_recovery(anna, ilse)
        with connection.cursor() as cursor:
            cursor.execute("select evidence, called_number from accounts_accountrecovery")
            stored = b"".join(bytes(value) for value in cursor.fetchone())

        assert found.evidence.encode() not in stored
        assert found.called_number.encode() not in stored
