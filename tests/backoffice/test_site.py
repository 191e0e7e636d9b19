"""The back office as a place: who gets in, what each finds there, how one gets out."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts.audit import Action, Outcome
from accounts.models import AuditEvent, User
from portal.backoffice_pages import INDEX
from tests.backoffice.conftest import client_of
from tests.factories import make_staff, make_user

pytestmark = pytest.mark.django_db


def test_incomfort_finds_its_tasks(as_ilse: Client) -> None:
    page = as_ilse.get("/beheer/").content.decode()

    assert "Polissen" in page
    assert "Verzuimclassificaties" in page
    assert "Logboek" in page
    assert "Notities" not in page


def test_hcs_finds_its_tasks_only(as_hugo: Client) -> None:
    page = as_hugo.get("/beheer/").content.decode()

    assert "Polissen" in page
    assert "Logboek" not in page
    assert "Verzuimclassificaties" not in page


def test_staff_without_a_group_find_an_empty_office(db: None) -> None:
    response = client_of(make_user("nieuw", is_staff=True)).get("/beheer/")

    assert response.status_code == 200
    assert "U hebt nog geen taken" in response.content.decode()


@pytest.mark.parametrize("path", ["/beheer/", "/beheer/accounts/policy/", "/beheer/bestaat-niet/"])
def test_an_employer_user_finds_nothing_there(as_anna: Client, path: str) -> None:
    assert as_anna.get(path).status_code == 404
    assert as_anna.post(path).status_code == 404


def test_an_employer_user_at_the_door_is_in_the_log(as_anna: Client, anna: User) -> None:
    as_anna.get("/beheer/accounts/policy/")

    event = AuditEvent.objects.get(action=Action.ACCESS_DENIED)
    assert (event.actor, event.outcome) == (anna, Outcome.DENIED)
    assert event.detail == {"page": "admin:accounts_policy_changelist", "key": ""}


def test_a_superuser_has_no_way_in(db: None) -> None:
    """A superuser passes every permission check, so also those on what HCS wrote (P5)."""
    boss = make_staff("boss", "InComfort")
    boss.is_superuser = True
    boss.save()

    assert client_of(boss).get("/beheer/").status_code == 404


def test_a_staff_member_who_is_switched_off_is_out_at_once(as_ilse: Client, ilse: User) -> None:
    assert as_ilse.get("/beheer/").status_code == 200
    ilse.is_active = False
    ilse.save()

    assert as_ilse.get("/beheer/").status_code != 200


def test_the_password_alone_does_not_open_it(ilse: User) -> None:
    client = Client()
    client.force_login(ilse)

    assert client.get("/beheer/").status_code == 302


def test_there_is_no_login_form_and_no_password_page_of_its_own(as_ilse: Client) -> None:
    assert as_ilse.get("/beheer/login/").url == "/beheer/"
    for name in ("logout", "password_change", "password_change_done", "autocomplete"):
        with pytest.raises(NoReverseMatch):
            reverse(f"admin:{name}")


def test_log_out_is_the_portal_s_own_and_by_post(as_ilse: Client) -> None:
    page = as_ilse.get("/beheer/").content.decode()

    assert f'method="post" action="{reverse("accounts:logout")}"' in page


def test_the_parts_of_our_code_have_no_index_of_their_own(as_ilse: Client) -> None:
    assert as_ilse.get("/beheer/accounts/").url == "/beheer/"


def test_every_page_of_the_index_exists_and_asks_for_a_real_permission() -> None:
    pages = [page for section in INDEX for page in section.pages]
    known = {
        f"{model._meta.app_label}.{act}_{model._meta.model_name}"
        for model in admin.site._registry
        for act in ("view", "add", "change")
    } | {"absence.add_incapacity"}

    assert {page.permission for page in pages} <= known
    for page in pages:
        assert reverse(f"admin:{page.route}").startswith("/beheer/")


def test_nothing_has_bulk_acts(as_ilse: Client) -> None:
    for screen in admin.site._registry.values():
        assert screen.actions is None
    assert not admin.site.actions
