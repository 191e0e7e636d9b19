"""A real worker process on the test's database, and servers that hold it in the middle of a job."""

import os
import socketserver
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from django.db import connection
from procrastinate.exceptions import AlreadyEnqueued

from portal.setup.children import Child, start_child, stop_child
from portal.tasks import SILENT_SECONDS, retry_stalled_jobs
from tests.processes import ROOT

PATIENCE = 40  # seconds, on a machine that does other things too
WORKER = ["manage.py", "procrastinate", "worker"]  # as portal/setup/start.py starts it


def kill(worker: Child) -> None:
    """kill -9: it closes nothing and says nothing."""
    worker.kill()
    worker.wait()


class Workers:
    """Workers on the test's database and store, with the mail server and scanner of the test."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "worker.log"
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.systems.worker_settings",
            "DATABASE_URL": test_database(),
            "VAR_DIR": str(folder),
            "DOCUMENT_SCANNER": "clamd",
            "SMTP_HOST": "127.0.0.1",
            "SMTP_TLS": "no",
        }
        self.started: list[Child] = []

    def start(self) -> Child:
        with self.log.open("ab") as log:
            command = [sys.executable, *WORKER]
            self.started.append(start_child(command, cwd=ROOT, env=self.environment, log=log))
        return self.started[-1]

    def take_over(self) -> Child:
        """Another worker, after a minute's silence (made up) of one that was killed."""
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE procrastinate_workers"
                " SET last_heartbeat = last_heartbeat - make_interval(secs => %s)",
                [SILENT_SECONDS + 1],
            )
        with suppress(AlreadyEnqueued):  # the minute need not have come round
            retry_stalled_jobs.defer(timestamp=0)
        return self.start()

    def wait_until(self, holds: Callable[[], bool]) -> None:
        """Returns as soon as it holds; AssertionError with what they said when it takes long."""
        deadline = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.05)

    def stop(self) -> None:
        for child in self.started:
            stop_child(child)
        # PostgreSQL notices only at its next word that a client was killed; the tests' database
        # is dropped before.
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND backend_type = 'client backend'"
                " AND pid <> pg_backend_pid()"
            )


def test_database() -> str:
    parts = urlsplit(os.environ["DATABASE_URL"])
    return parts._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


class HoldingServer(socketserver.ThreadingTCPServer):
    """Answers only when the test lets it, as long as it is `holding`."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, handler: type[socketserver.BaseRequestHandler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.holding = True
        self.reached = threading.Event()
        self.released = threading.Event()
        threading.Thread(target=self.serve_forever, args=[0.05], daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def hold(self) -> None:
        if self.holding:
            self.reached.set()
            self.released.wait(PATIENCE)

    def release(self) -> None:
        self.holding = False
        self.released.set()

    def handle_error(self, request: object, client_address: object) -> None:
        """Whom it answers was killed."""

    def stop(self) -> None:
        self.release()
        self.shutdown()
        self.server_close()


class Scanner(HoldingServer):
    """A clamd that holds its verdict back: it finds nothing in anything."""

    def __init__(self) -> None:
        super().__init__(ScannerConversation)


class ScannerConversation(socketserver.StreamRequestHandler):
    server: Scanner

    def handle(self) -> None:
        self.rfile.read(len(b"zINSTREAM\0"))
        while size := int.from_bytes(self.rfile.read(4)):
            self.rfile.read(size)
        self.server.hold()
        self.wfile.write(b"stream: OK\0")


class MailServer(HoldingServer):
    """Takes every e-mail; holds back its answer to the command `hold_at`."""

    def __init__(self, hold_at: bytes) -> None:
        super().__init__(MailConversation)
        self.hold_at = hold_at
        self.accepted: list[str] = []


class MailConversation(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as Python's client needs."""

    server: MailServer

    def handle(self) -> None:
        self.say(b"220 proef")
        for line in self.rfile:
            command = line.split()[0].upper()
            if command == self.server.hold_at:
                self.server.hold()
            if command == b"DATA":
                self.say(b"354 kom maar")
                self.server.accepted.append(self.text())
            self.say(b"221 dag" if command == b"QUIT" else b"250 goed")

    def text(self) -> str:
        return b"".join(iter(self.rfile.readline, b".\r\n")).decode()

    def say(self, answer: bytes) -> None:
        self.wfile.write(answer + b"\r\n")
