"""Python in a process of its own, for what one process cannot show."""

import os
import subprocess
import sys
from pathlib import Path

from portal.setup.production_like import PRODUCTION_LIKE

ROOT = Path(__file__).resolve().parent.parent


def run_python(code: str, *, production: bool = False, **variables: str) -> str:
    """What `code` printed; it runs with the tests' settings, or with production-like ones.

    `variables` go over that environment. AssertionError holds what a failing process said.
    """
    env = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    env["DJANGO_SETTINGS_MODULE"] = "portal.settings" if production else "tests.settings"
    if production:
        env |= PRODUCTION_LIKE
    env |= variables
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
