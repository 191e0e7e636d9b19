"""Opens one uploaded file as a reader would, in a process of its own with little memory and time.

A parser is where a hostile file does its work: here it can take down nothing but this process.
Run as a program, `python -I inspection.py <type> <path>`; prints one verdict. Imports nothing of
the portal, so that it starts in a tenth of a second and holds no secrets.
Source: security.md 2.10 (limits, what counts as active content).
"""

import resource
import sys
import warnings
import zipfile
from collections.abc import Iterator
from typing import Any

OK = "ok"
BROKEN = "broken"
ENCRYPTED = "encrypted"
ACTIVE = "active"
TOO_MANY_PAGES = "pages"
TOO_MANY_PIXELS = "pixels"
VERDICTS = {OK, BROKEN, ENCRYPTED, ACTIVE, TOO_MANY_PAGES, TOO_MANY_PIXELS}

MEMORY_BYTES = 1024**3
CPU_SECONDS = 10
MAX_PAGES = 500
MAX_PIXELS = 40_000_000  # an A4 scan at 600 dpi has 35 million
END_OF_PDF = b"%%EOF"
TAIL_BYTES = 64 * 1024

# What does something by itself, or carries another file, when the PDF is opened.
ACTIVE_KEYS = {"/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/XFA", "/RichMediaContent"}
ACTIVE_ACTIONS = {
    "/JavaScript",
    "/Launch",
    "/SubmitForm",
    "/ImportData",
    "/GoToR",
    "/GoToE",
    "/Rendition",
    "/RichMediaExecute",
}
AUTOMATIC_KEYS = {"/OpenAction", "/AA"}
HARMLESS_AUTOMATIC = {"/GoTo", "/Named"}


def main() -> None:
    """Prints the verdict on the file named on the command line."""
    limit_this_process()
    warnings.simplefilter("error")
    type_, path = sys.argv[1:]
    sys.stdout.write(verdict(type_, path))


def limit_this_process() -> None:
    """From here on little memory, little time, and no writing."""
    if sys.platform != "darwin":  # macOS refuses this one
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def verdict(type_: str, path: str) -> str:
    """What the file turns out to be, for a content type that its signature promises."""
    if zipfile.is_zipfile(path):
        return BROKEN  # two kinds of file in one: harmless here, an archive elsewhere
    return pdf_verdict(path) if type_ == "application/pdf" else image_verdict(type_, path)


def pdf_verdict(path: str) -> str:
    """Strict: no repair of a damaged file, as repair also accepts a page of HTML with a PDF in it.

    A PDF that opens without a password is accepted when its author forbade only printing or
    changing: salary software does that. Every object is read; page content is not inflated.
    """
    import pikepdf  # only for PDFs: an image should not pay for it

    if has_tail(path):
        return BROKEN
    try:
        with pikepdf.open(path, attempt_recovery=False) as pdf:
            pages = len(pdf.pages)
            if not 1 <= pages <= MAX_PAGES:
                return TOO_MANY_PAGES if pages else BROKEN
            return ACTIVE if any(is_active(part) for part in dictionaries(pdf)) else OK
    except pikepdf.PasswordError:
        return ENCRYPTED
    except (pikepdf.PdfError, ValueError, RuntimeError):
        return BROKEN


def has_tail(path: str) -> bool:
    """Whether anything but blanks follows the end of the PDF."""
    with open(path, "rb") as file:
        file.seek(-min(TAIL_BYTES, file.seek(0, 2)), 2)
        _, found, tail = file.read().rpartition(END_OF_PDF)
    return not found or bool(tail.strip(b" \t\r\n\f\0"))


def dictionaries(pdf: Any) -> Iterator[Any]:
    """Every dictionary of the file, those inside other objects included."""
    import pikepdf

    for whole in pdf.objects:
        waiting = [whole]
        while waiting:
            part = waiting.pop()
            children: list[Any]
            if isinstance(part, pikepdf.Array):
                children = list(part)
            elif isinstance(part, pikepdf.Dictionary | pikepdf.Stream):
                yield part
                children = [part.get(key) for key in part.keys()]  # noqa: SIM118 - not a mapping
            else:
                continue
            waiting += [
                child
                for child in children
                if isinstance(child, pikepdf.Object) and not child.is_indirect
            ]


def is_active(part: Any) -> bool:
    """Whether this dictionary runs, sends, opens or carries something."""
    keys = set(part.keys())
    if keys & ACTIVE_KEYS or str(part.get("/S")) in ACTIVE_ACTIONS:
        return True
    return any(starts_something(part.get(key)) for key in keys & AUTOMATIC_KEYS)


def starts_something(action: Any) -> bool:
    """Whether an automatic action does more than show a place in this document."""
    import pikepdf

    if not isinstance(action, pikepdf.Dictionary):
        return False  # a destination
    if "/S" in action:
        return str(action.get("/S")) not in HARMLESS_AUTOMATIC
    return any(starts_something(action.get(key)) for key in action.keys())  # noqa: SIM118


def image_verdict(type_: str, path: str) -> str:
    """Decodes all pixels of the first image; only the decoder that the signature names is used."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    try:
        with Image.open(path, formats=[type_.removeprefix("image/")]) as image:
            image.load()
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        return TOO_MANY_PIXELS
    except (OSError, ValueError, SyntaxError, EOFError, Warning):
        return BROKEN
    return OK


if __name__ == "__main__":
    main()
