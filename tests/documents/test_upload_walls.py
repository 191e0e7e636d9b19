"""The upload page of another employer is not there; its cost does not grow."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from absence.models import Trajectory
from accounts.models import AuditEvent, User
from documents.models import Document
from tests.documents.conftest import files_in
from tests.documents.upload_steps import address, pdf, send
from tests.factories import make_document
from tests.login import login


@pytest.mark.parametrize("person", ["bram", "ilse", "hugo"])
def test_others_find_nothing_and_store_nothing(
    client: Client,
    trajectory: Trajectory,
    person: str,
    request: pytest.FixtureRequest,
    store: Path,
) -> None:
    login(client, request.getfixturevalue(person))

    assert client.get(address(trajectory.dossier)).status_code == 404
    assert send(client, trajectory, pdf()).status_code == 404
    assert AuditEvent.objects.filter(action="access.denied").count() == 2
    assert not Document.objects.exists()
    assert not files_in(store)


def test_bram_cannot_name_annas_report(
    client: Client, bram: User, trajectory: Trajectory, foreign_trajectory: Trajectory, store: Path
) -> None:
    login(client, bram)

    response = send(client, foreign_trajectory, pdf(), trajectory=trajectory.uuid)

    assert "Kies een traject van deze werknemer." in response.text
    assert not files_in(store)


def test_bram_cannot_learn_of_annas_submission(
    client: Client, anna: User, bram: User, trajectory: Trajectory, foreign_trajectory: Trajectory
) -> None:
    """The same file and the same submission at another employer: his own document, no error."""
    submission = uuid4()
    login(client, anna)
    send(client, trajectory, pdf(), submission=submission)
    login(client, bram)
    send(client, foreign_trajectory, pdf(), submission=submission)

    assert {document.employer for document in Document.objects.all()} == {
        trajectory.employer,
        foreign_trajectory.employer,
    }


@pytest.mark.parametrize("count", [3, 60])
def test_the_number_of_queries_does_not_grow(
    in_as_anna: Client,
    anna: User,
    trajectory: Trajectory,
    count: int,
    django_assert_max_num_queries: Any,
) -> None:
    for _ in range(count):
        make_document(trajectory.dossier, trajectory=trajectory, added_by=anna)

    with django_assert_max_num_queries(9):
        assert in_as_anna.get(address(trajectory.dossier)).status_code == 200
