"""Placing an uitkeringsspecificatie: in the right company dossier, with an e-mail. Help page 7."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.audit import Action
from accounts.models import AuditEvent, Employer, OutgoingMessage, Policy, User
from documents.models import BenefitStatement, Document
from tests.documents import files
from tests.documents.conftest import (
    content_of,
    store,  # noqa: F401 - a fixture
)
from tests.factories import make_employer, make_policy

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store")]

LIST = "/beheer/documents/benefitstatement/"


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel("2026-11-24 12:00+01:00"):
        yield


@pytest.fixture
def employer(anna: User) -> Employer:
    """Anna's employer, of which she is the contact."""
    employer = anna.memberships.get().employer
    employer.contact = anna
    employer.save()
    return employer


@pytest.fixture
def policy(employer: Employer) -> Policy:
    return employer.policies.get()


def filled_in(policy: Policy) -> dict[str, object]:
    pdf = SimpleUploadedFile("oktober.pdf", files.pdf(), "application/pdf")
    return {"policy": policy.pk, "month": "2026-10-01", "file": pdf}


def test_incomfort_places_a_statement(
    as_ilse: Client, ilse: User, anna: User, policy: Policy
) -> None:
    response = as_ilse.post(f"{LIST}add/", filled_in(policy), follow=True)

    statement = BenefitStatement.objects.get()
    assert (statement.policy, statement.month) == (policy, date(2026, 10, 1))
    assert statement.published_by == ilse
    assert statement.document.dossier.is_company
    assert statement.document.dossier.employer == policy.employer
    assert content_of(statement.document) == files.pdf()
    assert "krijgt een e-mail" in response.content.decode()
    message = OutgoingMessage.objects.get()
    assert message.recipient == anna.email
    assert str(statement.document.dossier.uuid) in message.text
    assert AuditEvent.objects.filter(action=Action.STATEMENT_PUBLISH).count() == 1


def test_without_a_contact_the_page_says_that_nobody_was_told(
    as_ilse: Client, employer: Employer, policy: Policy
) -> None:
    employer.contact = None
    employer.save()

    response = as_ilse.post(f"{LIST}add/", filled_in(policy), follow=True)

    assert "Er is geen contactpersoon, dus ook geen e-mail" in response.content.decode()
    assert BenefitStatement.objects.exists()


def test_the_form_names_the_employer_first_and_proposes_last_month(
    as_ilse: Client, policy: Policy
) -> None:
    page = as_ilse.get(f"{LIST}add/?polis={policy.pk}").content.decode()

    assert f'<option value="{policy.pk}" selected>Uitzendbureau De Brug, {policy}' in page
    assert '<option value="2026-10-01" selected>oktober 2026' in page


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"policy": ""}, "Dit veld is verplicht."),
        ({"policy": "99999"}, "Selecteer een geldige keuze."),
        ({"policy": "abc"}, "Selecteer een geldige keuze."),
        ({"month": "2026-10-02"}, "Selecteer een geldige keuze."),
        ({"month": "oktober"}, "Selecteer een geldige keuze."),
        ({"file": ""}, "Dit veld is verplicht."),
        ({"file": ("x.pdf", b"tekst")}, "maar de inhoud is dat niet"),
        ({"file": ("x.pdf", b"")}, "Dit bestand is leeg."),
    ],
)
def test_a_mistake_is_explained_and_nothing_is_placed(
    as_ilse: Client, policy: Policy, change: dict[str, Any], message: str
) -> None:
    if isinstance(change.get("file"), tuple):
        change = {"file": SimpleUploadedFile(*change["file"])}
    response = as_ilse.post(f"{LIST}add/", filled_in(policy) | change)

    assert response.status_code == 200
    assert message in response.content.decode()
    assert not Document.objects.exists()
    assert not OutgoingMessage.objects.exists()


def test_a_month_before_the_policy_began_is_refused(as_ilse: Client, employer: Employer) -> None:
    policy = make_policy(employer, starts_on=date(2026, 11, 1))

    response = as_ilse.post(f"{LIST}add/", filled_in(policy))

    assert "Deze polis ging pas in op 01-11-2026." in response.content.decode()


def test_a_second_one_for_the_same_month_is_refused_in_words(
    as_ilse: Client, policy: Policy
) -> None:
    as_ilse.post(f"{LIST}add/", filled_in(policy))

    response = as_ilse.post(f"{LIST}add/", filled_in(policy))

    assert "Voor deze polis en maand is er al een specificatie." in response.content.decode()
    assert BenefitStatement.objects.count() == 1


def test_hcs_neither_places_nor_sees_statements(as_hugo: Client, policy: Policy) -> None:
    assert as_hugo.get(LIST).status_code == 403
    assert as_hugo.get(f"{LIST}add/").status_code == 403
    assert as_hugo.post(f"{LIST}add/", filled_in(policy)).status_code == 403
    assert not BenefitStatement.objects.exists()


def test_the_list_can_be_narrowed_to_one_employer(as_ilse: Client, policy: Policy) -> None:
    as_ilse.post(f"{LIST}add/", filled_in(policy))
    other = make_policy(make_employer("Flexwerk Zuid"))
    as_ilse.post(f"{LIST}add/", filled_in(other), follow=True)

    page = as_ilse.get(f"{LIST}?employer={policy.employer_id}").content.decode()

    assert "Uitzendbureau De Brug" in page
    assert "Flexwerk Zuid" not in page
