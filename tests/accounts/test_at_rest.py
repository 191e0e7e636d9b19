"""Whoever reads the whole database reads no secret. Source: security.md A1, C8."""

import re
from base64 import b32encode, b64encode
from collections.abc import Iterator

from django.core import mail
from django.db import connection
from django.test import Client

from accounts.actions.users import invite
from accounts.models import OneTimeLink, User
from tests.accounts.steps import add_app, add_sms, give_password, sms_code
from tests.accounts.test_lost_phone import note_backup_code
from tests.factories import PASSWORD, make_user
from tests.jobs import run_jobs

LINKS = 200


def dump() -> str:
    """Every column of every row of every table, as text; bytes as hex."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select format('%I', table_name) from information_schema.tables"
            " where table_schema = 'public' and table_type = 'BASE TABLE'"
        )
        tables = [name for (name,) in cursor.fetchall()]
        assert len(tables) > 20
        rows = []
        for table in tables:
            cursor.execute(f"select t::text from {table} t")  # noqa: S608 - our own names
            rows += [row for (row,) in cursor.fetchall()]
    return "\n".join(rows).lower()


def forms_of(secret: str) -> Iterator[str]:
    """How a secret would look in a dump."""
    yield secret.lower()
    yield secret.encode().hex()
    yield b64encode(secret.encode()).decode().rstrip("=").lower()


def test_of_two_hundred_links_none_is_in_the_database(ilse: User) -> None:
    for number in range(LINKS):
        user = make_user(f"genodigde{number}", state=User.State.INVITED)
        invite(by=ilse, user=user)
    queued = dump()
    run_jobs()
    texts = " ".join(str(message.body) for message in mail.outbox)
    tokens = set(re.findall(r"/activeren/([^/\s]+)/", texts))
    stored = dump()

    assert len(tokens) == OneTimeLink.objects.count() == LINKS
    assert min(map(len, tokens)) >= 43  # 256 bits
    for token in tokens:
        for form in forms_of(token):
            assert form not in queued
            assert form not in stored
    assert OneTimeLink.objects.first().digest.lower() in stored  # the dump holds what is there


def test_no_secret_of_a_user_is_in_the_database(client: Client, anna: User) -> None:
    app = add_app(anna)
    backup = note_backup_code(anna)
    sms = add_sms(anna)
    give_password(client, anna)
    client.post("/inloggen/keuze/", {"device": sms.persistent_id})
    stored_before_sending = dump()
    code = sms_code()
    stored = dump() + stored_before_sending

    base32 = b32encode(bytes.fromhex(app.key)).decode()
    for secret in (app.key, base32, backup, backup.replace("-", ""), sms.number, PASSWORD):
        for form in forms_of(secret):
            assert form not in stored, secret
    for form in (f" {code} ", f" {code}.", f"#{code}", f",{code},", code.encode().hex()):
        assert form not in stored, form
    assert anna.email.lower() in stored
