"""Brings a fresh clone to a working environment; a second time it only looks at a stamp.

Runs on any Python 3.9 or newer, with nothing installed: standard library only. Steps: system
packages, a tiny `.uv` that holds a pinned uv, `.venv` on Python 3.13, the hashed requirements.

    python3 -m portal.setup.bootstrap run|test|kannel|clamav
    python3 -m portal.setup.bootstrap lock [--upgrade]
"""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from portal.setup.system import SetupError, install, install_missing  # noqa: E402 - the path comes first

UV_DIR = ROOT / ".uv"
VENV = ROOT / ".venv"
PYTHON_VERSION = "3.13"
TOOLS = ROOT / "requirements" / "tools.txt"
BASE = ROOT / "requirements" / "base.txt"
REQUIREMENTS = ROOT / "requirements" / "dev.txt"
STAMP = VENV / "requirements.sha256"
NO_PYTHON = (
    f"Python {PYTHON_VERSION} is not on this machine and could not be fetched. Debian 13 has it; "
    f"elsewhere: pyenv install {PYTHON_VERSION}, or brew install python@{PYTHON_VERSION}."
)


def main(purpose: str) -> None:
    install_missing(purpose)
    wanted = _fingerprint()
    if STAMP.exists() and STAMP.read_text() == wanted and _python_works(VENV):
        return
    _step("setting up .venv from requirements/dev.txt (once, about a minute)")
    uv = install_uv()
    if not _python_works(VENV):
        make_environment(uv)
    # Compiled once, here: where Python may not write bytecode, each process would do it again.
    how = ["--quiet", "--require-hashes", "--compile-bytecode", "--python", str(VENV)]
    _run(uv, "pip", "sync", *how, REQUIREMENTS)
    STAMP.write_text(wanted)


def install_uv() -> Path:
    """uv itself, in an environment of its own: an exact sync of .venv would remove it there."""
    uv = UV_DIR / "bin" / "uv"
    stamp = UV_DIR / "tools.sha256"
    wanted = hashlib.sha256(TOOLS.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted and uv.exists():
        return uv
    if importlib.util.find_spec("ensurepip") is None:  # Debian keeps it apart from Python
        install([f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"])
    shutil.rmtree(UV_DIR, ignore_errors=True)
    _run(sys.executable, "-m", "venv", UV_DIR)
    pip = ["-m", "pip", "--disable-pip-version-check", "--quiet", "install", "--require-hashes"]
    _run(UV_DIR / "bin" / "python", *pip, "--requirement", TOOLS)
    stamp.write_text(wanted)
    return uv


def make_environment(uv: Path) -> None:
    """Makes .venv; without Python 3.13 on this machine uv fetches one, checked by its own hash."""
    found = find_python()
    try:
        _run(uv, "venv", "--quiet", "--clear", "--python", found or PYTHON_VERSION, VENV)
    except SetupError as error:
        raise SetupError(str(error) if found else NO_PYTHON) from None


def find_python() -> "Path | None":
    """A real Python 3.13 of this machine. A pyenv shim is asked which interpreter it stands for."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    on_path = [Path(folder) / f"python{PYTHON_VERSION}" for folder in os.get_exec_path()]
    others = [Path(f"/opt/homebrew/bin/python{PYTHON_VERSION}")]
    for folder in (pyenv, Path.home() / ".local" / "share" / "uv" / "python"):
        others += sorted(
            folder.glob(f"*{PYTHON_VERSION}*/bin/python{PYTHON_VERSION}"), reverse=True
        )
    for candidate in [Path(sys.executable), *on_path, *others]:
        real = _real_interpreter(candidate)
        if real:
            return real
    return None


def _real_interpreter(candidate: Path) -> "Path | None":
    """Where `candidate` leads when it is a working Python of the wanted version."""
    if not os.access(candidate, os.X_OK):
        return None
    question = "import sys; print('%d.%d' % sys.version_info[:2]); print(sys.executable)"
    asked = subprocess.run([candidate, "-c", question], capture_output=True, text=True, check=False)
    version, _, executable = asked.stdout.partition("\n")
    if asked.returncode or version != PYTHON_VERSION:
        return None
    return Path(executable.strip())


def _python_works(environment: Path) -> bool:
    """Whether it is there: not so after the checkout moved or its interpreter was removed."""
    config = environment / "pyvenv.cfg"
    if not (config.exists() and os.access(environment / "bin" / "python", os.X_OK)):
        return False
    version = re.search(r"^version(?:_info)? = (\d+\.\d+)", config.read_text(), re.MULTILINE)
    return version is not None and version.group(1) == PYTHON_VERSION


def lock(*options: str) -> None:
    """Writes the hashed requirements anew from pyproject.toml; pins move only with --upgrade."""
    uv = install_uv()
    how = ["--quiet", "--universal", "--generate-hashes", "--no-emit-index-url", "--no-header"]
    how += ["--python-version", PYTHON_VERSION, *options]
    groups = ["--group", "demo", "--group", "dev"]
    _run(uv, "pip", "compile", *how, "--group", "tools", "-o", TOOLS)
    _run(uv, "pip", "compile", *how, "pyproject.toml", "-o", BASE)
    _run(uv, "pip", "compile", *how, "-c", BASE, *groups, "pyproject.toml", "-o", REQUIREMENTS)


def _fingerprint() -> str:
    """Changes with the requirements, and when the checkout moves (scripts hold its path)."""
    return hashlib.sha256(str(VENV).encode() + REQUIREMENTS.read_bytes()).hexdigest()


def _run(*command: "Path | str") -> None:
    try:
        subprocess.run([str(part) for part in command], cwd=ROOT, check=True)
    except subprocess.CalledProcessError as error:
        words = " ".join(str(part) for part in command)
        raise SetupError(f"this step failed (exit {error.returncode}): {words}") from None


def _step(text: str) -> None:
    print(f"set-up: {text}", flush=True)


if __name__ == "__main__":
    try:
        purpose, *options = sys.argv[1:] or ["run"]
        lock(*options) if purpose == "lock" else main(purpose)
    except SetupError as problem:
        sys.exit(f"set-up: {problem}")
