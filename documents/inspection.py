"""Opens one uploaded file as a reader would, in a process of its own with little memory and time.

A parser is where a hostile file does its work: here it can take down nothing but this process.
Run as a program, `python -I inspection.py`, it gets ready and reads `<type> <path>` from one line;
prints one verdict and, for an image, a zero byte and the image drawn anew. Imports nothing of the
portal, so that it holds no secrets.
Source: security.md 2.10 (limits, what counts as active content, images are drawn anew).
"""

import io
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
MOVING = "moving"
VERDICTS = {OK, BROKEN, ENCRYPTED, ACTIVE, TOO_MANY_PAGES, TOO_MANY_PIXELS, MOVING}
END_OF_VERDICT = b"\0"

MEMORY_BYTES = 1024**3
CPU_SECONDS = 20
MAX_PAGES = 500
MAX_PIXELS = 40_000_000  # an A4 scan at 600 dpi has 35 million
PNG_COMPRESSION = 2  # more takes three times as long and saves a tenth
KEPT_INFO = ("transparency",)
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
    """Prints what it finds of the one file that it is asked about."""
    limit_this_process()
    warnings.simplefilter("error")
    load_parsers()
    type_, _, path = sys.stdin.readline().rstrip("\n").partition(" ")
    if not path:
        return  # who would have asked is gone
    found, redrawn = inspect(type_, path)
    sys.stdout.buffer.write(found.encode() + (END_OF_VERDICT + redrawn if redrawn else b""))


def load_parsers() -> None:
    """What takes longest, and needs no file."""
    import pikepdf  # noqa: F401
    from PIL import Image, ImageOps, JpegImagePlugin, PngImagePlugin  # noqa: F401


def limit_this_process() -> None:
    """From here on little memory, little time, and no writing."""
    if sys.platform != "darwin":  # macOS refuses this one
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def inspect(type_: str, path: str) -> tuple[str, bytes]:
    """The verdict on a file whose signature promises this content type; a good image drawn anew."""
    if zipfile.is_zipfile(path):
        return BROKEN, b""  # two kinds of file in one: harmless here, an archive elsewhere
    if type_ == "application/pdf":
        return pdf_verdict(path), b""
    return inspect_image(type_.removeprefix("image/"), path)


def pdf_verdict(path: str) -> str:
    """Strict: no repair of a damaged file, as repair also accepts a page of HTML with a PDF in it.

    A PDF that opens without a password is accepted when its author forbade only printing or
    changing: salary software does that. Every object is read; page content is not inflated.
    """
    import pikepdf

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


def inspect_image(kind: str, path: str) -> tuple[str, bytes]:
    """Decodes all pixels; only the decoder that the signature names is used.

    A PNG that moves is refused: only its first picture would be kept. A JPEG with a second, small
    one (as phones make) keeps the first.
    """
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    try:
        with Image.open(path, formats=[kind]) as image:
            if kind == "png" and getattr(image, "n_frames", 1) > 1:
                return MOVING, b""
            image.load()
            return OK, redrawn_jpeg(image) if kind == "jpeg" else redrawn_png(image)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        return TOO_MANY_PIXELS, b""
    except (OSError, ValueError, SyntaxError, EOFError, Warning):
        return BROKEN, b""


def redrawn_jpeg(image: Any) -> bytes:
    """The same picture the right way up, as finely as it was: no place, camera, comment or tail."""
    from PIL import ImageOps, JpegImagePlugin

    sampling = JpegImagePlugin.get_sampling(image)
    how: dict[str, Any] = {"qtables": image.quantization}
    if sampling >= 0:  # else it has one that Pillow cannot write
        how["subsampling"] = sampling
    return written(ImageOps.exif_transpose(image), "JPEG", **how)


def redrawn_png(image: Any) -> bytes:
    """The same pixels: no text, profile or tail."""
    return written(image, "PNG", compress_level=PNG_COMPRESSION)


def written(image: Any, kind: str, **how: Any) -> bytes:
    """Without what Pillow would copy from the original by itself."""
    clean = image.copy()
    clean.info = {key: image.info[key] for key in KEPT_INFO if key in image.info}
    target = io.BytesIO()
    clean.save(target, kind, **how)
    return target.getvalue()


if __name__ == "__main__":
    main()
