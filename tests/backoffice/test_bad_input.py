"""Addresses and forms filled in by somebody who means harm, or by mistake: never a 500."""

import pytest
from django.test import Client

from accounts.models import Policy
from tests.factories import make_employer, make_policy

pytestmark = pytest.mark.django_db

POLICIES = "/beheer/accounts/policy/"


@pytest.fixture
def policy(db: None) -> Policy:
    return make_policy(make_employer(), number="P-100")


@pytest.mark.parametrize("key", ["0", "abc", "9" * 40, "-1", "1' or '1'='1", "%00", "1/2"])
@pytest.mark.parametrize("page", ["change", "history", "delete"])
def test_an_unknown_key_is_not_found(as_ilse: Client, key: str, page: str) -> None:
    assert as_ilse.get(f"{POLICIES}{key}/{page}/").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "number=P-100",
        "number__startswith=P",
        "employer__name__startswith=U",
        "employer__contact__password__startswith=argon2",
        "employer__contact__totpdevice__key__isnull=0",
        "zomaar=1",
        "product__exact=%00",
    ],
)
def test_only_the_filters_on_the_page_can_be_asked(as_ilse: Client, query: str) -> None:
    assert as_ilse.get(f"{POLICIES}?{query}").status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        "product__exact=NIETS",
        "p=abc",
        "p=-5",
        "p=99999999999999999999",
        "o=99.-99",
        "o=%27",
        "e=1",
        "all=",
        "_facets=True",
        "_popup=1",
        "q=x&q=y",
    ],
)
def test_odd_list_addresses_get_an_answer(as_ilse: Client, policy: Policy, query: str) -> None:
    assert as_ilse.get(f"{POLICIES}?{query}", follow=True).status_code == 200


def test_another_column_cannot_be_used_as_key(as_ilse: Client, policy: Policy) -> None:
    assert as_ilse.get(f"{POLICIES}P-100/change/?_to_field=number").status_code == 400


@pytest.mark.parametrize(
    "query", ["dossier_uuid=abc", "actor=abc", "at__gte=gisteren", "handeling=zomaar"]
)
def test_the_log_survives_odd_filters(as_ilse: Client, query: str) -> None:
    assert as_ilse.get(f"/beheer/accounts/auditevent/?{query}", follow=True).status_code == 200


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("number", "", "Dit veld is verplicht."),
        ("number", "x" * 300, "Zorg dat deze waarde niet meer dan 30 tekens bevat"),
        ("number", "P-900", "Er bestaat al een Polis met eenzelfde Polisnummer."),
        ("number", "a\x00b", "Null-tekens zijn niet toegestaan."),
        ("product", "NIETS", "Selecteer een geldige keuze."),
        ("employer", "99999", "Selecteer een geldige keuze."),
        ("employer", "abc", "Selecteer een geldige keuze."),
        ("starts_on", "31-02-2026", "Voer een geldige datum in."),
        ("starts_on", "morgen", "Voer een geldige datum in."),
        ("ends_on", "31-12-2019", "De einddatum ligt vóór de ingangsdatum."),
    ],
)
def test_a_policy_with_a_mistake_says_what_is_wrong(
    as_ilse: Client, field: str, value: str, message: str
) -> None:
    employer = make_employer()
    make_policy(employer, number="P-900")
    data = {
        "employer": employer.pk,
        "number": "P-100",
        "product": "VERZUIM",
        "starts_on": "01-01-2020",
        "ends_on": "",
    }

    response = as_ilse.post(f"{POLICIES}add/", data | {field: value})

    assert response.status_code == 200
    page = response.content.decode()
    assert message in page
    assert "<title>Fout: " in page
    assert Policy.objects.count() == 1


def test_the_employer_and_product_of_a_policy_cannot_be_changed(
    as_ilse: Client, policy: Policy
) -> None:
    data = {"number": "P-1", "starts_on": "01-01-2020", "product": "ZW_ERD", "employer": "999"}

    as_ilse.post(f"{POLICIES}{policy.pk}/change/", data)

    before = (policy.employer, policy.product)
    policy.refresh_from_db()
    assert policy.number == "P-1"
    assert (policy.employer, policy.product) == before
