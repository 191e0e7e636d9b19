"""/documenten/toevoegen/: files from the start page; whose they are is proposed and confirmed."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from absence.models import Trajectory
from accounts import throttle
from accounts.models import AuditEvent, User
from accounts.throttle import MINUTE, Limit
from documents.models import Document
from tests.documents import files
from tests.login import login

ADDRESS = "/documenten/toevoegen/"
PROPOSAL = "/documenten/toevoegen/voorstel/"


def proposal(client: Client, name: str) -> Any:
    return client.post(PROPOSAL, {"name": name})


def test_the_start_page_leads_to_it(in_as_anna: Client) -> None:
    assertContains(in_as_anna.get(reverse("portal:start")), f'href="{ADDRESS}"')


def test_without_script_a_hit_leads_to_the_form_of_that_dossier(
    in_as_anna: Client, trajectory: Trajectory
) -> None:
    assertContains(in_as_anna.get(ADDRESS), "Zoek de werknemer en klik op de naam.")

    response = in_as_anna.post(ADDRESS, {"text": "luk"})

    address = reverse("documents:upload", args=[trajectory.dossier.uuid])
    assertContains(response, f'<a class="row-link" href="{address}">')
    assertContains(in_as_anna.get(address), 'name="uploads"')


def test_with_script_it_takes_forty_and_knows_where_to_ask(in_as_anna: Client) -> None:
    assertContains(in_as_anna.get(ADDRESS), f'data-tray="40" data-proposal="{PROPOSAL}"')


def test_the_employee_in_a_file_name_is_proposed(
    in_as_anna: Client, trajectory: Trajectory
) -> None:
    response = proposal(in_as_anna, "Loonstrook Łukaszewicz oktober.pdf")

    person = response.json()["person"]
    assert person["name"].startswith("Łukaszewicz, ")
    assert person["facts"]
    assert person["address"] == reverse("documents:upload", args=[trajectory.dossier.uuid])
    assert not AuditEvent.objects.filter(action="document.list").exists()  # not opened yet


@pytest.mark.parametrize("name", ["scan.pdf", "", "x\0x", "z" * 10_000, "%%%"])
def test_a_name_that_says_nothing_proposes_nobody(in_as_anna: Client, name: str) -> None:
    response = proposal(in_as_anna, name)

    assert (response.status_code, response.json()) == (200, {"person": None})


def test_a_stranger_s_employee_is_not_proposed_found_or_used(
    client: Client, bram: User, trajectory: Trajectory, foreign_trajectory: Trajectory
) -> None:
    login(client, bram)

    assert proposal(client, "Łukaszewicz.pdf").json() == {"person": None}
    assert proposal(client, "de wit.pdf").json()["person"]["address"] == reverse(
        "documents:upload", args=[foreign_trajectory.dossier.uuid]
    )
    assertNotContains(client.post(ADDRESS, {"text": "luk"}), str(trajectory.dossier.uuid))
    assert (
        client.get(reverse("documents:upload", args=[trajectory.dossier.uuid])).status_code == 404
    )


def test_a_file_without_a_person_is_not_stored(in_as_anna: Client, trajectory: Trajectory) -> None:
    for address in (ADDRESS, PROPOSAL):
        in_as_anna.post(
            address,
            {
                "name": "Łukaszewicz.pdf",
                "uploads": files.upload(files.pdf(), "Łukaszewicz.pdf"),
                "trajectory": str(trajectory.uuid),
                "folder": Document.Folder.PAYSLIP,
            },
        )

    assert not Document.objects.exists()


def test_a_proposal_counts_as_a_search(
    in_as_anna: Client, trajectory: Trajectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "SEARCHES_PER_MINUTE", Limit("search.minute", 2, MINUTE))
    for _ in range(2):
        assert proposal(in_as_anna, "Łukaszewicz.pdf").json()["person"]

    response = proposal(in_as_anna, "Łukaszewicz.pdf")

    assert (response.status_code, response.json()) == (429, {"person": None})
    assert int(response.headers["Retry-After"]) > 0
    assert AuditEvent.objects.filter(action="dossier.search").count() == 2
    assert in_as_anna.post(ADDRESS, {"text": "luk"}).status_code == 429  # the same bucket


@pytest.mark.parametrize("address", [ADDRESS, PROPOSAL])
def test_staff_get_404(client: Client, ilse: User, address: str) -> None:
    login(client, ilse)

    assert client.get(address).status_code == 404
    assert client.post(address, {"name": "a.pdf"}).status_code == 404
