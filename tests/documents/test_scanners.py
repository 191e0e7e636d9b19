"""What a scanner is asked, and what counts as its answer. Source: security.md 2.10 point 6."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from documents import scanners
from documents.scanners import ScannerDownError, ScannerError, is_clean
from portal.environment import document_scanner


def test_the_stand_in_exists_in_development_only(monkeypatch: pytest.MonkeyPatch) -> None:
    assert document_scanner("development") == "documents.scanners.development"
    monkeypatch.setenv("DEVELOPMENT", "no")
    assert document_scanner("clamd") == "documents.scanners.clamd"
    for word in ("development", "none", ""):
        with pytest.raises(ImproperlyConfigured, match="DOCUMENT_SCANNER"):
            document_scanner(word)


class Daemon:
    """Speaks like clamd on a socket: takes one file, says `answer`."""

    def __init__(self, family: int, address: Any, answer: bytes) -> None:
        self.socket, self.answer, self.heard = socket.socket(family), answer, b""
        self.socket.bind(address)
        self.socket.listen()
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        client, _ = self.socket.accept()
        with client:
            while not self.heard.endswith(bytes(4)):
                self.heard += client.recv(4096)
            client.sendall(self.answer)

    def stop(self) -> None:
        self.thread.join(timeout=5)
        self.socket.close()


@pytest.fixture
def as_clamd(settings: Any, tmp_path: Path) -> Iterator[Any]:
    daemons: list[Daemon] = []
    settings.DOCUMENT_SCANNER = "documents.scanners.clamd"

    def start(answer: bytes, *, tcp: bool = False) -> Daemon:
        address: Any = ("127.0.0.1", 0) if tcp else str(tmp_path / "clamd.ctl")
        daemons.append(Daemon(socket.AF_INET if tcp else socket.AF_UNIX, address, answer))
        settings.CLAMD_ADDRESS = address
        if tcp:
            settings.CLAMD_ADDRESS = f"127.0.0.1:{daemons[0].socket.getsockname()[1]}"
        return daemons[0]

    yield start
    for daemon in daemons:
        daemon.stop()


@pytest.fixture
def some_file(tmp_path: Path) -> Iterator[Any]:
    path = tmp_path / "file"
    path.write_bytes(b"inhoud")
    with path.open("rb") as file:
        yield file


@pytest.mark.parametrize("tcp", [False, True])
@pytest.mark.parametrize(
    ("answer", "clean"), [(b"stream: OK\0", True), (b"stream: Eicar-Test FOUND\0", False)]
)
def test_clamd_is_asked_over_its_socket(
    as_clamd: Any, some_file: Any, answer: bytes, clean: bool, tcp: bool
) -> None:
    daemon = as_clamd(answer, tcp=tcp)

    assert is_clean(some_file) is clean
    assert daemon.heard == b"zINSTREAM\0\0\0\0\x06inhoud" + bytes(4)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\0",
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: Can't allocate memory ERROR\0",
        b"stream: OK, maybe\0",
        b"x" * 10_000,
    ],
)
def test_any_other_answer_is_none(as_clamd: Any, some_file: Any, answer: bytes) -> None:
    as_clamd(answer)

    with pytest.raises(ScannerError):
        is_clean(some_file)


@pytest.mark.parametrize(
    "address", ["/nergens/clamd.ctl", "127.0.0.1:1", "onzin", "bestaat.invalid:3310"]
)
def test_no_clamd_is_no_answer(settings: Any, some_file: Any, address: str) -> None:
    settings.DOCUMENT_SCANNER = "documents.scanners.clamd"
    settings.CLAMD_ADDRESS = address

    with pytest.raises(ScannerDownError):
        is_clean(some_file)


def test_a_clamd_that_hangs_up_in_the_middle_says_nothing_of_other_files(
    settings: Any, tmp_path: Path
) -> None:
    """As it does with a file that is larger than its StreamMaxLength."""
    settings.DOCUMENT_SCANNER = "documents.scanners.clamd"
    settings.CLAMD_ADDRESS = str(tmp_path / "kort.ctl")
    with socket.socket(socket.AF_UNIX) as short, (tmp_path / "groot").open("w+b") as large:
        short.bind(settings.CLAMD_ADDRESS)
        short.listen()
        hangs_up = threading.Thread(target=lambda: short.accept()[0].close())
        hangs_up.start()
        large.write(bytes(4 * 1024 * 1024))
        large.seek(0)

        with pytest.raises(ScannerError) as said:
            is_clean(large)

        hangs_up.join()
    assert not isinstance(said.value, ScannerDownError)


def test_a_clamd_that_says_nothing_is_not_waited_for(
    settings: Any, some_file: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanners, "SECONDS", 0.2)
    settings.DOCUMENT_SCANNER = "documents.scanners.clamd"
    settings.CLAMD_ADDRESS = str(tmp_path / "stil.ctl")
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(settings.CLAMD_ADDRESS)
        silent.listen()

        with pytest.raises(ScannerDownError):
            is_clean(some_file)
