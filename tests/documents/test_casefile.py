"""The inspectiedossier of a sick report: asked for, made by the worker, taken along for a week."""

import io
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from absence.models import Trajectory
from accounts.models import AuditEvent, User
from documents.casefile.models import KEPT_DAYS, LATE
from documents.downloads import file_name
from documents.files import archive
from documents.files.actions import withdraw_document
from documents.models import Casefile, Document
from documents.storage import StorageError
from tests.documents import files
from tests.factories import make_casefile, make_document, make_employee, make_trajectory
from tests.jobs import run_jobs
from tests.login import login

JOB = "documents.casefile.jobs.make_casefile"


def address(report: Trajectory, name: str = "casefile", dossier: Any = None) -> str:
    return reverse(f"documents:{name}", args=[(dossier or report.dossier).uuid, report.uuid])


def events(action: str) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(action=action).order_by("pk"))


def test_it_is_asked_for_made_and_taken_along(
    client: Client, anna: User, trajectory: Trajectory
) -> None:
    login(client, anna)
    page = client.get(address(trajectory)).text
    assert "Inspectiedossier maken" in page
    assert "7 dagen te downloaden" in page

    answer = client.post(address(trajectory))

    assert answer["Location"] == address(trajectory)
    page = client.get(address(trajectory)).text
    assert "Het inspectiedossier wordt gemaakt" in page
    assert "PDF downloaden" not in page
    assert run_jobs() == [JOB]
    page = client.get(address(trajectory)).text
    assert "wordt gemaakt" not in page
    assert address(trajectory, "casefile-pdf") in page
    pdf = client.get(address(trajectory, "casefile-pdf"))
    assert pdf.content.startswith(b"%PDF")
    assert pdf["Content-Disposition"] == 'attachment; filename="inspectiedossier_2026-11-02.pdf"'
    assert pdf["Cache-Control"] == "no-store"


def test_asking_making_and_each_download_are_recorded(
    client: Client, anna: User, trajectory: Trajectory
) -> None:
    login(client, anna)
    client.post(address(trajectory))
    run_jobs()
    client.get(address(trajectory, "casefile-pdf"))
    client.get(address(trajectory, "casefile-pdf"))

    (asked,), (made,) = events("casefile.asked"), events("casefile.made")
    assert (asked.actor, made.actor) == (anna, None)
    downloads = events("casefile.download")
    assert [event.detail for event in downloads] == [{"kind": "pdf"}] * 2
    for event in [asked, made, *downloads]:
        assert event.employer == trajectory.employer
        assert event.dossier_uuid == trajectory.dossier.uuid
        assert event.object_id == str(trajectory.uuid)


def test_a_second_click_asks_for_nothing_more(
    client: Client, anna: User, trajectory: Trajectory
) -> None:
    login(client, anna)
    client.post(address(trajectory))
    client.post(address(trajectory))

    assert run_jobs() == [JOB]
    assert len(events("casefile.asked")) == 1


def test_a_new_one_takes_the_place_of_the_earlier(
    client: Client, anna: User, trajectory: Trajectory
) -> None:
    make_casefile(trajectory, anna, pdf=b"%PDF het vorige")
    login(client, anna)
    client.post(address(trajectory))

    page = client.get(address(trajectory)).text
    assert "Het vorige inspectiedossier" in page
    assert client.get(address(trajectory, "casefile-pdf")).content == b"%PDF het vorige"
    run_jobs()
    assert client.get(address(trajectory, "casefile-pdf")).content != b"%PDF het vorige"
    assert Casefile.objects.count() == 1


def test_a_worker_that_does_nothing_is_told_and_can_be_asked_again(
    client: Client, anna: User, trajectory: Trajectory
) -> None:
    login(client, anna)
    client.post(address(trajectory))
    Casefile.objects.update(asked_at=timezone.now() - LATE - timedelta(seconds=1))

    page = client.get(address(trajectory)).text
    assert "Het maken duurt langer dan normaal" in page
    assert "024-374 16 60" in page

    client.post(address(trajectory))
    assert "wordt gemaakt" in client.get(address(trajectory)).text
    assert run_jobs() == [JOB, JOB]
    assert len(events("casefile.made")) == 1


def test_it_is_kept_for_a_week_the_last_day_included(
    client: Client, anna: User, trajectory: Trajectory
) -> None:
    last_day = timezone.localdate() + timedelta(days=KEPT_DAYS)
    make_casefile(trajectory, anna)

    with time_machine.travel(f"{last_day}T23:30:00+01:00", tick=False):
        login(client, anna)
        page = client.get(address(trajectory)).text
        assert f"{last_day:%d-%m-%Y}" in page
        assert client.get(address(trajectory, "casefile-pdf")).status_code == 200
    with time_machine.travel(f"{last_day + timedelta(days=1)}T00:10:00+01:00", tick=False):
        login(client, anna)
        assert "PDF downloaden" not in client.get(address(trajectory)).text
        for name in ("casefile-pdf", "casefile-zip"):
            gone = client.get(address(trajectory, name), follow=True)
            assert gone.redirect_chain == [(address(trajectory), 302)]
            assert "niet meer te downloaden" in gone.text
    assert len(events("casefile.download")) == 1


def test_who_asks_all_the_time_waits(client: Client, anna: User, trajectory: Trajectory) -> None:
    login(client, anna)
    for _ in range(20):
        client.post(address(trajectory))

    refused = client.post(address(trajectory))

    assert refused.status_code == 429
    assert refused["Retry-After"] == "180"
    assert "U hebt te vaak een inspectiedossier gevraagd. Wacht 3 minuten" in refused.text


def test_a_report_of_another_dossier_is_not_found(
    client: Client, anna: User, trajectory: Trajectory, foreign_trajectory: Trajectory
) -> None:
    colleague = make_trajectory(make_employee(trajectory.employer, created_by=anna))
    login(client, anna)
    for other in (colleague, foreign_trajectory):
        make_casefile(other, anna)
        for name in ("casefile", "casefile-pdf", "casefile-zip"):
            here = address(other, name, dossier=trajectory.dossier)
            assert client.get(here).status_code == 404
        assert client.post(address(other, dossier=trajectory.dossier)).status_code == 404
    assert run_jobs() == []


@pytest.mark.parametrize("person", ["bram", "ilse", "hugo"])
def test_strangers_and_staff_find_nothing(
    client: Client,
    anna: User,
    trajectory: Trajectory,
    person: str,
    request: pytest.FixtureRequest,
) -> None:
    make_casefile(trajectory, anna)
    login(client, request.getfixturevalue(person))

    assert client.get(address(trajectory)).status_code == 404
    assert client.post(address(trajectory)).status_code == 404
    assert client.get(address(trajectory, "casefile-pdf")).status_code == 404
    assert client.get(address(trajectory, "casefile-zip")).status_code == 404
    assert run_jobs() == []
    assert not events("casefile.asked")
    assert not events("casefile.download")
    assert len(events("access.denied")) == 4


def test_one_of_a_withdrawn_report_is_gone(
    client: Client, anna: User, trajectory: Trajectory
) -> None:
    make_casefile(trajectory, anna)
    Trajectory.objects.update(withdrawn_at=timezone.now(), withdrawn_by=anna)
    login(client, anna)

    assert client.get(address(trajectory, "casefile-pdf")).status_code == 404


def test_each_report_leads_to_its_own(client: Client, anna: User, trajectory: Trajectory) -> None:
    earlier = make_trajectory(
        trajectory.employee, first_sick_day=date(2026, 3, 2), recovered_on=date(2026, 3, 9)
    )
    login(client, anna)

    page = client.get(reverse("absence:dossier-absence", args=[trajectory.dossier.uuid])).text

    assert address(trajectory) in page
    assert address(earlier) in page


# --- The ZIP -----------------------------------------------------------------------------------


def unzipped(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as found:
        assert found.testzip() is None
        return {name: found.read(name) for name in found.namelist()}


def test_the_zip_holds_the_pdf_and_the_documents_that_it_lists(
    client: Client, anna: User, hugo: User, trajectory: Trajectory
) -> None:
    payslip = add(trajectory, "loonstrook", added_by=anna)
    letter = add(trajectory, "oproep", added_by=hugo, source="HCS", folder="OPROEPBRIEF")
    add(trajectory, "wacht", state="WAITING")
    add(trajectory, "virus", state="REFUSED", refusal="VIRUS")
    withdrawn = add(trajectory, "ingetrokken", added_by=anna)
    login(client, anna)
    client.post(address(trajectory))
    run_jobs()
    pdf = client.get(address(trajectory, "casefile-pdf")).content
    add(trajectory, "later dan het dossier")
    withdraw_document(by=anna, document=withdrawn)

    answer = client.get(address(trajectory, "casefile-zip"))

    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"] == 'attachment; filename="inspectiedossier_2026-11-02.zip"'
    assert unzipped(answer.getvalue()) == {
        file_name(payslip): files.pdf(text="loonstrook"),
        file_name(letter): files.pdf(text="oproep"),
        "inspectiedossier_2026-11-02.pdf": pdf,
    }
    assert [event.detail["kind"] for event in events("casefile.download")] == ["pdf", "zip"]
    opened = {event.object_id for event in events("document.download")}
    assert opened == {str(payslip.uuid), str(letter.uuid)}


def test_without_documents_the_zip_holds_the_pdf(
    client: Client, anna: User, trajectory: Trajectory
) -> None:
    make_casefile(trajectory, anna, pdf=b"%PDF alleen")
    login(client, anna)

    answer = client.get(address(trajectory, "casefile-zip"))

    assert unzipped(answer.getvalue()) == {"inspectiedossier_2026-11-02.pdf": b"%PDF alleen"}


def test_while_the_store_is_down_the_zip_says_so_and_the_pdf_is_there(
    client: Client, anna: User, trajectory: Trajectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = add(trajectory, "loonstrook", added_by=anna)
    make_casefile(trajectory, anna, documents=[document.pk])

    def down(_: Document) -> None:
        raise StorageError("away")

    monkeypatch.setattr(archive, "open_file", down)
    login(client, anna)

    answer = client.get(address(trajectory, "casefile-zip"))

    assert answer.status_code == 503
    assert "kunnen niet worden opgehaald" in answer.text
    assert not events("casefile.download")
    assert client.get(address(trajectory, "casefile-pdf")).status_code == 200


def test_a_key_of_somebody_elses_document_puts_nothing_in_it(
    client: Client, anna: User, trajectory: Trajectory, foreign_trajectory: Trajectory
) -> None:
    """However it came into the row."""
    colleague = make_trajectory(make_employee(trajectory.employer, created_by=anna))
    others = [add(report, "van een ander") for report in (foreign_trajectory, colleague)]
    make_casefile(trajectory, anna, documents=[document.pk for document in others])
    login(client, anna)

    answer = client.get(address(trajectory, "casefile-zip"))

    assert list(unzipped(answer.getvalue())) == ["inspectiedossier_2026-11-02.pdf"]


def add(report: Trajectory, text: str, **fields: Any) -> Document:
    return make_document(report.dossier, files.pdf(text=text), trajectory=report, **fields)
