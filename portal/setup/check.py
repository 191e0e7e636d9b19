"""`make check`: everything that can be said about the code without running it. CI runs the same.

All checks run, also after one that fails: one run shows all there is to mend.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

from portal.setup.production_like import PRODUCTION_LIKE

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ("accounts", "dossiers", "absence", "documents", "portal", "tests")
MANAGE = [sys.executable, "manage.py"]
CHECKS = {
    "lint": ["ruff", "check", "--quiet"],
    "format": ["ruff", "format", "--check", "--quiet"],
    "types": ["mypy"],
    "layers": ["lint-imports"],
    "templates": ["djlint", "--lint", "--quiet", "templates"],
    "Django idioms": ["django-upgrade", "--check", "--target-version", "6.1"],
    "migrations": [*MANAGE, "makemigrations", "--check", "--dry-run"],
    "deployment settings": [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"],
}


def main() -> None:
    failed = [name for name, command in CHECKS.items() if not passes(name, command)]
    if failed:
        sys.exit(f"check: mend {', '.join(failed)}")
    print("check: all is well")


def passes(name: str, command: list[str]) -> bool:
    """Runs one check with production-like settings; shows its output only when it fails."""
    if command[0] == "django-upgrade":  # takes files, not directories
        command = [*command, *python_files()]
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, **PRODUCTION_LIKE, "PATH": programs}
    began = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    verdict = "ok  " if done.returncode == 0 else "FAIL"
    print(f"{verdict} {name} ({time.monotonic() - began:.1f} s)", flush=True)
    if done.returncode:
        print(done.stdout + done.stderr, flush=True)
    return done.returncode == 0


def python_files() -> list[str]:
    return [str(path) for app in APPS for path in sorted((ROOT / app).rglob("*.py"))]


if __name__ == "__main__":
    main()
