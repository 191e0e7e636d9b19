"""An upload of 15 MB: beside a copy of the same bytes, and what it takes of the web process."""

import hashlib
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import psutil

from tests.bench.client import Browser
from tests.bench.visitors import logged_in, token

if TYPE_CHECKING:
    from accounts.models import User
    from dossiers.models import Dossier

UPLOAD_BYTES = 15 * 1024 * 1024 - 1024
SMALL_BYTES = 100_000
REPEATS = 6  # of two processes each gets some
PEAK = "VmHWM:"  # <man 5 proc>


class Copy:
    """The same bytes: copied to another file, and their sha256."""

    def __init__(self) -> None:
        self.place = Path(tempfile.mkdtemp(prefix="portaal-bench."))
        (self.place / "a").write_bytes(fifteen_megabytes())

    def __call__(self) -> float:
        begin = time.perf_counter()
        shutil.copyfile(self.place / "a", self.place / "b")
        with (self.place / "b").open("rb") as copied:
            hashlib.file_digest(copied, "sha256")
        return time.perf_counter() - begin


class Upload:
    """The view, once the body is read: everything that the portal does with a file."""

    def __init__(self, user: "User", dossier: "Dossier") -> None:
        self.user, self.dossier, self.number = user, dossier, 0

    def __call__(self) -> float:
        from uuid import uuid4

        from django.contrib.sessions.backends.signed_cookies import SessionStore
        from django.core.files.uploadedfile import SimpleUploadedFile
        from django.test import RequestFactory

        from documents.models import Document
        from documents.upload_views import upload

        self.number += 1
        content = fifteen_megabytes(self.number)
        data = {
            "submission": uuid4(),
            "trajectory": self.dossier.trajectories.get().uuid,
            "folder": Document.Folder.PAYSLIP,
            "uploads": SimpleUploadedFile("loonstrook.pdf", content, "application/pdf"),
        }
        request = RequestFactory().post("/", data, headers={"accept": "application/json"})
        request.user, request.session = self.user, SessionStore()
        assert request.FILES
        begin = time.perf_counter()
        answer = upload(request, uuid=self.dossier.uuid)
        seconds = time.perf_counter() - begin
        assert answer.content == b'{"reasons": []}', answer.content
        return seconds


class WebMemory:
    """How much more the web processes need at most for a large upload than for a small one."""

    def __init__(self, port: int, user: "User", dossier: "Dossier") -> None:
        self.browser = logged_in(port, user)
        self.dossier = dossier
        self.path = f"{dossier.get_absolute_url()}trajectendossier/toevoegen/"
        self.token = token(self.browser, self.path)

    def growth(self) -> int:
        """Bytes; not where the system does not tell (0 is Linux only)."""
        self.send(SMALL_BYTES)
        before = self.peak()
        self.send(UPLOAD_BYTES)
        return self.peak() - before

    def send(self, size: int) -> None:
        for number in range(REPEATS):
            answer = self.browser.send(self.request(fifteen_megabytes(number, size)))
            assert answer.status == 200, answer.head
            assert b'"reasons": []' in answer.body, answer.body
            self.browser.close()

    def peak(self) -> int:
        """Of the process that ever needed most."""
        return max(peak_of(process.pid) for process in web_processes())

    def request(self, content: bytes) -> bytes:
        from documents.models import Document

        fields = {
            "csrfmiddlewaretoken": self.token,
            "submission": str(uuid4()),
            "trajectory": str(self.dossier.trajectories.get().uuid),
            "folder": Document.Folder.PAYSLIP.value,
        }
        return multipart(self.browser, self.path, fields, content)


def multipart(browser: Browser, path: str, fields: dict[str, str], content: bytes) -> bytes:
    """As a browser with script sends a file."""
    border = uuid4().hex
    parts = [
        f'--{border}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'.encode()
        for name, text in fields.items()
    ]
    parts.append(
        f'--{border}\r\nContent-Disposition: form-data; name="uploads"; filename="loonstrook.pdf"'
        "\r\nContent-Type: application/pdf\r\n\r\n".encode()
    )
    body = b"".join([*parts, content, f"\r\n--{border}--\r\n".encode()])
    head = browser.request("POST", path).removesuffix(b"\r\n\r\n")
    lines = [
        f"Content-Type: multipart/form-data; boundary={border}",
        f"Content-Length: {len(body)}",
        "Accept: application/json",
    ]
    return head + b"\r\n" + "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def web_processes() -> list[psutil.Process]:
    return [
        process
        for process in psutil.Process().children(recursive=True)
        if "gunicorn" in " ".join(process.cmdline())
    ]


def peak_of(pid: int) -> int:
    """The most that the process ever had in memory, in bytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith(PEAK))
    return int(line.split()[1]) * 1024


def fifteen_megabytes(number: int = 0, size: int = UPLOAD_BYTES) -> bytes:
    """A PDF; another number gives other bytes, as the same ones are stored once."""
    from tests.documents.files import pdf

    begin = f"{number:08d}"
    return pdf(text=begin + "x" * (size - 10_000))
