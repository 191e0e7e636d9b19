"""Employers and their policies: added by InComfort, each with its company dossier."""

from typing import Any

import pytest
from django.test import Client

from accounts.audit import Action
from accounts.models import AuditEvent, Employer, Policy, User
from dossiers.models import Dossier
from dossiers.search import search
from tests.factories import make_employer, make_member

pytestmark = pytest.mark.django_db

EMPLOYERS = "/beheer/accounts/employer/"


def filled_in(*policies: dict[str, Any], **change: Any) -> dict[str, Any]:
    data = {
        "name": "Nieuw Uitzendwerk",
        "kvk_number": "87654321",
        "payroll_tax_number": "",
        "policies-TOTAL_FORMS": len(policies),
        "policies-INITIAL_FORMS": 0,
    }
    for number, policy in enumerate(policies):
        data |= {f"policies-{number}-{name}": value for name, value in policy.items()}
    return data | change


POLICY = {"number": "P-1", "product": "ZW_ERD", "starts_on": "01-01-2026", "ends_on": ""}


def test_a_new_employer_has_its_company_dossier(as_ilse: Client, ilse: User) -> None:
    response = as_ilse.post(f"{EMPLOYERS}add/", filled_in(POLICY))

    assert response.status_code == 302
    employer = Employer.objects.get(kvk_number="87654321")
    assert employer.is_zw_erd()
    dossier = employer.dossiers.get()
    assert dossier.kind == Dossier.Kind.COMPANY
    event = AuditEvent.objects.get(action=Action.DOSSIER_OPEN)
    assert (event.actor, event.dossier_uuid) == (ilse, dossier.uuid)
    added = AuditEvent.objects.get(action=Action.ADMIN_ADD)
    assert added.employer == employer


def test_the_company_dossier_is_found_by_its_name_and_after_a_change_by_the_new_one(
    as_ilse: Client,
) -> None:
    as_ilse.post(f"{EMPLOYERS}add/", filled_in())
    employer = Employer.objects.get(kvk_number="87654321")
    member = make_member(employer)
    assert search(user=member, text="dossier nieuw").hits

    as_ilse.post(f"{EMPLOYERS}{employer.pk}/change/", filled_in(name="Ander Werk"))

    assert not search(user=member, text="dossier nieuw").hits
    assert search(user=member, text="dossier ander").hits
    assert Dossier.objects.filter(employer=employer).count() == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": ""}, "Dit veld is verplicht."),
        ({"name": "x" * 300}, "niet meer dan 200 tekens"),
        ({"kvk_number": "1234567"}, "Een KvK-nummer heeft acht cijfers."),
        ({"kvk_number": "1234567a"}, "Een KvK-nummer heeft acht cijfers."),
        ({"kvk_number": "11111111"}, "Er bestaat al een Werkgever met eenzelfde KvK-nummer."),
        ({"payroll_tax_number": "123"}, "Een loonheffingennummer heeft negen cijfers"),
        ({"policies-0-starts_on": ""}, "Dit veld is verplicht."),
        ({"policies-0-ends_on": "31-12-2025"}, "De einddatum ligt vóór de ingangsdatum."),
        ({"policies-0-product": "ALLES"}, "Selecteer een geldige keuze."),
    ],
)
def test_a_mistake_is_explained_and_nothing_is_added(
    as_ilse: Client, change: dict[str, str], message: str
) -> None:
    make_employer(kvk_number="11111111")

    response = as_ilse.post(f"{EMPLOYERS}add/", filled_in(POLICY, **change))

    assert response.status_code == 200
    assert message in response.content.decode()
    assert Employer.objects.count() == 1
    assert not Policy.objects.exists()


def test_the_contact_is_one_of_the_employer_s_own_users(
    as_ilse: Client, anna: User, bram: User
) -> None:
    employer = anna.memberships.get().employer
    page = f"{EMPLOYERS}{employer.pk}/change/"
    data = filled_in(name=employer.name, kvk_number=employer.kvk_number)

    refused = as_ilse.post(page, data | {"contact": bram.pk})
    accepted = as_ilse.post(page, data | {"contact": anna.pk})

    assert "Selecteer een geldige keuze." in refused.content.decode()
    assert accepted.status_code == 302
    employer.refresh_from_db()
    assert employer.contact == anna


def test_a_policy_is_added_on_the_page_of_the_employer_and_changed_on_its_own(
    as_ilse: Client, anna: User
) -> None:
    employer = anna.memberships.get().employer
    old = employer.policies.get()
    data = filled_in(
        {"id": old.pk, "employer": employer.pk, "number": "GEKAAPT", "product": "VERZUIM"},
        POLICY | {"employer": employer.pk},
        name=employer.name,
        kvk_number=employer.kvk_number,
    )
    data["policies-INITIAL_FORMS"] = 1

    as_ilse.post(f"{EMPLOYERS}{employer.pk}/change/", data)

    old.refresh_from_db()
    assert old.number != "GEKAAPT"
    assert old.product == Policy.Product.ZW_ERD
    assert employer.policies.filter(number="P-1").exists()


def test_hcs_looks_and_does_not_touch(as_hugo: Client, anna: User) -> None:
    employer = anna.memberships.get().employer
    page = as_hugo.get(f"{EMPLOYERS}{employer.pk}/change/").content.decode()

    assert employer.name in page
    assert 'name="_save"' not in page
    assert f"?employer={employer.pk}" in page
    assert "Gebruikers" not in page
    assert as_hugo.post(f"{EMPLOYERS}{employer.pk}/change/", filled_in()).status_code == 403
    assert as_hugo.post(f"{EMPLOYERS}add/", filled_in()).status_code == 403


def test_nobody_deletes_an_employer(as_ilse: Client, anna: User) -> None:
    employer = anna.memberships.get().employer

    assert as_ilse.post(f"{EMPLOYERS}{employer.pk}/delete/", {"post": "yes"}).status_code == 403
