"""Runs the tests of documents against a real S3 server, which this starts and stops.

make test-s3
"""

import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.setup.debian_postgres import free_port

BUCKET = "dossiers"
PATIENCE = 60  # seconds
# What stores, shows or hands over files; -m "" also runs what only this server can show.
SUITE = ["tests/documents", "tests/backoffice/test_documents.py", "tests/systems/test_s3.py"]
# Rules and judgements, which never reach a store.
STORELESS = [
    "requests/test_terms.py",
    "statements/test_bad_files.py",
    "statements/test_benefit.py",
    "statements/test_reading.py",
    "test_checks.py",
    "test_hostile_files.py",
    "test_pdf.py",
    "test_upload_handler.py",
]
NOT_PRODUCTION = {"AWS_ACCESS_KEY_ID": "proef", "AWS_SECRET_ACCESS_KEY": "een-sleutel-voor-proeven"}


def main(options: list[str]) -> int:
    with tempfile.TemporaryDirectory() as folder, s3_server(Path(folder)) as address:
        place = {"DOCUMENTS_S3_BUCKET": BUCKET, "DOCUMENTS_S3_ENDPOINT": address}
        left_out = [f"--ignore=tests/documents/{name}" for name in STORELESS]
        command = [sys.executable, "-m", "pytest", "-m", "", *SUITE, *left_out, *options]
        return subprocess.run(
            command, env=os.environ | NOT_PRODUCTION | place, check=False
        ).returncode


@contextmanager
def s3_server(folder: Path) -> Iterator[str]:
    """The address of a server of this machine only that keeps its files in `folder`."""
    ports = {name: free_port() for name in ("s3", "filer", "master", "volume", "admin")}
    command = [str(Path(sys.executable).with_name("weed")), "mini", f"-dir={folder}"]
    command += ["-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-bucket={BUCKET}", "-webdav=false"]
    command += ["-admin.ui=false", "-s3.port.iceberg=0", "-master.telemetry=false"]
    command += [f"-{name}.port={port}" for name, port in ports.items()]
    log = folder / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            command, env=os.environ | NOT_PRODUCTION, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        address = f"http://127.0.0.1:{ports['s3']}"
        _wait(f"{address}/healthz", server, log)
        yield address
    finally:
        server.terminate()
        server.wait(PATIENCE)


def _wait(address: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"the S3 server did not start:\n{log.read_text()[-3000:]}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
