"""A real clamd on a socket of its own, with one hand-made signature: nothing is downloaded."""

import shutil
import subprocess
import time
from pathlib import Path

from documents.scanners import EICAR

PATIENCE = 30  # seconds

CONFIG = """
LocalSocket {folder}/clamd.ctl
DatabaseDirectory {folder}/signatures
TemporaryDirectory {folder}
Foreground yes
LogFile {folder}/clamd.log
LogFileMaxSize 0
StreamMaxLength 25M
AlertExceedsMax yes
AlertBrokenMedia yes
"""


class Clamd:
    """Finds the EICAR test file, wherever in a file it stands; stops and starts again."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.socket = folder, folder / "clamd.ctl"
        (folder / "signatures").mkdir()
        # name : any file type : any offset : the bytes
        signature = f"Eicar-Portaal:0:*:{EICAR.hex()}\n"
        (folder / "signatures" / "portaal.ndb").write_text(signature)
        self.config = folder / "clamd.conf"
        self.config.write_text(CONFIG.format(folder=folder))
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        program = shutil.which("clamd") or "/usr/sbin/clamd"
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(
            [program, "--config-file", str(self.config)], stdout=quiet, stderr=quiet
        )
        deadline = time.monotonic() + PATIENCE
        while not self.socket.exists():
            assert time.monotonic() < deadline, self.said()
            assert self.process.poll() is None, self.said()
            time.sleep(0.05)

    def said(self) -> str:
        log = self.folder / "clamd.log"
        return log.read_text() if log.exists() else "clamd said nothing"

    def stop(self) -> None:
        if self.process is None:
            return
        self.process.terminate()
        self.process.wait(timeout=PATIENCE)
        self.process = None
        self.socket.unlink(missing_ok=True)
