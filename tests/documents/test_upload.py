"""The upload page: many files at once, each judged by itself, nothing half stored."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.core.files.storage import Storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from absence.models import Trajectory
from accounts.models import Policy, User
from documents import forms
from documents.models import Document
from dossiers.models import Dossier
from tests.accounts.steps import give_code, give_password
from tests.documents import files
from tests.documents.conftest import content_of, files_in
from tests.documents.upload_steps import address, pdf, send
from tests.factories import make_employee, make_employment, make_trajectory
from tests.login import login, totp_code

LIMIT = 15 * 1024 * 1024


def test_the_form_asks_by_the_labels_of_the_help_page(
    in_as_anna: Client, trajectory: Trajectory
) -> None:
    text = in_as_anna.get(address(trajectory.dossier)).text

    for label in ("Traject", "Submap", "Bestanden", "Opslaan"):
        assert re.search(rf">\s*{label}\s*<", text), label
    for folder in ("Arbeidsovereenkomst", "Loonstrook", "Verzuimoverzicht"):
        assert folder in text
    assert "preekuurverslag" not in text
    assert "Ziekmelding 02-11-2026, nog ziek" in text
    assert 'enctype="multipart/form-data"' in text
    assert re.search(r'<input[^>]+type="file"[^>]+multiple', text)


def test_the_open_report_is_chosen_beforehand(in_as_anna: Client, trajectory: Trajectory) -> None:
    """Also when a later one, of another employment, is over already."""
    other = make_employment(trajectory.employee, started_on=date(2026, 1, 1))
    make_trajectory(
        trajectory.employee,
        employment=other,
        first_sick_day=date(2026, 11, 9),
        recovered_on=date(2026, 11, 12),
    )

    form = in_as_anna.get(address(trajectory.dossier)).context["form"]

    assert form["trajectory"].value() == str(trajectory.uuid)
    assert [label for _, label in form.fields["trajectory"].choices] == [
        "Ziekmelding 09-11-2026, hersteld per 12-11-2026",
        "Ziekmelding 02-11-2026, nog ziek",
    ]


def test_else_the_most_recent_one(in_as_anna: Client, anna: User, dossier: Dossier) -> None:
    employee = make_employee(dossier.employer, created_by=anna)
    for first, recovered in [(5, 9), (19, 23), (12, 16)]:
        make_trajectory(
            employee,
            first_sick_day=date(2026, 10, first),
            recovered_on=date(2026, 10, recovered),
        )

    form = in_as_anna.get(address(employee.dossier)).context["form"]

    latest = employee.trajectories.get(first_sick_day=date(2026, 10, 19))
    assert form["trajectory"].value() == str(latest.uuid)


def test_several_files_are_saved_at_once(
    in_as_anna: Client, trajectory: Trajectory, store: Path
) -> None:
    contents = [files.pdf(text="een"), files.image("JPEG"), files.image("PNG")]
    names = ["Loonstrook één.pdf", "foto.jpg", "scan.png"]

    response = send(in_as_anna, trajectory, *map(files.upload, contents, names))

    tab = reverse("documents:dossier-files", args=[trajectory.dossier.uuid])
    assert response.status_code == 302
    assert response.url == tab
    assert (
        "3 documenten toegevoegd: Loonstrook één.pdf, foto.jpg, scan.png."
        in in_as_anna.get(tab).text
    )
    documents = Document.objects.order_by("pk")
    assert [document.name for document in documents] == names
    assert content_of(documents[0]) == contents[0]
    types = [Document.Type.PDF, Document.Type.JPEG, Document.Type.PNG]
    assert [document.type for document in documents] == types
    assert {document.trajectory for document in documents} == {trajectory}


def test_good_files_are_saved_and_the_others_explained(
    in_as_anna: Client, trajectory: Trajectory, store: Path
) -> None:
    uploads = [
        pdf("goed.pdf"),
        files.upload(b"MZ\x90", "virus.exe"),
        files.upload(b"", "leeg.pdf"),
        files.upload(b"MZ\x90", "vermomd.pdf"),
        pdf("ook goed.pdf", "november"),
    ]

    response = send(in_as_anna, trajectory, *uploads)

    assert response.status_code == 200
    text = response.text
    assert "<title>Fout: " in text
    assert [document.name for document in response.context["saved"]] == ["goed.pdf", "ook goed.pdf"]
    assert response.context["form"].errors["uploads"] == [
        "virus.exe: Dit is geen PDF, JPEG of PNG. Kies een PDF of een foto (JPEG of PNG).",
        "leeg.pdf: Dit bestand is leeg. Open het op uw computer en kies het opnieuw.",
        "vermomd.pdf: Dit bestand heet PDF, maar de inhoud is dat niet. Open het, sla het "
        "opnieuw op als PDF en kies dat bestand.",
    ]
    assert Document.objects.count() == len(files_in(store)) == 2


def test_when_none_is_good_nothing_is_saved(
    in_as_anna: Client, trajectory: Trajectory, store: Path
) -> None:
    response = send(in_as_anna, trajectory, files.upload(b"<html>", "pagina.pdf"))

    assert "pagina.pdf: Dit bestand heet PDF" in response.text
    assert not Document.objects.exists()
    assert not files_in(store)


def test_sent_twice_it_is_saved_once(
    in_as_anna: Client, trajectory: Trajectory, store: Path
) -> None:
    submission = uuid4()
    for _ in range(2):
        response = send(in_as_anna, trajectory, pdf(), submission=submission)
        assert response.status_code == 302

    assert Document.objects.count() == len(files_in(store)) == 1


def test_the_mended_files_can_follow_in_the_same_form(
    in_as_anna: Client, trajectory: Trajectory
) -> None:
    """After a partly refused form the page keeps its submission: what is saved stays single."""
    page = send(in_as_anna, trajectory, pdf("goed.pdf"), files.upload(b"", "leeg.pdf"))
    submission = UUID(page.context["form"]["submission"].value())
    send(in_as_anna, trajectory, pdf("goed.pdf"), pdf("vol.pdf", "vol"), submission=submission)

    assert [document.name for document in Document.objects.order_by("pk")] == [
        "goed.pdf",
        "vol.pdf",
    ]


def test_the_same_file_chosen_twice_is_said(in_as_anna: Client, trajectory: Trajectory) -> None:
    response = send(in_as_anna, trajectory, pdf("een.pdf"), pdf("kopie.pdf"))

    assert "kopie.pdf: Dit is hetzelfde bestand als een.pdf." in response.text
    assert Document.objects.get().name == "een.pdf"


def test_ten_at_a_time(in_as_anna: Client, trajectory: Trajectory, store: Path) -> None:
    uploads = [pdf(f"nummer {number}.pdf", f"tekst {number}") for number in range(13)]

    response = send(in_as_anna, trajectory, *uploads)

    assert len(response.context["saved"]) == len(files_in(store)) == 10
    (error,) = response.context["form"].errors["uploads"]
    assert error.startswith("nummer 10.pdf, nummer 11.pdf, nummer 12.pdf: U kunt 10 bestanden")


def test_hundreds_of_files_are_not_all_named(in_as_anna: Client, trajectory: Trajectory) -> None:
    uploads = [files.upload(b"x", f"nummer {number}.pdf") for number in range(300)]

    response = send(in_as_anna, trajectory, *uploads)

    assert response.status_code == 200
    assert response.context["form"].errors["uploads"][-1].startswith("nummer 10.pdf, ")
    assert "en 280 andere: U kunt 10 bestanden tegelijk" in response.text


def test_15_megabytes_and_a_byte_is_refused_while_it_comes_in(
    in_as_anna: Client, trajectory: Trajectory, store: Path
) -> None:
    content = files.pdf_of(LIMIT + 1)
    response = send(in_as_anna, trajectory, files.upload(content, "groot.pdf"), pdf("klein.pdf"))

    assert "groot.pdf: Dit bestand is 15,1 MB; het mag hoogstens 15 MB zijn." in response.text
    assert [document.name for document in response.context["saved"]] == ["klein.pdf"]


def test_exactly_15_megabytes_is_saved(
    in_as_anna: Client, trajectory: Trajectory, store: Path
) -> None:
    content = files.pdf_of(LIMIT)

    assert send(in_as_anna, trajectory, files.upload(content, "groot.pdf")).status_code == 302
    assert content_of(Document.objects.get()) == content


def test_a_body_beyond_all_reason_is_not_read(
    in_as_anna: Client, trajectory: Trajectory, store: Path, settings: Any
) -> None:
    settings.DOCUMENT_MAX_REQUEST_BYTES = 1000

    response = send(in_as_anna, trajectory, pdf(), folder=Document.Folder.CONTRACT)

    assert response.status_code == 200
    assert "Deze bestanden zijn samen te groot." in response.text
    assert response.context["form"]["folder"].value() == Document.Folder.CONTRACT
    assert not files_in(store)


def test_without_files_it_asks_for_files(in_as_anna: Client, trajectory: Trajectory) -> None:
    assert forms.NO_FILES in send(in_as_anna, trajectory).text


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("trajectory", "", "Dit veld is verplicht"),
        ("trajectory", "abc", "Kies een traject van deze werknemer"),
        ("trajectory", "a\0", "Kies een traject van deze werknemer"),
        ("trajectory", str(UUID(int=7)), "Kies een traject van deze werknemer"),
        ("folder", "", "Kies in welke submap de bestanden horen"),
        ("folder", Document.Folder.SUMMONS, "OPROEPBRIEF is geen"),
        ("folder", Document.Folder.STATEMENT, "UITKERINGSSPECIFICATIE is geen"),
        ("folder", "x" * 300, "is geen"),
        ("submission", "", "Dit veld is verplicht"),
        ("submission", "abc", "geldige UUID"),
    ],
)
def test_other_answers_are_refused(
    in_as_anna: Client, trajectory: Trajectory, store: Path, field: str, value: str, message: str
) -> None:
    response = send(in_as_anna, trajectory, pdf(), **{field: value})

    assert response.status_code == 200
    assert message in response.text
    assert forms.CHOOSE_AGAIN in response.text
    assert not Document.objects.exists()
    assert not files_in(store)


def test_a_report_of_somebody_else_is_refused(
    in_as_anna: Client,
    anna: User,
    trajectory: Trajectory,
    foreign_trajectory: Trajectory,
    store: Path,
) -> None:
    colleague = make_trajectory(make_employee(trajectory.employer, created_by=anna))
    for other in (foreign_trajectory, colleague):
        response = send(in_as_anna, trajectory, pdf(), trajectory=other.uuid)
        assert "Kies een traject van deze werknemer." in response.text

    assert not Document.objects.exists()
    assert not files_in(store)


@pytest.mark.parametrize(
    "name", ["a" * 300 + ".pdf", "loon\u202efdp.pdf", "..\\..\\loon.pdf", "é.pdf"]
)
def test_odd_names_are_cleaned(in_as_anna: Client, trajectory: Trajectory, name: str) -> None:
    assert send(in_as_anna, trajectory, pdf(name)).status_code == 302

    shown = Document.objects.get().name
    assert len(shown) <= 150
    assert shown.endswith(".pdf")
    assert shown.isprintable()
    assert "\\" not in shown


def test_after_a_new_login_the_choices_are_there_and_the_files_asked_again(
    client: Client, anna: User, trajectory: Trajectory, store: Path
) -> None:
    device = login(client, anna)
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        send(client, trajectory, pdf(), folder=Document.Folder.CONTRACT)
        assert not files_in(store)
        give_password(client, anna)
        response = give_code(client, totp_code(device))
        assert response.url == address(trajectory.dossier)

        page = client.get(response.url)
        form = page.context["form"]
        assert form["folder"].value() == Document.Folder.CONTRACT
        assert form["trajectory"].value() == str(trajectory.uuid)
        assert form.errors == {"uploads": [forms.FILES_NOT_KEPT]}
        submission = form["submission"].value()
        assert send(client, trajectory, pdf(), submission=submission).status_code == 302

    assert Document.objects.count() == 1


def test_an_employee_who_was_never_ill_has_no_form(
    in_as_anna: Client, anna: User, dossier: Dossier
) -> None:
    healthy = make_employee(dossier.employer, created_by=anna)

    page = in_as_anna.get(address(healthy.dossier))

    assert "Er is nog geen ziekmelding" in page.text
    assert "Verzuim melden</a>" in page.text
    assert "<form" not in page.text.partition("<main")[2].partition("</main>")[0]


def test_the_company_dossier_has_no_upload(
    in_as_anna: Client, trajectory: Trajectory, company_dossier: Dossier, store: Path
) -> None:
    data = {"trajectory": trajectory.uuid, "folder": "LOONSTROOK", "uploads": [pdf()]}

    assert in_as_anna.get(address(company_dossier)).status_code == 404
    assert in_as_anna.post(address(company_dossier), data).status_code == 404
    assert not files_in(store)


def test_it_warns_for_medical_documents_and_the_bsn(
    in_as_anna: Client, trajectory: Trajectory
) -> None:
    medical, bsn = "Voeg geen medische documenten toe", "Maak het BSN onleesbaar"
    text = in_as_anna.get(address(trajectory.dossier)).text
    assert medical in text
    assert bsn not in text

    Policy.objects.update(product=Policy.Product.VERZUIM)
    text = in_as_anna.get(address(trajectory.dossier)).text
    assert medical in text
    assert bsn in text


def test_a_store_that_is_down_loses_nothing(
    in_as_anna: Client, trajectory: Trajectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any) -> str:
        raise OSError("No space left on device")

    monkeypatch.setattr(Storage, "save", fail)
    response = send(in_as_anna, trajectory, pdf(), folder=Document.Folder.CONTRACT)

    assert response.status_code == 200
    assert forms.STORAGE_DOWN in response.text
    assert response.context["form"]["folder"].value() == Document.Folder.CONTRACT
    assert not Document.objects.exists()
