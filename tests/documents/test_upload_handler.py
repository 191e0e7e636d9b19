"""Files as they come in: no more on disk than is kept, and nothing of who is not logged in."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import RequestFactory

from accounts.models import User
from documents.uploads import BoundedUploadHandler, is_too_large
from tests.documents import files


@pytest.fixture(autouse=True)
def _small(settings: Any) -> None:
    settings.DOCUMENT_MAX_BYTES = 1000
    settings.DOCUMENT_MAX_FILES = 2


@contextmanager
def received(user: Any, *contents: bytes) -> Iterator[HttpRequest]:
    uploads = [files.upload(content, f"{place}.pdf") for place, content in enumerate(contents)]
    request = RequestFactory().post("/", {"folder": "LOONSTROOK", "uploads": uploads})
    request.user = user
    request.upload_handlers = [BoundedUploadHandler(request)]
    yield request
    request.close()


def sizes(user: Any, *contents: bytes) -> list[tuple[int, int]]:
    """What each received file says it is, and what lies on disk."""
    found = []
    with received(user, *contents) as request:
        for file in request.FILES.getlist("uploads"):
            file.flush()
            found.append((file.size, Path(file.temporary_file_path()).stat().st_size))
    return found


def test_a_file_is_on_disk_as_it_came(anna: User) -> None:
    with received(anna, b"x" * 1000, b"yz") as request:
        assert [file.read() for file in request.FILES.getlist("uploads")] == [b"x" * 1000, b"yz"]
    assert sizes(anna, b"x" * 1000, b"yz") == [(1000, 1000), (2, 2)]


def test_what_is_too_large_keeps_its_size_but_takes_no_room(anna: User) -> None:
    assert sizes(anna, b"x" * 200_000, b"y" * 10) == [(200_000, 0), (10, 10)]


def test_more_files_than_allowed_take_no_room(anna: User) -> None:
    assert sizes(anna, b"a", b"b", b"c" * 500, b"d") == [(1, 1), (1, 1), (500, 0), (1, 0)]


def test_nothing_is_kept_for_who_is_not_logged_in(db: None) -> None:
    assert sizes(AnonymousUser(), b"x" * 500) == [(500, 0)]


def test_a_body_that_is_too_large_is_left_unread(anna: User, settings: Any) -> None:
    settings.DOCUMENT_MAX_REQUEST_BYTES = 5000
    with received(anna, b"x" * 9000) as request:
        assert is_too_large(request)
        assert request.POST["folder"] == "LOONSTROOK"
        assert not request.FILES


@pytest.mark.parametrize("length", ["", "abc", "-5", None])
def test_an_odd_length_is_not_too_large(length: str | None) -> None:
    request = RequestFactory().get("/")
    request.META["CONTENT_LENGTH"] = length

    assert not is_too_large(request)
