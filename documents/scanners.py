"""Who says whether a file holds malware: clamd over its socket, or a stand-in for development.

`settings.DOCUMENT_SCANNER` names the function that is asked; portal/environment.py keeps the
stand-in out of production. A scanner that gives no clear answer is no answer: ScannerError.
Source: security.md 2.10 point 5; the protocol: man clamd, INSTREAM.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from django.conf import settings
from django.utils.module_loading import import_string

CHUNK = 64 * 1024
SECONDS = 30  # without a byte from clamd
ANSWER_BYTES = 4096
# The industry's test file, in two parts: whole, it would make scanners refuse this source.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class ScannerError(Exception):
    """No verdict on this file: the scanner could not read all of it, or said something else."""


class ScannerDownError(ScannerError):
    """No verdict on any file now: nobody answers at the scanner's address, or not in time."""


def is_clean(file: IO[bytes]) -> bool:
    """Whether the scanner of this installation finds nothing. Raises ScannerError."""
    return bool(import_string(settings.DOCUMENT_SCANNER)(file))


def clamd(file: IO[bytes]) -> bool:
    """Asks the ClamAV daemon at CLAMD_ADDRESS. Raises ScannerError.

    It hangs up in the middle of a file that is larger than its StreamMaxLength: that says nothing
    of other files.
    """
    try:
        with connection(settings.CLAMD_ADDRESS) as daemon:
            daemon.sendall(b"zINSTREAM\0")
            while chunk := file.read(CHUNK):
                daemon.sendall(len(chunk).to_bytes(4) + chunk)
            daemon.sendall((0).to_bytes(4))
            answer = whole_answer(daemon)
    except TimeoutError as error:
        raise ScannerDownError(f"clamd: {error}") from error
    except OSError as error:
        raise ScannerError(f"clamd: {error}") from error
    if answer == b"stream: OK":
        return True
    if answer.startswith(b"stream: ") and answer.endswith(b" FOUND"):
        return False
    raise ScannerError(f"clamd: {answer!r}")


def development(file: IO[bytes]) -> bool:
    """Finds nothing but the test file, so that a refusal can be seen without ClamAV."""
    return EICAR not in file.read()


@contextmanager
def connection(address: str) -> Iterator[socket.socket]:
    """To a path (a unix socket) or `host:port`. Raises ScannerDownError when it cannot be made."""
    try:
        daemon = _connected(address)
    except OSError as error:
        raise ScannerDownError(f"clamd: {error}") from error
    with daemon:
        yield daemon


def _connected(address: str) -> socket.socket:
    host, _, port = address.rpartition(":")
    is_tcp = bool(host) and not address.startswith("/")
    family = socket.AF_INET if is_tcp else socket.AF_UNIX
    if is_tcp:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    daemon = socket.socket(family, socket.SOCK_STREAM)
    try:
        daemon.settimeout(SECONDS)
        daemon.connect((host, int(port)) if is_tcp else address)
    except OSError:
        daemon.close()
        raise
    return daemon


def whole_answer(daemon: socket.socket) -> bytes:
    """One answer, which ends with a zero byte or with the connection."""
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < ANSWER_BYTES:
        part = daemon.recv(ANSWER_BYTES)
        if not part:
            break
        answer += part
    return answer.rstrip(b"\0")
