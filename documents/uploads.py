"""How files come in: to disk as they arrive, and never more of them than we would keep.

The limits hold for the whole portal (`FILE_UPLOAD_HANDLERS`), as the body of a request is read
before any view or permission check runs.
"""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler
from django.http import HttpRequest


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Keeps at most DOCUMENT_MAX_FILES files of DOCUMENT_MAX_BYTES each, of somebody logged in.

    What comes after that is read and thrown away: the file keeps its name and its true size, so
    that the page can say what is wrong with it. A request of more than DOCUMENT_MAX_REQUEST_BYTES
    is not even read: `is_too_large` tells the view.
    """

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.files = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        if self.request is not None and is_too_large(self.request):
            raise StopUpload(connection_reset=True)
        super().new_file(*args, **kwargs)
        self.files += 1

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.is_kept and start + len(raw_data) <= settings.DOCUMENT_MAX_BYTES:
            super().receive_data_chunk(raw_data, start)

    @property
    def is_kept(self) -> bool:
        user = getattr(self.request, "user", None)
        return bool(user and user.is_authenticated and self.files <= settings.DOCUMENT_MAX_FILES)


def is_too_large(request: HttpRequest) -> bool:
    """Whether the whole body is more than we are willing to read."""
    length = request.headers.get("content-length") or "0"
    return length.isdigit() and int(length) > settings.DOCUMENT_MAX_REQUEST_BYTES
