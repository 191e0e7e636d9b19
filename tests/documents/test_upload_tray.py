"""The tray sends each file by itself and gets the reason in words; the plain form stays."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import Storage
from django.test import Client
from django.urls import reverse

from absence.models import Trajectory
from accounts import throttle
from accounts.models import User
from documents.forms import STORAGE_DOWN
from documents.models import Document
from tests.documents import files
from tests.documents.upload_steps import send
from tests.login import login


def test_a_good_file_is_stored_and_there_is_no_reason(
    in_as_anna: Client, trajectory: Trajectory
) -> None:
    response = send(in_as_anna, trajectory, files.upload(files.pdf()), from_tray=True)

    assert (response.status_code, response.json()) == (200, {"reasons": []})
    assert Document.objects.get().trajectory == trajectory
    page = in_as_anna.get(reverse("documents:dossier-files", args=[trajectory.dossier.uuid]))
    assert "toegevoegd:" not in page.text  # the tray said so already


def test_a_bad_file_says_why_without_its_name(in_as_anna: Client, trajectory: Trajectory) -> None:
    response = send(in_as_anna, trajectory, files.upload(b"MZ", "virus.exe"), from_tray=True)

    assert response.json() == {
        "reasons": ["Dit is geen PDF, JPEG of PNG. Kies een PDF of een foto (JPEG of PNG)."]
    }
    assert not Document.objects.exists()


def test_a_folder_that_is_not_there_is_said(in_as_anna: Client, trajectory: Trajectory) -> None:
    response = send(in_as_anna, trajectory, files.upload(files.pdf()), folder="", from_tray=True)

    assert "Kies in welke submap de bestanden horen." in response.json()["reasons"]


def test_again_after_an_answer_that_was_lost_stores_it_once(
    in_as_anna: Client, trajectory: Trajectory
) -> None:
    submission = uuid4()
    for _ in range(2):
        file = files.upload(files.pdf())
        assert send(in_as_anna, trajectory, file, submission=submission, from_tray=True).json() == {
            "reasons": []
        }

    assert Document.objects.count() == 1


def test_a_store_that_is_down_is_said(
    in_as_anna: Client, trajectory: Trajectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any) -> str:
        raise OSError("No space left on device")

    monkeypatch.setattr(Storage, "save", fail)

    response = send(in_as_anna, trajectory, files.upload(files.pdf()), from_tray=True)
    assert response.json() == {"reasons": [STORAGE_DOWN]}


def test_forty_files_do_not_use_up_the_hour_of_the_form(
    in_as_anna: Client, anna: User, trajectory: Trajectory
) -> None:
    for _ in range(60):
        throttle.upload(user_id=anna.pk)

    assert (
        send(in_as_anna, trajectory, files.upload(files.pdf()), from_tray=True).status_code == 200
    )
    two = [files.upload(files.pdf(text=text)) for text in ("een", "twee")]
    assert send(in_as_anna, trajectory, *two, from_tray=True).status_code == 429  # that is a form


def test_the_601st_file_of_an_hour_is_too_soon(
    in_as_anna: Client, anna: User, trajectory: Trajectory
) -> None:
    for _ in range(600):
        throttle.upload_of_one(user_id=anna.pk)

    response = send(in_as_anna, trajectory, files.upload(files.pdf()), from_tray=True)

    assert response.status_code == 429
    assert "U hebt in een uur heel vaak bestanden verstuurd" in response.json()["reasons"][0]


def test_bram_cannot_send_for_annas_employee(
    client: Client, bram: User, trajectory: Trajectory
) -> None:
    login(client, bram)

    assert send(client, trajectory, files.upload(files.pdf()), from_tray=True).status_code == 404
    assert not Document.objects.exists()


def test_a_row_offers_each_report_with_its_days(in_as_anna: Client, trajectory: Trajectory) -> None:
    address = reverse("documents:upload", args=[trajectory.dossier.uuid])
    text = in_as_anna.get(address).text

    assert f'value="{trajectory.uuid}" data-from="2026-11-02" data-until=""' in text
    assert 'data-tray="40"' in text
    assert "arbeidsovereenkomst overeenkomst contract" in text
