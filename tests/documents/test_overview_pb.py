""" "Overzicht PB": the case manager's notes on one report, as a PDF that the worker made."""

import io
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from absence.models import Trajectory
from accounts.models import AuditEvent, User
from documents.case_notes.actions import add_case_note
from documents.case_notes.overviews import LATE
from documents.models import CaseNote, OverviewPb
from tests.documents.test_dossier_files import address as files_address
from tests.documents.test_dossier_files import make_note
from tests.documents.test_pdf import text_of
from tests.factories import make_employee, make_overview, make_trajectory
from tests.jobs import run_jobs
from tests.login import login

MOMENT = datetime(2026, 11, 10, 9, 30, tzinfo=UTC)


def address(trajectory: Trajectory, name: str = "overview-pb") -> str:
    return reverse(f"documents:{name}", args=[trajectory.dossier.uuid, trajectory.uuid])


def write(by: User, trajectory: Trajectory, text: str = "Vier uur.", **fields: Any) -> CaseNote:
    """A note, by the act that also has the PDF made."""
    note = add_case_note(by=by, trajectory=trajectory, kind="CONTACT", text=text)
    CaseNote.objects.filter(pk=note.pk).update(**({"kind": "CONTACT"} | fields))
    return note


def test_it_holds_every_note_newest_first(
    client: Client, anna: User, hugo: User, trajectory: Trajectory
) -> None:
    hugo.first_name, hugo.last_name = "Hugo", "Şahin"
    hugo.save()
    write(hugo, trajectory, "Gebeld over de hervatting.", written_at=MOMENT)
    later = MOMENT + timedelta(days=14)
    write(hugo, trajectory, "Vier uur per dag.\nZittend.", kind="ADVICE", written_at=later)
    run_jobs()
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
        "Pagina 1 van 1",
    ):
        assert shown in text
    assert text.index("Vier uur per dag.") < text.index("Gebeld over de hervatting.")


def test_it_holds_the_notes_of_one_report(
    client: Client, anna: User, hugo: User, trajectory: Trajectory
) -> None:
    write(hugo, trajectory, "Van november.")
    earlier = make_trajectory(
        trajectory.employee, first_sick_day=date(2026, 3, 2), recovered_on=date(2026, 3, 9)
    )
    write(hugo, earlier, "Van maart.")
    run_jobs()
    login(client, anna)

    text = text_of(client.get(address(earlier)).content)

    assert "Van maart." in text
    assert "Van november." not in text
    assert "09-03-2026" in text


def test_its_title_names_the_person(
    client: Client, anna: User, hugo: User, trajectory: Trajectory
) -> None:
    write(hugo, trajectory)
    run_jobs()
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
    write(hugo, trajectory, "x" * 10_000)
    run_jobs()
    login(client, anna)

    pdf = client.get(address(trajectory)).content

    text = text_of(pdf)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        count = len(document.pages)
    assert count > 5
    assert f"Pagina {count} van {count}" in text
    assert "<b>O'Brien</b> &" in text
    assert "<i>Notitie 39</i>" in text


def test_it_is_recorded(client: Client, anna: User, hugo: User, trajectory: Trajectory) -> None:
    make_note(trajectory, hugo)
    make_overview(trajectory)
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
        make_overview(other)
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
    make_overview(trajectory)
    login(client, request.getfixturevalue(person))

    assert client.get(address(trajectory)).status_code == 404
    assert client.post(address(trajectory, "overview-pb-make")).status_code == 404
    unknown = reverse("documents:overview-pb", args=[uuid4(), uuid4()])
    assert client.get(unknown).status_code == 404
    assert AuditEvent.objects.filter(action="access.denied").count() == 2
    assert not AuditEvent.objects.filter(action="overview_pb.download").exists()


# --- While it is not there ---------------------------------------------------------------------


def test_until_the_worker_made_it_a_page_says_so(
    client: Client, anna: User, hugo: User, trajectory: Trajectory
) -> None:
    write(hugo, trajectory)
    login(client, anna)

    page = client.get(address(trajectory))

    assert (page.status_code, page["Content-Type"]) == (202, "text/html; charset=utf-8")
    assert "De PDF wordt gemaakt" in page.text
    assert "Kijken of het klaar is" in page.text
    assert "wordt gemaakt" in client.get(files_address(trajectory.dossier)).text
    assert not AuditEvent.objects.filter(action="overview_pb.download").exists()
    run_jobs()
    assert client.get(address(trajectory))["Content-Type"] == "application/pdf"
    assert "wordt gemaakt" not in client.get(files_address(trajectory.dossier)).text


def test_a_next_note_takes_the_pdf_away_at_once(
    client: Client, anna: User, hugo: User, trajectory: Trajectory
) -> None:
    write(hugo, trajectory, "De eerste.")
    run_jobs()
    login(client, anna)
    assert client.get(address(trajectory)).status_code == 200

    write(hugo, trajectory, "De tweede.")

    assert client.get(address(trajectory)).status_code == 202
    assert OverviewPb.objects.get().pdf is None
    run_jobs()
    assert "De tweede." in text_of(client.get(address(trajectory)).content)


def test_a_worker_that_does_nothing_is_told_and_can_be_asked_again(
    client: Client, anna: User, hugo: User, trajectory: Trajectory
) -> None:
    write(hugo, trajectory)
    OverviewPb.objects.update(asked_at=timezone.now() - LATE - timedelta(seconds=1))
    login(client, anna)

    page = client.get(address(trajectory))

    assert page.status_code == 202
    assert "Het maken duurt langer dan normaal" in page.text
    assert "088-102 16 40" in page.text
    again = client.post(address(trajectory, "overview-pb-make"))
    assert again["Location"] == address(trajectory)
    assert "De PDF wordt gemaakt" in client.get(address(trajectory)).text
    assert AuditEvent.objects.filter(action="overview_pb.asked", actor=anna).count() == 1


@pytest.mark.parametrize("change", ["name", "employer", "first_sick_day", "recovered_on"])
def test_with_other_facts_on_it_the_pdf_is_out_of_date(
    client: Client, anna: User, hugo: User, trajectory: Trajectory, change: str
) -> None:
    write(hugo, trajectory)
    run_jobs()
    employee, employer = trajectory.employee, trajectory.employer
    match change:
        case "name":
            employee.surname = "Jansen"
            employee.save()
        case "employer":
            employer.name = "De Brug en Zonen"
            employer.save()
        case "first_sick_day":
            Trajectory.objects.update(first_sick_day=date(2026, 11, 3))
        case "recovered_on":
            Trajectory.objects.update(
                recovered_on=date(2026, 11, 20),
                recovered_by=hugo,
                recovery_recorded_at=timezone.now(),
            )
    login(client, anna)

    page = client.get(address(trajectory))

    assert page.status_code == 202
    assert "moet opnieuw worden gemaakt" in page.text
    assert "opnieuw te maken" in client.get(files_address(trajectory.dossier)).text
    client.post(address(trajectory, "overview-pb-make"))
    assert "De PDF wordt gemaakt" in client.get(address(trajectory)).text
    run_jobs()
    text = text_of(client.get(address(trajectory)).content)
    shown = {
        "name": "Jansen",
        "employer": "De Brug en Zonen",
        "first_sick_day": "03-11-2026",
        "recovered_on": "20-11-2026",
    }
    assert shown[change] in text


def test_what_is_there_or_on_its_way_is_not_asked_for_again(
    client: Client, anna: User, hugo: User, trajectory: Trajectory
) -> None:
    write(hugo, trajectory)
    login(client, anna)
    client.post(address(trajectory, "overview-pb-make"))
    assert run_jobs().count("documents.case_notes.jobs.make_overview") == 1
    client.post(address(trajectory, "overview-pb-make"))

    assert run_jobs() == []
    assert not AuditEvent.objects.filter(action="overview_pb.asked").exists()


def test_looking_asks_for_nothing(
    client: Client, anna: User, hugo: User, trajectory: Trajectory
) -> None:
    make_note(trajectory, hugo)
    login(client, anna)

    assert client.get(address(trajectory)).status_code == 202
    assert run_jobs() == []
