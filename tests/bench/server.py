"""A portal as in production on this machine: gunicorn, argon2, a database that waits for the disk.

Only the proxy in front is missing: the client says what a proxy would say (client.py).
"""

import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from portal.setup.children import start_child, stop_child
from portal.setup.debian_postgres import free_port
from portal.setup.postgres import EmbeddedPostgres
from portal.setup.production_like import PRODUCTION_LIKE
from tests.bench.client import Browser

ROOT = Path(__file__).resolve().parents[2]
WORKERS, THREADS = 2, 4  # as `make run`
START_SECONDS = 60


@contextmanager
def running_server(url: str = "") -> Iterator[int]:
    """The port of a server with an empty database, which Django in this process uses as well.

    With `url` the database is there already.
    """
    directory = ROOT / "var" / "bench" / str(os.getpid())
    directory.mkdir(parents=True)
    with ExitStack() as running:
        running.callback(shutil.rmtree, directory, ignore_errors=True)
        if not url:
            database = EmbeddedPostgres(directory / "postgres")
            running.callback(database.stop)
            database.start()
        configure(url or database.url, directory)
        prepare()
        port = free_port()
        server = start_child(gunicorn(port), cwd=ROOT)
        running.callback(stop_child, server)
        wait_for(port)
        yield port


def configure(url: str, directory: Path) -> None:
    os.environ |= PRODUCTION_LIKE | {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
        "LOG_LEVEL": "WARNING",
        "TRUSTED_PROXIES": "1",
        "VAR_DIR": str(directory),
    }


def prepare() -> None:
    """Django in this process, the tables, and the static files under their hashed names."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)


def gunicorn(port: int) -> list[str]:
    command = [sys.executable, "-m", "gunicorn", "tests.bench.wsgi", "--preload"]
    command += ["--bind", f"127.0.0.1:{port}", "--no-control-socket", "--log-level", "warning"]
    return [*command, "--workers", str(WORKERS), "--threads", str(THREADS)]


def wait_for(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            assert Browser(port).get("/meting/leeg/").body == b"ok"
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"no answer from gunicorn within {START_SECONDS} s")
