"""What staff keep about the cover of a policy: the IBAN is typed whole and shown by its end."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.models import AuditEvent, User
from documents.models import PolicyCover

pytestmark = pytest.mark.django_db

IBAN = "NL91ABNA0417164300"


@pytest.fixture
def cover(anna: User) -> PolicyCover:
    policy = anna.memberships.get().employer.policies.get()
    return PolicyCover.objects.create(policy=policy, percentage=70, waiting_days=2)


def page_of(cover: PolicyCover) -> str:
    return f"/beheer/documents/policycover/{cover.pk}/change/"


def save(client: Client, cover: PolicyCover, **fields: str) -> Any:
    data = {"percentage": "70", "waiting_days": "2", "new_iban": ""} | fields
    return client.post(page_of(cover), data)


@pytest.mark.parametrize("typed", [IBAN, "nl91 abna 0417 1643 00"])
def test_it_is_stored_sealed_and_shown_by_its_end(
    as_ilse: Client, cover: PolicyCover, typed: str
) -> None:
    assert save(as_ilse, cover, new_iban=typed).status_code == 302

    cover.refresh_from_db()
    assert cover.iban == IBAN
    with connection.cursor() as cursor:
        cursor.execute("select iban from documents_policycover")
        assert IBAN.encode() not in bytes(cursor.fetchone()[0])
    text = as_ilse.get(page_of(cover)).text
    assert "•••••4300" in text
    assert IBAN not in text
    event = AuditEvent.objects.filter(action="admin.change").latest("pk")
    assert event.detail["fields"] == ["new_iban"]
    assert IBAN not in str(event.detail)


def test_a_wrong_one_is_refused_and_what_was_there_stays(
    as_ilse: Client, cover: PolicyCover
) -> None:
    save(as_ilse, cover, new_iban=IBAN)

    assert "Dit is geen geldig IBAN." in save(as_ilse, cover, new_iban="NL91ABNA0417164301").text
    save(as_ilse, cover, percentage="80")

    cover.refresh_from_db()
    assert (cover.iban, cover.percentage) == (IBAN, 80)


def test_of_a_new_cover_it_is_optional(as_ilse: Client, anna: User) -> None:
    policy = anna.memberships.get().employer.policies.get()

    as_ilse.post(
        "/beheer/documents/policycover/add/",
        {"policy": policy.pk, "percentage": "70", "waiting_days": "2", "new_iban": ""},
    )

    assert PolicyCover.objects.get().iban_masked == ""
