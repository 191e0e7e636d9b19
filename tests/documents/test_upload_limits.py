"""Uploads: 60 forms an hour per user, 500 MB a day per employer. Source: security.md 2.5."""

from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import Storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from absence.models import Trajectory
from accounts import throttle
from accounts.models import Employer, Membership, User
from accounts.throttle import DAY, Limit
from documents import forms
from documents.models import Document
from tests.documents import files
from tests.documents.conftest import files_in
from tests.documents.upload_steps import send
from tests.factories import make_employee, make_member, make_trajectory
from tests.login import login
from tests.threads import at_once

PAYSLIP, CONTRACT = Document.Folder.PAYSLIP, Document.Folder.CONTRACT


def pdf(text: str = "oktober") -> SimpleUploadedFile:
    return files.upload(files.pdf(text=text), f"{text}.pdf")


def use_up_the_hour(user: User, *, left: int = 0) -> None:
    for _ in range(60 - left):
        throttle.upload(user_id=user.pk)


def day_of(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """As if an employer may store so many bytes a day."""
    monkeypatch.setattr(throttle, "BYTES_PER_EMPLOYER", Limit("upload.employer", size, DAY / size))


def inside(user: User) -> Client:
    client = Client(raise_request_exception=False)
    login(client, user)
    return client


@pytest.fixture
def in_as_anna(anna: User) -> Client:
    return inside(anna)


def test_the_61st_form_of_an_hour_is_refused_and_keeps_what_was_chosen(
    in_as_anna: Client, anna: User, trajectory: Trajectory, store: Path
) -> None:
    use_up_the_hour(anna, left=1)
    assert send(in_as_anna, trajectory, pdf("een")).status_code == 302

    response = send(in_as_anna, trajectory, pdf("twee"), folder=CONTRACT)

    assert response.status_code == 429
    assert response.headers["Retry-After"] == "60"
    assert "U hebt in een uur heel vaak bestanden verstuurd. Wacht 1 minuut" in response.text
    form = response.context["form"]
    assert form["folder"].value() == CONTRACT
    assert form["trajectory"].value() == str(trajectory.uuid)
    assert Document.objects.count() == len(files_in(store)) == 1


def test_too_soon_is_told_before_a_file_is_judged(
    in_as_anna: Client, anna: User, trajectory: Trajectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[Any] = []
    monkeypatch.setattr(forms, "check", judged.append)
    use_up_the_hour(anna)

    assert send(in_as_anna, trajectory, pdf()).status_code == 429
    assert not judged


def test_a_form_without_files_does_not_count(
    in_as_anna: Client, anna: User, trajectory: Trajectory, store: Path
) -> None:
    use_up_the_hour(anna, left=1)
    for _ in range(3):
        assert send(in_as_anna, trajectory).status_code == 200

    assert send(in_as_anna, trajectory, pdf()).status_code == 302


def test_a_colleague_has_an_hour_of_his_own(
    anna: User, employer: Employer, trajectory: Trajectory, store: Path
) -> None:
    use_up_the_hour(anna)
    colleague = make_member(employer, "kees", role=Membership.Role.GEBRUIKER)

    assert send(inside(colleague), trajectory, pdf()).status_code == 302


def test_a_day_is_500_megabytes() -> None:
    limit = throttle.BYTES_PER_EMPLOYER

    assert limit.capacity == 500 * 1024**2
    assert limit.capacity * limit.seconds == pytest.approx(86400)


def test_what_does_not_fit_in_the_day_of_the_employer_is_refused_whole(
    in_as_anna: Client,
    employer: Employer,
    trajectory: Trajectory,
    store: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    day_of(monkeypatch, 2500)
    colleague = make_member(employer, "kees", role=Membership.Role.GEBRUIKER)
    big, small = files.pdf_of(2000), files.pdf_of(900)
    assert send(inside(colleague), trajectory, files.upload(big)).status_code == 302

    response = send(
        in_as_anna, trajectory, files.upload(small), files.upload(files.pdf()), folder=CONTRACT
    )

    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    assert "Uw bedrijf heeft vandaag al zo veel documenten toegevoegd" in response.text
    assert "uur opnieuw" in response.text
    assert response.context["form"]["folder"].value() == CONTRACT
    assert Document.objects.count() == len(files_in(store)) == 1


def test_another_employer_has_a_day_of_its_own(
    in_as_anna: Client,
    bram: User,
    trajectory: Trajectory,
    foreign_trajectory: Trajectory,
    store: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    day_of(monkeypatch, 2500)
    assert send(in_as_anna, trajectory, files.upload(files.pdf_of(2000))).status_code == 302

    foreign = files.upload(files.pdf_of(2000))
    assert send(inside(bram), foreign_trajectory, foreign).status_code == 302


def test_the_same_form_twice_counts_its_bytes_once(
    in_as_anna: Client, trajectory: Trajectory, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    day_of(monkeypatch, 2500)
    submission = uuid4()
    for _ in range(3):
        file = files.upload(files.pdf_of(2000))
        assert send(in_as_anna, trajectory, file, submission=submission).status_code == 302


def test_what_could_not_be_stored_does_not_count(
    in_as_anna: Client, trajectory: Trajectory, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    day_of(monkeypatch, 2500)

    def fail(*args: Any) -> str:
        raise OSError("No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(Storage, "save", fail)
        assert send(in_as_anna, trajectory, files.upload(files.pdf_of(2000))).status_code == 200

    assert send(in_as_anna, trajectory, files.upload(files.pdf_of(2000))).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_twelve_at_once_do_not_exceed_the_hour(
    anna: User, employer: Employer, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing comes back meanwhile, however slow the machine."""
    monkeypatch.setattr(throttle, "UPLOADS_PER_USER", Limit("upload.user", 60, DAY))
    use_up_the_hour(anna, left=5)

    assert sorted(twelve_uploads([anna] * 12, employer)) == [302] * 5 + [429] * 7
    assert Document.objects.count() == len(files_in(store)) == 5


@pytest.mark.django_db(transaction=True)
def test_twelve_at_once_do_not_exceed_the_day(
    anna: User, employer: Employer, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    day_of(monkeypatch, 5 * 2000 + 1000)
    users = [anna] + [make_member(employer, f"kees{number}") for number in range(11)]

    assert sorted(twelve_uploads(users, employer)) == [302] * 5 + [429] * 7
    assert Document.objects.count() == len(files_in(store)) == 5


def twelve_uploads(users: list[User], employer: Employer) -> list[int]:
    """The statuses of twelve forms of 2,000 bytes, sent at once for twelve employees."""
    reports = [
        make_trajectory(make_employee(employer, f"Ziek{letter}"), first_sick_day=date(2026, 11, 2))
        for letter in "abcdefghijkl"
    ]
    clients = [inside(user) for user in users]
    content = files.pdf_of(2000)

    def upload(client: Client, report: Trajectory) -> int:
        return int(send(client, report, files.upload(content)).status_code)

    pairs = zip(clients, reports, strict=True)
    return at_once([lambda pair=pair: upload(*pair) for pair in pairs])
