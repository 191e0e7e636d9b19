"""A throwaway cluster of Debian's PostgreSQL server, for CI. Standard library only.

python3 -m portal.setup.debian_postgres start <empty directory>    prints a DATABASE_URL
python3 -m portal.setup.debian_postgres stop <that directory>
"""

import os
import pwd
import shutil
import socket
import subprocess
import sys
from pathlib import Path

from portal.setup.system import SetupError, install

# Throwaway: a commit does not wait for the disk. Only this machine can reach it.
OPTIONS = "-h 127.0.0.1 -k '' -F -c synchronous_commit=off -c full_page_writes=off"


def start(directory: Path) -> str:
    """The address of a new server on a free port. Raises SetupError when it cannot be had."""
    programs = find_programs()
    if programs is None:
        install(["postgresql"])
        programs = find_programs()
    if programs is None:
        raise SetupError("apt installed postgresql, but there is no initdb in /usr/lib/postgresql")
    if os.geteuid() == 0:  # the server refuses to run as root
        shutil.chown(directory, "postgres", "postgres")
    data, port = directory / "data", free_port()
    locale = ["--encoding=UTF8", "--locale=C.UTF-8"]
    run([programs / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--no-sync", *locale])
    log = directory / "log"
    run([programs / "pg_ctl", "-w", "-D", data, "-l", log, "-o", f"-p {port} {OPTIONS}", "start"])
    return f"postgres://postgres@127.0.0.1:{port}/postgres"


def stop(directory: Path) -> None:
    programs = find_programs()
    if programs and (directory / "data" / "postmaster.pid").exists():
        run([programs / "pg_ctl", "-w", "-D", directory / "data", "-m", "fast", "stop"])
    shutil.rmtree(directory)


def find_programs() -> "Path | None":
    """The programs of the newest server that apt installed."""
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = sorted(versions, key=lambda path: int(path.parent.parent.name), reverse=True)
    return newest[0].parent if newest else None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def run(command: "list[str | Path]") -> None:
    """As the user postgres when we are root. Quiet: our own output is the DATABASE_URL."""
    owner = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
    subprocess.run(
        [str(part) for part in command],
        cwd="/",
        user=owner.pw_uid if owner else None,
        group=owner.pw_gid if owner else None,
        extra_groups=[] if owner else None,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,  # a pipe would stay open as long as the server
        check=True,
    )


if __name__ == "__main__":
    act, target = sys.argv[1], Path(sys.argv[2]).resolve()
    try:
        if act == "start":
            print(start(target))
        else:
            stop(target)
    except SetupError as problem:
        sys.exit(f"set-up: {problem}")
