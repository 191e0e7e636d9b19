"""The processes that inspect files: one for each file, and one that waits for the next.

To start Python and its parsers takes longer than to look at a file, so that is done beforehand. A
process sees one file in its life (documents/inspection.py), and ends by itself when the process
that started it is gone.
"""

import atexit
import os
import subprocess
import sys
import threading
from contextlib import suppress

from documents import inspection

type Inspector = subprocess.Popen[bytes]

_lock = threading.Lock()
_waiting: dict[int, Inspector] = {}  # by the process that started it: a fork shares none


def begin(type_: str, path: str) -> Inspector:
    """Has the file looked at, while this process does something else; `answer` waits for it."""
    inspector = _take() or _start()
    assert inspector.stdin
    # One that died meanwhile says so by its silence.
    with suppress(BrokenPipeError):
        inspector.stdin.write(f"{type_} {path}\n".encode())
        inspector.stdin.flush()
    return inspector


def answer(inspector: Inspector, *, seconds: float) -> bytes | None:
    """What was said of the file; None when the inspector died or did not answer in time.

    To be called once for each `begin`, which else leaves a process behind.
    """
    try:
        said, _ = inspector.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        _end(inspector)
        return None
    finally:
        _prepare_next()
    return said if inspector.returncode == 0 else None


@atexit.register
def dismiss() -> None:
    """Ends the one that waits, if there is one."""
    if inspector := _take():
        _end(inspector)


def _take() -> Inspector | None:
    """The one that waits, if it lives."""
    with _lock:
        inspector = _waiting.pop(os.getpid(), None)
    if inspector and inspector.poll() is not None:
        _end(inspector)
        return None
    return inspector


def _prepare_next() -> None:
    with _lock:
        if os.getpid() not in _waiting:
            _waiting[os.getpid()] = _start()


def _start() -> Inspector:
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-I", inspection.__file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
    )


def _end(inspector: Inspector) -> None:
    inspector.kill()
    inspector.communicate()
