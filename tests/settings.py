"""The portal's own settings, in development mode, on a database that only the tests use."""

import os
import shutil
from pathlib import Path

import psutil

from portal.setup.postgres import EmbeddedPostgres

# One directory per test run. The xdist workers inherit these variables from the controller.
IS_CONTROLLER = "TEST_RUN_DIR" not in os.environ
ALL_RUNS = Path(__file__).resolve().parent.parent / "var" / "test"
RUN_DIR = Path(os.environ.setdefault("TEST_RUN_DIR", str(ALL_RUNS / str(os.getpid()))))
os.environ |= {"DEVELOPMENT": "yes", "VAR_DIR": str(RUN_DIR)}

# Without DATABASE_URL the controller starts a server of its own: conftest.py.
EMBEDDED = None
if "DATABASE_URL" not in os.environ:
    EMBEDDED = EmbeddedPostgres(RUN_DIR / "postgres", throwaway=True)
    os.environ["DATABASE_URL"] = EMBEDDED.url

from portal.settings import *  # noqa: E402, F403

# Argon2 is slow on purpose; tests log in hundreds of times.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def remove_what_killed_runs_left() -> None:
    for run_dir in ALL_RUNS.glob("[0-9]*"):
        if not psutil.pid_exists(int(run_dir.name)):
            shutil.rmtree(run_dir, ignore_errors=True)
