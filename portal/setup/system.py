"""System packages: what pip cannot bring. Standard library only (see bootstrap.py)."""

import ctypes
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

APT = ["apt-get", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=600"]
UPDATE_ATTEMPTS = 20  # the package lists have a lock of their own, without a timeout option
UPDATE_PAUSE = 6  # seconds

# Debian package -> the library or program by which it is known to be there.
LIBRARIES = {
    "libpango-1.0-0": ["libpango-1.0.so.0", "libpango-1.0.dylib"],  # PDFs: text layout
    "libpangoft2-1.0-0": ["libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib"],
    "libharfbuzz-subset0": ["libharfbuzz-subset.so.0", "libharfbuzz-subset.dylib"],  # x0.5 time
}
PROGRAMS = {
    "chromium": ["chromium", "chromium-browser"],  # browser tests
    "poppler-utils": ["pdftotext"],  # tests that read a PDF
    "zbar-tools": ["zbarimg"],  # the test that reads the QR code as a phone does
    "oathtool": ["oathtool"],  # ... and makes a code of it, by another hand than ours
}
# For a target of its own: purpose -> Debian package -> programs.
SYSTEMS = {
    "kannel": {"kannel": ["bearerbox", "/usr/sbin/bearerbox"]},
    "clamav": {"clamav-daemon": ["clamd", "/usr/sbin/clamd"]},
}
HOMEBREW = {  # the libraries: pango
    "chromium": "--cask chromium",
    "poppler-utils": "poppler",
    "zbar-tools": "zbar",
    "oathtool": "oath-toolkit",
}


class SetupError(Exception):
    """Set-up cannot go on; the message says the one thing to do."""


def install_missing(purpose: str) -> None:
    """Installs what `purpose` ("run", "test", or a name of SYSTEMS) lacks.

    Raises SetupError, with the line to run, when that takes rights that we do not have.
    """
    missing = [name for name, files in LIBRARIES.items() if not any(map(_has_library, files))]
    programs = PROGRAMS if purpose == "test" else SYSTEMS.get(purpose, {})
    missing += [name for name, names in programs.items() if not any(map(shutil.which, names))]
    if missing:
        install(missing)


def install(packages: "list[str]") -> None:
    """Installs Debian packages. Raises SetupError where that is not possible."""
    if not shutil.which("apt-get"):
        raise SetupError(f"these are missing: {_homebrew_line(packages)}")
    as_root = _become_root()
    if as_root is None:
        line = " ".join(packages)
        raise SetupError(f"run this once, then try again: sudo apt-get install {line}")
    print(f"set-up: installing with apt: {' '.join(packages)}", file=sys.stderr, flush=True)
    if _apt(as_root, "install", *packages):
        return
    for _ in range(UPDATE_ATTEMPTS):
        if _apt(as_root, "update"):
            break
        time.sleep(UPDATE_PAUSE)
    if not _apt(as_root, "install", *packages, quiet=False):
        raise SetupError(f"apt could not install {' '.join(packages)}")


def _become_root() -> "list[str] | None":
    """The words before a command that needs root; None when that is not possible unasked."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo"):
        asked = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
        if asked.returncode == 0:
            return ["sudo", "-n"]
    return None


def _apt(as_root: "list[str]", *words: str, quiet: bool = True) -> bool:
    output = subprocess.DEVNULL if quiet else None
    # Through `env`, because sudo drops the variables of its caller.
    command = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", *APT, "-qq", *words]
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False
    )
    return done.returncode == 0


def _has_library(name: str) -> bool:
    on_macos = [Path(folder) / name for folder in ("/opt/homebrew/lib", "/usr/local/lib")]
    if sys.platform == "darwin":
        return any(path.exists() for path in on_macos)
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _homebrew_line(packages: "list[str]") -> str:
    names = {HOMEBREW.get(package, "pango") for package in packages}
    return "; ".join(f"brew install {name}" for name in sorted(names))
