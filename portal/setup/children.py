"""Child processes that never outlive the process that started them."""

import ctypes
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1  # <sys/prctl.h>

type Child = subprocess.Popen[bytes]


def start_child(
    command: Sequence[str | Path],
    *,
    cwd: Path,
    stop_signal: signal.Signals = signal.SIGTERM,
    env: Mapping[str, str] | None = None,
    log: IO[bytes] | None = None,
    owner: tuple[int, int] | None = None,
) -> Child:
    """Starts `command` in its own session, so that Ctrl-C reaches only the one that started it.

    On Linux the kernel sends `stop_signal` when the parent dies, even by SIGKILL. `owner` is the
    (uid, gid) to run as; only root can give one.
    """
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None

    def die_with_parent() -> None:
        if libc is not None:
            libc.prctl(PR_SET_PDEATHSIG, stop_signal)

    uid, gid = owner or (None, None)
    return subprocess.Popen(
        command,
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT if log else None,
        start_new_session=True,
        user=uid,
        group=gid,
        extra_groups=[] if owner else None,
        preexec_fn=die_with_parent,
    )


def stop_child(
    child: Child, stop_signal: signal.Signals = signal.SIGTERM, patience: int = 15
) -> None:
    """Asks `child` to stop; after `patience` seconds it is no longer asked."""
    if child.poll() is not None:
        return
    child.send_signal(stop_signal)
    try:
        child.wait(patience)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
