"""All documents of one sick report as a ZIP, made while it leaves: never more of it than a chunk.

It ends with its table of contents, which is written only when every document is in it whole. What
breaks off before, by us or on the way, is a file that no program opens as a ZIP.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.timezone import localtime

from documents.downloads import HEADERS, file_name
from documents.models import Document
from documents.storage import open_file

CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Own:
    """A file that the portal made itself and has at hand, beside the documents of the store."""

    name: str
    made_at: datetime
    content: bytes


def zip_response(chunks: Iterator[bytes], name: str) -> StreamingHttpResponse:
    """The ZIP as a download, while it is made. Its length is not known: it goes in pieces, and the
    browser sees whether the last one came.
    """
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return StreamingHttpResponse(
        chunks,
        content_type="application/zip",
        headers=HEADERS | {"Content-Disposition": disposition},
    )


def zip_of(documents: Sequence[Document], *, own: Sequence[Own] = ()) -> Iterator[bytes]:
    """The bytes of the ZIP. Each file is compared with its sha256 before any of it goes in.

    `own` comes last: whether the store answers is known from the first bytes.

    Raises FileMissingError and StorageError, and has then not written the table of contents.
    """
    pipe = _Pipe()
    # No compression: PDF and JPEG have their own. Deflate all the same, as a file without it whose
    # length is not known beforehand is unreadable for some programs.
    archive = ZipFile(pipe, "w", ZIP_DEFLATED, compresslevel=0)
    for document in documents:
        with open_file(document) as file, archive.open(_entry(document, archive), "w") as entry:
            while chunk := file.read(CHUNK):
                entry.write(chunk)
                yield pipe.taken()
        yield pipe.taken()
    for each in own:
        archive.writestr(_info(each.name, each.made_at), each.content)
    archive.close()
    yield pipe.taken()


class _Pipe(io.RawIOBase):
    """Where the ZIP is written; what was written is taken out again at once."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: "bytes | bytearray | memoryview") -> int:  # type: ignore[override]
        self.parts.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        parts, self.parts = self.parts, []
        return b"".join(parts)


def _entry(document: Document, archive: ZipFile) -> ZipInfo:
    """Named by us, without folders: nothing that a user typed can lead outside the folder in which
    somebody unpacks it.
    """
    name = file_name(document)
    if name in archive.NameToInfo:
        name = f"{document.uuid}_{name}"
    return _info(name, document.added_at)


def _info(name: str, at: datetime) -> ZipInfo:
    entry = ZipInfo(name, localtime(at).timetuple()[:6])
    entry.compress_type, entry.compress_level = ZIP_DEFLATED, 0
    entry.external_attr = 0o600 << 16
    return entry
