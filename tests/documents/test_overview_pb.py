""" "Overzicht PB": the case manager's notes on one report, as a PDF."""

import io
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse

from absence.models import Trajectory
from accounts.models import AuditEvent, User
from tests.documents.test_dossier_files import make_note
from tests.documents.test_pdf import text_of
from tests.factories import make_employee, make_trajectory
from tests.login import login

MOMENT = datetime(2026, 11, 10, 9, 30, tzinfo=UTC)


def address(trajectory: Trajectory) -> str:
    return reverse("documents:overview-pb", args=[trajectory.dossier.uuid, trajectory.uuid])


def test_it_holds_every_note_newest_first(
    client: Client, anna: User, hugo: User, trajectory: Trajectory
) -> None:
    hugo.first_name, hugo.last_name = "Hugo", "Şahin"
    hugo.save()
    make_note(trajectory, hugo, text="Gebeld over de hervatting.", written_at=MOMENT)
    later = MOMENT + timedelta(days=14)
    make_note(trajectory, hugo, kind="ADVICE", text="Vier uur per dag.\nZittend.", written_at=later)
    login(client, anna)

    response = client.get(address(trajectory))

    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="overzicht-pb_2026-11-02.pdf"'
    assert response["Cache-Control"] == "no-store"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    text = text_of(response.content)
    for shown in (
        "Overzicht PB",
        "A.B. (Anna) Łukaszewicz",
        trajectory.employer.name,
        "02-11-2026",
        "24-11-2026 – Advies (Hugo Şahin)",
        "10-11-2026 – Contactmoment (Hugo Şahin)",
        "Blad 1 van 1",
    ):
        assert shown in text
    assert text.index("Vier uur per dag.") < text.index("Gebeld over de hervatting.")


def test_it_holds_the_notes_of_one_report(
    client: Client, anna: User, hugo: User, trajectory: Trajectory
) -> None:
    make_note(trajectory, hugo, text="Van november.")
    earlier = make_trajectory(
        trajectory.employee, first_sick_day=date(2026, 3, 2), recovered_on=date(2026, 3, 9)
    )
    make_note(earlier, hugo, text="Van maart.")
    login(client, anna)

    text = text_of(client.get(address(earlier)).content)

    assert "Van maart." in text
    assert "Van november." not in text
    assert "09-03-2026" in text


def test_its_title_names_the_person(
    client: Client, anna: User, hugo: User, trajectory: Trajectory
) -> None:
    make_note(trajectory, hugo)
    login(client, anna)

    with pikepdf.open(io.BytesIO(client.get(address(trajectory)).content)) as document:
        assert document.docinfo["/Title"] == "Overzicht PB – A.B. (Anna) Łukaszewicz"
        assert str(document.Root.Lang) == "nl"


def test_long_notes_run_over_pages_and_names_are_text(
    client: Client, anna: User, hugo: User, trajectory: Trajectory
) -> None:
    trajectory.employee.surname = "<b>O'Brien</b> & " + "a" * 180
    trajectory.employee.save()
    for number in range(40):
        make_note(trajectory, hugo, text=f"<i>Notitie {number}</i> " + "woord " * 150)
    make_note(trajectory, hugo, text="x" * 10_000)
    login(client, anna)

    pdf = client.get(address(trajectory)).content

    text = text_of(pdf)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        count = len(document.pages)
    assert count > 5
    assert f"Blad {count} van {count}" in text
    assert "<b>O'Brien</b> &" in text
    assert "<i>Notitie 39</i>" in text


def test_it_is_recorded(client: Client, anna: User, hugo: User, trajectory: Trajectory) -> None:
    make_note(trajectory, hugo)
    login(client, anna)
    client.get(address(trajectory))

    event = AuditEvent.objects.get(action="overview_pb.download")
    assert (event.actor, event.employer) == (anna, trajectory.employer)
    assert event.dossier_uuid == trajectory.dossier.uuid
    assert event.object_id == str(trajectory.uuid)


def test_without_notes_there_is_none(client: Client, anna: User, trajectory: Trajectory) -> None:
    login(client, anna)

    assert client.get(address(trajectory)).status_code == 404
    assert not AuditEvent.objects.filter(action="overview_pb.download").exists()


def test_a_report_of_another_dossier_is_not_found(
    client: Client, anna: User, hugo: User, trajectory: Trajectory, foreign_trajectory: Trajectory
) -> None:
    colleague = make_trajectory(make_employee(trajectory.employer, created_by=anna))
    login(client, anna)
    for other in (colleague, foreign_trajectory):
        make_note(other, hugo)
        url = reverse("documents:overview-pb", args=[trajectory.dossier.uuid, other.uuid])
        assert client.get(url).status_code == 404


@pytest.mark.parametrize("person", ["bram", "ilse", "hugo"])
def test_others_find_nothing(
    client: Client,
    hugo: User,
    trajectory: Trajectory,
    person: str,
    request: pytest.FixtureRequest,
) -> None:
    make_note(trajectory, hugo)
    login(client, request.getfixturevalue(person))

    assert client.get(address(trajectory)).status_code == 404
    unknown = reverse("documents:overview-pb", args=[uuid4(), uuid4()])
    assert client.get(unknown).status_code == 404
    assert AuditEvent.objects.filter(action="access.denied").count() == 1
    assert not AuditEvent.objects.filter(action="overview_pb.download").exists()
