"""What people typed is shown as text, on every page. Source: security.md D10.

Every text that can be typed or come in from outside is markup here, in every row there is; each
page is opened by everybody, and none may repeat it as markup.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import models, transaction

from accounts.models import Session
from tests.project.access import TABLE, World, address_of, ask, client_with, key_in

# Closes an attribute, a tag, a script and a comment; and one that needs no angle bracket.
MARK = "\"'>--></script><svg onload=xss()>"
RAW = ("<svg onload", "</script><svg", "\"'>-->")
ESCAPED = "&lt;svg onload=xss()&gt;"
# Only stored after it was parsed, or by ourselves: a row is found by it, or it is shown in parts.
OWN = {
    "accounts.AccessRequest.salutation",
    "accounts.AccountRecovery.called_number",
    "accounts.AuditEvent.action",
    "accounts.AuditEvent.actor_role",
    "accounts.AuditEvent.object_id",
    "accounts.AuditEvent.object_type",
    "accounts.User.password",
}
APPS = ["accounts", "dossiers", "absence", "documents"]
LOOKED_UP = {"code", "username", "number", "digest", "key", "code_hash", "file", "sha256"}


def texts(model: type[models.Model]) -> Iterator[Any]:
    """The columns with room for the mark, but for choices, hashes and names to find a row by."""
    for field in model._meta.concrete_fields:
        is_text = isinstance(field, models.CharField | models.TextField) or "Sealed" in str(
            type(field)
        )
        room = getattr(field, "max_length", None) or 1000
        is_own = f"{model._meta.label}.{field.name}" in OWN or field.name in LOOKED_UP
        if is_text and not field.choices and not is_own and room >= len(MARK):
            yield field


@pytest.fixture
def marked(world: World) -> set[str]:
    """The fields that hold the mark now; rows that refuse it, by a constraint, keep their text."""
    done = set()
    for label in APPS:
        for model in apps.get_app_config(label).get_models():
            for field in [] if model is Session else texts(model):
                marks = [mark(row, field.name) for row in model._default_manager.all()]
                if any(marks):
                    done.add(f"{model._meta.label}.{field.name}")
    return done


def mark(row: models.Model, name: str) -> bool:
    try:
        with transaction.atomic():
            setattr(row, name, MARK)
            row.save(update_fields=[name])
    except Exception:  # a constraint, a trigger: this text cannot be anything
        return False
    return True


@pytest.mark.parametrize("visitor", ["anna", "ilse", "hugo"], indirect=True)
def test_no_page_repeats_markup(visitor: Any, marked: set[str], world: World) -> None:
    raw, escaped = [], 0
    for row in TABLE.values():
        page = ask(client_with(visitor), "get", address_of(row, key_in(world)))
        if page.streaming or "html" not in page.headers.get("Content-Type", ""):
            continue
        assert page.status_code < 500, row.name
        text = page.content.decode()
        raw += [f"{row.name}: {sign}" for sign in RAW if sign in text]
        escaped += ESCAPED in text

    assert raw == []
    assert escaped >= 8  # pages do show what was typed


@pytest.mark.parametrize("visitor", ["anna"], indirect=True)
@pytest.mark.parametrize("address", ["/dossiers/", "/verzuim/melden/", "/documenten/toevoegen/"])
def test_no_list_of_hits_does(visitor: Any, marked: set[str], address: str) -> None:
    """Found by the keys of the name that was there before."""
    for headers in ({}, {"hx-request": "true"}):
        page = client_with(visitor).post(address, {"text": "jansen"}, headers=headers).text

        assert [sign for sign in RAW if sign in page] == []
        assert ESCAPED in page


def test_names_notes_and_file_names_are_among_it(marked: set[str]) -> None:
    assert marked >= {
        "accounts.Employer.name",
        "accounts.User.first_name",
        "accounts.AccessRequest.company_name",
        "dossiers.Employee.surname",
        "dossiers.Employment.job_title",
        "documents.Document.name",
        "documents.CaseNote.text",
    }
