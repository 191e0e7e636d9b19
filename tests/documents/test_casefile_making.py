"""What stands in an inspectiedossier, and that the worker makes it once and removes it in time."""

import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pikepdf
import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from absence.actions.corrections import Correction, correct_report
from absence.actions.course import add_incapacity, mark_milestone
from absence.models import Classification, Trajectory
from accounts.audit import Action, record
from accounts.models import AuditEvent, User
from documents.case_notes.actions import add_case_note
from documents.casefile import making
from documents.casefile.actions import ask_casefile
from documents.casefile.jobs import tidy_casefiles
from documents.casefile.making import make_casefile
from documents.models import Casefile, Document
from tests.documents.test_pdf import text_of
from tests.factories import (
    make_casefile as make_row,
)
from tests.factories import (
    make_correction_request,
    make_document,
    make_employee,
    make_recovery_message,
    make_trajectory,
)
from tests.jobs import run_jobs
from tests.threads import at_once


def words(text: str) -> str:
    """Without how the lines fell."""
    return " ".join(text.split())


def made(anna: User, report: Trajectory) -> bytes:
    ask_casefile(by=anna, trajectory=report)
    run_jobs()
    return bytes(Casefile.objects.get(trajectory=report).pdf or b"")


@pytest.mark.django_db
def test_it_holds_what_the_employer_sees_of_the_report(
    anna: User, hugo: User, trajectory: Trajectory
) -> None:
    correct_report(
        by=anna,
        trajectory=trajectory,
        to=Correction(Classification.objects.get(code="ziekte"), date(2026, 11, 3), 80),
    )
    trajectory.refresh_from_db()
    request = make_correction_request(trajectory)
    message = make_recovery_message(trajectory)
    make_document(
        trajectory.dossier, trajectory=trajectory, added_by=anna, name="Loonstrook oktober.pdf"
    )
    report = make_document(
        trajectory.dossier,
        trajectory=trajectory,
        added_by=hugo,
        source=Document.Source.HCS,
        folder=Document.Folder.CONSULTATION_REPORT,
        name="Spreekuur.pdf",
    )
    add_incapacity(by=hugo, trajectory=trajectory, effective_on=date(2026, 11, 10), percentage=50)
    mark_milestone(by=hugo, trajectory=trajectory, key="PA", deviation="NOT_REACHED")

    text = words(text_of(made(anna, trajectory)))

    for shown in (
        f"Inspectiedossier {trajectory.number}",
        "Łukaszewicz",
        trajectory.employer.name,
        "Gemeld 02-11-2026 100%",
        "Gecorrigeerd 03-11-2026 80%",
        request.number,
        message.number,
        "03-11-2026 09-11-2026 80% 20%",
        "10-11-2026 nu 50% 50%",
        "Probleemanalyse",
        "Afgeweken",
        "Loonstrook: Loonstrook oktober.pdf",
        "Spreekuurverslag: Spreekuur.pdf",
        report.sha256[:40],  # the rest is on the next line
        "HCS AO-percentage vastgelegd",
        "HCS Mijlpaal afgevinkt: Probleemanalyse",
        f"{anna} Melding gecorrigeerd",
        "Pagina 1 van",
    ):
        assert shown in text


@pytest.mark.django_db
def test_it_holds_nothing_that_is_not_the_employers_to_know(
    anna: User, hugo: User, ilse: User, trajectory: Trajectory
) -> None:
    """No BSN, no words of a note, no other report; of staff not who, nor what they looked at."""
    trajectory.employee.bsn = "111222333"
    trajectory.employee.save()
    hugo.first_name, hugo.last_name = "Hugo", "Zeldzaam"
    hugo.save()
    ilse.first_name, ilse.last_name = "Ilse", "Zeldzaam"
    ilse.save()
    add_case_note(by=hugo, trajectory=trajectory, kind="ADVICE", text="Alleen in het overzicht.")
    other = make_trajectory(
        trajectory.employee, first_sick_day=date(2026, 3, 2), recovered_on=date(2026, 3, 9)
    )
    make_document(other.dossier, trajectory=other, added_by=anna, name="Van maart.pdf")
    colleague = make_trajectory(make_employee(trajectory.employer, "Jansen", created_by=anna))
    make_document(colleague.dossier, trajectory=colleague, added_by=anna, name="Van Jansen.pdf")
    record(
        Action.REPORT_CORRECTED,
        by=anna,
        employer=other.employer,
        dossier=other.dossier,
        obj=other,
    )
    for action in ("admin.view", "document.download", "dossier.view"):
        AuditEvent.objects.create(
            action=action,
            actor=ilse,
            actor_role="incomfort",
            employer=trajectory.employer,
            dossier_uuid=trajectory.dossier.uuid,
            object_type="absence.trajectory",
            object_id=str(trajectory.uuid),
        )

    text = words(text_of(made(anna, trajectory)))

    assert "HCS schreef 1 notitie, de laatste op" in text
    assert "HCS Notitie toegevoegd: advies" in text
    for hidden in (
        "111222333",
        "2333",
        "Alleen in het overzicht",
        "Zeldzaam",
        "Van maart",
        "02-03-2026",
        "Jansen",
        "beheer",
        "gedownload",
        "Melding gecorrigeerd",
    ):
        assert hidden not in text


@pytest.mark.django_db
def test_it_is_accessible(anna: User, trajectory: Trajectory) -> None:
    """PDF/UA-1: tagged, titled, Dutch, with bookmarks; each cell names the heads of its table."""
    make_document(trajectory.dossier, trajectory=trajectory, added_by=anna)
    with pikepdf.open(io.BytesIO(made(anna, trajectory))) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked)
        assert str(pdf.Root.Lang) == "nl"
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        assert pdf.docinfo["/Title"] == (
            f"Inspectiedossier {trajectory.number} – A.B. (Anna) Łukaszewicz"
        )
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
        with pdf.open_outline() as outline:
            (top,) = outline.root
            assert [item.title for item in top.children] == [
                "De ziekmelding",
                "Versies en correcties",
                "Verloop van het AO-percentage",
                "Mijlpalen",
                "Documenten",
                "Wie deed wat",
            ]
        parts = [part for part in pdf.objects if isinstance(part, pikepdf.Dictionary)]
        kinds = [str(part.S) for part in parts if "/S" in part and "/P" in part]
        cells = [part for part in parts if part.get("/S") == pikepdf.Name.TD]
        assert {"/H1", "/H2", "/Table", "/THead", "/TR", "/TH", "/TD"} <= set(kinds)
        assert cells
        assert all("/Headers" in cell.A for cell in cells)


@pytest.mark.django_db
def test_long_content_runs_over_pages(anna: User, trajectory: Trajectory) -> None:
    trajectory.employee.surname = "<b>O'Brien</b> & " + "a" * 180
    trajectory.employee.save()
    for number in range(120):
        make_document(
            trajectory.dossier,
            f"{number}".encode(),
            trajectory=trajectory,
            added_by=anna,
            name=f"{number} " + "w" * 140 + ".pdf",
        )

    pdf = made(anna, trajectory)

    with pikepdf.open(io.BytesIO(pdf)) as document:
        count = len(document.pages)
    text = text_of(pdf)
    assert count > 6
    assert f"Pagina {count} van {count}" in text
    assert "<b>O'Brien</b> &" in words(text)
    assert len(Casefile.objects.get().documents) == 120


# --- Once, and not longer than it is kept ------------------------------------------------------


@pytest.mark.django_db
def test_done_twice_it_is_made_once(
    anna: User, trajectory: Trajectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered: list[str] = []
    monkeypatch.setattr(making, "render_pdf", lambda name, _: rendered.append(name) or b"%PDF")
    casefile = ask_casefile(by=anna, trajectory=trajectory)

    assert make_casefile(casefile_id=casefile.pk)
    assert not make_casefile(casefile_id=casefile.pk)

    assert rendered == ["pdf/casefile.html"]
    assert AuditEvent.objects.filter(action="casefile.made").count() == 1


@pytest.mark.django_db
def test_broken_off_halfway_nothing_is_left_and_the_next_run_makes_it(
    anna: User, trajectory: Trajectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    casefile = ask_casefile(by=anna, trajectory=trajectory)

    def broken(*args: Any, **kwargs: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(making, "record", broken)  # after the PDF was written
        with pytest.raises(KeyboardInterrupt):
            make_casefile(casefile_id=casefile.pk)
    assert Casefile.objects.get().pdf is None
    assert not AuditEvent.objects.filter(action="casefile.made").exists()

    tidy_casefiles.func(timestamp=0)
    assert bytes(Casefile.objects.get().pdf or b"").startswith(b"%PDF")


@pytest.mark.django_db(transaction=True)
def test_two_workers_make_one(anna: User, trajectory: Trajectory) -> None:
    casefile = ask_casefile(by=anna, trajectory=trajectory)

    outcomes = at_once([lambda: make_casefile(casefile_id=casefile.pk)] * 3)

    assert sorted(outcomes) == [False, False, True]
    assert AuditEvent.objects.filter(action="casefile.made").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_at_once_ask_for_one(anna: User, trajectory: Trajectory) -> None:
    asked = at_once([lambda: ask_casefile(by=anna, trajectory=trajectory)] * 6)

    assert len({casefile.pk for casefile in asked}) == 1
    assert AuditEvent.objects.filter(action="casefile.asked").count() == 1


@pytest.mark.django_db
def test_a_report_that_was_withdrawn_meanwhile_gets_none(
    anna: User, trajectory: Trajectory
) -> None:
    casefile = ask_casefile(by=anna, trajectory=trajectory)
    Trajectory.objects.update(withdrawn_at=timezone.now(), withdrawn_by=anna)

    assert not make_casefile(casefile_id=casefile.pk)
    assert not Casefile.objects.exists()


@pytest.mark.django_db
def test_what_nobody_can_download_is_removed(
    anna: User, trajectory: Trajectory, foreign_trajectory: Trajectory
) -> None:
    old = timezone.now() - timedelta(days=9)
    kept = make_row(trajectory, anna, made_at=timezone.now() - timedelta(days=7))
    make_row(trajectory, anna, made_at=old)
    make_row(foreign_trajectory, anna, made_at=None, asked_at=old)

    tidy_casefiles.func(timestamp=0)

    assert list(Casefile.objects.all()) == [kept]


@pytest.mark.django_db
def test_one_that_fails_holds_up_no_other(
    anna: User, trajectory: Trajectory, foreign_trajectory: Trajectory, monkeypatch: Any
) -> None:
    bad = make_row(trajectory, anna, made_at=None)
    good = make_row(foreign_trajectory, anna, made_at=None)
    render = making.render_pdf

    def broken(name: str, context: dict[str, Any]) -> bytes:
        if context["report"] == trajectory:
            raise RuntimeError("no letters")
        return render(name, context)

    monkeypatch.setattr(making, "render_pdf", broken)

    assert making.make_waiting() == 1
    assert list(Casefile.objects.waiting()) == [bad]
    assert Casefile.objects.get(pk=good.pk).made_at


@pytest.mark.django_db
def test_the_pdf_is_sealed_and_never_half_there(anna: User, trajectory: Trajectory) -> None:
    made(anna, trajectory)

    with connection.cursor() as cursor:
        cursor.execute("select pdf from documents_casefile")
        assert b"%PDF" not in bytes(cursor.fetchone()[0])
    for fields in ({"pdf": None}, {"made_at": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Casefile.objects.update(**fields)


@pytest.mark.django_db
def test_how_often_the_employers_people_looked_is_a_number(
    anna: User, trajectory: Trajectory
) -> None:
    AuditEvent.objects.bulk_create(
        AuditEvent(
            action="dossier.view",
            actor=anna,
            actor_role="beheerder",
            employer=trajectory.employer,
            dossier_uuid=trajectory.dossier.uuid,
            at=datetime(2026, 11, 20, hour, tzinfo=UTC),
        )
        for hour in (9, 11, 14)
    )

    text = words(text_of(made(anna, trajectory)))

    assert f"{anna} Dossier bekeken 3 20-11-2026 10.00 20-11-2026 15.00" in text
