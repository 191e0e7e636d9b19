"""Where the files of documents lie. A file and its row come together, or neither comes."""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from django.core.files.storage import default_storage
from django.db import transaction

from documents.models import Document, storage_key

if TYPE_CHECKING:
    from django.core.files import File

logger = logging.getLogger(__name__)

_stored: ContextVar[list[str] | None] = ContextVar("stored", default=None)


class StorageError(Exception):
    """The file store does not answer, or is full. Nothing was stored."""


class FileMissingError(Exception):
    """The row is there; its file is gone, or is not the one that was stored."""


class AlteredError(FileMissingError):
    """The file is there, with other bytes than were stored."""


@contextmanager
def atomic_with_files() -> Iterator[None]:
    """A transaction; when it fails, the files that it stored are deleted again.

    Nests: an outer block that fails also deletes the files of an inner one that succeeded. Code
    that calls our actions in a transaction of its own uses this instead of `transaction.atomic`.
    Not covered is a process that is killed halfway: that leaves a file without a row, which no
    page can reach, never a row without a file.
    """
    outer = _stored.get()
    names: list[str] = []
    token = _stored.set(names)
    try:
        with transaction.atomic():
            yield
    except BaseException:
        _delete(names)
        raise
    finally:
        _stored.reset(token)
    if outer is not None:
        outer += names


def store(document: Document, content: "File[bytes]") -> None:
    """Writes the bytes as they are, before the row is written; to be called in `atomic_with_files`.

    Raises StorageError.
    """
    names = _stored.get()
    assert names is not None, "use atomic_with_files: without it a failure would orphan the file"
    name = storage_key(document, "")
    names.append(name)  # before writing: half a file is deleted too
    try:
        content.seek(0)
        document.file.name = default_storage.save(name, content)
    except Exception as error:  # each storage backend raises its own
        raise StorageError(name) from error


def open_file(document: Document) -> "File[bytes]":
    """The bytes as stored, to be streamed. Raises FileMissingError (AlteredError), StorageError."""
    assert document.file.name
    try:
        file = default_storage.open(document.file.name)
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
    except FileNotFoundError as error:
        raise FileMissingError(document.file.name) from error
    except Exception as error:  # each storage backend raises its own
        raise StorageError(document.file.name) from error
    if sha256 != document.sha256:
        file.close()
        raise AlteredError(document.file.name)
    return file


def _delete(names: list[str]) -> None:
    for name in names:
        try:
            default_storage.delete(name)
        except Exception:
            logger.exception("file without a row left in storage: %s", name)
