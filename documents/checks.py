"""What an uploaded file is, judged by its content. What the browser says it is does not count.

Name, first bytes and a real parse must agree. A refusal says what to do about it.
Source: security.md 2.10 and F; sizes: settings.
"""

import hashlib
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil
from pathlib import Path, PurePosixPath
from tempfile import NamedTemporaryFile

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.base import ContentFile

from documents import inspection, inspectors
from documents.models import Document

Type = Document.Type

SIGNATURES = {Type.PDF: b"%PDF-", Type.JPEG: b"\xff\xd8\xff", Type.PNG: b"\x89PNG\r\n\x1a\n"}
EXTENSIONS = {".pdf": Type.PDF, ".jpg": Type.JPEG, ".jpeg": Type.JPEG, ".png": Type.PNG}
NAME_LENGTH = 150
EXTENSION_LENGTH = 10
INSPECTION_SECONDS = 40  # on the clock; the process limits its own CPU time further

MEGABYTE = 1024 * 1024
AS_PDF = "Sla het document op als PDF (Bestand, Opslaan als) en kies dan de PDF."
OTHER_KINDS = {
    ".doc": AS_PDF,
    ".docx": AS_PDF,
    ".odt": AS_PDF,
    ".xls": AS_PDF,
    ".xlsx": AS_PDF,
    ".heic": "Sla de foto op als JPEG en kies dan die foto.",
    ".zip": "Pak het bestand uit en kies de documenten die erin zitten.",
}
REFUSALS = {
    "empty": "Dit bestand is leeg. Open het op uw computer en kies het opnieuw.",
    "kind": "Dit is geen PDF, JPEG of PNG.",
    "mismatch": "Dit bestand heet {named}, maar de inhoud is dat niet. Open het, "
    "sla het opnieuw op als {named} en kies dat bestand.",
    inspection.BROKEN: "Dit bestand is beschadigd. Maak het document opnieuw en kies dat bestand.",
    inspection.ENCRYPTED: "Dit bestand is beveiligd met een wachtwoord. Sla het op zonder "
    "wachtwoord en kies dat bestand.",
    inspection.ACTIVE: "In deze PDF zit een programma of een ander bestand. Druk het document af "
    "naar een nieuwe PDF en kies die.",
    inspection.TOO_MANY_PAGES: f"Deze PDF heeft meer dan {inspection.MAX_PAGES} bladzijden. "
    "Splits het document en kies de delen.",
    inspection.TOO_MANY_PIXELS: "Deze afbeelding heeft te veel beeldpunten (meer dan "
    f"{inspection.MAX_PIXELS // 1_000_000} miljoen). Maak de foto kleiner en kies die opnieuw.",
    inspection.MOVING: "Deze afbeelding beweegt: zij bestaat uit meer beelden. Sla het beeld dat u "
    "wilt bewaren op als PNG of JPEG en kies dat bestand.",
    "unchecked": "Dit bestand kan niet worden gecontroleerd. Maak het document opnieuw, "
    "of druk het af naar een nieuwe PDF.",
}


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that may be stored: what it is comes from its content, its name is safe to show."""

    content: "File[bytes]"
    name: str
    type: Type
    size: int
    sha256: str


def check(file: "File[bytes]") -> CheckedFile:
    """Judges one file. Raises ValidationError with the reason and what to do, in Dutch."""
    name = clean_name(file.name or "")
    if not file.size:
        raise refusal("empty")
    if file.size > settings.DOCUMENT_MAX_BYTES:
        raise too_large(file.size)
    extension = PurePosixPath(name).suffix.lower()
    if extension not in EXTENSIONS:
        raise wrong_kind(extension)
    type_ = EXTENSIONS[extension]
    with on_disk(file) as path:
        if not first_bytes(path).startswith(SIGNATURES[type_]):
            raise refusal("mismatch", named=type_.label)
        inspector = inspectors.begin(type_.value, str(path))
        try:
            sha256 = hashed(path)  # meanwhile
        finally:
            verdict, redrawn = verdict_of(inspector)
        if verdict != inspection.OK:
            raise refusal(verdict)
        if type_ != Type.PDF:
            return drawn_anew(name, type_, redrawn)
    return CheckedFile(content=file, name=name, type=type_, size=file.size, sha256=sha256)


def drawn_anew(name: str, type_: Type, content: bytes) -> CheckedFile:
    """An image as it is stored: the picture, and nothing else that was in the file."""
    if not content:
        raise refusal("unchecked")
    if len(content) > settings.DOCUMENT_MAX_BYTES:
        raise too_large(len(content))
    return CheckedFile(
        content=ContentFile(content),
        name=name,
        type=type_,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def clean_name(name: str) -> str:
    """The user's name for a file, fit to be shown: at most 150 characters, the extension kept.

    No folders, and nothing invisible: control, direction and private characters are what make
    "fdp.exe" look like "exe.pdf".
    """
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    kept = "".join(char for char in name if char.isspace() or unicodedata.category(char)[0] != "C")
    kept = " ".join(kept.split()).strip(". ") if kept.strip(". ") else ""
    stem, dot, extension = (kept or "document").rpartition(".")
    if not stem or len(extension) > EXTENSION_LENGTH:
        return (kept or "document")[:NAME_LENGTH]
    return stem[: NAME_LENGTH - len(extension) - 1] + dot + extension


def refusal(code: str, **words: str) -> ValidationError:
    return ValidationError(REFUSALS[code].format(**words), code=code)


def too_large(size: int) -> ValidationError:
    limit = settings.DOCUMENT_MAX_BYTES // MEGABYTE
    megabytes = f"{ceil(size / MEGABYTE * 10) / 10}".replace(".", ",")  # never "15 MB" over 15 MB
    return ValidationError(
        f"Dit bestand is {megabytes} MB; het mag hoogstens {limit} MB zijn. "
        "Splits het document, of scan het met een lagere kwaliteit.",
        code="too_large",
    )


def wrong_kind(extension: str) -> ValidationError:
    advice = OTHER_KINDS.get(extension, "Kies een PDF of een foto (JPEG of PNG).")
    return ValidationError(f"{REFUSALS['kind']} {advice}", code="kind")


@contextmanager
def on_disk(file: "File[bytes]") -> Iterator[Path]:
    """The path of the file; a file in memory is written to a temporary one."""
    if hasattr(file, "temporary_file_path"):
        yield Path(file.temporary_file_path())
        return
    with NamedTemporaryFile(prefix="controle-") as copy:
        for chunk in file.chunks():
            copy.write(chunk)
        copy.flush()
        file.seek(0)
        yield Path(copy.name)


def first_bytes(path: Path) -> bytes:
    with path.open("rb") as content:
        return content.read(8)


def hashed(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def verdict_of(inspector: inspectors.Inspector) -> tuple[str, bytes]:
    """The verdict of a full parse in a child process, and the image that it drew anew.

    "unchecked" when the process died, took too long or said something else.
    """
    answer = inspectors.answer(inspector, seconds=INSPECTION_SECONDS)
    if answer is None:
        return "unchecked", b""
    said, _, redrawn = answer.partition(inspection.END_OF_VERDICT)
    verdict = said.decode(errors="replace")
    return (verdict, redrawn) if verdict in inspection.VERDICTS else ("unchecked", b"")
