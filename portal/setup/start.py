"""Starts the portal on this machine: database, demo data, worker and web server; stops all of it.

    .venv/bin/python -m portal.setup.start [--port 8000]

For development and demonstrations. On Ctrl-C or SIGTERM nothing is left running; the data stays.
"""

import argparse
import fcntl
import os
import signal
import socket
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

from portal.setup.children import Child, start_child, stop_child
from portal.setup.postgres import EmbeddedPostgres, PostgresError

ROOT = Path(__file__).resolve().parent.parent.parent
VAR_DIR = Path(os.environ.get("VAR_DIR", ROOT / "var")).resolve()
START_SECONDS = 60


class StartError(Exception):
    """The portal cannot start; the message says why and what to do."""


class Stopped(Exception):  # noqa: N818 - a request, not an error
    """Ctrl-C or SIGTERM."""


def main(port: int) -> None:
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    # By name: a browser makes no passkey for an address in numbers.
    url = f"http://localhost:{port}"
    (VAR_DIR / "demo.json").unlink(missing_ok=True)
    with ExitStack() as running:
        running.enter_context(only_one(url))
        refuse_taken_port(port)
        database_url = os.environ.get("DATABASE_URL") or start_postgres(running)
        os.environ |= {
            "DATABASE_URL": database_url,
            "DEVELOPMENT": "yes",
            "DJANGO_SETTINGS_MODULE": "portal.settings",  # procrastinate ignores --settings
            "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING"),
            "PUBLIC_URL": url,
            "VAR_DIR": str(VAR_DIR),
        }
        children: list[Child] = []
        running.callback(stop_all, children)
        # The web server loads while the database is prepared; it is announced after both.
        children.append(start_web_server(port))
        prepare_database()
        children.append(start_worker())
        wait_until_it_answers(url, children)
        announce(url)
        wait_for_the_end(children)


@contextmanager
def only_one(url: str) -> Iterator[None]:
    """One portal per var directory. The lock goes with the process, so it is never stale."""
    with (VAR_DIR / "running").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise StartError(f"het portaal draait al: {lock.read().strip()}") from None
        lock.truncate(0)
        lock.write(f"{url} (proces {os.getpid()})\n")
        lock.flush()
        yield


def refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise StartError(
                f"poort {port} is in gebruik; kies een andere: make run PORT={port + 1}"
            ) from None


def start_postgres(running: ExitStack) -> str:
    """The address of the embedded server, which stops when `running` ends."""
    server = EmbeddedPostgres(VAR_DIR / "postgres")
    running.callback(server.stop)
    server.start()
    return server.url


def prepare_database() -> None:
    """Migrations and demo data, in this process: starting another one takes a second."""
    import django
    from django.core.management import call_command
    from django.db import connections

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("load_demo", verbosity=0)
    connections.close_all()


def start_worker() -> Child:
    return start_child([sys.executable, "manage.py", "procrastinate", "worker"], cwd=ROOT)


def start_web_server(port: int) -> Child:
    """Two processes with four threads each, forked from one that has loaded the portal."""
    gunicorn = [sys.executable, "-m", "gunicorn", "portal.wsgi", "--bind", f"127.0.0.1:{port}"]
    gunicorn += ["--preload", "--workers", "2", "--threads", "4"]
    return start_child([*gunicorn, "--log-level", "warning", "--no-control-socket"], cwd=ROOT)


def stop_all(children: list[Child]) -> None:
    """All are asked at once, then waited for one by one."""
    for child in children:
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
    for child in children:
        stop_child(child)


def wait_until_it_answers(url: str, children: list[Child]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        refuse_ended_child(children)
        if answers(f"{url}/gezondheid/"):
            return
        time.sleep(0.05)
    raise StartError(f"{url}/gezondheid/ antwoordt niet binnen {START_SECONDS} seconden")


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2):  # noqa: S310 - our own http address
            return True
    except OSError:
        return False


def refuse_ended_child(children: list[Child]) -> None:
    for child in children:
        if child.poll() is not None:
            raise StartError(f"een proces is gestopt (exit {child.returncode}): {child.args!r}")


def announce(url: str) -> None:
    """To the terminal, and to var/demo.json in one step: a reader never meets half a file."""
    from portal.demo.announcement import facts, text  # Django is set up only now

    words = text(url)
    aside = VAR_DIR / "demo.json.part"
    aside.write_text(facts(url))
    aside.chmod(0o600)
    aside.rename(VAR_DIR / "demo.json")
    print(words, flush=True)


def wait_for_the_end(children: list[Child]) -> NoReturn:
    while True:
        time.sleep(0.5)
        refuse_ended_child(children)


def stop_on_signal(_number: int, _frame: FrameType | None) -> None:
    """Once: a second signal must not interrupt the stopping itself."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    raise Stopped


def parse_port() -> int:
    parser = argparse.ArgumentParser(prog="portal.setup.start", description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    port: int = parser.parse_args().port
    if not 1024 <= port <= 65535:
        parser.error("kies een poort van 1024 tot en met 65535")
    return port


if __name__ == "__main__":
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop_on_signal)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup means: stay
        signal.signal(signal.SIGHUP, stop_on_signal)
    try:
        main(parse_port())
    except Stopped:
        print("\nHet portaal is gestopt; de gegevens staan in var/.")
    except (StartError, PostgresError) as problem:
        sys.exit(f"start: {problem}")
