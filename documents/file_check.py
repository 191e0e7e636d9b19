"""Whether every document has its file and every stored file its document, in any store there is.

In memory are the names of one folder (one employer's files) and a batch of rows, however many
there are. An upload writes its file before its row: what is younger than YOUNG may be on its way.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import batched, groupby
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.utils import timezone

from documents.models import Document, LeftFile
from documents.storage import FileMissingError, StorageError, open_file

YOUNG = timedelta(minutes=15)
BATCH = 1000
Row = tuple[str, UUID, str]  # file, uuid, sha256


class FileCheck:
    """One look at all of it. `documents` and `files` count what was looked at so far."""

    def __init__(self) -> None:
        self.documents = self.files = 0

    def without_file(self, *, is_content_read: bool = False) -> Iterator[tuple[str, str]]:
        """The uuid and key of each document whose file is not there.

        `is_content_read` takes long: a file with other bytes than were stored is not there either.
        Raises StorageError.
        """
        for folder, members in groupby(_rows(), key=lambda row: _folder(row[0])):
            there = set(_asked(_listed, folder)[1])
            for file, uuid, sha256 in members:
                self.documents += 1
                is_here = file.rpartition("/")[2] in there or _arrived(file)
                if is_here and is_content_read:
                    is_here = _is_unaltered(file, sha256)
                if not is_here and Document.objects.filter(uuid=uuid).exists():
                    yield str(uuid), file

    def without_document(self) -> Iterator[str]:
        """The key of each file that belongs to no document and is not about to go or to come.

        Raises StorageError.
        """
        for keys in batched(self._all_keys(), BATCH, strict=False):
            self.files += len(keys)
            known = set(Document.objects.filter(file__in=keys).values_list("file", flat=True))
            known.update(LeftFile.objects.filter(key__in=keys).values_list("key", flat=True))
            for key in keys:
                if key not in known and _asked(_is_old, key):
                    yield key

    def _all_keys(self, folder: str = "") -> Iterator[str]:
        """Folder by folder, so that never more than one is in memory with those above it."""
        folders, names = _asked(_listed, folder)
        for name in names:
            yield _join(folder, name)
        for inner in folders:
            yield from self._all_keys(_join(folder, inner))


def _rows() -> Iterator[Row]:
    """Of all documents, folder by folder. A batch per query: no cursor stays open meanwhile."""
    rows = Document.objects.order_by("file").values_list("file", "uuid", "sha256")
    last = ""
    while batch := rows.filter(file__gt=last)[:BATCH]:
        yield from batch
        last = batch[len(batch) - 1][0]


def _asked[Answer](question: Callable[..., Answer], *about: Any) -> Answer:
    """What the store answers. Each storage backend raises its own errors: here StorageError."""
    try:
        return question(*about)
    except Exception as error:
        raise StorageError(str(about)) from error


def _arrived(key: str) -> bool:
    """Whether it came after its folder was read."""
    return bool(key) and _asked(default_storage.exists, key)


def _is_unaltered(key: str, sha256: str) -> bool:
    try:
        open_file(Document(file=key, sha256=sha256)).close()
    except FileMissingError:
        return False
    return True


def _is_old(key: str) -> bool:
    """Not an upload whose row is still to come, nor a file that went meanwhile."""
    if not default_storage.exists(key):
        return False
    return default_storage.get_modified_time(key) < timezone.now() - YOUNG


def _listed(folder: str) -> tuple[list[str], list[str]]:
    """The folders and the files in it."""
    try:
        return default_storage.listdir(folder)
    except FileNotFoundError:  # nothing was ever stored there
        return [], []


def _folder(key: str) -> str:
    return key.rpartition("/")[0]


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name
