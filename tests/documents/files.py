"""Files as people and attackers make them: built here, so that each test says what is in it."""

import io
import zipfile

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from documents import checks
from documents.checks import CheckedFile


def pdf(pages: int = 1, text: str = "Loonstrook oktober", **save_options: object) -> bytes:
    """A PDF with a line of text on each page. Another text gives other bytes."""
    with pikepdf.new() as document:
        for _ in range(pages):
            document.add_blank_page(page_size=(595, 842))
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        for page in document.pages:
            page.Resources = Dictionary(Font=Dictionary(F1=font))
            page.Contents = document.make_stream(f"BT /F1 12 Tf 50 800 Td ({text}) Tj ET".encode())
        return _saved(document, **save_options)


def pdf_of(size: int) -> bytes:
    """A PDF of exactly so many bytes."""
    return pdf(text="x" * (2 * size - len(pdf(text="x" * size))))


def pdf_with(**root: object) -> bytes:
    """A PDF with more in its catalogue: `OpenAction`, `AcroForm`, `Names`."""
    with pikepdf.open(io.BytesIO(pdf())) as document:
        for key, value in root.items():
            document.Root[f"/{key}"] = value
        return _saved(document)


def pdf_with_link(action: Dictionary, **annotation: object) -> bytes:
    """A PDF whose page has one link with this action."""
    with pikepdf.open(io.BytesIO(pdf())) as document:
        link = Dictionary(
            Type=Name.Annot,
            Subtype=Name.Link,
            Rect=Array([0, 0, 9, 9]),
            A=document.make_indirect(action),
            **annotation,
        )
        document.pages[0].Annots = Array([link])
        return _saved(document)


def pdf_with_attachment() -> bytes:
    with pikepdf.open(io.BytesIO(pdf())) as document:
        document.attachments["macro.docm"] = b"MZ"
        return _saved(document)


def script(code: str = "app.alert(1)") -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String(code))


def _saved(document: pikepdf.Pdf, **options: object) -> bytes:
    """The same content gives the same bytes, unless it is encrypted."""
    target = io.BytesIO()
    document.save(
        target, deterministic_id="encryption" not in options, compress_streams=False, **options
    )
    return target.getvalue()


def image(kind: str = "PNG", size: tuple[int, int] = (40, 30)) -> bytes:
    target = io.BytesIO()
    Image.new("L", size, 255).save(target, kind)
    return target.getvalue()


def zipped(**parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def upload(content: bytes, name: str = "loonstrook.pdf") -> SimpleUploadedFile:
    """As the test client sends it; the content type is a lie on purpose."""
    return SimpleUploadedFile(name, content, content_type="text/html")


def checked(content: bytes | None = None, name: str = "loonstrook.pdf") -> CheckedFile:
    """A file that passed the checks, for tests of actions."""
    return checks.check(upload(content or pdf(), name))
