"""Prints the code that a demo user's authenticator app would show now.

.venv/bin/python -m portal.setup.code anna
"""

import base64
import json
import sys
import time

from django_otp.oath import hotp

from portal.setup.start import VAR_DIR


def main(username: str) -> None:
    demo = VAR_DIR / "demo.json"
    if not demo.exists():
        sys.exit("code: het portaal draait niet; start het met make run")
    secrets = {
        user["username"]: user["totp_secret"] for user in json.loads(demo.read_text())["users"]
    }
    if not secrets.get(username):
        able = ", ".join(name for name, secret in secrets.items() if secret)
        sys.exit(f"code: kies iemand met een authenticatie-app: {able}")
    step = int(time.time()) // 30
    print(f"{hotp(base64.b32decode(secrets[username]), step):06d}")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
