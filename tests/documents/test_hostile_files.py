"""The hostile set: each file gets its verdict, and what is let in is harmless by then.

Source: security.md F1, F7, F9, F10.
"""

import io
import unicodedata
import zipfile

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from documents.checks import CheckedFile, check
from documents.models import Document
from documents.scanners import EICAR
from tests.documents import files, hostile
from tests.documents.hostile import STORED, Hostile

SET = hostile.everything()
LET_IN = [one for one in SET if one.verdict == STORED]
IMAGES = [one for one in LET_IN if not one.name.endswith(".pdf") and one.content[:4] != b"%PDF"]


def name_of(one: Hostile) -> str:
    return one.what


def judge(one: Hostile) -> CheckedFile:
    return check(files.upload(one.content, one.name))


def content_of(file: CheckedFile) -> bytes:
    file.content.seek(0)
    return file.content.read()


@pytest.mark.parametrize("one", SET, ids=name_of)
def test_it_gets_its_verdict(one: Hostile) -> None:
    try:
        judge(one)
        verdict = STORED
    except ValidationError as refusal:
        verdict = refusal.code or ""

    assert verdict == one.verdict


def test_the_set_is_large_and_has_files_of_each_verdict() -> None:
    assert len(SET) >= 60
    assert len({one.what for one in SET}) == len(SET)
    assert {one.verdict for one in SET} == {
        STORED, "active", "broken", "empty", "encrypted", "kind", "mismatch", "moving", "pages",
        "pixels",
    }  # fmt: skip


@pytest.mark.parametrize("one", IMAGES, ids=name_of)
def test_of_an_image_only_the_picture_is_kept(one: Hostile) -> None:
    file = judge(one)
    content = content_of(file)

    for trace in (b"php", b"script", b"Wim", b"Exif", b"GPS", b"ICC", b"profiel", EICAR):
        assert trace not in content, trace
    assert not zipfile.is_zipfile(io.BytesIO(content))
    end = b"\xff\xd9" if file.type == Document.Type.JPEG else b"IEND\xaeB`\x82"
    assert content.endswith(end)
    with Image.open(io.BytesIO(content)) as image:
        image.load()
        assert not image.getexif()
        assert not set(image.info) - {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_a_photo_on_its_side_stands_up() -> None:
    with Image.open(io.BytesIO(content_of(check(photo())))) as image:
        assert image.size == (40, 60)


def test_a_photo_stays_as_fine_as_it_was() -> None:
    """The same tables and colours: what is lost is less than an eye sees."""
    original = Image.effect_noise((160, 120), 40).convert("RGB")
    target = io.BytesIO()
    original.save(target, "JPEG", quality=87, subsampling=0)
    with Image.open(io.BytesIO(target.getvalue())) as before:
        before.load()
        redrawn = content_of(check(files.upload(target.getvalue(), "foto.jpg")))
        with Image.open(io.BytesIO(redrawn)) as after:
            assert after.quantization == before.quantization
            pairs = zip(before.tobytes(), after.tobytes(), strict=True)
            assert max(abs(old - new) for old, new in pairs) <= 6


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_scan_keeps_each_pixel(mode: str) -> None:
    with Image.linear_gradient("L").resize((50, 40)) as gradient:
        original = gradient.convert("I").convert(mode) if mode == "I;16" else gradient.convert(mode)
    target = io.BytesIO()
    original.save(target, "PNG")
    redrawn = content_of(check(files.upload(target.getvalue(), "scan.png")))

    with Image.open(io.BytesIO(redrawn)) as after:
        assert (after.mode, after.tobytes()) == (original.mode, original.tobytes())


def test_a_transparent_colour_stays_transparent() -> None:
    target = io.BytesIO()
    drawing = Image.new("P", (9, 9), 3)
    drawing.putpalette([0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255])
    drawing.save(target, "PNG", transparency=3)
    redrawn = content_of(check(files.upload(target.getvalue(), "scan.png")))

    with Image.open(io.BytesIO(redrawn)) as after:
        assert after.convert("RGBA").getpixel((4, 4))[3] == 0


def test_the_same_photo_gives_the_same_bytes() -> None:
    """So that a form that is sent twice stores it once."""
    assert check(photo()).sha256 == check(photo()).sha256


def test_a_pdf_stays_as_it_was_to_the_last_byte() -> None:
    allowed = files.pdf(
        linearize=True, encryption=pikepdf.Encryption(owner="geheim", user="")
    )  # read-only
    for content in (files.pdf(3), allowed):
        assert content_of(check(files.upload(content))) == content


@pytest.mark.parametrize("one", LET_IN, ids=name_of)
def test_a_name_that_is_let_in_is_fit_to_be_shown(one: Hostile) -> None:
    name = judge(one).name

    assert len(name) <= 150
    assert not any(unicodedata.category(letter).startswith("C") for letter in name)
    assert "/" not in name
    assert "\\" not in name


def photo() -> object:
    return files.upload(hostile.photo_from_a_phone(), "foto.jpg")
