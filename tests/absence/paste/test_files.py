"""/verzuim/plakken/: files that are read, and the sheet to fill in."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pytest_django.asserts import assertContains

from absence.models import Trajectory
from absence.sheets import MAX_BYTES
from accounts import throttle
from tests.absence.paste.steps import ADDRESS, check, confirm
from tests.absence.sheet_rows import new_row, text_of, workbook


def upload(client, data, name="blad.xlsx"):
    sent = {"submission": str(uuid4()), "text": "", "file": SimpleUploadedFile(name, data)}
    return client.post(ADDRESS, sent)


def test_a_workbook_goes_on_as_text(client):
    row = new_row(1) | {"Eerste ziektedag": date(2026, 11, 23), "AO-percentage": 50}
    row["Privé mobiel nummer"] = 622334455
    response = upload(client, workbook([list(row), list(row.values())]))

    assert not response.context["preview"].wrong
    text = response.context["form"]["text"].value()
    assert "\t23-11-2026\t50" in text
    confirm(client, text)
    assert Trajectory.objects.get().employee.mobile == "+31622334455"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ","])
def test_a_csv_is_read(client, encoding, separator):
    row = new_row(1, Roepnaam="Zoë", Plaats="’s-Hertogenbosch")
    data = text_of(row, separator=separator).encode(encoding)

    response = upload(client, data, "blad.csv")

    assert not response.context["preview"].wrong
    assert "Zoë" in response.context["form"]["text"].value()


def test_a_file_that_is_no_sheet_is_refused_and_the_text_is_asked_again(client):
    response = upload(client, b"%PDF-1.7\x00\x01\x02", "blad.xlsx")

    assertContains(response, "Dit bestand kunnen wij niet lezen.")


def test_a_large_file_is_refused(client):
    response = upload(client, b"x" * (MAX_BYTES + 1), "blad.csv")

    assertContains(response, "Dit bestand is te groot.")


def test_both_a_file_and_text_is_not_clear(client):
    file = SimpleUploadedFile("blad.csv", text_of(new_row(1)).encode())

    response = check(client, text_of(new_row(2)), file=file)

    assertContains(response, "niet allebei")


def test_too_many_checks_have_to_wait(client, monkeypatch):
    monkeypatch.setattr(throttle, "UPLOADS_PER_USER", throttle.Limit("test.paste", 1, 60))
    check(client, text_of(new_row(1)))

    response = check(client, text_of(new_row(1)))

    assert response.status_code == 429
    assert response.headers["Retry-After"] == "60"
    assertContains(response, "Wacht 1 minuut", status_code=429)
    assertContains(response, "Kowalskib", status_code=429)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_template_is_understood(client, kind):
    data = client.get(reverse("absence:paste-template", args=[kind])).content

    response = upload(client, data, f"ziekmeldingen.{kind}")

    assertContains(response, "Onder de kolomkoppen staan geen regels.")


def test_there_is_no_other_kind_of_template(client):
    assert client.get(reverse("absence:paste-template", args=["xls"])).status_code == 404
