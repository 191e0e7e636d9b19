"""The worker makes "Overzicht PB": once, after each note, also when it was broken off."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from absence.actions.course import record_recovery
from absence.models import Trajectory
from accounts.models import User
from documents.case_notes import making, overviews
from documents.case_notes.actions import add_case_note
from documents.case_notes.jobs import make_waiting_overviews
from documents.case_notes.making import ask_changed, make_overview, make_waiting
from documents.models import CaseNote, OverviewPb
from tests.documents.test_pdf import text_of
from tests.jobs import run_jobs
from tests.threads import at_once

NAME = "documents.case_notes.jobs.make_overview"


def write(by: User, trajectory: Trajectory, text: str) -> CaseNote:
    return add_case_note(by=by, trajectory=trajectory, kind="ADVICE", text=text)


def shown(trajectory: Trajectory) -> str:
    pdf = OverviewPb.objects.get(trajectory=trajectory).pdf
    assert pdf
    return text_of(pdf)


@pytest.mark.django_db
def test_done_twice_it_is_made_once(
    hugo: User, trajectory: Trajectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    monkeypatch.setattr(making, "render_pdf", lambda name, _: made.append(name) or b"%PDF")
    write(hugo, trajectory, "Een.")
    write(hugo, trajectory, "Twee.")

    assert run_jobs() == [NAME, NAME]
    assert not make_overview(trajectory_id=trajectory.pk)

    assert made == ["pdf/overview_pb.html"]


@pytest.mark.django_db
def test_a_note_that_is_not_stored_leaves_the_pdf(hugo: User, trajectory: Trajectory) -> None:
    write(hugo, trajectory, "Een.")
    run_jobs()

    with transaction.atomic():
        write(hugo, trajectory, "Twee.")
        transaction.set_rollback(True)

    assert "Een." in shown(trajectory)
    assert run_jobs() == []


@pytest.mark.django_db
def test_what_was_begun_before_a_note_is_not_stored(
    hugo: User, trajectory: Trajectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The note comes while the PDF is set: the PDF without it is nobody's."""
    write(hugo, trajectory, "Een.")
    monkeypatch.setattr(
        making, "render_pdf", lambda *_: write(hugo, trajectory, "Twee.") and b"%PDF"
    )

    assert not make_overview(trajectory_id=trajectory.pk)
    assert OverviewPb.objects.get().pdf is None

    monkeypatch.undo()
    run_jobs()
    assert "Twee." in shown(trajectory)


@pytest.mark.django_db
def test_the_pdf_is_sealed(hugo: User, trajectory: Trajectory) -> None:
    write(hugo, trajectory, "Een.")
    run_jobs()

    with connection.cursor() as cursor:
        cursor.execute("select pdf from documents_overviewpb")
        assert b"%PDF" not in bytes(cursor.fetchone()[0])
    assert bytes(OverviewPb.objects.get().pdf or b"").startswith(b"%PDF")


@pytest.mark.django_db
@pytest.mark.parametrize("fields", [{"made_at": None}, {"pdf": None}, {"basis": ""}], ids=str)
def test_the_database_knows_no_half_made_one(
    hugo: User, trajectory: Trajectory, fields: dict[str, Any]
) -> None:
    write(hugo, trajectory, "Een.")
    run_jobs()

    with pytest.raises(IntegrityError), transaction.atomic():
        OverviewPb.objects.update(**fields)


@pytest.mark.django_db
def test_what_no_job_made_is_made_later_and_one_that_fails_holds_up_no_other(
    hugo: User, trajectory: Trajectory, foreign_trajectory: Trajectory, monkeypatch: Any
) -> None:
    write(hugo, trajectory, "Een.")
    write(hugo, foreign_trajectory, "Twee.")
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs")
    render = making.render_pdf

    def broken(name: str, context: dict[str, Any]) -> bytes:
        if context["trajectory"] == trajectory:
            raise RuntimeError("no letters")
        return render(name, context)

    with monkeypatch.context() as patch:
        patch.setattr(making, "render_pdf", broken)
        assert make_waiting() == 1
    assert "Twee." in shown(foreign_trajectory)

    make_waiting_overviews.func(timestamp=0)
    assert "Een." in shown(trajectory)


@pytest.mark.django_db
def test_after_a_recovery_it_is_made_anew_without_anybody_asking(
    hugo: User, trajectory: Trajectory, foreign_trajectory: Trajectory
) -> None:
    write(hugo, trajectory, "Een.")
    write(hugo, foreign_trajectory, "Twee.")
    run_jobs()
    other = OverviewPb.objects.get(trajectory=foreign_trajectory)
    recovered_on = trajectory.first_sick_day + timedelta(days=5)
    record_recovery(by=hugo, trajectory=trajectory, recovered_on=recovered_on)

    make_waiting_overviews.func(timestamp=0)

    assert f"{recovered_on:%d-%m-%Y}" in shown(trajectory)
    assert OverviewPb.objects.get(trajectory=foreign_trajectory).made_at == other.made_at


@pytest.mark.django_db
def test_what_changed_is_asked_for_once_and_a_few_at_a_time(
    hugo: User,
    trajectory: Trajectory,
    foreign_trajectory: Trajectory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As when the layout changes, for everybody at once."""
    for each in (trajectory, foreign_trajectory):
        write(hugo, each, "Een.")
    run_jobs()
    monkeypatch.setattr(overviews, "LAYOUT", overviews.LAYOUT + 1)
    monkeypatch.setattr(making, "MOST_AT_ONCE", 1)

    assert [ask_changed(), ask_changed(), ask_changed()] == [1, 1, 0]
    assert OverviewPb.objects.waiting().count() == 2


@pytest.mark.django_db(transaction=True)
def test_notes_at_the_same_moment_are_all_in_it(hugo: User, trajectory: Trajectory) -> None:
    notes = [
        lambda number=number: write(hugo, trajectory, f"Nummer {number}.") for number in range(6)
    ]

    assert [type(note) for note in at_once(notes)] == [CaseNote] * 6
    with transaction.atomic():
        assert run_jobs() == [NAME] * 6

    text = shown(trajectory)
    assert all(f"Nummer {number}." in text for number in range(6))


@pytest.mark.django_db(transaction=True)
def test_notes_while_workers_make_it_end_with_all_of_them(
    hugo: User, trajectory: Trajectory
) -> None:
    """Each maker after its own note, as its job would be; whatever the order."""

    def note_and_make(number: int) -> None:
        write(hugo, trajectory, f"Nummer {number}.")
        make_overview(trajectory_id=trajectory.pk)

    acts = [lambda number=number: note_and_make(number) for number in range(6)]

    assert at_once(acts) == [None] * 6
    text = shown(trajectory)
    assert all(f"Nummer {number}." in text for number in range(6))


KILLED = """
import django, time; django.setup()
from django.db import connection
from documents.case_notes import making, overviews
connection.settings_dict["NAME"] = {database!r}
def slow(*_):
    print("bezig", flush=True)
    time.sleep(60)
making.render_pdf = slow
making.make_overview(trajectory_id={trajectory})
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_a_worker_that_is_killed_halfway_leaves_it_to_the_next(
    hugo: User, trajectory: Trajectory
) -> None:
    write(hugo, trajectory, "Een.")
    code = KILLED.format(database=connection.settings_dict["NAME"], trajectory=trajectory.pk)
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    worker = subprocess.Popen(
        [sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert worker.stdout
        assert worker.stdout.readline() == "bezig\n"
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.communicate()
    assert worker.returncode == -signal.SIGKILL
    assert OverviewPb.objects.get().pdf is None

    with transaction.atomic():
        run_jobs()
    assert "Een." in shown(trajectory)
