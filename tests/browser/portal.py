"""A running portal as a newcomer starts it: demo data, worker, web server; a scratch database.

All browser tests of a run share one. The first that needs it starts it, in whichever process that
is; the process that began the run stops it (tests/conftest.py).
"""

import base64
import fcntl
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import psutil
import psycopg
from django_otp.oath import hotp
from psycopg.rows import dict_row

from tests import settings as run

ROOT = Path(__file__).resolve().parents[2]
VAR_DIR = run.RUN_DIR / "browser"
LOG = VAR_DIR / "portal.log"
PROCESS_ID = VAR_DIR / "starter.pid"
START_SECONDS = 90
FORGET_STEP = """
    update accounts_totpdevice set last_t = -1
    where user_id = (select id from accounts_user where username = %s)
"""
MESSAGE_SECONDS = 20
STATEMENT_MAIL = "een nieuwe uitkeringsspecificatie"  # by which that e-mail is known


@dataclass(frozen=True)
class Portal:
    """The address of a running portal, and the people who can log in to it by username."""

    url: str
    users: dict[str, dict[str, Any]]

    def mailbox(self, address: str) -> list[str]:
        """The texts of the messages to a number or e-mail address, newest first."""
        query = urllib.parse.urlencode({"naar": address})
        address = f"{self.url}/ontwikkel/postvak/?{query}"
        with urllib.request.urlopen(address) as response:
            page = response.read().decode()
        return [unescape(text) for text in re.findall(r"<pre[^>]*>(.*?)</pre>", page, re.DOTALL)]

    def next_message(self, address: str, *, seen: int, having: str = "") -> str:
        """The message that comes after the first `seen`: the worker sends it in its own time.

        To somebody whom other tests write to as well, it is the one `having` these words.
        """
        deadline = time.monotonic() + MESSAGE_SECONDS
        while time.monotonic() < deadline:
            messages = self.mailbox(address)
            new = [text for text in messages[: max(0, len(messages) - seen)] if having in text]
            if new:
                return new[0]
            time.sleep(0.1)
        raise AssertionError(f"no new message to {address} within {MESSAGE_SECONDS} s")

    @contextmanager
    def app_code(self, username: str) -> Iterator[str]:
        """A code that this person's authenticator app shows and that nobody used before.

        To be given to the portal inside the `with`: a code counts once, so the portal forgets
        which was the last, and nobody else gets this person's code until this one was used. (That
        none counts twice has tests of its own; to wait for a next one takes up to 30 seconds.)
        """
        secret = base64.b32decode(self.users[username]["totp_secret"])
        with locked(VAR_DIR / f"{username}.step"):
            self.forget_step(username)
            yield f"{hotp(secret, int(time.time()) // 30):06d}"

    def forget_step(self, username: str) -> None:
        """The portal takes the code of this person's app that it saw last once more."""
        self.change(FORGET_STEP, username)

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What the portal's database holds."""
        with psycopg.connect(portal_database(), autocommit=True) as connection:
            return connection.execute(query, values).fetchall()

    def named_row(self, query: str) -> dict[str, Any]:
        """The one row of this query, by the names of its columns."""
        with psycopg.connect(portal_database(), row_factory=dict_row) as connection:
            [row] = connection.execute(query).fetchall()
            return row

    def change(self, statement: str, *values: object) -> None:
        """Changes the portal's database: for what takes time, such as a session's end."""
        with psycopg.connect(portal_database(), autocommit=True) as connection:
            connection.execute(statement, values)


@contextmanager
def locked(path: Path) -> Iterator[Path]:
    """Only one process at a time is inside; the file is made when it is not there."""
    with path.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield path


def running_portal() -> Portal:
    """The portal of this run; started by the first who asks."""
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    with locked(VAR_DIR / "start.lock"):
        if not PROCESS_ID.exists():
            _start()
    facts = json.loads((VAR_DIR / "demo.json").read_text())
    return Portal(facts["url"], {user["username"]: user for user in facts["users"]})


def stop_portal() -> None:
    """Stops the starter of this run, which stops what it started, and drops its database."""
    if not PROCESS_ID.exists():
        return
    try:
        starter = psutil.Process(int(PROCESS_ID.read_text()))
        starter.terminate()
        starter.wait(20)
    except psutil.NoSuchProcess:
        pass
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {_database_name()} WITH (FORCE)")


def portal_database() -> str:
    """The address of a database of its own, on the server that the tests use."""
    address = urllib.parse.urlsplit(os.environ["DATABASE_URL"])
    return address._replace(path=f"/{_database_name()}").geturl()


def _database_name() -> str:
    return f"browser_{run.RUN_DIR.name}"


def _start() -> None:
    """Starts it and waits until it says where it is. What it prints and logs goes to LOG."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {_database_name()}")
    environment = os.environ | {
        "VAR_DIR": str(VAR_DIR),
        "DATABASE_URL": portal_database(),
        "LOG_LEVEL": "INFO",  # as in production; the starter itself is quieter
    }
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    with LOG.open("wb") as log:
        starter = subprocess.Popen(
            [sys.executable, "-m", "portal.setup.start", "--port", str(_free_port())],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    PROCESS_ID.write_text(str(starter.pid))
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and starter.poll() is None:
        if (VAR_DIR / "demo.json").exists():
            starter.returncode = 0  # it runs on: stop_portal waits for it, here nobody does
            return
        time.sleep(0.05)
    raise AssertionError(f"the portal did not start:\n{LOG.read_text()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
