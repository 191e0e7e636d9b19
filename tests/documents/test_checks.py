"""What an upload is: name, first bytes and a real parse must agree."""

import hashlib
import io
from pathlib import Path

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import TemporaryUploadedFile
from pikepdf import Array, Dictionary, Name, String

from documents import checks, inspection, inspectors
from documents.checks import check, clean_name
from documents.models import Document
from tests.documents import files

EMPTY_PASSWORD = pikepdf.Encryption(owner="geheim", user="", allow=pikepdf.Permissions())
COMPRESSED = pikepdf.ObjectStreamMode.generate
USER_PASSWORD = pikepdf.Encryption(owner="geheim", user="geheim")


def mail_link() -> Dictionary:
    return Dictionary(S=Name.URI, URI=String("mailto:info@voorbeeld.test"))


HTML = b"<!doctype html><script>alert(1)</script>"


PROGRAM = Path(inspection.__file__).read_text()


@pytest.fixture
def replaced_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the program that parses, for a test to rewrite: none waits with what it was."""
    program = tmp_path / "inspection.py"
    program.write_text(PROGRAM)
    inspectors.dismiss()
    monkeypatch.setattr(inspectors, "_prepare_next", lambda: None)
    monkeypatch.setattr(inspection, "__file__", str(program))
    return program


def refused(content: bytes, name: str = "loonstrook.pdf") -> tuple[str, str]:
    """The code and the text of the refusal."""
    with pytest.raises(ValidationError) as caught:
        check(files.upload(content, name))
    return caught.value.code, caught.value.message


@pytest.mark.parametrize(
    ("content", "name", "type_"),
    [
        (files.pdf(), "loonstrook.pdf", Document.Type.PDF),
        (files.pdf(), "LOONSTROOK.PDF", Document.Type.PDF),
        (
            files.pdf(3, object_stream_mode=COMPRESSED),
            "a.pdf",
            "application/pdf",
        ),
        (files.pdf(linearize=True), "a.pdf", Document.Type.PDF),
        (files.pdf(encryption=EMPTY_PASSWORD), "niet-te-wijzigen.pdf", Document.Type.PDF),
        (files.pdf_with_link(mail_link()), "met-mailadres.pdf", Document.Type.PDF),
        (
            files.pdf_with(OpenAction=Dictionary(S=Name.GoTo)),
            "a.pdf",
            Document.Type.PDF,
        ),
        (files.pdf_with(AcroForm=Dictionary(Fields=Array([]))), "formulier.pdf", Document.Type.PDF),
        (files.pdf() + b"\r\n\0\0", "opgevuld.pdf", Document.Type.PDF),
        (files.image("JPEG"), "foto.jpg", Document.Type.JPEG),
        (files.image("JPEG"), "foto.jpeg", Document.Type.JPEG),
        (files.image("PNG"), "scan.png", Document.Type.PNG),
        (files.pdf(), "loon.2026.10.pdf", Document.Type.PDF),
    ],
)
def test_it_accepts_what_it_claims_to_be(content: bytes, name: str, type_: str) -> None:
    file = check(files.upload(content, name))

    stored = file.content.read()
    assert file.type == type_
    assert file.size == len(stored)
    assert file.sha256 == hashlib.sha256(stored).hexdigest()
    assert stored == content or type_ != Document.Type.PDF  # images: test_hostile_files


@pytest.mark.parametrize(
    ("content", "name", "code", "advice"),
    [
        (b"", "leeg.pdf", "empty", "kies het opnieuw"),
        (HTML, "pagina.html", "kind", "Kies een PDF of een foto"),
        (b"MZ\x90\0", "setup.exe", "kind", "Kies een PDF of een foto"),
        (files.pdf(), "zonder-extensie", "kind", "Kies een PDF of een foto"),
        (files.pdf(), ".pdf", "kind", "Kies een PDF of een foto"),
        (files.zipped(a=b"x"), "brief.docx", "kind", "op als PDF"),
        (b"ftypheic", "foto.HEIC", "kind", "op als JPEG"),
        (files.zipped(a=b"x"), "alles.zip", "kind", "Pak het bestand uit"),
        (b"MZ\x90\0", "loonstrook.pdf", "mismatch", "sla het opnieuw op als PDF"),
        (HTML, "pagina.pdf", "mismatch", "sla het opnieuw op als PDF"),
        (HTML + files.pdf(), "eerst-html.pdf", "mismatch", "sla het opnieuw op als PDF"),
        (files.pdf(), "foto.jpg", "mismatch", "sla het opnieuw op als JPEG"),
        (files.image("PNG"), "foto.jpg", "mismatch", "sla het opnieuw op als JPEG"),
        (files.image("JPEG"), "scan.png", "mismatch", "sla het opnieuw op als PNG"),
        (b"%PDF-1.7\n" + HTML, "alleen-de-kop.pdf", "broken", "Maak het document opnieuw"),
        (b"%PDF-1.7\n" + HTML + files.pdf()[9:], "met-html.pdf", "broken", "Maak het document"),
        (files.pdf()[:-200], "afgekapt.pdf", "broken", "Maak het document opnieuw"),
        (files.pdf() + HTML, "met-staart.pdf", "broken", "Maak het document opnieuw"),
        (files.pdf() + files.zipped(a=b"x"), "met-archief.pdf", "broken", "Maak het document"),
        (files.image("JPEG") + files.zipped(a=b"x"), "foto.jpg", "broken", "Maak het document"),
        (files.image("PNG")[:-30], "half.png", "broken", "Maak het document opnieuw"),
        (b"\xff\xd8\xff" + b"x" * 900, "ruis.jpg", "broken", "Maak het document opnieuw"),
        (files.pdf(encryption=USER_PASSWORD), "slot.pdf", "encrypted", "zonder wachtwoord"),
        (files.pdf(pages=501), "dik.pdf", "pages", "Splits het document"),
        (files.image("PNG", (8000, 5001)), "groot.png", "pixels", "Maak de foto kleiner"),
    ],
)
def test_it_refuses_and_says_what_to_do(content: bytes, name: str, code: str, advice: str) -> None:
    found, text = refused(content, name)

    assert found == code
    assert advice in text


@pytest.mark.parametrize(
    "content",
    [
        files.pdf_with(OpenAction=files.script()),
        files.pdf_with(OpenAction=Dictionary(S=Name.URI, URI=String("//kwaad.test"))),
        files.pdf_with(AA=Dictionary(WC=Dictionary(S=Name.URI, URI=String("//kwaad.test")))),
        files.pdf_with(Names=Dictionary(JavaScript=Dictionary(Names=Array([files.script()])))),
        files.pdf_with(AcroForm=Dictionary(Fields=Array([]), XFA=String("<xdp/>"))),
        files.pdf_with_link(Dictionary(S=Name.Launch, F=String("cmd.exe"))),
        files.pdf_with_link(Dictionary(S=Name.SubmitForm, F=String("//kwaad.test"))),
        files.pdf_with_link(Dictionary(S=Name.GoToR, F=String("ander.pdf"))),
        files.pdf_with_link(mail_link(), AA=Dictionary(E=files.script())),
        files.pdf_with_attachment(),
    ],
    ids=[
        "start",
        "start-url",
        "close",
        "names",
        "xfa",
        "launch",
        "submit",
        "other",
        "hover",
        "file",
    ],
)
def test_it_refuses_a_pdf_that_acts(content: bytes) -> None:
    assert refused(content)[0] == "active"


def test_script_inside_a_compressed_object_is_found() -> None:
    with pikepdf.open(io.BytesIO(files.pdf_with(OpenAction=files.script()))) as document:
        target = io.BytesIO()
        document.save(target, object_stream_mode=COMPRESSED)

    assert b"JavaScript" not in target.getvalue()
    assert refused(target.getvalue())[0] == "active"


def test_15_megabytes_is_allowed_and_one_byte_more_is_not(settings: object) -> None:
    content = files.pdf()
    settings.DOCUMENT_MAX_BYTES = len(content)

    assert check(files.upload(content)).size == len(content)
    assert refused(content + b"\n")[0] == "too_large"


def test_a_file_that_is_too_large_is_told_its_size() -> None:
    file = files.upload(b"%PDF-")
    file.size = 23 * 1024 * 1024 + 500_000

    with pytest.raises(ValidationError, match=r"is 23,5 MB; het mag hoogstens 15 MB zijn"):
        check(file)


def test_a_file_on_disk_is_read_where_it_lies() -> None:
    content = files.pdf()
    with TemporaryUploadedFile("a.pdf", "text/html", len(content), None) as file:
        file.write(content)
        file.seek(0)

        assert check(file).sha256 == hashlib.sha256(content).hexdigest()


def test_the_parse_runs_with_little_memory(replaced_program: Path) -> None:
    """A file whose objects inflate to more than the process may hold is refused, not fatal."""
    with pikepdf.new() as document:
        document.add_blank_page()
        document.Root.Big = document.make_indirect(Array([String("x" * 40_000_000)]))
        target = io.BytesIO()
        document.save(target, object_stream_mode=COMPRESSED)
    content = target.getvalue()
    assert len(content) < 1_000_000

    assert check(files.upload(content)).type == Document.Type.PDF
    replaced_program.write_text(PROGRAM.replace("1024**3", "100 * 1024**2"))
    assert refused(content)[0] in {"unchecked", "broken"}


def test_a_parse_that_takes_too_long_is_ended(
    monkeypatch: pytest.MonkeyPatch, replaced_program: Path
) -> None:
    replaced_program.write_text("import time; time.sleep(9)")
    monkeypatch.setattr(checks, "INSPECTION_SECONDS", 0.2)

    assert refused(files.pdf())[0] == "unchecked"


@pytest.mark.parametrize("answer", ["", "ok\n", "gelukt"])
def test_any_other_answer_than_ok_is_a_refusal(replaced_program: Path, answer: str) -> None:
    replaced_program.write_text(f"import sys; sys.stdout.write({answer!r})")

    assert refused(files.pdf())[0] == "unchecked"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Loonstrook oktober.pdf", "Loonstrook oktober.pdf"),
        ("/etc/passwd/loon.pdf", "loon.pdf"),
        ("C:\\Users\\anna\\loon.pdf", "loon.pdf"),
        ("../../loon.pdf", "loon.pdf"),
        ("loon\0strook\r\n.pdf", "loonstrook .pdf"),
        ("loon\u202efdp.exe", "loonfdp.exe"),
        ("loon\u200b\ufeff\u2066.pdf", "loon.pdf"),
        ("  loon   strook .pdf", "loon strook .pdf"),
        ("loon\tstrook\u00a0oktober.pdf", "loon strook oktober.pdf"),
        ("Zoe\u0308.pdf", "Zo\u00eb.pdf"),
        ("<script>alert(1)<\\script>.pdf", "script>.pdf"),
        ("Łukaszewicz – contract (1).pdf", "Łukaszewicz – contract (1).pdf"),
        ("a" * 300 + ".pdf", "a" * 146 + ".pdf"),
        ("a." + "b" * 300, "a." + "b" * 148),
        ("", "document"),
        ("...", "document"),
        ("\u202e", "document"),
    ],
)
def test_a_name_is_fit_to_be_shown(name: str, shown: str) -> None:
    assert clean_name(name) == shown
    assert len(clean_name(name)) <= 150
