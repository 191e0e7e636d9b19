"""Each file has an inspector of its own; the next one waits, and is gone with who started it."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from documents import inspectors
from tests.documents import files

PDF = "application/pdf"


@pytest.fixture(autouse=True)
def _none_waits() -> Iterator[None]:
    inspectors.dismiss()
    yield
    inspectors.dismiss()


@pytest.fixture
def good(tmp_path: Path) -> str:
    path = tmp_path / "goed bestand.pdf"
    path.write_bytes(files.pdf())
    return str(path)


@pytest.fixture
def bad(tmp_path: Path) -> str:
    path = tmp_path / "slecht.pdf"
    path.write_bytes(b"%PDF-1.7 kapot")
    return str(path)


def ask(path: str, *, seconds: float) -> bytes | None:
    return inspectors.answer(inspectors.begin(PDF, path), seconds=seconds)


def waiting() -> subprocess.Popen[bytes]:
    return inspectors._waiting[os.getpid()]


def is_gone(pid: int) -> bool:
    deadline = time.monotonic() + 10
    while psutil.pid_exists(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not psutil.pid_exists(pid)


def test_no_inspector_sees_two_files(good: str, bad: str) -> None:
    seen = []
    for path in (good, bad, good):
        said = ask(path, seconds=20)
        seen.append((said, waiting().pid))

    assert [said for said, _ in seen] == [b"ok", b"broken", b"ok"]
    assert len({pid for _, pid in seen}) == 3


def test_one_that_died_while_it_waited_is_replaced(good: str) -> None:
    ask(good, seconds=20)
    waiting().kill()
    waiting().wait()

    assert ask(good, seconds=20) == b"ok"


def test_one_that_dies_while_it_reads_has_said_nothing(good: str) -> None:
    ask(good, seconds=20)
    stopped = waiting()
    stopped.send_signal(signal.SIGSTOP)
    killer = threading.Timer(0.5, stopped.kill)
    killer.start()

    assert ask(good, seconds=20) is None
    killer.join()


def test_one_that_is_dead_already_has_said_nothing(good: str) -> None:
    inspector = inspectors.begin(PDF, good)
    inspector.kill()

    assert inspectors.answer(inspector, seconds=20) is None


def test_one_that_does_not_answer_is_ended(good: str) -> None:
    ask(good, seconds=20)
    stopped = waiting()
    stopped.send_signal(signal.SIGSTOP)

    assert ask(good, seconds=0.3) is None
    assert stopped.returncode == -signal.SIGKILL


def test_several_at_once_each_have_their_own(good: str, bad: str) -> None:
    said: list[bytes | None] = []
    threads = [
        threading.Thread(target=lambda p=path: said.append(ask(p, seconds=60)))
        for path in [good, bad] * 3
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(said) == [b"broken"] * 3 + [b"ok"] * 3
    assert len(inspectors._waiting) == 1


def test_it_ends_with_who_started_it(good: str) -> None:
    """Also when that one is killed."""
    code = (
        "import sys; sys.path.insert(0, '.'); from documents import inspectors;"
        f"inspectors.answer(inspectors.begin({PDF!r}, {good!r}), seconds=60);"
        "print(*[one.pid for one in inspectors._waiting.values()], flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as starter:
        assert starter.stdout
        pid = int(starter.stdout.readline())
        assert psutil.pid_exists(pid)
        starter.kill()

    assert is_gone(pid)


def test_it_holds_nothing_of_ours(good: str) -> None:
    ask(good, seconds=20)

    assert psutil.Process(waiting().pid).environ() == {}
