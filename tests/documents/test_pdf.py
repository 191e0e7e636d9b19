"""PDFs: from our own static files only, readable by a screen reader, user text escaped."""

import io
import subprocess
import threading
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.exceptions import SuspiciousFileOperation
from weasyprint.urls import FatalURLFetchingError

from documents.pdf import render_pdf
from documents.typesetting import StaticFilesOnly
from tests.processes import run_python


def text_of(pdf: bytes) -> str:
    """As a reader sees it."""
    command = ["pdftotext", "-layout", "-", "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()


@pytest.fixture
def template(tmp_path: Path, settings: Any) -> Path:
    """A template of the test's own, in the frame of all PDFs: rendered as "proef.html"."""
    settings.TEMPLATES = [
        settings.TEMPLATES[0] | {"DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}
    ]
    return tmp_path / "proef.html"


def render(template: Path, content: str, **context: Any) -> bytes:
    template.write_text(
        '{% extends "pdf/base.html" %}{% block title %}Proef{% endblock %}'
        f"{{% block content %}}<h1>Proef</h1>{content}{{% endblock %}}"
    )
    return render_pdf(template.name, context)


def test_it_is_tagged_titled_and_dutch(template: Path) -> None:
    with pikepdf.open(io.BytesIO(render(template, "<p>Tekst</p>"))) as document:
        assert str(document.Root.Lang) == "nl"
        assert bool(document.Root.MarkInfo.Marked)
        assert "/StructTreeRoot" in document.Root
        with document.open_metadata() as metadata:
            assert metadata["dc:title"] == "Proef"
            assert metadata["pdfuaid:part"] == "1"


def test_it_is_set_in_our_own_letters(template: Path) -> None:
    with pikepdf.open(io.BytesIO(render(template, "<p>Łukaszewicz, Yıldız</p>"))) as document:
        fonts = {
            str(part.BaseFont).partition("+")[2]
            for part in document.objects
            if isinstance(part, pikepdf.Dictionary) and "/BaseFont" in part
        }

    assert fonts
    assert all(name.startswith("Lato") for name in fonts), fonts


def test_user_text_is_text(template: Path) -> None:
    hostile = '<img src="file:///etc/passwd"><link rel=attachment href="/etc/passwd">& <b>'

    assert hostile in text_of(render(template, "<p>{{ name }}</p>", name=hostile)).replace(
        "\n", " "
    )


def test_pages_are_numbered(template: Path) -> None:
    pdf = render(template, "<p>Regel</p>" * 200)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        count = len(document.pages)

    assert count > 2
    assert f"Blad {count} van {count}" in text_of(pdf)


@pytest.mark.parametrize(
    "address",
    [
        "https://example.test/logo.png",
        "file:///etc/passwd",
        "data:image/png;base64,AAAA",
        "ftp://example.test/x",
        "http://static.invalid.example.test/x",
        "http://static.invalid/static/../portal/settings.py",
        "http://static.invalid/static/nergens.css",
    ],
)
def test_nothing_but_our_static_files_is_fetched(address: str) -> None:
    with pytest.raises((FatalURLFetchingError, SuspiciousFileOperation)):
        StaticFilesOnly().fetch(address)


def test_a_template_that_reaches_outside_fails_loudly(template: Path) -> None:
    with pytest.raises(FatalURLFetchingError):
        render(template, '<img src="https://example.test/logo.png" alt="">')


def test_what_all_pdfs_share_is_fetched_once(
    template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stylesheet and its fonts: to read them again takes longer than an empty page."""
    render(template, "<p>Tekst</p>")
    asked: list[str] = []
    monkeypatch.setattr(StaticFilesOnly, "fetch", lambda _, url, headers=None: asked.append(url))
    render(template, "<p>Tekst</p>")

    assert asked == []


def test_several_threads_can_ask_at_once(template: Path) -> None:
    render(template, "<p>Tekst</p>")
    made: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: made.append(render_pdf(template.name, {})))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [text_of(pdf).count("Tekst") for pdf in made] == [1] * 6


def test_who_makes_no_pdf_does_not_load_what_sets_them() -> None:
    """It takes as long as all the rest: a start, a migration, each command would wait for it."""
    run_python(
        "import django, sys; django.setup(); import portal.urls;"
        " assert 'documents.views' in sys.modules; assert 'weasyprint' not in sys.modules"
    )
