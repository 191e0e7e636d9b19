"""Files as an attacker makes them, each with the verdict that it must get. Built here, all of them.

"stored" means: it is let in, and is harmless by then. Source: security.md 2.10, F1, F7, F9, F10.
"""

import io
import struct
import zlib
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from documents.scanners import EICAR
from tests.documents import files

HTML = b"<!doctype html><script>alert(document.cookie)</script>"
PHP = b"<?php system($_GET['c']); ?>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
PROGRAM = b"MZ\x90\0" + bytes(500)
ELF = b"\x7fELF\x02\x01\x01" + bytes(500)
ZIP = files.zipped(macro=PROGRAM)
STORED = "stored"
PLACE, ORIENTATION, CAMERA = 0x8825, 0x0112, 0x010F


@dataclass(frozen=True, slots=True)
class Hostile:
    """One file; `verdict` is the code of the refusal, or STORED."""

    what: str
    name: str
    content: bytes
    verdict: str


def url(word: str) -> String:
    return String(f"//{word}.test")


def with_page(**keys: object) -> bytes:
    with pikepdf.open(io.BytesIO(files.pdf())) as document:
        for key, value in keys.items():
            document.pages[0].obj[f"/{key}"] = value
        return saved(document)


def saved(document: pikepdf.Pdf, **options: object) -> bytes:
    target = io.BytesIO()
    document.save(target, **options)
    return target.getvalue()


def hidden_script() -> bytes:
    """Where no search for the word finds it: in a compressed object stream."""
    with pikepdf.open(io.BytesIO(files.pdf_with(OpenAction=files.script()))) as document:
        return saved(document, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def locked() -> bytes:
    return files.pdf(encryption=pikepdf.Encryption(owner="geheim", user="geheim"))


def no_pages() -> bytes:
    with pikepdf.new() as document:
        return saved(document)


def without_table() -> bytes:
    """A reader that repairs would open it: the place of its table is wrong."""
    head, _, _ = files.pdf().rpartition(b"startxref")
    return head + b"startxref\n99999\n%%EOF\n"


def chunk(kind: bytes, content: bytes) -> bytes:
    body = kind + content
    return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))


def png(width: int, height: int, *chunks: bytes, lines: int | None = None) -> bytes:
    """One bit per pixel, all black: huge pictures in few bytes."""
    line = bytes(1 + (width + 7) // 8)
    packer, packed = zlib.compressobj(9), b""
    for _ in range(height if lines is None else lines):
        packed += packer.compress(line)
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    parts = [chunk(b"IHDR", header), *chunks, chunk(b"IDAT", packed + packer.flush())]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts) + chunk(b"IEND", b"")


def text_bomb() -> bytes:
    return chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(80_000_000), 9))


def moving() -> bytes:
    pictures = [Image.new("L", (20, 20), shade) for shade in (0, 120, 250)]
    target = io.BytesIO()
    pictures[0].save(target, "PNG", save_all=True, append_images=pictures[1:])
    return target.getvalue()


def photo(**options: object) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (60, 40), (200, 30, 30)).save(target, "JPEG", **options)
    return target.getvalue()


def photo_from_a_phone() -> bytes:
    """Lies on its side, and tells where and with what it was taken."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[CAMERA] = 6, "Telefoon van Wim"
    exif[PLACE] = {1: "N", 2: (51.0, 49.0, 30.0), 3: "E", 4: (5.0, 51.0, 10.0)}
    return photo(exif=exif, comment=PHP, dpi=(72, 72))


def huge_photo() -> bytes:
    """Says that it is 60,000 pixels wide and high."""
    content = bytearray(photo())
    frame = content.index(b"\xff\xc0")
    content[frame + 5 : frame + 9] = struct.pack(">HH", 60_000, 60_000)
    return bytes(content)


def scan_with_words() -> bytes:
    words = PngInfo()
    words.add_text("Comment", PHP.decode())
    target = io.BytesIO()
    Image.new("L", (40, 30), 255).save(target, "PNG", pnginfo=words, icc_profile=b"profiel" * 9)
    return target.getvalue()


def other(kind: str) -> bytes:
    return files.image(kind)


def active_pdfs() -> dict[str, bytes]:
    link, action = files.pdf_with_link, Dictionary
    media = Dictionary(Type=Name.Annot, Subtype=Name.RichMedia, RichMediaContent=Dictionary())
    return {
        "script at the start": files.pdf_with(OpenAction=files.script()),
        "script hidden in an object stream": hidden_script(),
        "script by name": files.pdf_with(Names=action(JavaScript=action(Names=Array([])))),
        "script when the page opens": with_page(AA=action(O=files.script())),
        "script when the file closes": files.pdf_with(AA=action(WC=files.script())),
        "address at the start": files.pdf_with(OpenAction=action(S=Name.URI, URI=url("kwaad"))),
        "program behind a link": link(action(S=Name.Launch, F=String("cmd.exe"))),
        "program at the start": files.pdf_with(OpenAction=action(S=Name.Launch, F=url("x"))),
        "form that sends itself": link(action(S=Name.SubmitForm, F=url("kwaad"))),
        "data that comes in": link(action(S=Name.ImportData, F=String("x.fdf"))),
        "another file": link(action(S=Name.GoToR, F=String("\\\\kwaad.test\\a.pdf"))),
        "an embedded file that opens": link(action(S=Name.GoToE, T=action(R=Name.C))),
        "a film": link(action(S=Name.Rendition, OP=0)),
        "rich media": with_page(Annots=Array([media])),
        "XFA": files.pdf_with(AcroForm=action(Fields=Array([]), XFA=String("<xdp/>"))),
        "attachment": files.pdf_with_attachment(),
    }


def hostile_pdfs() -> list[Hostile]:
    good = files.pdf()
    broken = {
        "only a head": b"%PDF-1.7\n",
        "HTML with the head of a PDF": b"%PDF-1.7\n" + HTML,
        "HTML between head and body": b"%PDF-1.7\n" + HTML + good[9:],
        "cut off": good[: len(good) // 2],
        "without its end": good[:-6],
        "wrong place of the table": without_table(),
        "HTML behind the end": good + HTML,
        "archive behind the end": good + ZIP,
        "program behind the end": good + PROGRAM,
        "no page": no_pages(),
    }
    others = {
        "mismatch": {
            "HTML in front": HTML + good,
            "blank in front": b"\n" + good,
            "HTML": HTML,
            "program": PROGRAM,
            "Word document": ZIP,
            "zeros": bytes(100_000),
        },
        "encrypted": {"password": locked()},
        "pages": {"501 pages": files.pdf(pages=501)},
        "empty": {"nothing": b""},
        "active": active_pdfs(),
        "broken": broken,
    }
    return [
        Hostile(f"PDF: {what}", "loonstrook.pdf", content, verdict)
        for verdict, contents in others.items()
        for what, content in contents.items()
    ]


def hostile_images() -> list[Hostile]:
    jpeg, scan = photo(), files.image("PNG")
    table: list[tuple[str, str, bytes, str]] = [
        ("flood of pixels", "scan.png", png(20_000, 20_000), "pixels"),
        ("header of 60,000 by 60,000", "foto.jpg", huge_photo(), "pixels"),
        ("promises more than it has", "scan.png", png(3000, 3000, lines=2), STORED),
        ("words that inflate to 80 MB", "scan.png", png(10, 10, text_bomb()), "broken"),
        ("moving", "scan.png", moving(), "moving"),
        ("cut off", "scan.png", scan[:-30], "broken"),
        ("cut off", "foto.jpg", jpeg[: len(jpeg) // 2], "broken"),
        ("noise", "foto.jpg", b"\xff\xd8\xff" + b"x" * 900, "broken"),
        ("with archive", "foto.jpg", jpeg + ZIP, "broken"),
        ("with archive", "scan.png", scan + ZIP, "broken"),
        ("GIF", "foto.jpg", other("GIF"), "mismatch"),
        ("WebP", "foto.jpg", other("WEBP"), "mismatch"),
        ("TIFF", "scan.png", other("TIFF"), "mismatch"),
        ("SVG", "scan.png", SVG, "mismatch"),
        ("ELF", "foto.jpg", ELF, "mismatch"),
        ("JPEG", "scan.png", jpeg, "mismatch"),
        ("TIFF", "scan.tiff", other("TIFF"), "kind"),
        ("SVG", "scan.svg", SVG, "kind"),
        ("place, camera and PHP", "foto.jpg", photo_from_a_phone(), STORED),
        ("HTML behind the end", "foto.jpg", jpeg + HTML, STORED),
        ("EICAR behind the end", "foto.jpg", jpeg + EICAR, STORED),
        ("HTML behind the end", "scan.png", scan + HTML, STORED),
        ("PHP and a profile", "scan.png", scan_with_words(), STORED),
    ]
    return [Hostile(f"{name}: {what}", name, *rest) for what, name, *rest in table]


def hostile_names() -> list[Hostile]:
    names = {
        "loon.pdf.exe": "kind",
        "loon\u202efdp.exe": "kind",
        "loon.pdf\0.exe": "kind",
        "loon.pdf::$DATA": "kind",
        "loon.\uff50\uff44\uff46": "kind",
        ".htaccess": "kind",
        "loon.exe.pdf": STORED,
        "../../../etc/cron.d/loon.pdf": STORED,
        "C:\\Windows\\loon.pdf": STORED,
        "CON.pdf": STORED,
        "loon\r\nSet-Cookie: a=b.pdf": STORED,
        '"><img src=x onerror=alert(1)>.pdf': STORED,
        "a" * 300 + ".pdf": STORED,
        "loon.pdf .": STORED,
        "\u2067fdp.loon\u2069.pdf": STORED,
    }
    return [Hostile(f"name: {name!a}", name, files.pdf(), names[name]) for name in names]


def everything() -> list[Hostile]:
    return [*hostile_pdfs(), *hostile_images(), *hostile_names()]
